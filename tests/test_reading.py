"""Real filings in, what must hold of every reading out: nothing lost, nothing moved, every offset true, the same again.

The filings beside the checkout are read where they are there, else the bundled samples.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import lxml.html
import pytest
from test_sentences import check

from kg.errors import ReadError
from kg.model import Document
from kg.read import read, read_bytes
from kg.read.blocks import is_furniture
from kg.read.decode import clean, to_utf8
from kg.read.edgar import is_submission, parse_submission
from kg.read.html import is_html

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FOLDERS = [SHARED / "filings" / "edgar", SHARED / "filings" / "press", SHARED / "gold" / "texts", ROOT / "kg" / "samples"]
KINDS = {".htm", ".html", ".txt", ".nc", ".md"}
FILES = [path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.iterdir()) if path.suffix in KINDS]
# Submissions that hold none of the forms that kg reads; each is told by name and reason.
NONE_READABLE = {"0001127602-25-004598.nc": "1 form 4", "0001398344-24-000491.nc": "1 form D/A"}

NOT_SHOWN = ("script", "style", "head", "noscript", "template", "svg", "object", "iframe", "select", "textarea", "ix:header", "ix:hidden")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)


def letters(text: str) -> str:
    """Keep letters and digits; a raised digit is that digit."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def shown(page: bytes) -> str:
    """Take the text of a page as lxml has it, without what is not shown."""
    root = lxml.html.document_fromstring(to_utf8(page), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True))
    hidden = list(root.iter(*NOT_SHOWN))
    hidden += [e for e in root.iter() if isinstance(e.tag, str) and ("hidden" in e.attrib or HIDDEN.search(e.get("style", "")))]
    for element in hidden:
        if element.getparent() is not None:
            element.drop_tree()
    return clean(root.text_content())


def bodies(data: bytes, name: str) -> list[bytes]:
    """Take the documents of a submission, or the file itself."""
    return [member.body for member in parse_submission(data).members] if is_submission(data) else [data]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_lost_or_moved(path: Path) -> None:
    data = path.read_bytes()
    try:
        contents = read(path)
    except ReadError as fault:
        assert path.name in str(fault) and NONE_READABLE[path.name] in str(fault)
        return
    assert contents.documents
    for document in contents.documents:
        check(document)
        assert letters("".join(s.text for s in document.sentences)) == letters_kept(document)
    assert read_bytes(data, path.name) == contents, "reading again gives the same"
    for document, body in zip(contents.documents, bodies(data, path.name), strict=True):
        assert (document.source.kind == "html") == is_html(body, document.source.file_name)
        if document.source.kind == "html":
            assert letters(document.text) == letters(shown(body))


def letters_kept(document: Document) -> str:
    """List the letters that the tidied sentences must have: all but an address behind a link and the number of a footnote."""
    left: list[str] = []
    for sentence in document.sentences:
        places = set(sentence.offsets)
        raw = document.text
        for offset in range(sentence.span.start, sentence.span.end):
            if offset in places:
                left.append(raw[offset])
            elif raw[offset].isalnum():
                assert dropped_for_cause(raw, offset), f"{raw[max(0, offset - 30) : offset + 30]!r} lost {raw[offset]!r}"
    return letters("".join(left))


def dropped_for_cause(text: str, offset: int) -> bool:
    """Answer whether a letter may be left out of a sentence: in the address of a link, a bullet "o", a footnote's digit, a running head."""
    line = text[text.rfind("\n", 0, offset) + 1 : text.find("\n", offset)].strip()
    if is_furniture(line) or len(re.findall(re.sub(r"\d+", r"\\d+", re.escape(line)), text)) > 1:
        return True  # a page's number or its running head, in the middle of a sentence
    if text[offset] in "o\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079":
        return True
    before = text[max(0, offset - 900) : offset]
    return "](" in before and not before[before.rindex("](") :].count(")")


@pytest.mark.skipif(not (FOLDERS[0] / "ITEMS.json").is_file(), reason="no filings beside the checkout")
def test_items_agree_with_another_tool(figures: list[str]) -> None:
    expected = json.loads((FOLDERS[0] / "ITEMS.json").read_text(encoding="utf-8"))
    differing = [name for name, filing in expected.items() if sorted(items(FOLDERS[0] / name)) != sorted(filing["items"])]
    figures.append(f"Items: {len(expected) - len(differing)} of {len(expected)} filings agree with the other tool's list")
    assert len(differing) <= 0.02 * len(expected), differing


def items(path: Path) -> set[str]:
    """List the numbers of the Items of a report, without those of its exhibits."""
    reports = [document for document in read(path).documents if "#EX" not in document.source.file_name]
    titles = [section.title for document in reports for section in document.sections if section.kind == "item"]
    return {found[1] for title in titles if (found := re.match(r"Item (\d+(?:\.\d\d)?)", title))}
