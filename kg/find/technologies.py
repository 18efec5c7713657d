"""A page in, its named technologies out: "Tumor-Activated Prodrug (TAP) technology", "XpressCF+™ platform", later "TAP" alone.

A name is a run before "technology" or "platform" that holds a proper word: one with inner capitals, an acronym, or one marked ® or ™.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kg.find.company_forms import is_stop
from kg.find.lexicon import words_of
from kg.find.names import Named
from kg.find.page import Page

_HEAD = re.compile(
    r"(?:(?:technology|technologies|discovery|delivery) platforms?|platform technolog(?:y|ies)|technolog(?:y|ies)|platforms?)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\S+")
_ABBREVIATION = re.compile(r"\(\"?(?P<short>[A-Z][A-Za-z+-]{1,11})\"?\)$")
_LONG_FORM = re.compile(r"\((?P<long>[A-Z][\w-]+(?: [\w-]+){1,5})\)$")
_NAMED = re.compile(
    r"(?:platforms?|technolog(?:y|ies))(?: \w+){0,4}?,? (?:called|named|known as|termed)(?: the)? \"?(?P<name>[A-Z][\w+-]*)"
)
_ADC = re.compile(
    r"antibody[- ]drug[- ]conjugates? \(\"?ADCs?\"?\) technolog(?:y|ies)|antibody[- ]drug[- ]conjugates? technolog(?:y|ies)"
    r"|(?<![\w-])ADC technology"
    r"|(?:monomethyl )?(?:auristatin|maytansinoid|amanitin)(?: [EF])?(?: \([A-Z]{4}\))? (?:conjugation|linker|ADC) technolog(?:y|ies)",
    re.IGNORECASE,
)


# "ADC technology, the so-called ABCD technology"
_SO_CALLED = re.compile(r",? (?:the )?(?:so-called|called|known as) (?P<name>(?P<core>[A-Z][A-Za-z+-]{2,11})[®™]? (?:technology|platform))")


@dataclass(slots=True)
class Technologies(Named):
    """The technologies, and the proper names of platforms, after which their products are called."""

    platforms: frozenset[str] = frozenset()


def find_technologies(page: Page, is_company: Callable[[str], bool], is_class: Callable[[str], bool]) -> Technologies:
    """Find the named technologies of a page. is_class answers whether a word names a class of payloads ("maytansinoid TAP technology")."""
    out = Technologies()
    proper: dict[str, str] = {}  # a proper name → key of its group
    long_forms: dict[str, str] = {}
    text = page.text
    for match in _ADC.finditer(text):
        if page.sentence_at(match.start()) not in page.unread:
            out.names.add(match.group(), "technology", "structure/adc-technology", "adc-technology")
            called = _SO_CALLED.match(text, match.end())
            if called is not None:
                key = out.names.add(called["name"], "technology", "definition/so-called", _key(called["core"]))
                out.names.join(key, "adc-technology")
                proper.setdefault(called["core"], out.names.group(key))
                out.defined.append(("alias", *match.span(), *called.span("name"), "definition/so-called"))
            defined = re.match(r" \(\"([^\"()]{2,30})\"\)", text[match.end() :][:40])
            if defined is not None:
                left = match.end() + defined.start(1)
                out.names.add(defined[1], "technology", "definition/quoted", "adc-technology")
                out.defined.append(("defined-term", *match.span(), left, match.end() + defined.end(1), "definition/quoted"))
    for match in _HEAD.finditer(text):
        sentence = page.sentence_at(match.start())
        if (
            match.group() == "Technologies"
            or sentence in page.unread
            or sentence in page.titles
            or text[match.end() : match.end() + 1] == "-"
        ):
            continue
        run = _run_before(page, match.start(), sentence, is_company, is_class)
        if run is None:
            continue
        start, core, short = run
        phrase = text[start : match.end()]
        if short is not None and not re.match(r"\(", short):
            long_forms[core] = short
        key = _key(core)
        out.names.add(phrase, "technology", "structure/named-technology", key)
        if short is not None:
            key = out.names.add(short, "technology", "definition/parenthesis", _key(short))
            out.names.join(_key(core), key)
            proper[short] = key
            at = text.find(short, start, match.end())
            if at > start:
                out.defined.append(("alias", start, match.end(), at, at + len(short), "definition/parenthesis"))
        else:
            first = next((w for w in core.split() if _may_stand_alone(w) and _is_proper(page, text.find(w, start), w)), None)
            if first is not None and all(
                w == first
                or w in words_of("technologies", "plain")
                or w.upper() in words_of("technologies", "fields")
                or w.endswith(("-based", "-educating", "-driven", "-powered", "-enabled"))
                for w in core.split()
            ):
                proper[first] = out.names.group(key)
                if first != core:
                    out.names.join(out.names.add(first, "technology", "name/short", _key(first)), key)
                at = text.find(first, start)
                out.defined.append(("alias", start, match.end(), at, at + len(first), "name/short"))
    for match in _NAMED.finditer(text):
        name = match["name"]
        if not is_company(name) and not is_stop(name) and page.sentence_at(match.start()) not in page.unread:
            proper.setdefault(name, out.names.add(name, "technology", "structure/called", _key(name)))
    _marked(page, out, proper, is_company)
    for name, key in list(proper.items()):
        if _may_stand_alone(name):
            out.names.join(key, out.names.add(name, "technology", "name/short", _key(name)))
    out.hits = out.names.occurrences(page)
    values = out.names.canonical(
        out.hits, page, lambda name, count: ('"' not in name, name.count(" ") < 3, not name.isupper(), " " in name, count, len(name))
    )
    for key, value in values.items():
        short = next((s for c, s in sorted(long_forms.items()) if out.names.knows(_key(c)) and out.names.group(_key(c)) == key), None)
        full = next((c for c, s in sorted(long_forms.items()) if s == short), None)
        out.values[key] = f"{full} technology" if full is not None and "technolog" in " ".join(out.names.forms_of(key)) else value
    out.platforms = frozenset(name for name in proper if _may_stand_alone(name))
    return out


def _key(core: str) -> str:
    return re.sub(r"[\s-]+", "", core).casefold()


def _may_stand_alone(name: str) -> bool:
    return len(name) > 2 and name.upper() not in words_of("technologies", "fields") and name.upper() != "ADC"


def _run_before(
    page: Page, end: int, sentence: int, is_company: Callable[[str], bool], is_class: Callable[[str], bool]
) -> tuple[int, str, str | None] | None:
    """Read the name before "technology" or "platform": its start, its core, and the abbreviation that stands in parentheses."""
    text = page.text
    low = max(page.bounds(sentence)[0], end - 90)
    before = text[low:end]
    tokens = [(m.start() + low, m.group()) for m in _TOKEN.finditer(before)]
    short: str | None = None
    stop = end
    tail = before.rstrip()
    abbreviation, long_form = _ABBREVIATION.search(tail), _LONG_FORM.search(tail)
    if abbreviation is not None and len(tail) > abbreviation.start() > 0:
        short = abbreviation["short"]
        stop = low + abbreviation.start()
    elif long_form is not None:
        stop = low + long_form.start()
    tokens = [(a, t) for a, t in tokens if a < stop]
    kept: list[tuple[int, str]] = []
    for at, raw in reversed(tokens):
        token = raw.strip("\"'(")
        at += len(raw) - len(raw.lstrip("\"'("))
        if not token or token[-1] in ";:.)" or (kept and token[-1] in ',"') or len(kept) >= 5:
            break
        token = token.rstrip(",\"'")
        plain = token in words_of("technologies", "plain") or re.fullmatch(
            r"[A-Za-z]+-(?:based|specific|driven|educating|encapsulated)", token
        )
        if raw.rstrip(",").endswith(("'s", "s'")) or (is_stop(token) and not plain) or is_company(token):
            break
        if not (_is_proper(page, at, token) or (token[:1].isupper() and len(token) > 1) or plain):
            if is_class(token) and kept:
                kept.append((at, token))
            break
        kept.append((at, token))
        if raw[:1] in '"(':
            break
    while kept and (
        kept[-1][1] in {"and", "cell", "gene", "drug"} or (kept[-1][1].islower() and kept[-1][1] in words_of("technologies", "plain"))
    ):
        kept.pop()
    while kept and kept[-1][1].lower() in {
        "proprietary",
        "novel",
        "unique",
        "innovative",
        "our",
        "new",
        "lead",
        "advanced",
        "other",
        "such",
        "this",
    }:
        kept.pop()
    if not kept:
        return None
    kept.reverse()
    words = [t for _, t in kept]
    classes = len(words) > 1 and is_class(words[0])
    core = " ".join(words[1:] if classes else words)
    has_proper = any(_is_proper(page, a, t) for a, t in kept[1 if classes else 0 :])
    made = re.match(r"(?i)[\w-]+-based(?: .*)? (?:linker|delivery|ADC|warhead|conjugation)\b", f"{core} {text[end : end + 8]}") is not None
    initials = short is not None and _is_initials(short, core)
    if long_form is not None and short is None and has_proper:
        return kept[0][0], core, None
    if short is not None and (not _may_stand_alone(short) or (not initials and not has_proper)):
        short = None
    return (kept[0][0], core, short if initials else None) if has_proper or made or initials else None


def _is_proper(page: Page, at: int, token: str) -> bool:
    """Answer whether a token is a coined word: inner capitals, an acronym, or a mark behind it; not the acronym of a field."""
    if (
        token.upper() in words_of("technologies", "fields")
        or token.rstrip("s").upper() in words_of("technologies", "fields")
        or not token[:1].isalnum()
    ):
        return False
    if re.search(r"(?i)-(?:based|driven|powered|enabled|approved|stage|line|edge|art|drug|specific|to-[a-z]+)$", token):
        return False
    if at + len(token) in page.marked:
        return token.lower() not in {"the"}
    if token.isupper() and len(token) > 1:
        return token.lower() not in words_of("company_words", "stop") and any(c.isalpha() for c in token)
    return any(c.isupper() for c in token[1:]) and any(c.islower() for c in token) and "-" not in token


def _is_initials(short: str, core: str) -> bool:
    """Answer whether an abbreviation is made of the first letters of a name's words."""
    words = [w for w in re.split(r"[\s-]+", core) if w]
    initials = "".join(w[0] for w in words).upper()
    # "Bi-Targeted Antibody Cytotoxicity (BiTAC)": beginnings of one or two letters
    if len(words) > 2 and re.fullmatch("".join(rf"{re.escape(w[:1])}(?:{re.escape(w[1:2])})?" for w in words[:8]), short, re.IGNORECASE):
        return True
    return initials.startswith(short.upper()) or short.upper() in initials or short.upper().rstrip("S") == initials


def _marked(page: Page, out: Technologies, proper: dict[str, str], is_company: Callable[[str], bool]) -> None:
    """Learn names before ® or ™ in a sentence that has called them platforms or technologies just before."""
    for place in sorted(page.marked):
        match = re.search(r"(?<![\w-])(?:[a-z]{1,3})?[A-Z][\w+-]*$", page.text[max(0, place - 30) : place])
        if match is None:
            continue
        name, start = match.group(), match.start() + max(0, place - 30)
        sentence = page.sentence_at(start)
        if (
            sentence in page.unread
            or is_company(name)
            or name in words_of("drugs")
            or name in proper
            or name.lower() in words_of("common_words")
        ):
            continue
        before = page.text[max(page.bounds(sentence)[0], start - 160) : start]
        after = page.text[place : place + 60]
        called = re.search(r"\b(?:platforms?|technolog(?:y|ies))\b(?: of (?:its|their|our) own)?[,:]? [^.;]*$", before)
        # "its HapTenix® “neoantigen” tumor cell construct platform": some lower-case words may stand between
        ahead = re.match(r"(?: \"?[a-z-]+\"?){0,5} (?:platform|technology)\b", after)
        if (
            called is not None and not re.search(r"\b(?:drug|candidate|compound|vaccine|product)s?\b", before[called.start() :])
        ) or ahead is not None:
            proper.setdefault(name, out.names.add(name, "technology", "structure/brand", _key(name)))
            if ahead is not None:
                end = place + ahead.end()
                out.names.add(page.text[start:end], "technology", "structure/named-technology", _key(name))
                out.defined.append(("alias", start, end, start, place, "name/short"))
