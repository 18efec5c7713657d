"""A page in, its compounds and antibodies out, each with the name that stands for it, and what the text says about their names.

Pass one learns names by shape (codes.py, inns.py), by a mark such as ®, and by what a sentence calls a drug; pass two finds every
occurrence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from kg.find.codes import adc_parts, code_strength, find_codes, is_cued
from kg.find.company_forms import is_distinct, is_place, is_stop
from kg.find.constructions import BRAND_LETTERS, CONSTRUCTIONS, SURE_HEAD, SURE_OF_WORDS
from kg.find.finding import Parts
from kg.find.generics import find_generics
from kg.find.inns import find_inns, is_antibody_name, is_inn
from kg.find.lexicon import words_of
from kg.find.names import Hit, Named, Names
from kg.find.page import Page

_NO_NAME = re.compile(r"[A-Z]{2,}s|Ig[AEGM]|[A-Z]?[a-z]+(?:ity|ness|tion|ment|ology|ence)")  # plurals, immunoglobulins, abstract nouns
_OF_A_TRIAL = re.compile(r"\W{1,5}(?:[\w-]+,? ){0,5}?(?:trial|study|studies)\b", re.IGNORECASE)
_DRUGLIKE = re.compile(
    r"(?i)\b(?:drugs?|treat\w*|therap\w+|vaccines?|approved|indicated|patients|injection|tablets?|sales of|medicines?|antibod\w+"
    r"|inhibitors?|clinical|doses?)\b"
)
_TECHNICAL = re.compile(
    r"^ ?(?:[\w/-]+ ){0,4}?(?:platforms?|technolog\w+|systems?|approach|engine|software|app|devices?|test|assay|index|award|score"
    r"|model|network|program)\b"
)
_INSIDE = re.compile(r" ?\((?P<inside>[^()\n]{2,90})\)")
_SAYS = re.compile(
    r"^(?:INN|also known as|also called|a\.?k\.?a\.?|formerly(?: known as)?|previously(?: known as)?|formerly called|known as|or"
    r"|code[- ]?named?|i\.e\.|generic name):?,? "
)
_ALSO = re.compile(
    r"[^.;\n]{0,70}?\b(?:also|formerly|previously|better|otherwise|generically) (?:called|known as|designated(?: as)?"
    r"|referred to as|named|sold as|marketed as) \"?"
    r"(?P<name>[A-Za-z][\w+-]*(?: [a-z]+(?:tin|can|sine|cin|ine|din|lin))?)"
)
_OR = re.compile(r", or \"?(?P<name>[A-Z][\w+-]*\d[\w-]*)\"?(?=[,.;)])")
# "the antibody huTR5", "its HuMax-TF antibody": humanised, chimeric and human antibodies are called so
_ANTIBODY_CODE = re.compile(r"(?<![\w-])(?:hu|ch|mu|HuMax-|Hu)(?=[A-Z0-9])[A-Z0-9][A-Za-z0-9]{1,9}(?![\w-])")
_CD = re.compile(r"CD\d{1,3}[a-zA-Z]?")
_AIMED = re.compile(
    r"\b(?:aimed at|seeks out|homes? in on|hones? in on|binds?(?: to)?|recogni[sz]es|against|targets|targeting|blocks|attacks) $"
)
_FORM_WORDS = re.compile(
    r" (?:injection|nasal spray|tablets?|capsules?|gel|cream|patch|HCl|hydrochloride|sublingual tablets|ophthalmic solution)(?![\w-])"
)


@dataclass(slots=True)
class Compounds(Named):
    """The compounds, and what names such as "huC242-DM4" are made of, by their spelling."""

    parts: dict[str, Parts] = field(default_factory=dict)


def find_compounds(page: Page, is_other: Callable[[str], bool], platforms: frozenset[str]) -> Compounds:
    """Find the compounds of a page.

    is_other answers whether a name is known to be a company, a technology, a target, a payload or a disease; platforms are the proper names
    of platforms, whose products are called after them ("DPX-RSV").
    """
    out = Compounds()
    names = out.names
    for code in find_codes(page):
        if page.sentence_at(code.start) in page.unread:
            continue
        name = page.text[code.start : code.end]
        if is_other(name):
            continue
        names.add(name, "compound", code.by)
        if code.parts is not None:
            out.parts.setdefault(name, code.parts)
            if code.parts.antibody is not None and not is_other(code.parts.antibody):
                names.add(code.parts.antibody, "antibody", "name/antibody-of-conjugate")
    for start, end, type_, by in find_inns(page):
        if not is_other(page.text[start:end]):
            key = names.add(_settled(page.text[start:end]), type_, by)
            head = page.text[start:end].partition(" ")[0]
            if by.endswith("-stem") and head != page.text[start:end]:
                names.join(key, names.add(_settled(head), type_, by))
    for match in _ANTIBODY_CODE.finditer(page.text):
        near = page.text[max(0, match.start() - 60) : match.end() + 60]
        if "antibod" in near and match.group() not in names and not is_other(match.group()):
            names.add(match.group(), "antibody", "structure/antibody-code")
    _marked(page, names, is_other)
    _constructed(page, names, is_other)
    for name in find_generics(page):
        if name not in names and not is_other(name):
            names.add(name, "compound", "structure/generic-name")
    for platform in sorted(platforms):
        for match in re.finditer(rf"(?<![\w-]){re.escape(platform)}[-+](?P<product>[A-Za-z0-9]*[A-Z]\w*)", page.text):
            if match["product"].lower() in words_of("common_words"):
                continue
            names.add(match.group(), "compound", "structure/platform-product")
    hits = names.occurrences(page)
    _aliases(page, out, hits, is_other)
    _types(names)
    out.hits = names.occurrences(page)
    old = words_of("drugs", "off_patent")  # "NRX-100 (ketamine)" is a product of one company, ketamine is everybody's

    def prefer(name: str, count: int) -> tuple[object, ...]:
        return name.lower() not in old, not name.isupper() or any(c.isdigit() for c in name) or len(name) < 6, count, len(name)

    out.values = names.canonical(out.hits, page, prefer)
    return out


def _settled(name: str) -> str:
    """Spell a nonproprietary name in lower case, which stands for its other spellings too."""
    return (
        name.lower()
        if not any(c.isdigit() for c in name)
        and (name.isupper() or (name[1:].islower() and " " not in name) or name.istitle())
        and is_inn(name)
        else name
    )


def _marked(page: Page, names: Names, is_other: Callable[[str], bool]) -> None:
    """Learn names before ® or ™ that stand among words of treatment and not before "platform", "technology" and the like."""
    for place in sorted(page.marked):
        match = re.search(r"(?<![\w-])[A-Z][\w+-]*(?<![\w-]The)$", page.text[max(0, place - 30) : place])
        if match is None:
            continue
        start = match.start() + max(0, place - 30)
        name = match.group()
        sentence = page.sentence_at(place - 1)
        before = re.search(r"(?<![\w-])[A-Z][\w-]+ $", page.text[max(0, start - 24) : start])
        if before is not None and start - 1 in page.marked:
            start -= len(before.group())
            name = page.text[start:place]
        elif start - 1 in page.marked or page.text[place : place + 1] == "-":
            continue
        following = page.text[place : place + 50]
        second = re.match(r" [A-Z][\w-]*", following)
        if second is not None and place + second.end() in page.marked:
            continue  # "Zembrace® SymTouch®" is read at its end
        if re.search(r"(?<![.!?:] )(?<!\n)[A-Z][a-z]+ $", page.text[max(0, start - 24) : start]) or re.match(r" [A-Z][\w-]*\d", following):
            continue  # "Tumour Defence Breaker™ L-DOS47" is a phrase, not a brand of one word
        if is_other(name) or is_stop(name) or _TECHNICAL.match(following) or sentence in page.unread:
            continue
        if name.isupper() and name.isalpha() and _is_trial_name(page, name):
            continue
        if (name.isupper() and not is_cued(page, start, place)) or any(is_place(p) for p in name.split("-")):
            continue
        if name.lower() in words_of("common_words") or name.lower() in page.vocabulary:
            continue
        if _DRUGLIKE.search(page.sentence_text(sentence)) and not re.search(
            r"(?:platforms?|technolog\w+)[^.;]{0,60}$", page.text[max(page.bounds(sentence)[0], start - 90) : start]
        ):
            names.add(name, "compound", "structure/brand")


_NATIONS = re.compile(r"[A-Z][a-z]+-[A-Z][a-z]+(?:an|ish|ese|ch|ss)")  # "the Franco-German vaccine developer"
_RUN_ON = re.compile(
    r"[a-z\d](?:The|Though|Although|At|In|On|For|With|This|These|And|Our|We|As|To|By|From|While|When|About|It|Its|What|How)$"
)


def _constructed(page: Page, names: Names, is_other: Callable[[str], bool]) -> None:
    """Learn names by what a sentence calls a drug."""
    spoken: dict[str, bool] = {}
    for pattern, by in CONSTRUCTIONS:
        for match in pattern.finditer(page.text):
            name = match["name"].rstrip("-+")
            sentence = page.sentence_at(match.start("name"))
            if name in names or sentence in page.titles or sentence in page.unread or len(name) < 3 or is_other(name):
                continue
            if name.upper() in words_of("targets", "not_targets") or _NO_NAME.fullmatch(name):
                continue
            if by == "structure/is-a-drug" and re.search(
                r"(?<![.;:,] )(?<!\n)[A-Z][a-z]+ $", page.text[max(0, match.start("name") - 24) : match.start("name")]
            ):
                continue  # the last word of a longer name
            if _CD.fullmatch(name) or (
                by == "structure/is-a-drug" and _AIMED.search(page.text, max(0, match.start("name") - 24), match.start("name"))
            ):
                continue  # "aimed at CD19, a protein": what a drug binds
            camel = any(c.isupper() for c in name[1:]) and not name.isupper()
            if by in {"structure/drug-program", "structure/of-drug", "structure/such-as", "structure/as-a-drug"} and not (
                camel
                or (by == "structure/of-drug" and is_cued(page, *match.span("name")) and not name.isupper())
                or (name.isupper() and name.isalpha() and len(name) >= BRAND_LETTERS and _is_spoken_of(page, name))
            ):
                continue
            if _NATIONS.fullmatch(name) or _RUN_ON.search(name):
                continue  # a heading run into its text: "Market PerspectiveThough the company"
            if name[: len(name) // 2] * 2 == name:
                continue  # a heading run into its text: "Our Lead: ABCABC is a …"
            if name.isupper() and len(name) < 6 and by in {"structure/head-name", "structure/of-drug"}:
                continue
            if name.isalpha() and name.isupper() and _is_trial_name(page, name):
                continue
            if re.search(r"\b(?:Project|Operation|Initiative) $", page.text[max(0, match.start("name") - 12) : match.start("name")]):
                continue
            if name.isalpha() and name.isupper() and by == "structure/is-a-drug":
                if name not in spoken:
                    spoken[name] = _is_spoken_of(page, name)
                if not (spoken[name] and SURE_HEAD.search(match.group())) and match.end("name") not in page.marked:
                    continue
            explicit = by in {"structure/apposition", "structure/called"} and re.fullmatch(r"[A-Z]{2,4}-\d{3,}", name) is not None
            explicit = explicit or (by in SURE_OF_WORDS and re.fullmatch(r"[A-Z][a-z]{4,}-\d{1,2}", name) is not None)
            if "-" in name and any(c.isdigit() for c in name) and not code_strength(name) and not explicit:
                continue
            pieces = [p for p in re.split(r"[-+]", name) if p]
            if any(is_stop(p) for p in pieces if len(p) > 1 and not (len(pieces) > 1 and p.isupper() and len(p) <= 4)) or not any(
                _is_uncommon(p, page) for p in pieces
            ):
                continue
            if re.search(r"-(?:[a-z]{3,})$", name) or name.lower() in page.vocabulary:
                continue
            names.add(name, "compound", by)


def _is_trial_name(page: Page, name: str) -> bool:
    """Answer whether a word in capitals stands nowhere but before "trial" or "study"."""
    places = re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])(?:\((?:TM|R)\)|[®™])?", page.text)
    return all(_OF_A_TRIAL.match(page.text, m.end()) is not None for m in places)


def _is_spoken_of(page: Page, name: str) -> bool:
    """Answer whether some other place speaks of an acronym as of a drug."""
    return any(is_cued(page, m.start(), m.end()) for m in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page.text))


def _is_uncommon(piece: str, page: Page) -> bool:
    return is_distinct(piece) and piece.lower() not in page.vocabulary and not piece.endswith(("'s",))


def _aliases(page: Page, out: Compounds, hits: list[Hit], is_other: Callable[[str], bool]) -> None:
    """Join names that the text says are one: "CAN-2409 (aglatimagene besadenovec)", "A, also known as B", "CODE/Brand"."""
    names, text = out.names, page.text
    starts = {h.start: h for h in hits}
    places = sorted(starts)
    for hit in hits:
        pairs: list[tuple[int, int, str]] = []
        inside = _INSIDE.match(text, hit.end)
        if inside is not None:
            pairs += [
                (s, e, "definition/parenthesis")
                for s, e in _parts_of(text, *inside.span("inside"))
                if _is_alias(page, out, hit, s, e, is_other)
            ]
        for pattern in (_ALSO, _OR):
            also = pattern.match(text, inside.end() if inside is not None else hit.end)
            if also is None:
                continue
            start, end = also.span("name")
            listed = starts.get(start)
            if listed is not None:
                end = listed.end
            between = text[hit.end : start]
            inner = (starts[p] for p in places[bisect_right(places, hit.end) : bisect_left(places, start)])
            if any(h.key != hit.key for h in inner) or is_other(text[start:end]):
                continue
            if listed is not None or is_inn(text[start:end]) or code_strength(text[start:end]) or adc_parts(text[start:end]) is not None:
                pairs.append((start, end, "definition/also-known-as" if "former" not in between else "definition/formerly"))
        if text[hit.end : hit.end + 1] == "/" and hit.end + 1 in starts:
            other = starts[hit.end + 1]
            if bool(code_strength(text[hit.start : hit.end])) != bool(code_strength(text[other.start : other.end])) or (
                hit.by.startswith("structure/is-a") or other.by.startswith("structure/is-a")
            ):
                pairs.append((other.start, other.end, "definition/slash"))
        for start, end, by in pairs:
            name = text[start:end]
            key = names.add(_settled(name), "compound", by)
            if names.group(key) != names.group(hit.key) and _are_two_programs(names.forms_of(hit.key), names.forms_of(key)):
                continue
            if names.group(key) != names.group(hit.key) or by != "definition/slash":
                names.join(hit.key, key)
                out.defined.append(("formerly" if by == "definition/formerly" else "alias", hit.start, hit.end, start, end, by))


def _parts_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split what a parenthesis holds at commas, semicolons and "or", without quotes and words such as "INN:"."""
    found: list[tuple[int, int]] = []
    for match in re.finditer(r"(?:(?!, |; | or |/)[^\n])+", text[start:end]):
        left, right = start + match.start(), start + match.end()
        said = True
        while said:
            said = False
            while left < right and text[left] in " \"',":
                left += 1
            says = _SAYS.match(text[left:right])
            if says is not None:
                left += says.end()
                said = True
        while right > left and text[right - 1] in " \"',":
            right -= 1
        if right - left >= 2:
            found.append((left, right))
    return found


def _is_alias(page: Page, out: Compounds, hit: Hit, start: int, end: int, is_other: Callable[[str], bool]) -> bool:
    """Answer whether a piece of a parenthesis behind a name is another name of the same thing."""
    name = page.text[start:end]
    left = page.text[hit.start : hit.end]
    quoted = page.text[start - 1 : start] in {'"', "'"}
    if is_other(name) or is_stop(name) or left == name:
        return False
    known = name in out.names or _settled(name) in out.names
    if known or is_inn(name) or adc_parts(name) is not None:
        both_codes = code_strength(left) == 2 and code_strength(name) == 2
        return not (both_codes and re.match(r"[A-Za-z]+", left)[0] == re.match(r"[A-Za-z]+", name)[0])  # type: ignore[index]  # a code begins with letters
    if code_strength(name) and " " not in name and not _is_measure(name):
        return True
    words = name.split()
    if len(words) <= 4 and (_settled(words[0]) in out.names or is_inn(words[0])) and all(re.fullmatch(r"[A-Za-z]+", w) for w in words):
        return all(
            _FORM_WORDS.fullmatch(" " + w) or w in {"nasal", "spray", "sublingual", "ophthalmic", "solution", "oral", "topical"}
            for w in words[1:]
        )
    if len(words) != 1:
        return False
    if quoted and re.fullmatch(r"[A-Z][A-Z0-9+-]{1,9}", name):
        return name[0].lower() == left[0].lower()
    capital = re.fullmatch(r"[A-Z][a-z]{3,}[A-Za-z]*", name) is not None
    return capital and is_distinct(name) and (is_inn(left) or end in page.marked)


def _are_two_programs(left: list[str], right: list[str]) -> bool:
    """Answer whether two groups hold different codes of one maker: "ABC-101 (examplinib)" and "ABC-102 (examplinib)" are two products."""

    def codes(forms: list[str]) -> set[tuple[str, str]]:
        found = (re.match(r"([A-Za-z]{2,6})-?(\d{2,})", f) for f in forms if code_strength(f) == 2)
        return {(m[1].upper(), m[2]) for m in found if m is not None}

    ours, theirs = codes(left), codes(right)
    return any(p == q and n != o for p, n in ours for q, o in theirs)


def _is_measure(name: str) -> bool:
    return re.fullmatch(r"(?i)n\d+|p\d+|\d+.*|NCT\d+|Q\d.*", name) is not None


def _types(names: Names) -> None:
    """Call a group antibody where a name of it is an antibody's and none is a conjugate's."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for form, type_, key in names.items():
        groups.setdefault(key, []).append((form, type_))
    for key, forms in groups.items():
        conjugate = any(adc_parts(f) is not None or (" " in f and is_inn(f)) for f, _ in forms)
        antibody = any(t == "antibody" or is_antibody_name(f) for f, t in forms)
        if conjugate and antibody:
            names.retype(key, "compound")
        elif antibody:
            names.retype(key, "antibody")
