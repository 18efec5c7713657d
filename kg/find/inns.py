"""A page in, its nonproprietary and listed drug names out: trastuzumab, opaganib, disitamab vedotin, aglatimagene besadenovec."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.find.lexicon import Matcher, load_lexicon, words_of
from kg.find.names import same_spelling
from kg.find.page import Page

_PREFIX = re.compile(r"(?<![\w-])(?:ado|fam|nab|pegylated|liposomal)-$", re.IGNORECASE)
_BIOSIMILAR = re.compile(r"-[a-z]{4}(?![\w-])")
_GENE = re.compile(r"(?<![\w-])[A-Za-z]{5,}gene [a-z]{4,}(?:vec|cel|tucel)(?![\w-])")
_PLASMID = re.compile(r"(?<![\w-])[a-z]{5,}[a-z]imut-[A-Z](?![\w-])|(?<![\w-])[A-Z]?[a-z]{5,}pimut-[A-Z](?![\w-])")
# "andexanet alfa", "interferon beta-1a" is one of a kind that a stem cannot tell from a factor
_PROTEIN = re.compile(r"(?<![\w-])[a-z]{7,20} (?:alfa|pegol|sodium pegol)(?![\w-])|(?<![\w-])[A-Z][a-z]{6,20} alfa(?![\w-])")
_PAYLOAD_WORD = re.compile(r"[a-z]{2,}(?:dotin|dotox|tansine)")  # the second word of a conjugate's name, new ones too
_SECOND = re.compile(r" (?:alfa|alpha|beta|pegol|mecarbil)(?![\w-])")  # belongs to the name: "efgartigimod alfa"
_FIRST = re.compile(r"(?<![\w-])(?:[a-z]{3}-)?[A-Za-z][a-z]{4,}(?:-[a-z]{4})?$|(?<![\w-])[A-Z]{6,}$")


@lru_cache(maxsize=1)
def _endings() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str], frozenset[str], Matcher[tuple[str, str]]]:
    stems = load_lexicon("inn_stems")
    antibody = re.compile(r".{4,}(?:" + "|".join(sorted(stems["antibody"].names)) + ")")
    drug = re.compile(r".{3,}(?:" + "|".join(sorted(stems["drug"].names)) + ")")
    adc = frozenset(line[0] for line in stems["adc"].lines)
    barred = words_of("inn_stems", "except") | words_of("common_words")
    groups = (("names", "lexicon/drug"), ("off_patent", "lexicon/off-patent"), ("brands", "lexicon/brand"))
    listed = [(name, (name, found_by)) for group, found_by in groups for name in words_of("drugs", group)]
    return antibody, drug, adc, barred, Matcher(sorted(listed))


def is_antibody_name(name: str) -> bool:
    """Answer whether a name is one word with the ending of an antibody's."""
    return " " not in name and _endings()[0].fullmatch(_BIOSIMILAR.sub("", name.lower()).split("-")[-1]) is not None


def is_inn(name: str) -> bool:
    """Answer whether a name has the ending of a drug's nonproprietary one, or two words of which the second names a payload."""
    antibody, drug, adc, barred, _ = _endings()
    words = name.lower().split()
    if not words or words[-1] in barred or not words[-1].isalpha():
        return False
    return (len(words) == 2 and words[-1] in adc) or (len(words) == 1 and bool(antibody.fullmatch(words[0]) or drug.fullmatch(words[0])))


def find_inns(page: Page) -> list[tuple[int, int, str, str]]:
    """Find start, end, type and manner of each."""
    antibody, drug, adc, barred, listed = _endings()
    kinds: dict[str, str] = {}
    for word in {w for _, w in page.words}:
        if len(word) < 7 or word in barred or not word.isalpha():
            continue
        if word in adc or _PAYLOAD_WORD.fullmatch(word):
            kinds[word] = "adc"
        elif antibody.fullmatch(word):
            kinds[word] = "antibody"
        elif drug.fullmatch(word):
            kinds[word] = "compound"
    found: list[tuple[int, int, str, str]] = []
    text = page.text
    for start, word in page.words:
        kind = kinds.get(word)
        if kind is None:
            continue
        end = start + len(word)
        spelled = text[start:end]
        if not (spelled.islower() or spelled.isupper() or spelled[1:].islower()) or text[end : end + 1] in {"_", "@"}:
            continue
        if kind == "adc":
            first = _FIRST.search(text[max(0, start - 32) : start - 1]) if text[start - 1 : start] == " " else None
            if first is None or not (
                antibody.fullmatch(first.group().lower().split("-")[-1]) or (len(first.group()) > 8 and first.group().lower() not in barred)
            ):
                continue
            at = max(0, start - 32) + first.start()
            if text[at:start].strip().lower() in barred:
                continue
            found.append((at, _biosimilar_end(text, end), "compound", "structure/adc-inn"))
            continue
        prefix = _PREFIX.search(text[max(0, start - 10) : start])
        if prefix is not None:
            start -= prefix.end() - prefix.start()
        elif start and text[start - 1] == "-" and text[start - 2 : start - 1].isalnum():
            continue
        if re.match(r"-(?:[A-Z]|\d)", text[end : end + 2]):
            continue
        end = _biosimilar_end(text, end)
        second = _SECOND.match(text, end)
        end = second.end() if second is not None else end
        by = f"structure/{'antibody' if kind == 'antibody' else 'inn'}-stem"
        found.append((start, end, kind, "lexicon/off-patent" if word in words_of("drugs", "off_patent") else by))
    found += [(m.start(), m.end(), "compound", "structure/gene-therapy-inn") for m in _GENE.finditer(text)]
    found += [(m.start(), m.end(), "compound", "structure/inn-stem") for m in _PLASMID.finditer(text)]
    found += [(m.start(), m.end(), "compound", "structure/protein-inn") for m in _PROTEIN.finditer(text) if m[0].split()[0] not in barred]
    for start, end, (form, by) in listed.scan(page.lower, page.places):
        if same_spelling(form, text[start:end]):
            kind = "antibody" if is_antibody_name(form) else "compound"
            found.append((start, end, kind, by))
    return found


def _biosimilar_end(text: str, end: int) -> int:
    """Take in the four letters that tell makers of one biological apart: "ado-trastuzumab emtansine-abcd"."""
    suffix = _BIOSIMILAR.match(text, end)
    if suffix is not None and suffix.group()[1:] not in words_of("common_words"):
        return suffix.end()
    return end
