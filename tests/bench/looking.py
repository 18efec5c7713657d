"""Networks of some sizes in, how long a browser takes to show each and how fluently it moves out, beside pyvis's own defaults in one run.

    python tests/bench/looking.py [--nodes 500 5000] [--pictures FOLDER] [--check]

Wants Chromium with its driver, and selenium. Both pages are made of one networkx graph (companies, payments, compounds), with everything
inside the file. "ready" is from opening the file until a click would be answered: the page is loaded and two frames have been drawn. A
page that does not answer within a minute is "inf". "frames" is how many frames a second are drawn while the view is zoomed for two
seconds; pyvis's defaults let springs settle meanwhile.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import networkx as nx
from pyvis.network import Network
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import fixtures_view as fixture

from kg.view.network import LIMIT, show, to_networkx

READY = 3.0  # seconds until a page of 5,000 nodes answers
PATIENCE = 60  # seconds after which a page is given up
_FRAMES = """
const done = arguments[arguments.length - 1], begin = performance.now(), net = arguments[1] === "kg" ? null : window.network;
const zoom = document.querySelector("[data-zoom=in]"), out = document.querySelector("[data-zoom=out]");
let count = 0;
const step = () => {
  count += 1;
  if (net) net.moveTo({scale: 0.3 + 0.01 * (count % 20)}); else (count % 20 < 10 ? zoom : out).click();
  if (performance.now() - begin < 2000) requestAnimationFrame(step); else done(1000 * count / (performance.now() - begin));
};
requestAnimationFrame(step);"""
_DRAWN = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)));"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each size and page; exit code 1 where ours takes longer than READY and --check asks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, nargs="+", default=[20, 500, 5000])
    parser.add_argument("--pictures", type=Path, help="a folder for a screenshot of each page")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    late = 0
    with tempfile.TemporaryDirectory() as folder:
        for nodes in options.nodes:
            store = fixture.Fake(fixture.large_quads(max(1, round(nodes / 2.1))))
            began = time.perf_counter()
            ours = show(store, Path(folder) / f"kg-{nodes}.html")
            made = time.perf_counter() - began
            graph = to_networkx(store)
            theirs = pyvis_page(graph, Path(folder) / f"pyvis-{nodes}.html")
            for name, page in (("kg", ours), ("pyvis", theirs)):
                try:
                    ready, frames = look(page, name, options.pictures)
                except WebDriverException:  # the page is so busy that it does not even answer the driver
                    ready, frames = float("inf"), 0.0
                late += name == "kg" and ready > READY
                told = f"   (made in {made:.1f} s, {min(len(graph), LIMIT):,} drawn at first)" if name == "kg" else ""
                print(f"{len(graph):6,} nodes  {name:6}{ready:7.2f} s until ready{frames:7.0f} frames a second{told}", flush=True)
    return 1 if options.check and late else 0


def pyvis_page(graph: nx.MultiDiGraph[str], out: Path) -> Path:
    """Write the page as pyvis does when nothing is asked of it, but with its scripts inside: a page must not need a network."""
    net = Network(directed=True, cdn_resources="in_line")
    plain: nx.DiGraph[str] = nx.DiGraph()
    plain.add_nodes_from((iri, {"label": node["label"]}) for iri, node in graph.nodes(data=True))
    plain.add_edges_from((one, other, {"label": data["label"]}) for one, other, data in graph.edges(data=True))
    net.from_nx(plain)
    out.write_text(net.generate_html(), encoding="utf-8")
    return out


def look(page: Path, name: str, pictures: Path | None) -> tuple[float, float]:
    """Open a page in a browser of its own, and time it."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,900"):
        options.add_argument(flag)
    browser: Any = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        browser.set_page_load_timeout(PATIENCE)
        browser.set_script_timeout(PATIENCE)
        began = time.perf_counter()
        browser.get(page.as_uri())
        browser.execute_async_script(_DRAWN)
        ready = time.perf_counter() - began
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            browser.save_screenshot(str(pictures / f"{page.stem}.png"))
        return ready, float(browser.execute_async_script(_FRAMES.replace("arguments[1]", f'"{name}"')))
    finally:
        browser.quit()


if __name__ == "__main__":
    sys.exit(main())
