"""A sentence and its mentions in, one line that patterns can be matched against out.

In a view every mention is one private-use character of plane 15 that tells its type and its number, so that "a slot takes only mentions of
its type" is a character class, and a gap that must not run over another mention is one as well. Planes 15 and 16 are never text: Word's
bullets (U+F0B7) live in the private-use area of the BMP. A parenthesis that follows a name ("(Nasdaq: IMGN)", "(“Takeda”)") and marks such
as ® are left out, since they only stand between a name and its verb.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.model import Mention, Sentence, Span

TYPES = (
    "company", "compound", "antibody", "payload", "linker", "target", "technology", "indication", "money", "date", "stage", "rate",
    "ticker", "payment", "agreement", "event", "territory", "event_date",
)  # fmt: skip
_FIRST = 0xF0000
_ROOM = 0x400  # mentions of one type in one sentence; more are left as text
_CODE = {name: _FIRST + i * _ROOM for i, name in enumerate(TYPES)}

_MARKS = re.compile(r"[®™℠]|\((?:TM|R|SM|C)\)")
_PARENTHESIS = re.compile(r" ?\([^()]{0,160}\)(?: ?\([^()]{0,60}\))?")  # "(CSE: BIOV) (OTCQB: BVAXF)" are two
# What stands between a company and its verb and may name other companies: "Alder, an affiliate of Birch, has agreed to pay".
_VERB = (
    r"(?:today|has|have|had|announce[sd]?|will|would|is to|said|report(?:s|ed)|enter(?:s|ed)|receive[sd]|earn(?:s|ed)|agree[sd]|pays|paid"
    r"|may|can|could|grant(?:s|ed)|license[sd]|acquire[sd]|sign(?:s|ed)|plans|expects|intends|start(?:s|ed)|initiate[sd]|began|begins"
    r"|complete[sd]|file[sd]|submit(?:s|ted)"
    r"|dose[sd]|present(?:s|ed)|exercise[sd]|obtain(?:s|ed)|gave|gives|owns|holds|develops|markets|sells|disclosed|executed|made|secured?s?|is|was)"
)
_APPOSITION = re.compile(
    r"\s?,\s(?:(?:an?|the|its)\s[^,;.:()]{0,80}\b(?:affiliate|subsidiary|unit|division|member|arm|part|company|stockholder|shareholder"
    r"|successor)\s(?:of|to)\s[^,;:()]{2,60},(?=\s)"
    r"|of\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)?(?:,\s[A-Z][\w.]{1,20}(?:\s[A-Z]\w{1,12})?)?,(?=\s)"  # "Alder Inc., of Leeds, England,"
    rf"|(?:an?|the|one of|formerly|now|itself|based in|headquartered in|located in)\s[^;:.]{{2,220}}?,(?=\s{_VERB}\b))"
)
# "from US pharma giant Pfizer", "with the Swiss firm NBE-Therapeutics": what a company is called right before its name
_CALLED = re.compile(
    r"(?<![\w-])(?:(?:the|an?|privately[- ]held|listed|fellow|global|leading|big|large|small|specialty|clinical-stage"
    r"|commercial-stage|US|UK|U\.S\.|U\.K\.|EU|[A-Z][a-z]+(?:-based|-[A-Z][a-z]+)?|[A-Z][a-z]+ [A-Z][a-z]+-based"
    r"|[a-z]+-therapy|[a-z]+-focused|pharma|pharmaceuticals?|biopharma|biotech|biotechnology|biopharmaceutical|drug|generics?"
    r"|medical|life sciences?|vaccines?|oncology|cancer|antibody|therapy|genomics) ){0,5}"
    r"(?:firm|company|giant|major|drugmaker|maker|start-?up|biotech|biopharma|pharma|player|powerhouse|heavyweight|multinational"
    r"|specialist|group|developer|peer|rival|spin-?out) $"
)
_LOOK_BACK = 80
_GENITIVE = re.compile(r"['\u2019](?:s\b|(?<=s['\u2019])(?= ))")  # "Alder's", "Alder Therapeutics'"
_KEPT = {"money", "date", "stage", "payment", "rate", "indication"}  # a parenthesis that holds one of these says something


def charclass(types: tuple[str, ...]) -> str:
    """Spell the characters of these types as the inside of a character class."""
    return "".join(f"{chr(_CODE[t])}-{chr(_CODE[t] + _ROOM - 1)}" for t in types)


ANY_MENTION = f"{chr(_FIRST)}-{chr(_FIRST + len(TYPES) * _ROOM - 1)}"


@dataclass(frozen=True, slots=True)
class View:
    """A masked sentence: its text, for each character its offset in the tidied sentence, and the mentions behind its placeholders."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    mentions: dict[str, Mention]
    types: frozenset[str]  # of its mentions
    low: str  # its text in lower case

    def span(self, start: int, end: int) -> Span:
        """Translate a non-empty range of the view into a range of the tidied sentence."""
        return Span(self.starts[start], self.ends[end - 1])


def has_apposition(text: str) -> bool:
    """Answer whether a sentence may set a company apart from its verb by what it is."""
    return _APPOSITION.search(text) is not None


def view_of(sentence: Sentence, mentions: tuple[Mention, ...], short: bool = False) -> View:
    """Mask a sentence's mentions, which must be sorted and must not overlap; short: without what stands between a company and its verb."""
    text = sentence.text
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    placed: dict[str, Mention] = {}
    counts: dict[str, int] = {}
    at = 0
    after_name = after_company = False

    def put(char: str, start: int, end: int) -> None:
        out.append(char)
        starts.append(start)
        ends.append(end)

    def plain(until: int) -> None:
        nonlocal at, after_name, after_company
        while at < until:
            mark = _MARKS.match(text, at)
            if mark and mark.end() <= until:
                at = mark.end()
                continue
            if after_company and (genitive := _GENITIVE.match(text, at)):
                put("'", at, at + 1)
                put("s", genitive.end() - 1, genitive.end())
                at = genitive.end()
                after_company = False  # its ticker may follow all the same: "Alder's (Nasdaq: ALDR) ABC-101"
                continue
            if after_name and text[at] in " (":
                gone = _PARENTHESIS.match(text, at)
                if gone and not any(m.type in _KEPT and gone.start() <= m.local.start < gone.end() for m in mentions):
                    at = gone.end()
                    continue
            if short and after_company and text[at] in " ," and (gone := _APPOSITION.match(text, at)):
                at = gone.end()
                after_company = False
                continue
            if text[at] == "," and 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit():
                at += 1  # "3,000,000 shares": a gap may not run over a comma
                continue
            put(text[at] if not "\U000f0000" <= text[at] <= "\U000fffff" else " ", at, at + 1)
            after_name = after_company = False
            at += 1

    for mention in mentions:
        if mention.local.start < at:
            continue  # swallowed with a parenthesis
        plain(mention.local.start)
        if mention.local.start < at:
            continue
        number = counts.get(mention.type, 0)
        if mention.type not in _CODE or number >= _ROOM:
            continue
        if mention.type == "company" and "".join(out[-4:]).lower() == "the " and not (len(out) > 4 and out[-5].isalnum()):
            del out[-4:], starts[-4:], ends[-4:]  # "from the University of Leiden" reads as "from Leiden"
        elif mention.type == "company" and at == mention.local.start and (called := _CALLED.search("".join(out[-_LOOK_BACK:]))):
            gone_by = len(called[0])
            if gone_by < len(out):
                del out[-gone_by:], starts[-gone_by:], ends[-gone_by:]
        counts[mention.type] = number + 1
        char = chr(_CODE[mention.type] + number)
        placed[char] = mention
        put(char, mention.local.start, mention.local.end)
        if mention.type == "company" and mention.text.lower() in {"our", "its", "their", "whose"}:
            # "our" reads as "ImmunoGen's"
            put("'", mention.local.start, mention.local.end)
            put("s", mention.local.start, mention.local.end)
        at = mention.local.end
        after_name = mention.type not in _KEPT
        after_company = mention.type == "company"
    plain(len(text))
    shown = "".join(out).replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"').replace("\u00a0", " ")
    return View(shown, tuple(starts), tuple(ends), placed, frozenset(m.type for m in placed.values()), shown.lower())
