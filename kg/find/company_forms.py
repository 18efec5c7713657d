"""A page in, the stretches that are shaped like a company's full name out, and how a full name shortens.

The shape is a run of capitalised words before a legal form ("Genmab A/S"), before a ticker ("Clene (NASDAQ: CLNN)") or ending in a word
that companies end in ("March Biosciences").
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.find.lexicon import words_of
from kg.find.page import Page

_FORM = (
    r"(?:Inc\b\.?|INC\b\.?|Incorporated\b|INCORPORATED\b|Corp\b\.?|CORP\b\.?|Corporation\b|CORPORATION\b|Co\., ?(?:Ltd|Inc|LTD"
    r"|INC)\b\.?|CO\., ?(?:LTD|INC)\b\.?"
    r"|Co\. (?:Ltd|Inc)\b\.?|Co\., Limited\b|Company,? Limited\b|Company, (?:Inc|Ltd)\b\.?|Company\b|COMPANY\b|Co\.|Ltd\b\.?"
    r"|LTD\b\.?|Limited\b|LIMITED\b"
    r"|L\.?L\.?C\b\.?|LLP\b|L\.P\.|plc\b|PLC\b|Plc\b|AG(?: & Co\. KGaA)?\b|KGaA\b|GmbH(?: & Co\. KGa?A?)?\b|S\.A\.S\.|S\.A\.R\.L\."
    r"|S\.A\.|SAS\b|S\.à r\.l\."
    r"|S\.[aà] ?r\.l\.|Sarl\b|SARL\b|Sàrl\b|SA\b|SE\b|N\.V\.|NV\b|B\.V\.|BV\b|A/S|ApS\b|AB\b|ASA\b|AS\b|Oyj?\b|S\.p\.A\.|SpA\b"
    r"|S\.r\.l\.|S\.R\.L\.|Srl\b|SRL\b"
    r"|S\.L\.|Pty\.? Ltd\b\.?|Pty\.? Limited\b|Pte\.? Ltd\b\.?|Pvt\.? Ltd\b\.?|K\.K\.|KK\b|Bhd\b\.?)"
)
LEGAL = re.compile(rf"(?:(?P<comma>,)? ?(?<=[ ,])(?P<form>(?:(?:&|and) (?=Co))?{_FORM}))")
_LEGAL_END = re.compile(rf"(?:,? (?:(?:&|and) (?=Co))?{_FORM})+$")
# Without a comma these are also words, states or compass points: "Boulder, CO", "30th Drive SE"
_SHORT = {"AS", "AB", "SA", "SE", "NV", "BV", "AG", "KK", "Co.", "COMPANY", "Company", "SAS", "ASA", "Oy"}
_STREET = {
    "drive",
    "street",
    "avenue",
    "ave",
    "st",
    "road",
    "rd",
    "blvd",
    "suite",
    "floor",
    "way",
    "parkway",
    "court",
    "lane",
    "place",
    "square",
}
_TOKEN = re.compile(r"\S+")
_CONNECT = {"&", "and", "of", "for", "de", "la", "du", "der", "van", "von", "the"}
_OF = {"University", "Institute", "Bank", "College", "City", "House", "Center", "Centre"}
_GOVERNS = re.compile(r"\b(?:with|by|from|to|between|and|of|acquired|acquire|licensed) $")  # what stands before a party's name
_HYPHENED = re.compile(r"(?<![\w-])([A-Z]\w{1,20})-$")
_RUN = 7  # words of a name before its legal form; the longest seen has six
_REACH = 110  # characters to look back for them


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    strong, weak = words_of("company_words", "strong"), words_of("company_words", "weak")
    lower = frozenset(w.lower() for w in strong | weak)
    return (
        strong,
        weak,
        lower,
        words_of("company_words", "stop"),
        words_of("company_words", "generic"),
        frozenset(w.lower() for w in words_of("company_words", "places")),
    )


def is_ending(word: str) -> bool:
    """Answer whether companies end in this word ("Therapeutics", "Labs")."""
    return word.lower() in _lists()[2]


def is_stop(word: str) -> bool:
    """Answer whether a word never belongs to a company's name even where it is capitalised."""
    return word.lower().strip(".'") in _lists()[3]


def is_distinct(word: str) -> bool:
    """Answer whether a word can be a name by itself: no ordinary word, no place, no ending."""
    low = word.lower()
    lists = _lists()
    if "-" in word and (low.split("-")[-1] in words_of("common_words") or low.split("-")[-1] in {"based", "like", "focused", "targeted"}):
        return False  # "Plasma-Based Therapeutics"
    return (
        len(word) > 2
        and low not in lists[2] | lists[3] | lists[4] | lists[5]
        and low not in words_of("common_words")
        and not (low.endswith("s") and low[:-1] in words_of("common_words"))
    )


def walk_left(page: Page, end: int, sentence: int) -> int | None:
    """Walk from the end of a run of capitalised words to its start; None where there is no run.

    In a title every word is capitalised, so that ordinary words before the first uncommon one are left out.
    """
    low, _ = page.bounds(sentence)
    low = max(low, end - _REACH)
    text = page.text
    tokens = [(m.start() + low, m.group()) for m in _TOKEN.finditer(text[low:end])]
    if low > page.bounds(sentence)[0] and tokens and text[low - 1] != " ":
        tokens = tokens[1:]  # cut through a word
    kept: list[tuple[int, str]] = []
    for at, raw in reversed(tokens):
        if len(kept) >= _RUN:
            break
        token, start = raw, at
        opened = False
        while token and token[0] in "(\"'[*#" and not _abbreviated(token):
            token, start, opened = token[1:], start + 1, True
        if not token or (kept and token[-1] in ',;:.)!?"' and not _abbreviated(token)):
            break
        if token.endswith("'s") or (token.endswith("s'") and kept):
            break
        if token in {"/", "-", "--", "—", "–", "|", "+"} or not _is_name_like(token, bool(kept)):
            break
        if is_stop(token) and token not in {"&"} | _CONNECT:
            break
        if token.endswith("-based"):
            break
        kept.append((start, token))
        if opened:
            break
    of = next((i for i, (_, token) in enumerate(kept) if token in _CONNECT), None)
    if of is not None and not (of + 1 < len(kept) and kept[of + 1][1] in _OF):
        kept = kept[:of]  # "Shares of Silverback Therapeutics"
    while kept and (kept[-1][1] in _CONNECT or kept[-1][1] in {"&"}):
        kept.pop()
    if not kept:
        return None
    kept.reverse()
    if sentence in page.titles:
        first = next((i for i, (_, t) in enumerate(kept) if is_distinct(t.strip("(),.'"))), None)
        if first is not None:
            kept = kept[first:]
    return kept[0][0]


def _abbreviated(token: str) -> bool:
    """Answer whether a full stop belongs to the word ("St.", "H.C.") or a parenthesis is one word of the name ("(Holdings)")."""
    return bool(re.fullmatch(r"(?:[A-Z]\.)+|St\.|Dr\.|Int'l\.?|\([A-Z][A-Za-z.]{1,14}\)", token))


def _is_name_like(token: str, inside: bool) -> bool:
    """Answer whether a token can be a word of a name: capitalised, with an inner capital ("venBio"), with a number ("3M")."""
    if token in {"&"}:
        return inside
    if token in _CONNECT:
        return inside and token in {"of", "for", "de", "la", "van", "von", "der"}
    if re.fullmatch(r"\([A-Z][A-Za-z.]{1,14}\)", token):
        return True
    if not re.fullmatch(r"[\w][\w'&./+-]*", token):
        return False
    return (
        token[0].isupper()
        or (any(c.isupper() for c in token[1:]) and not token[0].isdigit())
        or bool(re.fullmatch(r"\d{1,2}[A-Z]\w*", token))
    )


def base_of(name: str) -> str:
    """Take the legal form off a full name; "Merck KGaA" keeps it, being another firm than Merck."""
    plain = name.removeprefix("The ") if " " in name[4:] else name
    if plain.endswith("KGaA"):
        return plain
    shorter = _LEGAL_END.sub("", plain).rstrip(",& ")
    return shorter or plain


def company_key(name: str) -> str:
    """Key a company's name by what is left without its legal form."""
    return re.sub(r"[\s.,'\"-]+", "", base_of(name)).casefold()


def find_legal(page: Page) -> list[tuple[int, int]]:
    """Find runs that end in a legal form."""
    found: list[tuple[int, int]] = []
    done = 0
    for match in LEGAL.finditer(page.text):
        start = match.start()
        if start < done or start == 0:
            continue
        sentence = page.sentence_at(start)
        end = match.end()
        more = LEGAL.match(page.text, end)
        while more is not None:
            end = more.end()
            more = LEGAL.match(page.text, end)
        form = match["form"]
        before = page.text[max(0, start - 24) : start].split()
        if not before:
            continue
        last = before[-1]
        if form in _SHORT and match["comma"] and end == match.end():
            continue
        if form in {"SE", "AS", "AB", "SA", "NV"} and (last.lower().strip(".,") in _STREET or not last[0].isalpha() or is_stop(last)):
            continue
        if sentence in page.capitals and form in {"SE", "AS", "AB", "SA", "NV", "AG", "SAS"}:
            continue
        at = walk_left(page, start, sentence)
        if at is None:
            at = _lower_case(page, start)
        if at is not None:
            at = undoubled(page.text, at, start)
        done = end
        if at is not None and _is_name(page.text[at:start], form):
            found.append((at, end))
    return found


def undoubled(text: str, start: int, end: int) -> int:
    """Move the start of a run over its first copy, where a heading ran into its text: "AcmeAcme, LLC", "Acme Bio Acme Bio"."""
    run = text[start:end]
    for gap in ("", " "):
        half, odd = divmod(len(run) - len(gap), 2)
        if not odd and half > 2 and run[:half] == run[half + len(gap) :]:
            return start + half + len(gap)
    return start


def _lower_case(page: Page, end: int) -> int | None:
    """Find a brand written without capitals before its legal form: "bluebird bio, Inc."."""
    match = re.search(
        r"(?:(?<=\s)|^)(?:[a-z]{3,15} )?(?:bio|pharma|therapeutics|biosciences|genomics|health|medical)$", page.text[max(0, end - 40) : end]
    )
    return match.start() + max(0, end - 40) if match else None


def _is_name(run: str, form: str) -> bool:
    words = [w.strip("(),.'").lower() for w in run.split()]
    words = [w for w in words if w and w not in _CONNECT and w != "&"]
    stop, generic = _lists()[3], _lists()[4]
    if not words or all(w in stop or w in generic for w in words):
        return False
    if form in {"Company", "COMPANY", "Limited", "LIMITED"} and (words[0] in stop or (words[-1] in generic and len(words) == 1)):
        return False
    if len(words) == 1 and (words[0] in words_of("common_words") or words[0] in _lists()[5]):
        return not form and len(words[0]) > 1  # "SOLUTIONS, LTD.", "Loan Corporation": cut from a longer name
    return any(len(w) > 1 for w in words)


def _named_within(page: Page, start: int, end: int, sentence: int) -> bool:
    """Answer whether a run of ordinary words is written as a name: "agreed with Spectrum Pharmaceuticals (“Spectrum”)"."""
    if sentence in page.titles:
        return False
    if re.match(r" \((?:the )?[\"'“]", page.text[end : end + 8]):
        return True
    return bool(_GOVERNS.search(page.text, max(0, start - 24), start)) and page.text[start:end].lower() not in page.lower[:start]


def is_place(word: str) -> bool:
    """Answer whether a word names a city, state or country."""
    return word.lower() in _lists()[5]


def find_endings(page: Page, corroborated: frozenset[str]) -> list[tuple[int, int]]:
    """Find runs that end in a word companies end in; after a weak one only where `corroborated` holds the run."""
    strong, weak = _lists()[0], _lists()[1]
    found: list[tuple[int, int]] = []
    for start, word in page.words:
        end = start + len(word)
        spelled = page.text[start:end]
        if not spelled[0].isupper() or (spelled not in strong and spelled not in weak) or page.text[end : end + 1] in {"-", "/"}:
            continue
        sentence = page.sentence_at(start)
        if start and page.text[start - 1] == "-" and sentence not in page.titles and spelled in strong:
            head = _HYPHENED.search(page.text, max(0, start - 24), start)  # "NBE-Therapeutics"
            if head is not None and is_distinct(head[1]):
                found.append((head.start(1), end))
            continue
        if start == 0 or page.text[start - 1] != " " or sentence in page.capitals:
            continue
        at = walk_left(page, end, sentence)
        if at is None or at >= start:
            continue
        at = undoubled(page.text, at, end)
        name = page.text[at:end]
        following = page.text[end : end + 2]
        if (
            following[:1] == " "
            and following[1:].isupper()
            and sentence not in page.titles
            and not re.match(r" (?:CEO|CFO|CSO|CMO|[A-Z]+ )", page.text[end : end + 8])
        ):
            continue  # the run goes on
        distinct = any(is_distinct(w.strip("(),.'")) for w in name.split())
        certain = distinct or page.text.count(name) > 1 or _named_within(page, at, end, sentence)
        if name in corroborated or (spelled in strong and certain and _is_name(name, "")):
            if sentence in page.titles and not distinct and name not in corroborated:
                continue
            found.append((at, end))
    return found
