"""A page in, the code names of its compounds out: SGN-35, DS-8201a, AVE9633, D-PLEX100, huC242-DM4, TPI 287.

A code is told by its shape. Where the shape is common outside drug names too, one place in the document must speak of it as of a drug.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.find.finding import Parts
from kg.find.lexicon import words_of
from kg.find.page import Page

_RUN = re.compile(r"(?<![\w.@#$\x01+-])[A-Za-z][A-Za-z0-9]*(?:[-+][A-Za-z0-9]+)*")
_SPACED = re.compile(r"(?<![\w.$/-])([A-Z]{2,5}) (?!(?:19|20)\d\d\b)(\d{3,6}[a-z]?)(?![\w%]|[,.:/-]\d)")
_RELEASE_FORM = re.compile(r" (?:SL|XR|ER|CR|ODT|LA)(?![\w-])")  # "TNX-102 SL": sublingual, extended release, …
_GLUED = re.compile(r"(?<=\d)[A-Z][a-z]{1,12}$")  # "ABC-101Phase": a heading that ran into its text
_TAIL = re.compile(r"(?:[-+][a-z]{3,})+$")
_MUTATION = re.compile(r"[A-Z]\d{1,4}[A-Z]")
_PRECEDED = re.compile(
    r"(?i)(?:abstract|poster|booth|number|no\.|suite|room|patent|application|grant|award|contract|isin|wkn|cusip|session"
    r"|presentation|ext|version|model|rule|section"
    r"|form|item|exhibit|file|protocol|order|id|symbol|code|volume|issue|page|article|regulation|schedule|note|box|floor|hall"
    r"|docket|case|case no\.|regulations?)s?[\s:#.(]*$"
)
# "an antibody directed against GRP94": what is bound, no drug
_BOUND = re.compile(
    r"(?i)\b(?:directed (?:against|to|at|towards?)|antibod(?:y|ies) (?:to|against)|vaccines? against|bind(?:s|ing) to) (?:the )?$"
)
_TRIAL = re.compile(r"(?:\s|-)(?:[\w-]+ ){0,2}?(?:trial|study|studies|trials)\b")
_MEDICAL = re.compile(
    r"\b(?:drug|clinical|preclinical|therap|patient|vaccine|antibod|pharma|oncolog|tumor)"
)  # else "STS-107" is a space flight
_CUE_LEFT = re.compile(
    r"(?i)(?:candidates?|drugs?|compounds?|called|named|inhibitors?|antibody|antibodies|conjugates?|ADCs?|vaccines?|therapy"
    r"|therapies|agents?|agonist|treatment with|dosed with|dosing"
    r"(?: of| with)?|receiv\w+|evaluat\w+|evaluation of|development of|develop(?:s|ing)?|trials? (?:of|for|with|evaluating)"
    r"|stud(?:y|ies) (?:of|for|with|evaluating)"
    r"|testing of|efficacy of|safety of|activity of|administration of|licen[sc]\w* (?:to|for|of)|rights to|designation (?:to|for"
    r"|of)|clearance (?:for|of)|application for"
    r"|(?:IND|NDA|BLA) (?:for|of)|data (?:on|for|from|of)|results (?:for|of|from|with)|effects? of|doses? of|mg of|advanc\w+|asset"
    r"|program|product|pipeline|known as"
    r"|potential of|patients (?:on|with)|adding|combination of|combining|formulation of|based|include|including"
    r"|includes)[,:]? (?:\w+ )?[\"(]?$"
)
_CUE_RIGHT = re.compile(
    r"(?i)^[\"']?s?(?:, which (?:has )?(?:received|been|is|was|entered|binds|targets|blocks|inhibits)\b| \("
    r"|,? (?:which )?(?:is|was|are) (?:an?|being|in|our|its|the|designed|intended|currently|expected)\b"
    r"|, (?:an?|its|our|which is) |,? (?:intended )?for the (?:potential )?treatment"
    r"| (?:in (?:patients|combination|adults|phase|development|subjects|healthy|the treatment)|program|tablets|injection|treatment"
    r"|therapy|development|monotherapy|capsules"
    r"|acts as|(?:has )?entered (?:an? |the )?(?:phase|clinical|human)|granted (?:IND|FDA|orphan|fast)"
    r"|received (?:FDA|IND|orphan|fast)|(?:IV|SC|oral) is"
    r"|demonstrated|showed|targets|inhibits|binds|phase [123i]|clinical (?:trial|program|data|development)|dose|dosing|vaccine"
    r"|antibody|candidate|for (?:the treatment|treating|patients)"
    r"|has (?:shown|demonstrated|received|completed|been granted)))"
)


# "ABX-EGF": the maker's letters before the target's
_LETTERS = re.compile(r"(?<![\w-])[A-Z]{2,4}-[A-Z]{2,5}(?![\w-])")
_BEFORE_TRIAL = re.compile(r"[®™)]? (?:(?:clinical|pivotal|Phase \w+) )?(?:[Tt]rial|[Ss]tudy|scale|score)", re.IGNORECASE)
_TWO_LETTERS = re.compile(r"(?!(?:US|EU|WO|EP|GB|JP|CN|IN|NO|PO|SEC|IC|EC|LD|ED)-)[A-Z]{2}-(?!20[0-3]\d|19\d\d)\d{3,4}")


@dataclass(frozen=True, slots=True)
class Code:
    """A code name where it stands; parts where its name tells an antibody and its payload."""

    start: int
    end: int
    by: str
    parts: Parts | None = None


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    return (
        words_of("codes", "makers"),
        words_of("codes", "not_codes"),
        frozenset(n.casefold() for n in words_of("targets", "targets")),
        words_of("payloads", "joined"),
        words_of("common_words") | words_of("company_words", "stop"),
    )


def find_codes(page: Page) -> list[Code]:
    """Find the code names and antibody-payload names of a page."""
    found: list[Code] = []
    waiting: dict[str, list[Code]] = {}
    cued: set[str] = set()
    trials: dict[str, bool] = {}
    bound: set[str] = set()
    text = page.text
    medical = _MEDICAL.search(page.lower) is not None
    for match in _RUN.finditer(text):
        run = match.group()
        if run.isalpha() or len(run) < 3:
            continue
        start = match.start()
        parts = adc_parts(run)
        if parts is not None:
            found.append(Code(start, start + len(run), "name/antibody-payload", parts))
            continue
        if run.startswith(("anti-", "non-", "post-", "pre-", "mid-")):
            continue
        run = _GLUED.sub("", _TAIL.sub("", run))
        strength = code_strength(run)
        if strength and _BOUND.search(text[max(0, start - 24) : start]):
            bound.add(run)
        if not strength or _PRECEDED.search(text[max(0, start - 24) : start]):
            continue
        end = start + len(run)
        if run not in trials:
            trials[run] = _is_trial(page, run)
        if trials[run] or (text[end : end + 1] == "/" and text[end + 1 : end + 2].isdigit()):
            continue
        form = _RELEASE_FORM.match(text, end)
        if form is not None:
            end = form.end()
        code = Code(start, end, "structure/code-name")
        if strength == 2 and medical:
            found.append(code)
            cued.add(run)
        else:
            waiting.setdefault(run, []).append(code)
            if run not in cued and is_cued(page, start, end):
                cued.add(run)
    for run, codes in waiting.items():
        if run in cued:
            found += codes
    found = [c for c in found if c.parts is not None or text[c.start : c.end] not in bound]
    makers, not_codes = _lists()[0], _lists()[1]
    for name in {m[0] for m in _LETTERS.finditer(text)}:
        places = [m.span() for m in re.finditer(rf"(?<![\w-]){name}(?![\w-])", text)]
        is_study = any(_BEFORE_TRIAL.match(text, end) for _, end in places)
        if not is_study and not not_codes & set(name.split("-")) and sum(is_cued(page, *place) for place in places) > 1:
            found += [Code(*place, "structure/letter-code") for place in places]
    spaced: dict[str, bool] = {}
    for match in _SPACED.finditer(text):
        if match[1] in not_codes or _PRECEDED.search(text[max(0, match.start() - 24) : match.start()]):
            continue
        name = match.group()
        if name not in spaced:
            known = match[1] in makers or text.count(name) > 1
            spaced[name] = known and any(is_cued(page, m.start(), m.end()) for m in re.finditer(re.escape(name), text))
        if spaced[name]:
            found.append(Code(*match.span(), "structure/code-name"))
    return found


def code_strength(run: str) -> int:
    """Judge a run's shape: 2 for a code name, 1 for one if the text speaks of it as of a drug, 0 for none."""
    makers, not_codes, targets, _, common = _lists()
    if not any(c.isdigit() for c in run) or not any(c.isupper() for c in run):
        return 0
    pieces = re.split(r"[-+]", run)
    first = re.match(r"[A-Za-z]+", run)
    joined = re.match(r"[A-Za-z+-]+", run)
    if first is None or joined is None:
        return 0
    prefix = first.group().upper()
    whole = re.sub(r"[-+]", "", joined.group()).upper()
    if run.upper() in not_codes or (sum(p.isdigit() for p in pieces) > 1 and prefix not in makers):
        return 0
    if re.fullmatch(r"[A-Z]{2,4}-[A-Z]{3,5}-?\d{1,2}", run) and prefix not in not_codes and pieces[0].casefold() not in targets:
        return 1  # "OST-HER2", "NV-HHV-1"
    if (
        run.casefold() in targets
        or pieces[0].casefold() in targets
        or _MUTATION.fullmatch(run)
        or re.fullmatch(r"(?:CD|IL|Ig)-?\d+\w?", run)
    ):
        return 0
    alone = joined.group().strip("-+") == first.group()
    if ((alone and prefix in not_codes) or whole in not_codes) and prefix not in makers:
        return 1 if _TWO_LETTERS.fullmatch(run) else 0  # "OR-449", where the text speaks of it as of a drug
    if len(pieces[0]) > 1 and pieces[0].upper() in not_codes and prefix not in makers:
        return 0
    if any(p.lower() in common for p in pieces if len(p) > 2 and p.isalpha() and not p.isupper()):
        return 0
    if len(prefix) > 3 and prefix.lower() in common and sum(c.isdigit() for c in run) < 3:
        return 0  # "AWARE-1" is a trial
    letters = re.findall(r"[A-Za-z]+", run)
    digits = max(len(d) for d in re.findall(r"\d+", run))
    if len(letters[0]) > 6 or sum(len(p) for p in letters) > 12 or len(run) > 20:
        return 0
    year = re.search(r"(?<!\d)(?:19[89]\d|20[0-3]\d)(?!\d)", run)
    if re.fullmatch(r"(?:[A-Z][A-Za-z]{1,5}|[a-z]{1,2}[A-Z]{1,4})(?:-[A-Z]{1,5})?-?\d{3,8}[A-Za-z]{0,2}(?:-[A-Za-z0-9]{1,6})?", run):
        capital = sum(c.isupper() for c in run) >= 2 or "-" in run
        return 2 if capital and (not year or prefix in makers) else 1
    if re.fullmatch(r"(?:[A-Z]{2,5}|[A-Z][a-z]{1,5}|[a-z]{2}[A-Z]{1,3})-?\d{2}[A-Za-z]{0,2}(?:-[A-Za-z0-9]{1,6})?", run):
        return 1
    if (
        digits >= 2
        and len(run) >= 4
        and (len(pieces) > 1 or re.fullmatch(r"[A-Z]\d{3,5}", run) or re.fullmatch(r"[A-Z][A-Za-z0-9]{3,12}", run))
    ):
        return 1
    if re.fullmatch(r"[A-Z][a-z]{4,12}-\d{1,3}", run):
        return 1  # "Ketamir-2"
    return 1 if re.fullmatch(r"[A-Z]{2,4}-?\d[A-Z]{1,2}\d?", run) or re.fullmatch(r"[A-Z]{2,5}-\d", run) else 0


def is_cued(page: Page, start: int, end: int) -> bool:
    """Answer whether the words beside a place speak of a drug."""
    low, high = page.bounds(page.sentence_at(start))
    return bool(_CUE_LEFT.search(page.text[max(low, start - 48) : start]) or _CUE_RIGHT.match(page.text[end : min(high, end + 48)]))


# "a Phase 2 trial (AdP-203)", "two studies, SCD-01 and": what is named so is the trial
_NAMED_TRIAL = re.compile(
    r"\b(?:(?:[Tt]rials?|[Ss]tud(?:y|ies)|[Pp]rotocols?) ?(?:\(|called |named |known as )"
    r"|(?<!this )(?<!that )(?<!the )(?<!our )(?<!these )(?<!both )(?:[Tt]rials?|[Ss]tud(?:y|ies)), )\Z"
)


def _is_trial(page: Page, run: str) -> bool:
    """Answer whether a code names a trial: "the THIO-101 trial" where THIO alone is a name too, "KEYNOTE-189 study"."""
    family = re.escape(re.sub(r"\d+$", "", run))
    if any(
        (named := _NAMED_TRIAL.search(page.text, max(0, m.start() - 40), m.start()))
        and (named[0][-2:] != ", " or page.text.startswith((",", " and ", " ("), m.end()))  # "in a study, SGX945 showed" speaks of a drug
        for m in re.finditer(rf"(?<![\w-]){family}\d+(?![\w-])", page.text)
    ):
        return True
    stem = re.match(r"([A-Za-z]{3,})-\d{1,3}$", run)
    if stem is None:
        return False
    if run[1].islower() and re.search(
        rf"(?<![\w-]){re.escape(run)}(?: and [\w-]+)? (?:[Pp]hase \S+ )?(?:[a-z]+ ){{0,2}}(?:trial|stud)", page.text
    ):
        return True
    called = any(_TRIAL.match(page.text, m.end()) for m in re.finditer(rf"(?<![\w-]){re.escape(run)}(?![\w-])", page.text))
    return called and (len(stem[1]) >= 6 or re.search(rf"(?<![\w-]){re.escape(stem[1])}(?![\w-])", page.text) is not None)


def adc_parts(run: str) -> Parts | None:
    """Read an antibody-payload name: "huC242-DM4", "trastuzumab-MCC-DM1", "CR011-vcMMAE", "HuMax-TAC-ADC"; None where it is none.

    >>> adc_parts("trastuzumab-MCC-DM1")
    Parts(antibody='trastuzumab', payload='DM1', linker='MCC')
    """
    pieces = run.split("-")
    if len(pieces) < 2:
        return None
    joined = _lists()[3]
    payload: str | None = None
    linker: str | None = None
    last = next((n for n in joined if n.casefold() == pieces[-1].casefold() and (n == pieces[-1] or pieces[-1].isupper())), None)
    two = "-".join(pieces[-2:])
    if last is None and len(pieces) > 2 and two in joined:
        payload, pieces = two, pieces[:-2]
    elif last is not None:
        payload, pieces = last, pieces[:-1]
        glued = re.fullmatch(r"(vc|mc|VC|MC)(MMA[EF])", payload)
        if glued is not None:
            linker, payload = glued[1], glued[2]
    elif pieces[-1] in {"ADC", "DXd"} and len(pieces) > 1:
        pieces = pieces[:-1]
    else:
        return None
    while len(pieces) > 1 and pieces[-1] in {"MCC", "SMCC", "SPP", "SPDB", "mc", "vc", "VC", "MC", "Val", "Cit", "GGFG"}:
        linker = pieces.pop() if linker is None else pieces.pop() + "-" + linker
    antibody = "-".join(pieces)
    if pieces[0].lower() in {
        "anti",
        "non",
        "pre",
        "free",
        "antibody",
        "mab",
        "igg",
        "bispecific",
        "dual",
        "novel",
        "next",
        "the",
        "payload",
        "linker",
    } or (antibody.islower() and not (antibody.endswith(("mab", "bart", "tug", "mig")) or any(c.isdigit() for c in antibody))):
        return None
    if antibody.casefold() in _lists()[2] or antibody in joined or antibody.upper() in {"PD", "GMP", "CMC", "CDMO"}:
        return None
    if payload is None and not (len(antibody) > 3 and any(c.isupper() for c in antibody)):
        return None
    plain = antibody if len(antibody) > 4 or any(c.isdigit() for c in antibody) else None
    return Parts(plain, payload, linker)
