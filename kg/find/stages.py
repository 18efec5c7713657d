"""A tidied sentence in, its stages of development out: phases, trials without a phase, applications, approvals."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from kg.find.found import Found

# Every repetition below has an upper limit, so that no sentence costs more than its length times a constant.
_DIGIT = r"(?:[1-4]|IV|I{1,3}|iv|i{1,3}|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|ONE|TWO|THREE)"
_NUMBER = rf"{_DIGIT}(?:[- ]?\(?[a-cA-C]\)?(?:/[a-cA-C])?)?(?![A-Za-z0-9%]|\.\d|,\d)"
_VALUES = {
    **dict.fromkeys(("1", "i", "one"), 1),
    **dict.fromkeys(("2", "ii", "two"), 2),
    **dict.fromkeys(("3", "iii", "three"), 3),
    **dict.fromkeys(("4", "iv", "four"), 4),
}
_PHASE_CONCEPT = {1: "Phase1", 2: "Phase2", 3: "Phase3"}  # a phase 4 studies a marketed drug, for which the ontology has no trial stage
_PAIR_CONCEPT = {(1, 2): "Phase1_2", (2, 3): "Phase2_3"}
_PHASE = re.compile(
    rf"(?<![\w-])(?:(?:[Pp]hase|PHASE)(?P<plural>s|S)?(?:\s|-|\u2011)?|Ph\.?\s?(?=[1-4])|Ph\.?\s(?=I))(?P<first>{_NUMBER})"
    rf"(?P<more>(?:(?:,\s?|,?\s(?:and|or|to|through|&)\s|\s?[/\u2013\u2011-]\s?)(?:[Pp]hase\s)?{_NUMBER}){{0,3}})"
)
_WORD = re.compile(r"[Pp]hase")
_NUMBERS = re.compile(_NUMBER)
_JOINED = re.compile(r"\s?[/\u2013\u2011-]\s?(?:[Pp]hase\s)?$")
# "Phase 1 of the building", "Phase I environmental assessment", a meeting or a dose that is only named after a phase.
_OTHER_PHASE = re.compile(
    r"\s(?:capacity|expansion|construction|environmental|site\sassessment|exploration|drilling|of\sthe\s(?:project|construction"
    r"|expansion|building|facility|plan|program)"
    r"|(?:Type\s[A-D]\s)?meeting|metaboli[sz]|enzymes?|conjugation|reactions?)"
)
_RECOMMENDED = re.compile(r"\b[Rr]ecommended\s$")

_TRIAL_NOUN = r"(?:trials?|stud(?:y|ies)|testing|development|investigations?|evaluation)"
_DESIGN = (
    r"(?:clinical|pivotal|registration(?:al)?|confirmatory|randomi[sz]ed|controlled|placebo[- ]controlled|double[- ]blind(?:ed)?"
    r"|open[- ]label|single[- ]arm|multi-?cent(?:er|re)"
    r"|global|international|dose[- ](?:escalation|expansion|finding|ranging)|proof[- ]of[- ]concept|exploratory|human|combination"
    r"|monotherapy|adaptive|basket|umbrella|efficacy|safety)"
)
_HEAD = rf"(?:,?\s{_DESIGN}){{0,6}}\s{_TRIAL_NOUN}"
_AFTER_PHASE = re.compile(rf"(?i:{_HEAD})(?![\w-])")
_LISTED_TRIAL = re.compile(rf"(?:\s[\w-]{{1,16}}){{0,3}}\s(?i:{_TRIAL_NOUN}|clinical|programs?|data|results)\b")

_ACRONYM = r"(?:\s\(\W?[aAsS]?(?:IND|CTA|NDA|BLA|MAA)s?\W?\))?"  # 'New Drug Application ("NDA")' is one mention
_AUTHORITY = r"(?:(?:U\.?S\.?\s)?(?:FDA|Food\sand\sDrug\sAdministration)|EMA|European\s(?:Commission|Medicines\sAgency)|NMPA|MHRA|PMDA)"
_APPROVING = (
    r"(?i:(?:accelerated|full|conditional|marketing|market|regulatory|product|commercial|tentative"
    r"|FDA|EMA|EC|CHMP|NMPA|MHRA|PMDA|European|Commission|U\.?S\.?|EU)\s)"
)
# Concept, rule and wordings. Of two that overlap, the one that starts first wins, then the longer.
_WORDINGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("IND", "ind", (
        rf"(?i:investigational\snew\sdrug(?:\s\(IND\))?(?:\s(?:applications?|submission|exemption))?{_ACRONYM})",
        rf"(?i:clinical\strial\s(?:applications?|approvals?|authori[sz]ations?|notification){_ACRONYM})",
        r"(?<![\w-])INDs?(?:\sapplications?)?(?![\w-])",
        r"(?<![\w-])(?<!coronary\s)(?<!CT\s)CTAs?(?![\w-])",  # not the angiography of the heart
    )),
    ("IND", "clearance", (
        rf"(?:{_AUTHORITY}|MHRA|TGA|HREC|Health\sCanada|(?i:regulatory))\s(?i:clearance|approval|authori[sz]ation|permission)"
        r"(?=(?i:\sto\s(?:begin|start|initiate|commence|proceed|conduct|launch)"
        r"|\s(?:for|of)\s(?:a|its|the|an)\s(?:first[- ]in[- ]human|clinical|Phase)\b))",
    )),
    ("Preclinical", "preclinical", (
        r"(?<![\w-])(?i:(?:GLP|IND-enabling)?\s?toxicology\s(?:stud(?:y|ies)|program))(?![\w-])",
        r"(?<![\w-])(?i:pre-?clinical(?:\s(?:stud(?:y|ies)|development|testing|trials?|research|evaluation))?)(?!ly)\b",
        r"(?<![\w-])(?:IND|CTA)-enabling(?i:\s(?:toxicology\s)?(?:stud(?:y|ies)|activities|work))?",
    )),
    ("Submission", "application", (
        r"(?<![\w-])[sSaAr]?(?:NDA|BLA)s?(?![\w-])",
        r"(?<![\w-])(?:[Mm]AAs?|NDS|JNDA)(?![\w-])",
        r"(?i:(?:(?:supplemental|supplementary|abbreviated)\s)?"
        rf"(?:new\sdrug|biologics?\slicen[sc](?:e|ing)|biological\slicen[sc]e)\s(?:applications?|submissions?){_ACRONYM})",
        r"(?i:(?:marketing|market|product\slicen[sc]e|premarket\sapproval)(?:\sauthori[sz]ation)?"
        rf"\sapplications?{_ACRONYM})",
        r"(?i:regulatory\ssubmissions?|rolling\ssubmission)",
    )),
    ("Approval", "approval", (
        rf"{_APPROVING}{{1,4}}(?i:approvals?|authori[sz]ations?)(?!\s(?i:applications?|pathways?))"
        r"(?!\s(?:of|for|to)\s(?:\S+\s){0,4}(?i:petition|protocol|request|trademark|patent|facility|plan|study|trial|IND|listing|merger|transaction))",
        rf"(?i:approv(?:al|ed)\s(?:by|from)\s(?:the\s)?){_AUTHORITY}",
    )),
    ("Marketed", "marketed", (
        r"(?<![\w-])(?i:marketed|commercially\savailable|(?:currently\s)?on\sthe\smarket|commercial\slaunch(?:ed)?)\b",
    )),
    ("Clinical", "trial", (
        rf"(?<![\w-])(?i:first[- ]in[- ](?:human|man|patient)(?:,?\s{_DESIGN}){{0,4}}(?:\s{_TRIAL_NOUN})?)(?![\w-])",
        rf"(?<![\w-])(?i:(?:pivotal|registration(?:al)?)(?:,?\s{_DESIGN}){{0,4}}\s{_TRIAL_NOUN})(?![\w-])",
        # "the pivotal ECHO-2 trial", but no "pivotal role" and no "registration statement"
        r"(?<![\w-])(?i:pivotal|registrational)(?=(?:\s[\w()-]{1,20}){0,3}\s(?i:trials?|stud(?:y|ies)|programs?)\b)",
        r"(?<![\w-])(?i:pivotal|registrational)(?=\s(?:data|results)\b)",
        r"(?<![\w-])(?i:human\s(?:clinical\s)?(?:trials?|testing))(?![\w-])",
        rf"(?<![\w-])(?i:clinical(?:\s(?:phase|combination|efficacy|safety))?\s{_TRIAL_NOUN})(?![\w-]|\.gov)",
        r"(?:(?<=\bin\s)|(?<=\binto\s)|(?<=\bto\s)|(?<=enter\s)|(?<=enters\s)|(?<=entered\s)|(?<=entering\s)|(?<=reach\s)|(?<=reached\s))"
        r"(?i:the\sclinic)(?![\w-])",
    )),
)  # fmt: skip  # one wording a line, for reading down the concepts
_PATTERNS = tuple((concept, rule, re.compile("|".join(wordings))) for concept, rule, wordings in _WORDINGS)
# What stands between "Phase 2" and "clinical trial" in one noun phrase: a trial's name, never a verb, a preposition or "and".
_SAME_PHRASE = re.compile(
    r"(?:\s(?!(?i:of|in|for|and|or|to|with|from|its|the|a|an|is|are|was|were|has|have|by|on|at|as|that|which|will"
    r"|after|into|while|but|this)\b)[\w()/+,\u2122\u00ae-]{1,24}){0,6}\s?$"
)
_LOOK = 110  # characters that such a name and its adjectives may take
_ADJECTIVES = re.compile(rf"(?:,?\s(?i:{_DESIGN})){{0,3}},?\s\(?")  # between "pivotal" and "Phase 3 trial"; "pivotal trials (Phase III)"
_GAP = 60  # characters that three such adjectives take


def find_stages(text: str) -> list[Found]:
    """Find mentions of a stage, in order and without overlaps; the value is the concept's name ("Phase2", "Submission").

    A phase takes the trial noun that follows with it ("Phase II clinical testing" is one mention); a trial in whose noun phrase
    a phase stands is not another one. `by` is "stage/" and the kind of wording.
    """
    phases, blocked = _phases(text)
    found = [*phases]
    starts, ends = [phase.start for phase in phases], sorted([phase.end for phase in phases] + blocked)
    for concept, rule, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if concept != "Clinical" or _is_trial(text, match, starts, ends):
                found.append(Found("stage", match.start(), match.end(), concept, f"stage/{rule}"))
    found.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Found] = []
    for hit in found:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _phases(text: str) -> tuple[list[Found], list[int]]:
    """Read the phases, and the ends of phases 4, whose trials are no stage either."""
    found: list[Found] = []
    blocked: list[int] = []
    for match in _PHASE.finditer(text):
        if _OTHER_PHASE.match(text, match.end()) or _RECOMMENDED.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        for start, end, concept in _concepts(text, match):
            if concept is None:
                blocked.append(end)
                continue
            if end == match.end() and (head := _AFTER_PHASE.match(text, end)):
                end = head.end()
            found.append(Found("stage", start, end, concept, "stage/phase"))
    return found, blocked


def _concepts(text: str, match: re.Match[str]) -> Iterator[tuple[int, int, str | None]]:
    """Part a phase wording into its mentions: "Phase 1b/2a" is one, "Phases I and II" two, "Phase 2 and 40 patients" the first alone."""
    numbers = [(match.start("first"), match.end("first"))]
    numbers += [found.span() for found in _NUMBERS.finditer(text, match.start("more"), match.end("more"))]
    is_list = match["plural"] is not None or _LISTED_TRIAL.match(text, match.end()) is not None
    start, place = match.start(), 0
    while place < len(numbers):
        first = _value(text[slice(*numbers[place])])
        follows = place + 1 < len(numbers)
        between = text[numbers[place][1] : numbers[place + 1][0]] if follows else ""
        if follows and _JOINED.fullmatch(between):
            second = _value(text[slice(*numbers[place + 1])])
            # "Phase 1-3" spans three phases and names no one of them
            concept = _PHASE_CONCEPT.get(first) if first == second else _PAIR_CONCEPT.get((first, second))
            yield start, numbers[place + 1][1], concept
            place += 2
        else:
            yield start, numbers[place][1], _PHASE_CONCEPT.get(first)
            place += 1
        if place < len(numbers):
            word = _WORD.search(text, numbers[place - 1][1], numbers[place][0])
            if word is None and not is_list:
                return
            start = numbers[place][0] if word is None else word.start()


def _value(number: str) -> int:
    """Read "IIb" or "2a" as 2."""
    word = re.match(_DIGIT, number)
    return _VALUES[word.group().lower()] if word else 0


def _is_trial(text: str, match: re.Match[str], starts: list[int], ends: list[int]) -> bool:
    """Answer whether a trial wording is a mention of its own, and not part of the noun phrase of the phase beside it."""
    before = bisect.bisect_right(ends, match.start())
    if before and match.start() - ends[before - 1] <= _LOOK and _SAME_PHRASE.fullmatch(text[ends[before - 1] : match.start()]):
        return False
    after = bisect.bisect_left(starts, match.end())
    is_near = after < len(starts) and starts[after] - match.end() <= _GAP
    return not (is_near and _ADJECTIVES.fullmatch(text[match.end() : starts[after]]))
