"""A block in, what begins there out: an Item, an exhibit, a release, an About, a safe harbour, a contact, a signature, or nothing.

Most blocks begin nothing. So each answer looks at first letters or for a word before it asks a pattern of `cues`.
"""

from __future__ import annotations

import re

from kg.read import cues
from kg.read.blocks import Block, is_title
from kg.read.dates import is_date_line, is_dateline

_DATELINE_CHARS = 60  # a shorter line with a place and a day stands above the headline
_PROSE_CHARS = 120  # a paragraph behind the signatures that is longer, and a sentence, is a schedule's or an annex's
SHORT = 90  # longer blocks are running text, not names and numbers of a contact
_HEADING_CHARS = 160  # a heading of a cautionary statement is no longer
_CONTACT_CHARS = 700  # a contact set as one paragraph is no longer
_PROMOTER_CHARS = 900  # within so many characters a promoter gives himself away
_RUN_IN_CHARS = 700  # within so many characters a cautionary paragraph gives itself away

_RELEASE_STARTS = frozenset("fFnNpPmMcC*-\u2013\u2014 ")
_BOILERPLATE_STARTS = (
    *("note to inv", "to v", "to r", "view", "read ", "original", "newsramp", "reddit", "this post", "this article", "this content"),
    *("this press", "paid adv", "adve", "disc", "feat", "photo", "logo", "![", "please see", "the latest", "the most", "the post"),
    *("for more", "for further", "source", "information contained on", "ibn", "investor", "newsbreaks", "benzinga", "news direct"),
    *("newsfile", "proactive", "citybiz", "reportable", "24-7", "evertise", "qualitystocks", "tinygems", "news"),
    *("pickup", "multimedia", "available m", "* multimedia", "* available m", "click here", "this news", "this story", "this ann"),
    *("this comm", "this doc", "this notice", "does not", "shall not"),
)
_CONTACT_STARTS = frozenset(
    [
        "med",
        "pre",
        "inv",
        "com",
        "cor",
        "ir",
        "pr",
        "gen",
        "pub",
        "ana",
        "bus",
        "age",
        "pri",
        "us",
        "wir",
        "ins",
        "cus",
        "sal",
        "par",
        "pat",
    ]
) | {"for", "fur", "mor", "add", "con", "sou", "sha", "sto", "fin"}
# The first three letters of all that a block can begin.
_BEGINNINGS = frozenset(
    [start[:3] for start in _BOILERPLATE_STARTS]
    + [start for start in _CONTACT_STARTS if len(start) == 3]
    + ["ir ", "ir:", "ir/", "ir&", "ir,", "pr ", "pr:", "pr/", "pr&", "pr,", "us ", "us:", "us-", "u.s"]
    + ["ite", "exh", "ex-", "ex ", "ex.", "ex9", "ex1", "ex2", "ind", "sig", "s i", "pur", "in ", "abo", "end"]
)
_BEFORE_CONTACT = ' *-\u2013\u2014:>(/#\u2022[<"\u201c.|'


def may_begin(text: str) -> bool:
    """Answer whether a block can begin anything but a paragraph: one look, for the many that can not. A dateline is not looked for."""
    if text[:3].lower() in _BEGINNINGS or not (text[0].isalpha() or text[0].isdigit()):
        return True
    low = text[:_RUN_IN_CHARS].lower()
    # What gives a caution, a wire or a page's own words away, wherever in the first words it stands.
    return (
        ("forward" in low or "safe" in low or "caution" in low or "litigation" in low)
        or ("historical" in low or "wire" in low or "newsbreaks" in low)
        or ("compensated" in low or "broker" in low or "informational" in low)
        or "contact" in low[:SHORT]
    )  # fmt: skip


def is_item(block: Block) -> bool:
    """Answer whether an Item of a form begins."""
    text = block.text
    if text[:4].lower() != "item":
        return False
    found = cues.ITEM.match(text[:300])
    if found is None or ("." not in found["number"] and int(found["number"]) > cues.MAX_ITEM):
        return False
    title = found["title"]
    if not title:
        return True
    return not cues.NO_ITEM_TITLE.match(title) and (title[0].isupper() or (not title[0].isalpha() and bool(found["sep"])))


def exhibit(text: str) -> re.Match[str] | None:
    """Match the line that an exhibit begins with; its group `what` says what the exhibit is."""
    if len(text) > SHORT + 30 or text.lstrip("(")[:2].lower() != "ex":
        return None
    return cues.EXHIBIT.fullmatch(text)


def is_exhibit_index(text: str) -> bool:
    """Answer whether a line heads the list of exhibits."""
    return len(text) < 40 and text[0] in "iIeE" and cues.EXHIBIT_INDEX.fullmatch(text) is not None


def is_release_mark(text: str) -> bool:
    """Answer whether a line says that a press release begins."""
    return len(text) < SHORT and text[0] in _RELEASE_STARTS and cues.RELEASE.fullmatch(text) is not None


def is_signature_heading(text: str) -> bool:
    """Answer whether a line heads the signatures."""
    return len(text) < 30 and text[0] in "sS" and cues.SIGNATURE.fullmatch(text) is not None


def is_signed(text: str) -> bool:
    """Answer whether a paragraph says that the report is signed."""
    return text[0] in "pPiI" and cues.SIGNED.match(text) is not None


def is_heading(block: Block) -> bool:
    """Answer whether a block is set as a heading."""
    text = block.text
    if block.kind == "heading" or (len(text) < 120 and is_title(text)):
        return True
    # "What the partner pays": set in sentence case, but short, on a line of its own and without a full stop.
    return block.kind == "paragraph" and block.lines == 1 and len(text) < 80 and text[0].isupper() and text[-1] not in '.,;:!?\u201d"'


def is_about(block: Block) -> bool:
    """Answer whether a company, a drug or a disease is introduced: a heading "About …", or a paragraph that begins with one."""
    text = block.text
    if text[:5].lower() != "about" or text[6:7].isdigit():
        return False
    whole = len(text) < 120 and block.kind != "row" and cues.ABOUT.fullmatch(text)
    if whole and (is_title(text.rstrip(".:")) or block.kind == "heading" or text.isupper()):
        return True
    return text.startswith("About ") and cues.ABOUT_RUN_IN.match(text) is not None


def is_wire_about(block: Block) -> bool:
    """Answer whether a wire introduces itself."""
    return block.text[:5].lower() == "about" and cues.ABOUT_WIRE.match(block.text) is not None and is_about(block)


def about_subject(text: str) -> str:
    """Say who or what an About is about."""
    run_in = cues.ABOUT_RUN_IN.match(text)
    if run_in and len(text) >= 120:
        return run_in["subject"].strip()
    subject = re.sub(r"^about\s+(?:the\s+)?", "", text, flags=re.I).strip(" :")
    return subject if re.search(r"\b(?:Inc|Ltd|Corp|Co|S\.A|N\.V|L\.P)\.$", subject) else subject.rstrip(".")


def is_boilerplate(block: Block) -> bool:
    """Answer whether a block is a wire's or a web page's own words."""
    if block.kind == "chrome":
        return True
    text = block.text
    low = text[:60].lower()
    if not low.startswith(_BOILERPLATE_STARTS) and "wire" not in low and "newsbreaks" not in low:
        return False
    return cues.BOILERPLATE.match(text) is not None


def is_promoter(text: str) -> bool:
    """Answer whether a paragraph begins what a paid promoter says of himself below his article."""
    head = text[:_PROMOTER_CHARS]
    low = head.lower()
    if not low.startswith(("disclaimer", "disclosure")) and "compensated" not in low and "paid" not in low and "broker" not in low:
        return False
    return cues.PROMOTER.match(head) is not None and (
        cues.PROMOTER_CUE.search(head) is not None or cues.LONE_DISCLAIMER.fullmatch(text) is not None
    )


def is_promoters(block: Block) -> bool:
    """Answer whether a block has words of a promoter's disclaimer."""
    return cues.PROMOTER_CUE.search(block.text) is not None


def is_caution_heading(text: str) -> bool:
    """Answer whether a line heads a cautionary statement."""
    if len(text) >= _HEADING_CHARS:
        return False
    low = text.lower()
    return ("forward" in low or "safe" in low or "caution" in low or "litigation" in low) and cues.FLS_HEADING.fullmatch(text) is not None


def is_run_in_caution(text: str) -> bool:
    """Answer whether a paragraph is a cautionary statement by its own first words."""
    head = text[:_RUN_IN_CHARS]
    low = head.lower()
    if "forward" not in low and "historical" not in low and "safe" not in low and "cautionary" not in low:
        return False
    return cues.FLS_START.match(head) is not None and cues.FLS_CUE.search(text) is not None


def is_cautionary(block: Block) -> bool:
    """Answer whether a block has words of a cautionary statement."""
    return cues.FLS_CUE.search(block.text) is not None


def is_contact_line(text: str) -> bool:
    """Answer whether a line is set as the head of a contact ("Media contact:")."""
    head = text[:7] if text[0].isalpha() else text[:7].lstrip(_BEFORE_CONTACT)
    if head[:3].rstrip(" :/&").lower() not in _CONTACT_STARTS and "contact" not in text[:SHORT].lower():
        return False
    return cues.CONTACT.match(text[:_CONTACT_CHARS]) is not None


def may_be_contact(text: str) -> bool:
    """Answer whether a block is short enough for a contact, and begins as one does."""
    return len(text) < _CONTACT_CHARS and is_contact_line(text) and not is_dateline(text)


def is_reachable(block: Block) -> bool:
    """Answer whether a block has a telephone number or an address."""
    return len(block.text) < 500 and cues.REACH.search(block.text) is not None


def is_end_mark(text: str) -> bool:
    """Answer whether a line is what a release ends with ("# # #")."""
    return len(text) < 60 and text[0] in "#-\u2013\u2014*_ eE" and cues.END_MARK.fullmatch(text) is not None


def is_wire_end(block: Block) -> bool:
    """Answer whether the wire's own words end: at another About, a safe harbour or a contact of the company."""
    text = block.text
    is_other = text[:6].lower() == "about " and not cues.ABOUT_WIRE.match(text) and len(text) < 120
    return is_other or (len(text) < 120 and is_caution_heading(text))


def is_mark(block: Block) -> bool:
    """Answer whether a line in front of a headline is none itself: "Exhibit 99.1", "News Release", a contact, a logo."""
    text = block.text
    return (
        block.kind in ("furniture", "row", "chrome")
        or len(text) < 4
        or (text[0] == "[" and "logo" in text.lower())
        or exhibit(text) is not None
        or is_release_mark(text)
        or is_contact_line(text)
        or cues.REACH.search(text) is not None
        or (len(text) < SHORT and cues.BYLINE.fullmatch(text) is not None)
        or is_boilerplate(block)
        or is_dateline_alone(text)
        or is_end_mark(text)
    )


def is_prose(block: Block) -> bool:
    """Answer whether a block behind a signature is running text of something else: neither a signer's line nor a note to one."""
    text = block.text
    if block.kind != "paragraph" or len(text) <= _PROSE_CHARS or text[0] in "*/(" or not text.endswith((".", ".\u201d", '."', ":", ";")):
        return False
    low = text.lower()
    return not any(word in low for word in ("/s/", "signed", "signature", "authorized", "signing", "attorney"))


def is_dateline_alone(text: str) -> bool:
    """Answer whether a line is nothing but a place and a day, or a day."""
    return len(text) < _DATELINE_CHARS and (is_dateline(text) or is_date_line(text))
