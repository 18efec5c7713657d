"""The explorer's pages: every link leads somewhere, every quote stands where it is marked, no name becomes markup, every form answers."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import pytest
from lxml import html
from servers import Service
from test_card import HOSTILE, hostile_store

from kg.ask import Parameter, questions
from kg.build import build
from kg.errors import QueryError
from kg.serve.around import Part, near
from kg.serve.explorer import Explorer, NoSuchPage
from kg.serve.search import find
from kg.store import BASE, Store
from kg.view.graph import to_networkx
from kg.why import reasons_in

# What a required parameter is asked with over the samples, by its name or else by its kind.
FILLED = {
    "company": "Genentech", "partner": "ImmunoGen", "other": "ImmunoGen", "compound": "trastuzumab-DM1", "payload": "DM1",
    "to": "ImmunoGen", "antibody": "trastuzumab", "target": "HER2", "thing": "Genentech", "date": "2007-07-31", "rule": "payment/earned",
}  # fmt: skip


@pytest.fixture(scope="module")
def service(sample_store: Path) -> Iterator[Service]:
    started = Service(sample_store)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def store(sample_store: Path) -> Iterator[Store]:
    with Store.open(sample_store, read_only=True) as opened:
        yield opened


def page(explorer: Explorer, called: str, /, **parameters: str) -> html.HtmlElement:
    return html.document_fromstring(explorer.page(called, parameters).body.decode())


def text_of(element: html.HtmlElement) -> str:
    return str(element.text_content())


# ---- the site as a whole


def test_every_link_leads_to_a_page_and_to_a_place_on_it(service: Service) -> None:
    seen: dict[str, set[str]] = {}
    wanted: dict[str, set[str]] = {"/": set()}
    places: list[tuple[str, str]] = []
    while wanted:
        path, _ = wanted.popitem()
        status, headers, body = service.ask("GET", path, accept="text/html,*/*;q=0.8")
        assert status == 200, f"{path}: {body[:200]!r}"
        if not headers["content-type"].startswith("text/html") or path.startswith("/network"):
            seen[path] = set()
            continue
        tree = html.document_fromstring(body.decode())
        ids = [str(each) for each in tree.xpath("//@id")]
        assert len(ids) == len(set(ids)), f"{path}: an id stands twice"
        seen[path] = set(ids)
        assert tree.xpath("//title")[0].text and tree.xpath("//h1") and tree.get("lang") == "en", path
        assert not tree.xpath("//script[not(@src) and not(@type='application/json')] | //style | //@style"), (
            f"{path}: inline script or style"
        )
        for link in tree.xpath("//a/@href | //iframe/@src | //link/@href | //script/@src"):
            where, place = urldefrag(urljoin(path, str(link)))
            if where.startswith("data:"):
                continue
            assert not urlsplit(where).netloc, f"{path} leads to {where}"
            if place:
                places.append((where or path, place))
            if where not in seen and not where.startswith(("/query?", "/graphs")) and "as-of" not in where:
                wanted[where] = set()
    kinds = {urlsplit(path).path.split("/")[1] for path in seen}
    assert {"", "id", "questions", "query", "classes", "network", "static", ".well-known"} <= kinds
    assert len([path for path in seen if path.startswith("/id/document/")]) >= 5
    for where, place in places:
        assert place in seen[where], f"{where} has no place {place}"
    assert any(place.startswith("at-") for _, place in places) and any(place.startswith("fact-") for _, place in places)


def test_pages_say_what_a_browser_may_do(service: Service) -> None:
    for path in ("/", "/id/company/genentech", "/questions", "/classes/Company"):
        policy = service.ask("GET", path, accept="text/html")[1]["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
    network = service.ask("GET", "/network?of=company%2Fgenentech")[1]["content-security-policy"]
    assert re.search(r"script-src 'sha256-", network) and "frame-ancestors 'self'" in network and "connect-src" not in network
    assert service.ask("GET", "/static/explore.js")[1]["content-type"].startswith("text/javascript")
    assert service.ask("GET", "/static/../app.py")[0] == service.ask("GET", "/static/..%2fapp.py")[0] == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/id/company/nobody", 404),
        ("/classes/Evil", 404),
        ("/classes/Company?page=0", 400),
        ("/classes/Company?page=99999999999", 400),
        ("/questions/none", 404),
        ("/questions/milestones-earned?company=Nobody", 400),
        ("/questions/milestones-earned?nothing=1", 400),
        ("/questions/milestones-earned?format=exe", 400),
        ("/id/company/genentech?as-of=yesterday", 400),
        ("/network?of=company/genentech&hops=9", 400),
        ("/network?of=company/genentech&hops=-1", 400),
        ("/network", 404),
        ("/names?kind=evil&q=a", 400),
        ("/names?q=" + "a" * 3000, 400),
        ("/?" + "&".join(f"a{n}=1" for n in range(60)), 400),
    ],
)
def test_what_is_wrong_is_said(service: Service, path: str, status: int) -> None:
    answered, headers, body = service.ask("GET", path, accept="text/html")
    assert answered == status, body[:300]
    assert b"Traceback" not in body and len(body) < 20_000
    if headers["content-type"].startswith("text/html"):
        assert html.document_fromstring(body.decode()).xpath("//*[@role='alert']"), "it is read aloud"


def test_head_has_the_status_and_no_body(service: Service) -> None:
    for path, status in (("/", 200), ("/id/company/genentech", 200), ("/id/company/nobody", 404), ("/questions", 200)):
        answered, _, body = service.ask("HEAD", path, accept="text/html")
        assert (answered, body) == (status, b"")


# ---- a document's text


def test_a_documents_text_stands_as_it_was_read_with_each_quote_marked(store: Store) -> None:
    explorer = Explorer(store)
    marked = 0
    for document in store.documents():
        tree = page(explorer, "thing", key=document.iri.removeprefix(BASE))
        shown, text = tree.xpath("//div[@class='text']")[0], store.text_of(document.sha256)
        assert text_of(shown) == text
        quotes = {(quote.start, quote.end): quote.quote for reason in reasons_in(store, document.iri) for quote in reason.quotes}
        assert {str(each) for each in shown.xpath(".//mark/@id")} == {f"at-{start}-{end}" for start, end in quotes}
        for (start, end), quote in quotes.items():
            mark = shown.xpath(f".//mark[@id='at-{start}-{end}']")[0]
            assert text[start:end] == quote and quote.startswith(text_of(mark))
            marked += text_of(mark) == quote
        claims = {reason.claim for reason in reasons_in(store, document.iri)}
        assert tree.xpath("string(//h2[@id='facts-title']/span)") == f"{len(claims):,}"
    assert marked > 20, "most quotes stand in one piece"


def test_a_hostile_text_stays_text(tmp_path: Path) -> None:
    body = (
        "<script>alert(1)</script> & \u202eturned\u202c \x01\nCAMBRIDGE, Mass., July 31, 2007 - ImmunoGen, Inc. today announced that"
        " Genentech paid ImmunoGen a $5 million milestone </mark><img src=x onerror=alert(2)> when trastuzumab-DM1 entered Phase II.\n"
    )
    (tmp_path / "evil.txt").write_text(body, encoding="utf-8")
    build([tmp_path / "evil.txt"], tmp_path / "store")
    with Store.open(tmp_path / "store", read_only=True) as opened:
        (document,) = opened.documents()
        tree = page(Explorer(opened), "thing", key=document.iri.removeprefix(BASE))
        shown = tree.xpath("//div[@class='text']")[0]
        assert text_of(shown) == opened.text_of(document.sha256)
        assert {each.tag for each in shown.iter()} <= {"div", "mark", "a", "span"}
        assert not tree.xpath("//img") and not [name for name in tree.xpath("//@*") if str(name).startswith("on")]


# ---- names


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("home", {}),
        ("home", {"q": HOSTILE}),
        ("home", {"q": "script"}),
        ("class", {"class": "Company"}),
        ("class", {"class": "Compound"}),
        ("thing", {"key": "company/evil"}),
        ("thing", {"key": "compound/long"}),
        ("question", {"name": "names-of", "in.thing": HOSTILE}),
        ("question", {"name": "milestones-earned", "in.company": HOSTILE}),
    ],
)
def test_no_name_becomes_markup(name: str, parameters: dict[str, str]) -> None:
    tree = page(Explorer(hostile_store()), name, **parameters)
    assert not tree.xpath("//img | //b | //script[not(@src)]")
    assert not [each for element in tree.iter() if isinstance(element.tag, str) for each in element.attrib if each.startswith("on")]
    assert "\u202e" not in text_of(tree.xpath("//main")[0]).replace(HOSTILE, "")
    assert "x" * 300 not in "".join(text_of(each) for each in tree.xpath("//h1 | //title | //*[@class='hits']//a"))


def test_names_are_suggested_as_json_that_is_no_markup() -> None:
    told = Explorer(hostile_store()).page("names", {"q": "script"})
    assert told.media_type == "application/json"
    hit = json.loads(told.body)[0]
    assert hit["href"] == "/id/company/evil" and "<" in hit["label"]


def test_search_puts_whole_names_first(store: Store) -> None:
    assert find(store, "genentech", 3)[0].label == "Genentech"
    assert find(store, "GENEN", 5)[0].key == "company/genentech", "the beginning of a name, in any case"
    assert find(store, "dm1 trastuzumab", 5)[0].key == "compound/trastuzumab-dm1", "words in any order"
    assert find(store, "", 5) == [] and find(store, "nothing has this name", 5) == []
    assert find(store, 'a" . } #', 5) == [], "words are no query"
    documents = [hit for hit in find(store, "immunogen", 50) if hit.kind in {"Document", "Filing"}]
    assert documents, "documents are found by their titles, after things"
    assert find(store, "immunogen", 50)[0].key == "company/immunogen"
    assert len(find(store, "e", 4)) == 4


def test_names_begin_as_typed_for_a_form(service: Service) -> None:
    assert json.loads(service.ask("GET", "/names?kind=company&q=gen")[2])[0] == "Genentech"
    assert json.loads(service.ask("GET", "/names?kind=company&q=")[2]) == []
    hits = json.loads(service.ask("GET", "/names?q=immunogen")[2])
    assert hits[0]["href"] == "/id/company/immunogen" and hits[0]["kind"] == "Company"


# ---- cards


def test_a_card_leads_to_partners_events_and_sentences(service: Service) -> None:
    tree = html.document_fromstring(service.ask("GET", "/id/company/genentech", accept="text/html")[2].decode())
    assert text_of(tree.xpath("//h1")[0]) == "Genentech"
    assert tree.xpath("//section[@aria-labelledby='partners']//a[@href='/id/company/immunogen']")
    assert tree.xpath("//section[@aria-labelledby='ledger']//a[starts-with(@href,'/id/milestone/')]")
    assert tree.xpath("//section[@aria-labelledby='timeline']//a[starts-with(@href,'/id/document/') and contains(@href,'#at-')]")
    assert tree.xpath("//iframe/@src") == ["/network?of=company%2Fgenentech"]
    before = html.document_fromstring(service.ask("GET", "/id/company/genentech?as-of=1999-01-01", accept="text/html")[2].decode())
    assert len(before.xpath("//section[@aria-labelledby='ledger']//tbody")) < len(tree.xpath("//section[@aria-labelledby='ledger']//tbody"))
    assert before.xpath("//input[@id='as-of']/@value") == ["1999-01-01"]


def test_a_thing_as_rdf_by_its_address(service: Service) -> None:
    formats = {
        "turtle": "text/turtle",
        "jsonld": "application/ld+json",
        "ntriples": "application/n-triples",
        "rdfxml": "application/rdf+xml",
    }
    for name, media in formats.items():
        status, headers, body = service.ask("GET", f"/id/company/genentech?format={name}", accept="text/html")
        assert status == 200 and headers["content-type"].startswith(media) and b"Genentech" in body
    assert service.ask("GET", "/id/company/genentech?format=exe", accept="text/html")[0] == 400


def test_the_network_around_a_company_has_its_partners(store: Store) -> None:
    def held(hops: str) -> dict[str, Any]:
        tree = page(Explorer(store), "network", of="company/genentech", hops=hops)
        read: dict[str, Any] = json.loads(tree.xpath("//script[@id='page']")[0].text)
        return read

    around = held("1")
    things = {each["iri"].removeprefix(BASE) for each in around["details"]}
    assert {"company/genentech", "company/immunogen"} <= things, "through a deal to the other party is one step"
    assert around["links"] == [BASE, "/id/"]
    assert [each["iri"] for each in held("0")["details"]] == [BASE + "company/genentech"]
    assert len(held("2")["details"]) >= len(around["details"])
    # What the part says of an edge is what the whole store says of it.
    whole = to_networkx(store)
    for start, end, key, data in to_networkx(Part(store, near(store, BASE + "company/genentech", 1)[0])).edges(keys=True, data=True):
        assert whole.edges[start, end, key] == data


# ---- questions


def filled(store: Store, parameter: Parameter) -> str:
    if parameter.kind == "document":
        return store.documents()[0].file_name
    if parameter.kind in {"agreement", "iri"}:
        key = "Agreement" if parameter.kind == "agreement" else "Milestone"
        return str(store.query(f"SELECT ?a WHERE {{ ?a a kg:{key} }} ORDER BY ?a LIMIT 1").rows[0][0].value)  # type: ignore[union-attr] # there is one
    return FILLED.get(parameter.name) or FILLED[parameter.kind]


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_has_a_form_that_answers(store: Store, name: str) -> None:
    question, explorer = questions()[name], Explorer(store)
    given = {f"in.{each.name}": filled(store, each) for each in question.parameters if each.required}
    shown = page(explorer, "question", name=name)
    assert [str(each) for each in shown.xpath("//form[@class='question']//input/@name")] == [each.name for each in question.parameters]
    answered = explorer.page("question", {"name": name, **given})
    assert answered.status == 200, answered.body.decode()
    told = text_of(html.document_fromstring(answered.body.decode()).xpath("//*[@id='summary']")[0])
    rows = list(csv.reader(io.StringIO(explorer.page("question", {"name": name, **given, "in.format": "csv"}).body.decode("utf-8-sig"))))[
        1:
    ]
    assert told.startswith(f"{len(rows):,} row"), "the page and the file have the same answer"


def test_an_answers_sentences_stand_below_its_rows(store: Store) -> None:
    tree = page(Explorer(store), "question", name="milestones-earned", **{"in.payer": "Genentech"})
    rows = tree.xpath("//table/tbody")
    assert rows and all(row.xpath(".//details//blockquote") for row in rows)
    assert all("#at-" in str(each) for row in rows for each in row.xpath(".//p[@class='source']/a/@href"))


def test_the_query_of_an_answer_runs_in_the_editor(service: Service) -> None:
    tree = html.document_fromstring(service.ask("GET", "/questions/milestones-earned?payer=Genentech", accept="text/html")[2].decode())
    (link,) = tree.xpath("//a[starts-with(@href,'/query?')]/@href")
    query = dict(pair.split("=", 1) for pair in urlsplit(str(link)).query.split("&"))["query"]
    rows = json.loads(service.ask("GET", f"/sparql?query={query}", accept="application/sparql-results+json")[2])["results"]["bindings"]
    assert len(rows) == len(tree.xpath("//table/tbody"))


def test_a_wrong_value_keeps_what_was_typed(service: Service) -> None:
    typed = urlencode({"company": 'Genentec"><b>', "since": "2001-01-01"})
    status, _, body = service.ask("GET", f"/questions/milestones-earned?{typed}", accept="text/html")
    tree = html.document_fromstring(body.decode())
    assert status == 400 and "Genentech" in text_of(tree.xpath("//*[@role='alert']")[0]), "the nearest name is told"
    assert tree.xpath("//input[@name='company']/@value") == ['Genentec"><b>'] and not tree.xpath("//b")


def test_more_rows_than_are_shown_are_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.serve.library.SHOWN", 2)
    tree = page(Explorer(store), "question", name="support-of-facts")
    assert "the first 2 are shown" in text_of(tree.xpath("//*[@id='summary']")[0]) and len(tree.xpath("//table/tbody")) == 2
    with pytest.raises(QueryError, match="more than the 1"):
        Explorer(store, rows=1).page("question", {"name": "support-of-facts", "in.format": "csv"})


def test_a_page_that_is_not_there(store: Store) -> None:
    for key in ("company/nobody", "<>", "a b", ""):
        with pytest.raises(NoSuchPage):
            Explorer(store).page("thing", {"key": key})


def test_an_empty_store_has_its_pages() -> None:
    explorer = Explorer(Store.memory())
    for name, parameters in (("home", {}), ("home", {"q": "a"}), ("class", {"class": "Company"}), ("questions", {})):
        assert explorer.page(name, parameters).status == 200
