"""HTML markup in, its text with marks where its structure is out: one noncharacter for each start or end of a block, cell, row and so on.

Two ways lead there. A page of ordinary size goes through a tree of lxml and a small XSLT sheet, wholly in C. One that is very large or
nested very deep, which a tree would cost too much memory for or would drop, goes through the same parser tag by tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import etree

# U+FDD0 and on are never text.
(
    BLOCK,
    BREAK,
    TABLE_END,
    ROW,
    ROW_END,
    CELL,
    CELL_END,
    ITEM,
    ITEM_END,
    PRE,
    PRE_END,
    RAISED,
    RAISED_END,
    HEADING,
    RULE,
    CHROME,
    CHROME_END,
    LINE,
) = (chr(0xFDD0 + number) for number in range(18))

# What is written where an element starts and where it ends.
_MARKS = {
    (BLOCK, BLOCK): "p div blockquote ul ol dl dt dd caption thead tbody tfoot center address section article header main figure figcaption"
    " fieldset legend details summary body html aside form",
    (HEADING, BLOCK): "h1 h2 h3 h4 h5 h6",
    (BLOCK, TABLE_END): "table",
    (ROW, ROW_END): "tr",
    (CELL, CELL_END): "td th",
    (ITEM, ITEM_END): "li",
    (PRE, PRE_END): "pre xmp listing plaintext",
    (RAISED, RAISED_END): "sup",
    (CHROME, CHROME_END): "nav footer button",
    (BREAK, ""): "br",
    (RULE, ""): "hr",
}
_DROPPED = frozenset(["script", "style", "head", "noscript", "template", "svg", "object", "iframe", "select", "textarea"])
# The hidden header of inline XBRL, renamed to a tag that is dropped: a name with a colon costs a look at every element.
_WHITE_IS_NONE = "html table thead tbody tfoot tr ul ol dl"  # white space between what these hold is that of the markup alone
_XBRL_HEADER = re.compile(rb"(</?)ix:(?:header|hidden|references|resources)(?=[\s>/])", re.I)
_XBRL_END = re.compile(rb"</ix:header>\s{0,20}</")
_HIDDEN = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|mso-hide\s{0,9}:\s{0,9}all", re.I)

# What lower-case markup has that may have an element that is not shown (patterns with a literal head, which are found fast), and which
# elements to look at then. An element that is closed at once, or holds the header of inline XBRL and no more, need not be looked at.
_MAY_HIDE = {
    b"display": re.compile(rb"display\s{0,9}:\s{0,9}none(?![^<>]{0,200}>\s{0,20}(?:</|<ix:header))"),
    b"visibility": re.compile(rb"visibility\s{0,9}:\s{0,9}hidden"),
    b"so-hide": re.compile(rb"mso-hide"),
    b" hidden": re.compile(rb" hidden[\s=>]"),
}
_LOOKED_AT = {word: etree.XPath(f"//@style[contains(., '{word.decode()}')]") for word in _MAY_HIDE} | {b" hidden": etree.XPath("//@hidden")}
_STYLED = etree.XPath("//@style")

_TREE_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
_TREE_BYTES = 4_000_000  # a tree takes some ten times the memory of its markup
_DEEP = re.compile("depth", re.I)  # the parser's word where it gives up on nesting, after some 2,000 levels
_CHUNK = 1 << 18

# Attributes of more than 20,000 characters are data or an attack (the parser takes quadratic time on many); no tag that shapes text has
# them.
_ENDLESS_TAG = re.compile(rb"<([A-Za-z][A-Za-z0-9:]{0,30})\s[^<>]{20000,}>")
_ENDLESS = 20_000


def marked_text(markup: bytes) -> str:
    """Write out what a reader sees of a page in UTF-8, with the marks of its structure.

    Hidden parts, scripts and the hidden header of inline XBRL are dropped; its inline tags are transparent. Markup that is cut off or not
    closed is read as far as it goes.
    """
    if _may_be_endless(markup):
        markup = _ENDLESS_TAG.sub(rb"<\1>", markup)
    lower = markup.lower()
    if b"<ix:" in lower:
        markup = _XBRL_HEADER.sub(rb"\1svg", markup)
    return (_by_tree(markup, _looks(markup, lower)) if len(markup) <= _TREE_BYTES else None) or _by_tag(markup)


def _may_be_endless(markup: bytes) -> bool:
    """Answer whether there are more than _ENDLESS bytes without a tag: then there is none in some stretch of half as many."""
    half = _ENDLESS // 2
    return any(markup.find(b"<", at, at + half) < 0 for at in range(0, len(markup) - half, half))


def _template(match: str, before: str, after: str) -> str:
    return f'<xsl:template match="{"|".join(match.split())}">{before}<xsl:apply-templates/>{after}</xsl:template>'


def _sheet() -> etree.XSLT:
    templates = [_template(names, *marks) for marks, names in _MARKS.items()]
    templates.append(f'<xsl:template match="{"|".join(sorted(_DROPPED))}"/>')
    text = (
        '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:output method="text" encoding="UTF-8"/>'
        f'<xsl:strip-space elements="{_WHITE_IS_NONE}"/>'
        f"{''.join(templates)}</xsl:stylesheet>"
    )
    return etree.XSLT(etree.XML(text), access_control=etree.XSLTAccessControl.DENY_ALL)


_SHEET = _sheet()


def _by_tree(markup: bytes, looks: Iterable[etree.XPath]) -> str | None:
    """Mark a page by way of a tree; None where the tree does not hold all of it. looks: find the elements that may not be shown."""
    tree = etree.HTML(markup, _TREE_PARSER)
    if tree is None:
        return ""
    if any(_DEEP.search(entry.message) for entry in _TREE_PARSER.error_log):
        return None
    for look in looks:
        for attribute in look(tree):  # asked for its parent afterwards: a step "/.." takes quadratic time to sort what it finds
            element = attribute.getparent()
            if _is_hidden(element.attrib):
                _remove(element)
    return str(_SHEET(tree))


def _looks(markup: bytes, lower: bytes) -> list[etree.XPath]:
    """List the looks that find each element which may not be shown, by the words that markup and the same in lower case have."""
    words = [word for word, pattern in _MAY_HIDE.items() if word in lower and pattern.search(lower)]
    if not words and b"<ix:header" in lower and not _XBRL_END.search(lower):
        words = [b"display"]
    if any(markup.count(word) < lower.count(word) for word in words):
        return [_STYLED, _LOOKED_AT[b" hidden"]]
    return [_LOOKED_AT[word] for word in words]


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    """Answer whether an element, by its attributes, is not shown."""
    style = attributes.get("style")
    return attributes.get("hidden") is not None or (style is not None and _HIDDEN.search(style) is not None)


def _remove(element: etree._Element) -> None:
    """Empty an element and unname it, so that nothing of it is written; what follows it stays."""
    element.text = None
    del element[:]
    element.tag = "span"


class _Marker:
    """A target of lxml's parser: takes tags and text, writes text with marks."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._dropped = 0  # how deep inside a part that is not shown

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an opening tag."""
        if self._dropped or tag in _DROPPED or _is_hidden(attributes):
            self._dropped += 1
        elif mark := _STARTS.get(tag):
            self.parts.append(mark)

    def end(self, tag: str) -> None:
        """Take a closing tag, or the end that the parser finds for one left open."""
        if self._dropped:
            self._dropped -= 1
        elif mark := _ENDS.get(tag):
            self.parts.append(mark)

    def data(self, data: str) -> None:
        """Take a piece of text."""
        if not self._dropped:
            self.parts.append(data)

    def comment(self, text: str) -> None:
        """Pass over a comment."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Pass over a processing instruction."""

    def close(self) -> None:
        """Satisfy the parser, which wants to end its target."""


_STARTS = {name: marks[0] for marks, names in _MARKS.items() for name in names.split()}
_ENDS = {name: marks[1] for marks, names in _MARKS.items() for name in names.split() if marks[1]}


def _by_tag(markup: bytes) -> str:
    target = _Marker()
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    for start in range(0, len(markup), _CHUNK):
        parser.feed(markup[start : start + _CHUNK])
    if markup:
        parser.close()
    return "".join(target.parts)
