"""What a picture counts, that the same store draws the same bytes, and that no name does harm in it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_card import FILES, HOSTILE, LEAD, hostile_store, main_ok

from kg.build import build
from kg.card import card
from kg.errors import ExportError, QueryError
from kg.plot import KINDS, pictures_of, plot
from kg.plot.draw import Canvas, draw_ledger, draw_stacks, draw_timeline
from kg.plot.series import Ledger, Mark, Money, Stacks, deals, ledger, payloads, timeline
from kg.store import Store

CONJUGATE = "ZLM-200 comprises the antibody zelmortuzumab and the payload DM1. Zelmora Therapeutics develops ZLM-200. "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("plot")
    for name, (day, text) in FILES.items():
        text += CONJUGATE if name == "2008.txt" else ""
        (place / name).write_text(f"Zelmora Reports on ZLM-101\n\n{LEAD.format(day=day)}{text}\n", encoding="utf-8")
    build([place / name for name in FILES], place / "store", workers=1)
    return place


@pytest.fixture(scope="module")
def store(folder: Path) -> Store:
    return Store.open(folder / "store", read_only=True)


def test_a_ledger_counts_each_payment_once_and_no_currencies_together(store: Store) -> None:
    sums = ledger(card(store, "Zelmora Therapeutics"))
    assert [money.currency for money in sums.money] == ["EUR", "USD"]
    dollars = sums.money[1].by_year
    assert dollars[2006] == {"earned": Decimal(5_000_000)}, "promised in 2004, earned in 2006, told again in 2008"
    assert dollars[2008] == {"earned": Decimal(7_500_000)}
    assert dollars[2004] == {"possible": Decimal(90_000_000)}, "up to"


def test_a_timeline_has_what_has_a_day(store: Store) -> None:
    marks, undated = timeline(card(store, "Zelmora Therapeutics"))
    assert undated == 0
    assert {mark.lane for mark in marks} == {"Agreements", "Payments", "Development"}
    milestone = next(mark for mark in marks if mark.label.startswith("$5M milestone"))
    assert (milestone.first, milestone.last, milestone.is_done) == (dt.date(2006, 3, 1), dt.date(2006, 3, 31), True)
    assert milestone.label == "$5M milestone, Phase 2 start, ZLM-101, Takeda"
    assert not next(mark for mark in marks if "up to $90M" in mark.label).is_done
    assert any(mark.label.startswith("License: Takeda") for mark in marks)


def test_payloads_and_deals_are_counted(store: Store) -> None:
    assert payloads(store).bars == {"DM1": {"Zelmora Therapeutics, Inc.": 1}}
    assert deals(store).bars == {"2004": {"License": 1}}
    assert deals(store, "Takeda").bars == {"2004": {"License": 1}}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", [".svg", ".png"])
def test_every_picture_is_drawn_and_is_the_same_each_time(kind: str, ending: str, store: Store, tmp_path: Path) -> None:
    of = "Zelmora Therapeutics" if kind in {"timeline", "ledger"} else None
    one = plot(store, kind, tmp_path / f"one{ending}", of).read_bytes()
    assert one == plot(store, kind, tmp_path / f"two{ending}", of).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"one{ending}", f"two{ending}"]
    if ending == ".png":
        assert one.startswith(b"\x89PNG")
        return
    root = ElementTree.fromstring(one)
    assert root.tag.endswith("svg")
    assert b"<metadata" not in one and b'xlink:href="http' not in one


NASTY = (HOSTILE, "$x^2$ and $", "\u202egnp.exe", "x" * 5000, "line\nbreak", "日本", "{0}%s\\alpha")


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_names_are_drawn_as_they_are_and_do_nothing(name: str) -> None:
    day = dt.date(2007, 7, 31)
    drawings = (
        lambda canvas: draw_timeline(canvas, name, [Mark("Payments", day, day, name, True, 1)], 0),
        lambda canvas: draw_ledger(canvas, name, Ledger((Money(name[:9], {2007: {"earned": Decimal(1)}}),), 1, 1)),
        lambda canvas: draw_stacks(canvas, name, Stacks({name: {name: 1}}, 0), is_across=True),
    )
    for draw in drawings:
        with Canvas(name) as canvas:
            draw(canvas)
            root = ElementTree.fromstring(canvas.svg())
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags.isdisjoint({"script", "img", "image", "a", "foreignObject"})
        assert not [key for element in root.iter() for key in element.attrib if key.startswith("on")]


def test_many_events_are_cut_and_said_to_be() -> None:
    marks = [Mark("Payments", dt.date(2000 + n % 20, 1, 1), dt.date(2000 + n % 20, 1, 1), f"event {n}", n % 2 == 0, n) for n in range(200)]
    with Canvas("many") as canvas:
        draw_timeline(canvas, "Many", marks, 3)
        figure = canvas._figure
        assert figure is not None
        assert "140 more events are not drawn · 3 without a day" in figure.get_supxlabel()


def test_no_two_labels_of_a_timeline_overlap(store: Store) -> None:
    with Canvas("apart") as canvas:
        draw_timeline(canvas, "Apart", timeline(card(store, "Zelmora Therapeutics"))[0], 0)
        canvas.svg()
        figure = canvas._figure
        assert figure is not None
        boxes = [text.get_window_extent() for text in figure.axes[0].texts]
        assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a.overlaps(b)]
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.width for box in boxes), "none is cut off"


def test_pictures_of_a_card_stand_on_one_page(store: Store) -> None:
    drawn = pictures_of(card(store, "Zelmora Therapeutics"))
    assert len(drawn) == 2 and all(each.startswith("<svg") and 'role="img"' in each for each in drawn)
    first, second = ({*re.findall(r'<clipPath id="([^"]+)"', each)} for each in drawn)
    assert first.isdisjoint(second), "what one drawing calls by an id is not the other's"
    assert pictures_of(card(hostile_store(), "company/evil")) == []


def test_errors_say_what_to_do(store: Store, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match=r"no picture 'pie': choose one of timeline, ledger, payloads, deals"):
        plot(store, "pie", tmp_path / "x.svg")
    with pytest.raises(ExportError, match=r"must end in \.svg or \.png"):
        plot(store, "deals", tmp_path / "x.gif")
    with pytest.raises(QueryError, match="name a company, a compound or an agreement with --of"):
        plot(store, "ledger", tmp_path / "x.svg")
    with pytest.raises(QueryError, match="did you mean Zelmora"):
        plot(store, "timeline", tmp_path / "x.svg", of="Zelmorra")
    with pytest.raises(QueryError, match="nothing to draw"):
        plot(Store.memory(), "payloads", tmp_path / "x.svg")
    with pytest.raises(ExportError, match="cannot write"):
        plot(store, "deals", tmp_path / "nowhere" / "x.svg")
    assert not list(tmp_path.iterdir())


def test_on_the_command_line(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main_ok("plot", "ledger", "--of", "zlm-101", "--out", str(tmp_path / "l.png"), "--store", str(folder / "store"))
    assert "wrote" in capsys.readouterr().out
    assert (tmp_path / "l.png").stat().st_size > 1000
    main_ok("card", "zelmora therapeutics", "--html", str(tmp_path / "c.html"), "--store", str(folder / "store"))
    assert (tmp_path / "c.html").read_text(encoding="utf-8").count("<svg role") == 2
