"""The two pages in a real browser: they are drawn, load nothing, run nothing of what a text carries, and work by mouse and keyboard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fixtures_view as fixture
import pytest
from browsing import Browser, By, Keys, needs_browser, requests, start, wait, webdriver
from pyoxigraph import Literal, NamedNode, Quad

from kg import trace
from kg.assets import asset_dir
from kg.view.inspect import write_traces
from kg.view.network import show

pytestmark = needs_browser

HOSTILE = "</script><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">\u2028<b>bold</b>"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    quads = fixture.named_thing("company/hostile", HOSTILE)
    quads.append(
        Quad(fixture.node("company/hostile"), NamedNode(f"{fixture.KG}ticker"), Literal(HOSTILE), fixture.node("document/milestone-2007"))
    )
    quads += fixture.supported("milestone-2007", "company/hostile", "ticker", f'"{HOSTILE}"', HOSTILE, ((5, f"So {HOSTILE}.", HOSTILE),))
    # A bracket and letters beyond 16 bits, which Python and JavaScript count differently, before the quote that is marked.
    quads += fixture.named_thing("company/letters", "Letters")
    quads.append(
        Quad(fixture.node("company/letters"), NamedNode(f"{fixture.KG}ticker"), Literal("LTR"), fixture.node("document/milestone-2007"))
    )
    sentence = (7, "𝛂𝛃 <i> quoted words.", "quoted")
    quads += fixture.supported("milestone-2007", "company/letters", "ticker", '"LTR"', "company/ticker", (sentence,))
    return show(fixture.adc_store(quads), tmp_path_factory.mktemp("browser") / "graph ünd.html")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = start(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.quit()


@pytest.fixture
def browser(started: Browser, page: Path) -> Browser:
    """The page, freshly opened, with the logs of what came before read away."""
    for log in ("browser", "performance"):
        started.get_log(log)
    started.get(page.as_uri())
    wait(lambda: started.execute_script("return document.documentElement.dataset.ready") == "true")
    return started


def colours(browser: Browser) -> int:
    """Count the different colours on the canvas."""
    return int(
        browser.execute_script(
            """const canvas = document.querySelector('#network canvas');
               const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data, seen = new Set();
               for (let i = 0; i < data.length; i += 4) if (data[i + 3]) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
               return seen.size;"""
        )
    )


def search_for(browser: Browser, name: str) -> None:
    box = browser.find_element(By.ID, "search")
    box.clear()
    box.send_keys(name)


def listed(browser: Browser) -> list[Any]:
    """Give the items of the list that are not hidden."""
    return list(browser.find_elements(By.CSS_SELECTOR, "#list li:not([hidden])"))


def set_day(browser: Browser, place: int) -> None:
    """Move the slider as a key does."""
    browser.execute_script(
        "const day = document.getElementById('day'); day.value = arguments[0]; day.dispatchEvent(new Event('input', {bubbles: true}))",
        place,
    )


def panel(browser: Browser) -> Any:
    return browser.find_element(By.ID, "panel")


def spot(browser: Browser, key: str) -> tuple[int, int]:
    """Find where a node stands on the screen, by what the page embeds and how the view is fitted: drawn nodes answer to a click there."""
    return tuple(  # type: ignore[return-value] # the script returns the pair
        browser.execute_script(
            """const key = arguments[0], details = JSON.parse(document.getElementById('page').textContent).details;
               const id = details.findIndex((node) => node.iri.endsWith(key));
               const spots = JSON.parse(document.getElementById('nodes').textContent), area = document.getElementById('network');
               const box = area.getBoundingClientRect(), one = spots[id];
               const half = (spot) => Math.max(spot.w / 2, 60);
               const left = Math.min(...spots.map((s) => s.x - half(s))), right = Math.max(...spots.map((s) => s.x + half(s)));
               const top = Math.min(...spots.map((s) => s.y - s.h / 2)), bottom = Math.max(...spots.map((s) => s.y + s.h / 2 + 36));
               const scale = Math.min(1.25, (area.clientWidth - 56) / (right - left), (area.clientHeight - 110) / (bottom - top));
               return [Math.round(box.left + box.width / 2 + (one.x - (left + right) / 2) * scale),
                       Math.round(box.top + box.height / 2 + (one.y - (top + bottom) / 2) * scale)];""",
            key,
        )
    )


def click_at(browser: Browser, x: int, y: int) -> None:
    actions = webdriver.ActionChains(browser)
    actions.w3c_actions.pointer_action.move_to_location(x, y)
    actions.click().perform()


def test_opens_quietly_at_rest_and_alone(browser: Browser, page: Path) -> None:
    wait(lambda: colours(browser) > 20)
    before = browser.get_screenshot_as_png()
    time.sleep(0.6)
    assert browser.get_screenshot_as_png() == before, "nothing moves once it is open"
    assert browser.get_log("browser") == [], "no error and no warning on the console"
    asked = requests(browser)
    assert page.as_uri() in asked
    assert [url for url in asked if url != page.as_uri() and not url.startswith(("data:", "blob:"))] == []


def test_search_opens_a_node_with_its_sentences(browser: Browser) -> None:
    search_for(browser, "t-dm1")
    listed = [item.text for item in browser.find_elements(By.CSS_SELECTOR, "#list li") if item.is_displayed()]
    assert listed == ["trastuzumab emtansine"], "found by an altLabel"
    browser.find_element(By.ID, "search").send_keys(Keys.ENTER)
    wait(panel(browser).is_displayed)
    text = panel(browser).text
    assert "Genentech develops trastuzumab-DM1 for HER2-positive metastatic breast cancer." in text
    assert "milestone-2007.txt" in text
    assert "compound/comprises" in text
    marked = [mark.text for mark in browser.find_elements(By.CSS_SELECTOR, "#panel mark")]
    assert "links ImmunoGen's DM1" in marked


def test_click_on_a_node_opens_it(browser: Browser) -> None:
    click_at(browser, *spot(browser, "milestone/phase2"))
    wait(panel(browser).is_displayed)
    assert browser.find_element(By.ID, "panel-title").text == "Milestone $5M · earned"
    assert len(browser.find_elements(By.CSS_SELECTOR, "#sentences li")) == 3
    browser.find_elements(By.CSS_SELECTOR, "#panel .ref")[1].click()
    assert browser.find_element(By.CSS_SELECTOR, "#sentences li.lit").get_attribute("id") == "sentence-2"
    browser.find_element(By.XPATH, "//button[@class='go' and text()='Genentech']").click()
    assert browser.find_element(By.ID, "panel-title").text == "Genentech", "a relation leads on to its other end"


def test_click_on_an_arrow_opens_its_sentences(browser: Browser) -> None:
    (x, y), (right, down) = spot(browser, "compound/t-dm1"), spot(browser, "payload/dm1")
    for part in (0.35, 0.45, 0.55, 0.65):  # another arrow may cross at one of these places
        click_at(browser, round(x + (right - x) * part), round(y + (down - y) * part))
        if panel(browser).is_displayed() and browser.find_element(By.ID, "panel-title").text == "trastuzumab emtansine → DM1":
            break
    assert "has payload" in panel(browser).text
    assert [mark.text for mark in browser.find_elements(By.CSS_SELECTOR, "#panel mark")] == ["links ImmunoGen's DM1"]


def test_keyboard_alone_is_enough(browser: Browser) -> None:
    browser.execute_script("document.getElementById('search').focus()")
    active = lambda: browser.switch_to.active_element  # noqa: E731 (read anew at each step)
    active().send_keys("milestone")
    active().send_keys(Keys.ARROW_DOWN)
    assert active().get_attribute("id") == "list"
    active().send_keys(Keys.ARROW_DOWN)
    chosen = browser.find_element(By.ID, active().get_attribute("aria-activedescendant"))
    assert (chosen.text, chosen.get_attribute("aria-selected")) == ("Milestone · possible", "true")
    active().send_keys(Keys.ENTER)
    assert browser.find_element(By.ID, "panel-title").text == "Milestone · possible"
    assert active().get_attribute("id") == "panel"
    active().send_keys(Keys.ESCAPE)
    assert not panel(browser).is_displayed()
    assert active().get_attribute("id") == "list", "back to where it was opened from"


def test_what_can_be_used_has_a_name(browser: Browser) -> None:
    search_for(browser, "milestone")
    browser.find_element(By.ID, "search").send_keys(Keys.ENTER)
    nameless = browser.execute_script(
        """return [...document.querySelectorAll('button, input, [role], aside')].filter((each) => !(
             each.textContent.trim() || each.getAttribute('aria-label') || each.getAttribute('aria-labelledby')
             || each.labels?.length || each.getAttribute('role') === 'status')).map((each) => each.outerHTML)"""
    )
    assert nameless == []


def test_legend_hides_and_shows_a_class(browser: Browser) -> None:
    button = browser.find_element(By.CSS_SELECTOR, "#legend button[data-kind='Development']")
    assert button.text.split() == ["Development", "2"]
    shown = lambda: {item.text for item in browser.find_elements(By.CSS_SELECTOR, "#list li:not([hidden])")}  # noqa: E731 (read twice)
    assert "Phase 2 started 2007-07-31" in shown()
    x, y = spot(browser, "development/phase2")
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    assert "Phase 2 started 2007-07-31" not in shown()
    click_at(browser, x, y)
    assert not panel(browser).is_displayed() or browser.find_element(By.ID, "panel-title").text != "Phase 2 started 2007-07-31"
    button.click()
    assert "Phase 2 started 2007-07-31" in shown()
    assert browser.get_log("browser") == []


def test_the_slider_shows_what_was_known_on_a_day(browser: Browser) -> None:
    days = browser.execute_script("return JSON.parse(document.getElementById('page').textContent).dates")
    assert days == sorted(days) and len(days) > 1
    everything = len(listed(browser))
    slider = browser.find_element(By.ID, "day")
    assert slider.get_attribute("aria-valuetext") == "all documents"
    set_day(browser, 0)
    assert slider.get_attribute("aria-valuetext") == f"as of {days[0]}"
    early = {item.text for item in listed(browser)}
    assert 0 < len(early) < everything
    assert "Milestone $5M · earned" not in early
    slider.send_keys(Keys.END)
    assert slider.get_attribute("aria-valuetext") == "all documents", "by keyboard too"
    assert len(listed(browser)) == everything
    assert "Milestone $5M · earned" in {item.text for item in listed(browser)}
    assert browser.get_log("browser") == []


def test_a_neighbourhood_alone_and_everything_again(browser: Browser) -> None:
    everything = len(listed(browser))
    search_for(browser, "DM4")
    browser.find_element(By.ID, "search").send_keys(Keys.ENTER)
    title = browser.find_element(By.ID, "panel-title").text
    browser.find_elements(By.CSS_SELECTOR, ".tools button")[0].click()
    search_for(browser, " ")
    wait(lambda: 1 < len(listed(browser)) < everything)
    assert title in {item.text for item in listed(browser)}
    assert browser.find_element(By.ID, "panel-title").text == title, "its panel stays"
    few = len(listed(browser))
    browser.find_elements(By.CSS_SELECTOR, ".tools button")[1].click()
    assert len(listed(browser)) > few, "two steps reach further"
    browser.find_element(By.ID, "all").click()
    assert len(listed(browser)) == everything
    assert not browser.find_element(By.ID, "all").is_displayed()


def test_one_node_can_be_hidden(browser: Browser) -> None:
    search_for(browser, "Genentech")
    browser.find_element(By.ID, "search").send_keys(Keys.ENTER)
    browser.find_element(By.XPATH, "//div[@class='tools']/button[text()='Hide']").click()
    assert not panel(browser).is_displayed()
    assert "Genentech" not in {item.text for item in listed(browser)}
    browser.find_element(By.ID, "all").click()
    search_for(browser, "Genentech")
    assert "Genentech" in {item.text for item in listed(browser)}


def test_the_picture_is_saved_as_png(browser: Browser, tmp_path: Path) -> None:
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    browser.find_element(By.ID, "png").click()
    wait(lambda: (tmp_path / "network.png").exists())
    assert (tmp_path / "network.png").read_bytes().startswith(b"\x89PNG")
    assert browser.get_log("browser") == []


def test_it_prints_without_its_controls(browser: Browser) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        assert not browser.find_element(By.ID, "side").is_displayed()
        assert browser.find_element(By.ID, "network").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_hostile_names_do_nothing(browser: Browser) -> None:
    search_for(browser, "</script>")
    browser.find_element(By.ID, "search").send_keys(Keys.ENTER)
    wait(panel(browser).is_displayed)
    assert "<img src=x onerror=" in panel(browser).text, "shown as the text that it is"
    assert browser.title == "Deal network · Conjugate"
    assert browser.execute_script("return document.querySelectorAll('img, #panel b, #panel script, #list b').length") == 0
    assert browser.get_log("browser") == []


def test_the_mark_counts_letters_as_python_does(browser: Browser) -> None:
    search_for(browser, "letters")
    browser.find_element(By.ID, "search").send_keys(Keys.ENTER)
    assert browser.find_element(By.CSS_SELECTOR, "#panel mark").text == "quoted"
    assert browser.find_element(By.CSS_SELECTOR, "#panel blockquote").text == "𝛂𝛃 <i> quoted words."


def test_nothing_injected_later_may_run(browser: Browser) -> None:
    browser.execute_script(
        """const script = document.createElement('script'); script.textContent = "document.title = 'ran'"; document.body.append(script);
           document.body.insertAdjacentHTML('beforeend', '<b onclick="document.title = 1" id="injected">x</b>');
           document.getElementById('injected').click();"""
    )
    assert browser.title == "Deal network · Conjugate", "the content policy names the page's own scripts only"


def test_two_thousand_nodes(started: Browser, tmp_path: Path) -> None:
    page = show(fixture.Fake(fixture.large_quads(950)), tmp_path / "large.html")
    for log in ("browser", "performance"):
        started.get_log(log)
    began = time.monotonic()
    started.get(page.as_uri())
    wait(lambda: started.execute_script("return document.documentElement.dataset.ready") == "true", 30)
    assert time.monotonic() - began < 30, "opens in about two seconds on two slow cores"
    wait(lambda: colours(started) > 20)
    notice = started.find_element(By.ID, "notice")
    assert notice.is_displayed()
    assert "1,500 of 1,996 nodes are drawn" in notice.text
    search_for(started, "company 949")
    started.find_element(By.ID, "search").send_keys(Keys.ENTER)
    assert started.find_element(By.ID, "panel-title").text == "Company 949", "what was not drawn is found, and comes into the picture"
    wait(lambda: started.find_element(By.CSS_SELECTOR, "#list li[aria-selected='true']").is_displayed())
    started.find_element(By.CSS_SELECTOR, ".tools button").click()
    assert [item.text for item in listed(started)] == ["Company 949"], "the search still holds"
    search_for(started, " ")
    wait(lambda: {item.text for item in listed(started)} == {"Company 949", "Payment 950k"})
    started.find_element(By.ID, "all").click()
    wait(lambda: len(listed(started)) > 1400)
    search_for(started, "hub")
    started.find_element(By.ID, "search").send_keys(Keys.ENTER)
    assert started.find_element(By.ID, "panel-title").text == "Hub"
    assert started.get_log("browser") == []
    assert {url for url in requests(started) if not url.startswith(("data:", "blob:"))} == {page.as_uri()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_follows_the_colour_scheme(browser: Browser, scheme: str) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    ground = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground.removeprefix("rgb(").removesuffix(")").split(","))) < 300) == (scheme == "dark")
    assert browser.get_log("browser") == []


# ---- the page of `kg inspect`


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a sample, and behind it that of a text that would act if it could."""
    folder = tmp_path_factory.mktemp("inspect")
    odd = folder / "odd.txt"
    odd.write_text(f"Lintara AG {HOSTILE} \u202egnp.exe\u202c \ue000 paid Genentech $3 million in 2011.\n", encoding="utf-8")
    return write_traces([*trace(asset_dir("samples") / "immunogen-2007-07-31-phase-2.txt"), *trace(odd)], folder / "read ünd.html")


@pytest.fixture
def inspected(started: Browser, readings: Path) -> Browser:
    """That page, freshly opened."""
    for log in ("browser", "performance"):
        started.get_log(log)
    started.get(readings.as_uri())
    wait(lambda: started.execute_script("return document.documentElement.dataset.ready") == "true")
    return started


def card(browser: Browser) -> Any:
    return browser.find_element(By.ID, "card")


def mark(browser: Browser, text: str, place: int = 0) -> Any:
    """Find a mark in the text by what it marks, and bring it into view."""
    found = [each for each in browser.find_elements(By.CSS_SELECTOR, ".text b") if each.get_property("textContent") == text][place]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
    return found


def test_the_text_is_shown_as_it_is_stored(inspected: Browser, readings: Path) -> None:
    shown = [each.get_property("textContent") for each in inspected.find_elements(By.CSS_SELECTOR, ".text")]
    assert shown[0] == trace(asset_dir("samples") / "immunogen-2007-07-31-phase-2.txt")[0].document.text
    assert shown[1] == trace(readings.parent / "odd.txt")[0].document.text
    assert inspected.execute_script("return getComputedStyle(document.querySelector('.section')).whiteSpaceCollapse") == "preserve"
    assert inspected.execute_script("return document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out to the side"
    assert inspected.get_log("browser") == []
    assert {url for url in requests(inspected) if not url.startswith("data:")} == {readings.as_uri()}


def test_a_mark_tells_what_was_read_where_the_mouse_rests(inspected: Browser) -> None:
    webdriver.ActionChains(inspected).move_to_element(mark(inspected, "the Company")).perform()
    wait(card(inspected).is_displayed)
    told = card(inspected).text
    for words in ("87–98", "company = ImmunoGen, Inc.", "found by discourse/the-company", "payment", "Occurred", "Resolved", "payee"):
        assert words in told, told
    assert "payment/earned" in told and "25–219" in told, "the rule, and the place of the sentence"
    assert [each.text for each in inspected.find_elements(By.CSS_SELECTOR, ".text b.lit")][:2] == ["July 31, 2007", "the Company"]
    webdriver.ActionChains(inspected).move_to_element(inspected.find_element(By.TAG_NAME, "h1")).perform()
    wait(lambda: not card(inspected).is_displayed())


def test_a_nested_mark_names_the_one_around_it(inspected: Browser) -> None:
    webdriver.ActionChains(inspected).move_to_element(mark(inspected, "$5 million")).perform()
    wait(card(inspected).is_displayed)
    assert "money = 5000000 USD" in card(inspected).text
    assert "inside the payment “a $5 million milestone payment”" in card(inspected).text


def test_a_click_keeps_the_card_until_escape(inspected: Browser) -> None:
    mark(inspected, "Genentech").click()
    webdriver.ActionChains(inspected).move_to_element(inspected.find_element(By.TAG_NAME, "h1")).perform()
    time.sleep(0.5)
    assert card(inspected).is_displayed() and "pinned" in card(inspected).get_attribute("class")
    webdriver.ActionChains(inspected).send_keys(Keys.ESCAPE).perform()
    assert not card(inspected).is_displayed()


def test_the_text_can_be_walked_by_keyboard(inspected: Browser) -> None:
    inspected.execute_script("document.getElementById('text1').focus()")
    active = lambda: inspected.switch_to.active_element  # noqa: E731 (read anew at each step)
    active().send_keys(Keys.ARROW_RIGHT)
    assert "facts in this sentence" in card(inspected).text and "25–219" in card(inspected).text
    active().send_keys(Keys.ARROW_RIGHT)
    assert active().text == "ImmunoGen, Inc." and "found by structure/legal-form" in card(inspected).text
    active().send_keys(Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    active().send_keys(Keys.TAB)
    wait(lambda: "220–417" in card(inspected).text)
    active().send_keys(Keys.ESCAPE)
    assert not card(inspected).is_displayed()


def test_a_section_that_is_not_read_says_so(inspected: Browser) -> None:
    dateline, unread = inspected.find_elements(By.CSS_SELECTOR, "#d1 .section.unread")[:2]
    assert dateline.get_attribute("data-label") == "dateline\n626-658"
    assert unread.get_attribute("data-label") == "safe harbour\n1405-1564"
    plain = inspected.find_element(By.CSS_SELECTOR, "#d1 .section:not(.unread)")
    assert unread.value_of_css_property("color") != plain.value_of_css_property("color")
    webdriver.ActionChains(inspected).move_to_element(mark(inspected, "Clinical testing")).perform()
    wait(card(inspected).is_displayed)
    assert "No fact is read from this section: safe harbour." in card(inspected).text


def test_the_legend_hides_a_type(inspected: Browser) -> None:
    button = inspected.find_element(By.CSS_SELECTOR, "#legend button[data-type='money']")
    amount = mark(inspected, "$5 million")
    before = amount.value_of_css_property("background-color")
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    wait(lambda: amount.value_of_css_property("background-color") != before)
    webdriver.ActionChains(inspected).move_to_element(amount).perform()
    wait(card(inspected).is_displayed)
    assert card(inspected).text.startswith("a $5 million milestone payment"), "what lies around it answers"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"


def test_a_fact_of_the_list_opens_its_sentence(inspected: Browser) -> None:
    inspected.find_element(By.ID, "search").send_keys("targeting/anti")
    shown = [each for each in inspected.find_elements(By.CSS_SELECTOR, "#facts button") if each.is_displayed()]
    assert len(shown) == 1, "found by a rule's name"
    shown[0].click()
    wait(card(inspected).is_displayed)
    time.sleep(0.3)  # the page scrolls, and the card is put in its place again
    block = card(inspected).find_element(By.XPATH, ".//*[@class='fact'][contains(., 'targeting/anti')]")
    box, inside = (
        inspected.execute_script("return arguments[0].getBoundingClientRect().toJSON()", each) for each in (card(inspected), block)
    )
    assert box["top"] <= inside["top"] and inside["bottom"] <= box["bottom"] + 1, "it is the last of six in its sentence"
    assert inspected.switch_to.active_element.tag_name == "u"


def test_a_hostile_text_does_nothing(inspected: Browser) -> None:
    assert inspected.title == "immunogen-2007-07-31-phase-2.txt · as read by Conjugate"
    assert inspected.execute_script("return document.querySelectorAll('img, .text script, .text [onerror]').length") == 0
    assert inspected.execute_script("return [...document.querySelectorAll('#text2 .odd')].map((each) => each.dataset.code)") == ["U+E000"]
    inspected.execute_script("document.querySelector('#text2 u').click()")
    assert card(inspected).is_displayed()
    inspected.execute_script(
        """const script = document.createElement('script'), style = document.createElement('style');
           script.textContent = "document.title = 'ran'"; style.textContent = "h1 { display: none }";
           document.body.append(script, style);"""
    )
    assert inspected.title != "ran" and inspected.find_element(By.TAG_NAME, "h1").is_displayed(), "the policy names script and style"


def test_what_can_be_used_on_the_page_of_a_reading_has_a_name(inspected: Browser) -> None:
    inspected.execute_script("document.querySelector('.text u').click()")
    nameless = inspected.execute_script(
        """return [...document.querySelectorAll('button, input, nav, aside, summary, [role]')].filter((each) => !(
             each.textContent.trim() || each.getAttribute('aria-label') || each.labels?.length)).map((each) => each.outerHTML)"""
    )
    assert nameless == []


def test_a_tap_on_a_phone_opens_the_card_at_the_foot(inspected: Browser) -> None:
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    inspected.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        inspected.refresh()
        wait(lambda: inspected.execute_script("return document.documentElement.dataset.ready") == "true")
        assert not inspected.find_element(By.ID, "legend").is_displayed(), "folded: the text comes first"
        assert inspected.execute_script("return document.documentElement.scrollWidth") <= 390
        inspected.execute_script("arguments[0].click()", mark(inspected, "Phase II clinical testing"))
        box = inspected.execute_script("return arguments[0].getBoundingClientRect().toJSON()", card(inspected))
        assert box["left"] >= 0 and box["right"] <= 390 and 830 <= box["bottom"] <= 844
        card(inspected).find_element(By.ID, "close").click()
        assert not card(inspected).is_displayed()
    finally:
        inspected.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_reading_follows_the_colour_scheme(inspected: Browser, scheme: str) -> None:
    inspected.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    ground = inspected.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground.removeprefix("rgb(").removesuffix(")").split(","))) < 300) == (scheme == "dark")
    assert inspected.get_log("browser") == []
