"""A page in, its diseases out, each with the words that narrow it: "HER2-positive metastatic breast cancer", "advanced NSCLC".

A disease is a head noun with qualifiers before it, or a listed name. An abbreviation that a text defines in parentheses becomes a name too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.find.lexicon import Matcher, words_of
from kg.find.page import Page

_COMPOUND_WORD = re.compile(
    r"[\w()/+.]+-(?:positive|negative|expressing|overexpressing|resistant|refractory|sensitive|associated|related|stage|grade|risk"
    r"|dependent|driven|mutant|mutated|high|low|line|type"
    r"|induced|targeted|amplified|naive|naïve|unresponsive|deficient|treated|mediated|independent|cell|like|borne|onset|specific"
    r"|rearranged|advanced|invasive|small|squamous|muscle)"
)
_ADJECTIVE = re.compile(r"[a-z]{5,}(?:ic|al|ar|oid)")
_CONNECT = frozenset({"and", "or", "and/or", ",", "/", "&", "to", "of"})
# Words with which a head is no disease of a patient: "breast cancer research center", "cancer cells"
_VOID_AFTER = re.compile(
    r"(?i)^(?: \([A-Z]{2,6}\))?(?:[ -](?:simplex|cells?|research|institute|center|centre|society|association|foundation|congress"
    r"|conference|symposium|summit|awareness|network|biology|microenvironment|antigens?"
    r"|cell lines?|models?|suppressor|burden|size|regression|growth|site|sites|shrinkage|killing|lysis"
    r"|control rate|program|awards?|fund|council|targets?|targeting|screening)\b|-(?:specific|targeting"
    r"|selective|infiltrating|reactive|killing|free|causing|bearing|related))"
)
_TOKEN = re.compile(r"[\w'()+./-]*[\w')]|[,/&]")
_ABBREVIATION = re.compile(r" ?\(\"?(?P<short>[A-Za-z][A-Za-z0-9-]{1,9})\"?\)")
_OF_ORGAN = re.compile(
    r" (?:of|in) (?:the )?(?:brain|lung|lungs|breast|liver|prostate|pancreas|skin|bladder|kidney|blood|bone|colon|ovary|ovaries"
    r"|stomach|eye|head|neck|children|adults|infants|adolescents)"
    r"(?: (?:and|or) (?:the )?(?:central nervous system|neck|spine|bone marrow|adolescents|children|adults|infants))?(?![\w-])"
)
_WITH = re.compile(r" with or without (?:aura|cirrhosis|metastases|psychosis|obesity|neuropathy)")
# What Greek makes of an organ is a disease: "chylomicronemia", "cholangitis"
_ENDINGS = (
    "emia",
    "aemia",
    "itis",
    "opathy",
    "plegia",
    "dystrophy",
    "uria",
    "cytopenia",
    "ectasis",
    "blastoma",
    "carcinoma",
    "sarcoma",
    "lymphoma",
)
_NO_DISEASE = frozenset({"academia", "homeopathy", "naturopathy", "osteopathy", "allopathy", "manchuria", "euphemia", "ischemia"})
_REACH = 110  # characters to look back for qualifiers
_MOST = 12  # qualifiers


@dataclass(frozen=True, slots=True)
class Indication:
    """A disease where it stands, the phrase that stands for it, and where its abbreviation is defined."""

    start: int
    end: int
    value: str
    by: str
    short: tuple[int, int] | None = None


@lru_cache(maxsize=1)
def _listed() -> tuple[Matcher[str], frozenset[str], frozenset[str], frozenset[str]]:
    heads, diseases = words_of("diseases", "heads"), words_of("diseases", "diseases")
    qualifiers = words_of("diseases", "qualifiers")
    matcher = Matcher(
        [(h, "head") for h in sorted(heads)]
        + [(d, "disease") for d in sorted(diseases)]
        + [(d + "s", "disease") for d in sorted(diseases) if d[-1] not in "s'" and d.islower()]
    )
    return matcher, qualifiers, frozenset(d for d in diseases if d.isupper() or d[:2].isupper()), heads


def find_indications(page: Page) -> list[Indication]:
    """Find the diseases of a page."""
    matcher, _, acronyms, _ = _listed()
    text = page.text
    cores: dict[int, tuple[int, str]] = {}
    done = 0
    for start, end, kind in matcher.scan(page.lower, page.places):
        if start < done:
            continue
        spelled = text[start:end]
        if any(a.casefold() == spelled.casefold() and a != spelled for a in acronyms) or (
            text[start - 1 : start] == "-" and not text[start - 5 : start].lower().endswith(("non-", "anti-"))
        ):
            continue
        if _VOID_AFTER.match(text[end : end + 32]) or text[start - 5 : start].lower() == "anti-":
            continue
        cores[start] = (end, kind)
        done = end
    for start, word in page.words:
        if (
            len(word) > 7
            and word.endswith(_ENDINGS)
            and word not in _NO_DISEASE
            and start not in cores
            and word not in words_of("common_words")
        ):
            end = start + len(word)
            if not _VOID_AFTER.match(text[end : end + 32]) and text[start - 1 : start] != "-":
                cores[start] = (end, "disease")
    found: dict[int, Indication] = {}
    shorts: dict[str, str] = {}
    for start, (end, kind) in sorted(cores.items()):
        left = _walk_left(page, start)
        if left == start and (
            (kind == "head" and text[start:end].lower() in words_of("diseases", "general_heads"))
            or text[start:end].lower() in words_of("diseases", "general_heads")
        ):
            continue
        if kind == "head" and left == start and text[start:end].lower() not in words_of("diseases", "diseases"):
            continue
        if text[start:end].lower() in words_of("diseases", "general_heads") and all(
            w in words_of("diseases", "vague") for w in re.findall(r"[\w/-]+", text[left:start].lower())
        ):
            continue
        right = end
        more = _WITH.match(text, end)
        if more is not None:
            right = more.end()
        organ = _OF_ORGAN.match(text, right)
        if organ is not None:
            right = organ.end()
        value = text[left:right]
        abbreviation = _ABBREVIATION.match(text, right)
        short: tuple[int, int] | None = None
        if abbreviation is not None and _is_initials(abbreviation["short"], value):
            short = abbreviation.span("short")
            shorts.setdefault(abbreviation["short"], _unqualified(value, abbreviation["short"]))
            right = abbreviation.end()
        found[left] = Indication(left, right, value, "structure/disease-phrase" if left < start else "lexicon/disease", short)
    if shorts:
        known = Matcher((s, s) for s in sorted(shorts))
        for start, end, name in known.scan(page.lower, page.places):
            listed = found.get(start)
            if listed is not None and listed.end == end and text[start:end] == name:
                del found[start]  # a list knows the abbreviation; this text says what it stands for here
            if text[start:end] != name or any(i.start <= start < i.end for i in _around(found, start)):
                continue
            if _VOID_AFTER.match(text[end : end + 24]):
                continue
            left = _walk_left(page, start)
            value = shorts[name] if left == start else text[left:end]
            found.setdefault(left, Indication(left, end, value, "definition/abbreviation"))
    return [found[k] for k in sorted(found)]


def _around(found: dict[int, Indication], place: int) -> list[Indication]:
    """List the phrases that begin shortly before a place."""
    return [found[s] for s in range(max(0, place - _REACH * 2), place + 1) if s in found]


def _walk_left(page: Page, start: int) -> int:
    """Walk from a disease's head back over its qualifiers: "relapsed or refractory", "HER2-positive", "head and neck"."""
    text = page.text
    sentence = page.sentence_at(start)
    low = max(page.bounds(sentence)[0], start - _REACH)
    tokens = [(m.start() + low, m.group()) for m in _TOKEN.finditer(text[low:start])]
    best = start
    count = 0
    pending = False
    position = start
    for at, token in reversed(tokens):
        gap = text[at + len(token) : position]
        if gap.strip(" ") or len(gap) > 1 or count >= _MOST:
            break
        if token in _CONNECT or token.lower() in _CONNECT:
            if pending and not (token in {"and", "or"} and text[position : position + 1] == ","):
                break
            if best == start and token not in {"/"}:
                break
            pending = True
            position = at
            continue
        if not _is_qualifier(token, page, at, sentence, pending):
            break
        position = best = at
        pending = False
        count += 1
    # "and ovarian cancer", "stage disease": what only begins a phrase stays out of it
    while best < start:
        first = re.match(r"(?:(?:and|or|use|previously|body|site|organ|growth|system|of|to)\b[ ,]*|[,/&] ?)", text[best:start])
        if first is None:
            break
        best += first.end()
    return best


def _is_qualifier(token: str, page: Page, at: int, sentence: int, pending: bool) -> bool:
    low = token.lower().strip("()")
    qualifiers = _listed()[1]
    if low in qualifiers or low.replace("-", " ") in qualifiers:
        return True
    if token in {"B", "T"}:
        return True
    if low.endswith(_ENDINGS) and low not in _NO_DISEASE and len(low) > 7:
        return not pending  # "familial chylomicronemia syndrome"
    if low in _listed()[3]:
        return not pending and page.text[at + len(token) : at + len(token) + 1] == " " and not low.endswith("s")
    pieces = [p for p in re.split(r"[-/]", low) if p]
    if len(pieces) > 1 and all(
        p in qualifiers or p in {"small", "non", "b", "t", "nk", "to", "her2", "i", "ii", "iii", "iv"} for p in pieces
    ):
        return True
    if _COMPOUND_WORD.fullmatch(token) and not token.lower().startswith(
        ("clinical-", "first-", "late-stage-", "well-", "fda-", "phase-", "pre-", "commercial-")
    ):
        return True
    if token.islower() and _ADJECTIVE.fullmatch(low):
        return low not in words_of("diseases", "not_qualifiers") and low not in words_of("company_words", "stop")
    if re.fullmatch(r"[A-Z][a-z]+(?:'s?)|[A-Z][a-z]+-[A-Z][a-z]+", token) and sentence not in page.titles:
        return (
            page.text[at + len(token) : at + len(token) + 12]
            .lstrip()
            .startswith(("disease", "syndrome", "lymphoma", "sarcoma", "ataxia", "anemia", "palsy"))
        )
    return False


def _is_initials(short: str, phrase: str) -> bool:
    """Answer whether an abbreviation's letters begin the words of a phrase, in order, or stand in them in order after its first letter."""
    letters = [c for c in short if c.isalpha()]
    letters = letters[:-1] if len(letters) > 2 and letters[-1] == "s" else letters
    if not letters or short.lower() in {"the", "and"}:
        return False
    words = [w for w in re.split(r"[\s/-]+", phrase.lower()) if w]
    initials = "".join(w[0] for w in words)
    wanted = "".join(letters).lower()
    if wanted in initials or (len(wanted) >= 3 and initials.endswith(wanted)):
        return True
    rest = iter("".join(words))
    begins = any(w[0] == wanted[0] for w in words)
    capital = sum(c.isupper() for c in short) >= 2 or short.upper() in {"HL"}
    first = next((i for i, w in enumerate(words) if w[0] == wanted[0]), None)
    if not (begins and capital) or first is None:
        return False
    rest = iter("".join(words[first:]))
    return all(c in rest for c in wanted)


def _unqualified(value: str, short: str) -> str:
    """Leave out leading qualifiers that an abbreviation does not stand for: NSCLC is "non-small cell lung cancer" in any stage."""
    words = value.split()
    wanted = next((c for c in short if c.isalpha()), "").lower()
    letters = sum(c.isalpha() for c in short)
    for i, word in enumerate(words):
        pieces = len([p for w in words[i:] for p in re.split(r"[-/]", w) if p])
        if word[0].lower() == wanted and pieces >= letters - 1 and pieces <= letters + 1:
            return " ".join(words[i:])
    return value
