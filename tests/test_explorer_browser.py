"""The explorer in a real browser, on a desk and on a telephone: it works by mouse and keys, asks nobody else, and axe finds no fault."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from browsing import Browser, By, Keys, needs_browser, requests, start, wait
from servers import Service

from kg.store import BASE, Store

NODE = os.environ.get("KG_NODE_MODULES", "")  # of tests/readers/package.json
pytestmark = [
    needs_browser,
    pytest.mark.skipif(not (Path(NODE) / "axe-core").is_dir(), reason="needs axe-core in KG_NODE_MODULES"),
]
SIZES = {"desk": (1400, 900, False), "telephone": (390, 844, True)}
PAYLOADS = "SELECT ?payload WHERE { ?payload a <https://w3id.org/conjugate/ontology#Payload> } ORDER BY ?payload"


@pytest.fixture(scope="module")
def service(sample_store: Path) -> Iterator[Service]:
    started = Service(sample_store)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def document(sample_store: Path) -> str:
    """The key of the document with most quotes."""
    asked = "SELECT ?d WHERE { ?e oa:hasSource ?d } GROUP BY ?d ORDER BY DESC(COUNT(?e)) ?d LIMIT 1"
    with Store.open(sample_store, read_only=True) as store:
        found = store.query(asked).rows[0][0]
    assert found is not None
    return found.value.removeprefix(BASE)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = start(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.quit()


class Visit:
    """A browser at a service."""

    def __init__(self, browser: Browser, service: Service) -> None:
        self.browser, self.root = browser, f"http://127.0.0.1:{service.port}"
        self.to_size("desk")

    def to_size(self, name: str) -> None:
        width, height, is_mobile = SIZES[name]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_mobile}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def open(self, path: str) -> None:
        for log in ("browser", "performance"):
            self.browser.get_log(log)
        self.browser.get(self.root + path)

    def one(self, selector: str) -> Browser:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[Browser]:
        return list(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def press(self, element: Browser) -> None:
        """Click where a reader would: with the thing in the middle of the screen, not under the bar."""
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center', inline: 'nearest'})", element)
        element.click()

    @property
    def path(self) -> str:
        return str(self.browser.current_url).removeprefix(self.root)

    def check_that_it_is_quiet(self) -> None:
        """Nothing was asked of anybody else, and nothing was refused or failed."""
        far = [url for url in requests(self.browser) if not url.startswith((self.root, "data:", "blob:"))]
        assert far == []
        assert [entry["message"] for entry in self.browser.get_log("browser")] == []

    def faults(self) -> list[str]:
        """Ask axe."""
        self.browser.execute_script((Path(NODE) / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        script = "const done = arguments[0]; axe.run().then((found) => done(JSON.stringify(found.violations)))"
        found = json.loads(self.browser.execute_async_script(script))
        return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.fixture
def visit(started: Browser, service: Service) -> Visit:
    return Visit(started, service)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "path",
    [
        "/", "/?q=immunogen", "/?q=nothing+is+called+so", "/classes/Company", "/classes/Document", "/id/company/genentech",
        "/id/compound/trastuzumab-dm1", "DOCUMENT", "/questions", "/questions/milestones-earned?payer=Genentech", "/questions/timeline",
        "/network?of=company%2Fgenentech", "/query", f"/query?query={quote(PAYLOADS)}",
    ],
)  # fmt: skip
def test_each_page_is_quiet_fits_and_pleases_axe(visit: Visit, document: str, path: str, size: str) -> None:
    visit.to_size(size)
    visit.open(f"/id/{document}" if path == "DOCUMENT" else path)
    if path.startswith(("/query", "/network")):
        wait(lambda: visit.browser.execute_script("return document.documentElement.dataset.ready") == "true")
    visit.check_that_it_is_quiet()
    assert visit.faults() == []
    wide = visit.browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "nothing runs out of the page sideways"
    cells = "return [...document.querySelectorAll('main td')].filter((cell) => getComputedStyle(cell).display !== 'table-cell').length"
    assert visit.browser.execute_script(cells) == 0, "cells stand in rows"


def test_search_as_one_types_by_keys_and_by_mouse(visit: Visit) -> None:
    visit.open("/")
    box = visit.one("#q")
    box.send_keys("genen")
    wait(lambda: visit.all("#hits li"))
    assert "Genentech" in visit.all("#hits li")[0].text and box.get_attribute("aria-expanded") == "true"
    box.send_keys(Keys.ARROW_DOWN)
    assert visit.all("#hits li")[0].get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == "hit-0"
    box.send_keys(Keys.ESCAPE)
    assert not visit.one("#hits").is_displayed()
    box.send_keys("t")
    wait(lambda: visit.one("#hits").is_displayed())
    box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    wait(lambda: visit.path == "/id/company/genentech")
    box = visit.one("#q")
    box.send_keys("HER2")
    wait(lambda: visit.all("#hits li"))
    visit.all("#hits li")[0].click()
    wait(lambda: visit.path == "/id/target/her2")
    visit.one("#q").send_keys("immunogen", Keys.ENTER)
    wait(lambda: visit.path == "/?q=immunogen")
    assert visit.all("ul.hits a[href='/id/company/immunogen']"), "without a choice it is a search"


def test_from_a_card_to_the_sentence_in_its_document(visit: Visit) -> None:
    visit.open("/id/company/genentech")
    line = visit.one("section[aria-labelledby='ledger'] details")
    visit.press(line.find_element(By.TAG_NAME, "summary"))
    link = line.find_element(By.CSS_SELECTOR, ".source a")
    sentence = line.find_element(By.TAG_NAME, "blockquote").text
    visit.press(link)
    wait(lambda: visit.path.startswith("/id/document/"))
    mark = visit.one(f"[id='{visit.path.partition('#')[2]}']")
    words = visit.browser.execute_script("return arguments[0].textContent", mark).split()
    assert " ".join(words) in " ".join(sentence.split()) or " ".join(sentence.split()) in " ".join(words)
    top = visit.browser.execute_script("return arguments[0].getBoundingClientRect().top", mark)
    assert 0 < top < 900, "the sentence is on the screen"
    number = mark.find_element(By.CSS_SELECTOR, "a.n")
    visit.press(number)
    wait(lambda: "#fact-" in visit.path)
    fact = visit.one(f"[id='{visit.path.partition('#')[2]}']")
    assert fact.find_elements(By.CSS_SELECTOR, "li a[href^='/id/']"), "what it says leads on"
    visit.check_that_it_is_quiet()


def test_the_network_beside_a_card_leads_to_other_cards(visit: Visit) -> None:
    visit.open("/id/company/genentech")
    frame = visit.one("iframe")
    visit.browser.execute_script("scrollTo(0, 200)")
    visit.browser.switch_to.frame(frame)
    wait(lambda: visit.browser.execute_script("return document.documentElement.dataset.ready") == "true")
    visit.browser.switch_to.default_content()
    assert visit.browser.execute_script("return scrollY") == 200, "a picture that comes in below moves nothing above it"
    visit.browser.execute_script("arguments[0].scrollIntoView()", frame)
    visit.browser.switch_to.frame(frame)
    visit.one("#search").send_keys("ImmunoGen")
    wait(lambda: [each for each in visit.all("#list li:not([hidden])") if "ImmunoGen" in each.text])
    next(each for each in visit.all("#list li:not([hidden])") if "ImmunoGen" in each.text).click()
    wait(lambda: visit.all("#panel a[target='_top']"))
    visit.one("#panel a[target='_top']").click()
    visit.browser.switch_to.default_content()
    wait(lambda: visit.path == "/id/company/immunogen")
    visit.to_size("telephone")
    visit.open("/id/company/immunogen")
    assert not visit.one("iframe").is_displayed() and visit.one("section[aria-labelledby='network'] a").is_displayed()
    assert not [url for url in requests(visit.browser) if "/network" in url], "a telephone loads it when asked"


def test_a_questions_form_suggests_answers_and_keeps_what_was_typed(visit: Visit) -> None:
    visit.open("/questions")
    visit.one("a[href='/questions/milestones-earned']").click()
    wait(lambda: visit.path == "/questions/milestones-earned")
    payer = visit.one("input[name='payer']")
    payer.send_keys("genen")
    wait(lambda: visit.all("#names-payer option"))
    assert visit.all("#names-payer option")[0].get_attribute("value") == "Genentech"
    payer.send_keys("tech", Keys.ENTER)
    wait(lambda: "payer=genentech" in visit.path)
    assert visit.one("input[name='payer']").get_attribute("value") == "genentech"
    assert "row" in visit.one("#summary").text and visit.all("table tbody")
    visit.press(visit.one("table details summary"))
    assert visit.one("table details blockquote").is_displayed()
    visit.check_that_it_is_quiet()


def test_the_editor_asks_here_and_leads_to_pages_here(visit: Visit) -> None:
    visit.open(f"/query?query={quote(PAYLOADS)}")
    wait(lambda: visit.browser.execute_script("return document.documentElement.dataset.ready") == "true")
    visit.one(".tabPanel.active .yasqe_queryButton").click()
    wait(lambda: visit.all(".tabPanel.active .yasr tbody tr a"))
    assert visit.faults() == [], "with an answer shown"
    asked = [url for url in requests(visit.browser) if "/sparql" in url]
    assert asked and all(url.startswith(visit.root) for url in asked)
    link = next(each for each in visit.all(".tabPanel.active .yasr tbody tr a") if "payload" in each.get_attribute("href"))
    visit.browser.execute_script("arguments[0].removeAttribute('target')", link)  # else it opens beside this page
    link.click()
    wait(lambda: visit.path.startswith("/id/payload/"))


def test_the_editor_completes_the_ontologys_names(visit: Visit) -> None:
    visit.open("/query")
    wait(lambda: visit.browser.execute_script("return document.documentElement.dataset.ready") == "true")
    visit.browser.execute_script(
        """const editor = document.querySelector('.tabPanel.active .CodeMirror').CodeMirror;
           editor.setValue('PREFIX kg: <https://w3id.org/conjugate/ontology#>\\nSELECT * { ?a kg:hasPay }');
           editor.focus(); editor.setCursor({line: 1, ch: 22});"""
    )
    visit.browser.switch_to.active_element.send_keys(Keys.CONTROL, " ")
    wait(lambda: visit.all(".CodeMirror-hints li") or "hasPayload" in visit.one(".tabPanel.active .CodeMirror").text)
    shown = " ".join(each.text for each in visit.all(".CodeMirror-hints li")) or visit.one(".tabPanel.active .CodeMirror").text
    assert "hasPayload" in shown


def test_pages_work_without_scripts(visit: Visit) -> None:
    visit.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        visit.open("/")
        visit.one("#q").send_keys("genentech", Keys.ENTER)
        wait(lambda: visit.path == "/?q=genentech")
        visit.one("ul.hits a").click()
        wait(lambda: visit.path == "/id/company/genentech")
        visit.one("section[aria-labelledby='ledger'] summary").send_keys(Keys.ENTER)
        visit.one("section[aria-labelledby='ledger'] .source a").send_keys(Keys.ENTER)
        wait(lambda: visit.path.startswith("/id/document/"))
        visit.open("/query?query=ASK%7B%7D")
        assert visit.one("noscript textarea").get_attribute("value") == "ASK{}"
    finally:
        visit.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
