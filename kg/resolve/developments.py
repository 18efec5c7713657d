"""Facts that speak of trials, submissions and approvals in, one record for each step of each compound out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kg.key import key_hash
from kg.model import Document, Fact, Mention
from kg.resolve.identify import Things
from kg.resolve.judge import Record, concepts, finer, fits, mentions, published, same_time, when_of

_NEWS = re.compile(r"\b(?:today|announced?s?|issued a press release)\b", re.IGNORECASE)
_HAPPENS = {"Started", "Completed", "DataReported", "Accepted", "Granted", "Discontinued", "OnHold"}
_GENERAL = {"Clinical", "Preclinical", "Approval", "Marketed"}  # "clinical trials" without a name are often trials in general
_PHASES = {"Phase1", "Phase1_2", "Phase2", "Phase2_3", "Phase3"}


# How far a disease has gone does not tell two of one trial apart: "advanced prostate cancer" in a headline, "metastatic" in the text
_DEGREES = frozenset(
    {"of", "the", "and", "or", "advanced", "metastatic", "relapsed", "refractory", "recurrent", "unresectable", "resectable", "severe"}
    | {"moderate", "mild", "chronic", "acute", "adult", "pediatric", "newly", "diagnosed", "locally", "borderline", "progressive"}
)
_REPORTED = re.compile(r"\b(?:present|announc|report|publi[sc]|unveil|disclos|releas|showcas|highlight|poster|abstract)", re.IGNORECASE)
# "to conduct trials of its drug products": of none in particular
_ANY_DRUGS = re.compile(
    r"\b(?:for|of|in|across|on|with) (?:all |each of )?(?:its|our|their|these|several|multiple|numerous|other|many|two|three|four|both)"
    r"(?: [\w/-]+){0,3} (?:products|candidates|drugs|programs|compounds|therapies|assets|vaccines|conjugates|ADCs|medicines|treatments)\b",
    re.IGNORECASE,
)
_OF_DEAL = re.compile(
    r"\b(?:agreement|licen[cs]e|collaboration|contract|option|partnership|alliance)\b[^.;:]{0,90}\b(?:for|to|on|of|covering) (?:the )?$",
    re.IGNORECASE,
)
_STEM = 6  # letters: "castrate-resistant" is "castration-resistant"
_TOPIC = 2  # sentences back in which a compound may stand that a sentence without one goes on about
_TOPIC_OF_TRIAL = 4  # of one that goes on about "the study"
_TRIAL_DISEASES = 2  # a trial in more is one of a drug that is "designed to treat" them all
_TRIAL_REACH = 6  # sentences behind the last word on a trial in which "the data" are still its data


_ENROLMENT = re.compile(
    r"\benroll?ments?\b[^.;]{0,110}\b(?:complet|conclud)"
    r"|\b(?:complet\w+|conclud\w+)(?: of)?(?: (?:the|patient|full|target|its))* enroll?ment",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Development(Record):
    """One step of one compound: stage, event, where, by whom."""

    compound: str = ""
    stage: str | None = None
    event: str = ""
    sponsors: set[str] = field(default_factory=set)
    indication: str | None = None
    is_news: bool = False
    is_headline: bool = False  # no sentence but a headline tells it

    @property
    def key(self) -> str:
        """Key it by compound, stage, event, indication, and the date that the text gives it."""
        date = str(self.when.date) if self.when is not None and self.when.date is not None else (self.when.text if self.when else "")
        return "development/" + key_hash("development", self.compound, self.stage or "", self.event, self.indication or "", date)


def gather(document: Document, things: Things, facts: list[Fact]) -> tuple[list[Development], dict[int, Development]]:
    """Make the developments of a document, and say which anchor (by its place) means which."""
    made: list[Development] = []
    meant: dict[int, Development] = {}
    for fact in sorted(facts, key=_place):
        record = None
        if not concepts(fact, "event") and fact.anchor is not None and fact.anchor.found_by == "discourse/the-trial" and made:
            # "Alder is the sponsor of the study": of the step told last
            made[-1].sponsors |= {things.key_of("company", str(v)) for m in mentions(fact, "sponsor") for v in _values(m)}
            diseases = {things.key(m) for m in mentions(fact, "indication")}
            if len(diseases) == 1 and made[-1].indication is None and made[-1].stage == str(fact.anchor.value):
                made[-1].indication = diseases.pop()  # "The study will enrol women with ovarian cancer"
            made[-1].support(fact)
        for one in _read(document, things, fact, made):
            record = _merge(made, one)
        if record is not None and fact.anchor is not None:
            meant[fact.anchor.span.start] = record
    return _drop_general(made, meant), meant


def _place(fact: Fact) -> tuple[int, bool, int]:
    """Order facts as they stand, but in one sentence results behind the trial that it names."""
    if fact.anchor is None:
        return 0, False, 0
    return fact.anchor.sentence, not (isinstance(fact.anchor.value, str) or mentions(fact, "phase")), fact.anchor.span.start


def name_sponsors(
    made: list[Development],
    known: list[dict[str, set[str]]],
    focal: str | None,
    of_sentence: Mapping[int, str],
    maker_of: Callable[[str], str | None],
    is_listed: Callable[[str], bool],
) -> None:
    """Name the sponsor of a step that no sentence names.

    known: by compound, in order of trust, who develops it, who has licensed it, who owns it. Only where nothing is known of a compound is
    it taken for one of the company after whose ticker its code is called (maker_of), or else that the document speaks for, or the sentence
    in an article on several (of_sentence); but not a drug that all know (is_listed), which may be anybody's.
    """
    for development in made:
        if development.sponsors:
            continue
        said = next((names[development.compound] for names in known if development.compound in names), set())
        if len(said) == 1:
            development.sponsors = set(said)
        elif not said and not is_listed(development.compound):
            place = min((f.anchor.sentence for f in development.facts if f.anchor is not None), default=-1)
            own = focal if focal is not None else of_sentence.get(place)
            if own is not None:
                development.sponsors = {maker_of(development.compound) or own}
        development.derivation = "Resolved"


def name_indications(made: list[Development], developed_for: dict[str, set[str]]) -> None:
    """Name the disease of a trial that no sentence names, where the document has only one for that trial, or else for the compound."""
    known: dict[tuple[str, str | None], set[str]] = {}
    for development in made:
        if development.indication:
            known.setdefault((development.compound, development.stage), set()).add(development.indication)
            known.setdefault((development.compound, None), set(developed_for.get(development.compound, ()))).add(development.indication)
    for development in made:
        if development.indication is None and development.stage in _PHASES | {"Submission", "Approval", "Clinical"}:
            compound, stage = development.compound, development.stage
            of_trial = known.get((compound, stage), set()) if stage in _PHASES else set()
            development.indication = _one_disease(of_trial) or _one_disease(
                known.get((compound, None)) or developed_for.get(compound, set())
            )
            if development.indication is not None:
                development.derivation = "Resolved"


def _one_disease(names: set[str]) -> str | None:
    """Choose the most precise of the names of one disease; None where they are of two."""
    longest = max(sorted(names), key=len, default=None)
    return longest if longest is not None and all(are_alike(longest, n) for n in names) else None


def _read(document: Document, things: Things, fact: Fact, before: list[Development]) -> list[Development]:
    """Read one fact as a step of each of its compounds; what has no compound or no event is none."""
    events = concepts(fact, "event")
    if not events or fact.anchor is None:
        return []
    told = (fact.anchor, *mentions(fact, "phase")[:1]) if fact.anchor.type == "stage" else (*mentions(fact, "phase")[:1], fact.anchor)
    stage = concepts(fact, "stage")[:1] or [str(m.value) for m in told if isinstance(m.value, str)]
    if events[0] in {"Granted", "Accepted"} and stage and stage[0] in _PHASES | {"Preclinical"}:
        return []  # what is granted is an approval, not a trial
    if events[0] == "DataReported" and stage and stage[0] in {"Submission", "IND", "Approval"}:
        return []  # "the application is based on positive data": the data are those of a trial
    sentence = document.sentences[fact.anchor.sentence]
    if stage[:1] == ["Preclinical"] and events[0] == "DataReported" and not _REPORTED.search(sentence.text):
        return []  # "backed by preclinical data": what is known, no step
    if stage[:1] == ["Clinical"] and any(e.rule == "development/was-in" for e in fact.evidence):
        return []  # "has been given to 300 patients in clinical trials"
    if events[0] in {"Ongoing", "Completed"} and stage[:1] and stage[0] in {"IND", "Submission"}:
        events = ["Started"] if events[0] == "Completed" else []
        if not events:
            return []
    if events[0] == "Started" and stage[:1] == ["Approval"]:
        if fact.factuality != "Expected":
            return []  # nothing starts with an approval but sales
        events = ["Granted"]
    compounds = list(dict.fromkeys(things.key(m) for m in mentions(fact, "compound")))
    if events[0] == "Discontinued" and not stage:
        of_deal = {things.key(m) for m in mentions(fact, "compound") if _OF_DEAL.search(sentence.text, 0, m.local.start)}
        if of_deal >= set(compounds) and compounds:
            return []  # "its license for ABC-101 was terminated": what ends is the deal
    if not compounds and events[0] == "Discontinued" and not stage:
        compounds = _topic(document, things, fact.anchor)
    is_named = fact.anchor.found_by.startswith("discourse/") or "toxicology" in fact.anchor.text.lower()
    if not compounds and stage and (stage[0] not in _GENERAL or is_named):
        compounds = _topic(document, things, fact.anchor)
    indications = list(dict.fromkeys(things.key(m) for m in mentions(fact, "indication")))
    if not stage and events[0] == "DataReported":
        # "Full data are expected in June": of the trial that was spoken of last
        compounds = compounds or _topic(document, things, fact.anchor)
        trials = [d for d in reversed(before) if d.compound in compounds and d.stage in _PHASES | {"Clinical"}]
        place = fact.anchor.sentence
        named = [d for d in trials if any(f.anchor is not None and f.anchor.sentence == place for f in d.facts)]
        trial = next(iter(named or trials), None)  # the one of its own sentence, or else the last
        if trial is None or fact.anchor.sentence - max(f.anchor.sentence for f in trial.facts if f.anchor is not None) > _TRIAL_REACH:
            return []
        stage, compounds = [str(trial.stage)], [trial.compound]
        indications = indications or [i for i in (trial.indication,) if i]
    is_news = bool(_NEWS.search(sentence.text)) or document.section_of(sentence).kind == "headline"
    if events[0] == "Completed" and _ENROLMENT.search(sentence.text):
        events = ["Ongoing"]  # all patients are in, and the trial goes on
    factuality = fact.factuality or "Occurred"
    when = when_of(fact)
    if not fits(when, factuality, document.published):
        when = None  # "accepted, with a decision expected on August 13"
    made = []
    where: list[str | None] = [*indications] if 0 < len(indications) <= _TRIAL_DISEASES else [None]
    for compound, indication in ((c, i) for c in compounds[:6] for i in where):
        record = Development(
            [fact], factuality, when, fact.derivation, compound, stage[0] if stage else None, events[0],
            {things.key_of("company", str(v)) for m in mentions(fact, "sponsor") for v in _values(m)},
            indication, is_news and events[0] in _HAPPENS and factuality in {"Occurred", "Ended"},
        )  # fmt: skip
        record.is_headline = document.section_of(sentence).kind == "headline"
        if record.is_news and (when is None or when.text.lower() == "today"):
            record.when = published(document.published)
        made.append(record)
    return made


_FOR_IT = re.compile(r"\b(?:for|of) (?:its |the |our )?$")
_BREAK = re.compile(r"[:;]")


def _topic(document: Document, things: Things, anchor: Mention) -> list[str]:
    """Tell which compound a sentence without one goes on about: the only one of the nearest sentence before that names any.

    "MDX-010 is an antibody … Phase III trials are being conducted in melanoma." No more than two sentences back, in the same section; or
    the compound that the document is about.
    """
    here = document.sentences[anchor.sentence]
    if _ANY_DRUGS.search(here.text):
        return []
    before = [m for m in things.named_in(anchor.sentence) if m.type == "compound"]
    after = [m for m in before if m.local.start > anchor.local.end and _FOR_IT.search(here.text, 0, m.local.start)]
    if str(anchor.value) in {"IND", "Submission"} and len({things.key(m) for m in before}) == len(after) == 1:
        return [things.key(after[0])]  # "filed one application and began another for ABC-101"
    beside = {things.key(m) for m in before}
    if len(beside) == 1 and all(_BREAK.search(here.text, m.local.end, anchor.local.start) for m in before):
        return sorted(beside)  # "ABC-101 is a conjugate; dosing in a Phase 1 trial got under way"
    reach = _TOPIC_OF_TRIAL if anchor.found_by.startswith("discourse/") else _TOPIC
    for index in range(anchor.sentence - 1, max(-1, anchor.sentence - reach - 1), -1):
        if document.sentences[index].section != here.section:
            break
        named = {things.key(m) for m in things.named_in(index) if m.type == "compound"}
        if named:
            return sorted(named) if len(named) == 1 else []
    return things.main_compound()


def _values(mention: Mention) -> tuple[object, ...]:
    return mention.value if isinstance(mention.value, tuple) else (mention.value,)


def _merge(made: list[Development], one: Development) -> Development:
    """Join a step with one that it repeats, or add it.

    A trial that has started is also ongoing: "the Phase II study now underway" says more of the start just reported.
    """
    for known in made:
        if known.event == one.event == "Discontinued" and known.compound == one.compound and not (known.stage and one.stage):
            known.stage = one.stage = known.stage or one.stage  # the drug was given up, and its trial with it
        if known.compound != one.compound or known.stage != one.stage or known.factuality != one.factuality:
            continue
        started = {known.event, one.event} == {"Started", "Ongoing"} and known.factuality == "Occurred" and one.stage != "Preclinical"
        cleared = known.stage == "IND" and {known.event, one.event} == {"Accepted", "Granted"}
        if known.event != one.event and not started and not cleared:
            continue
        if not same_time(known.when, one.when) and not started:
            continue
        if known.indication and one.indication and known.indication != one.indication and not are_alike(known.indication, one.indication):
            continue
        for fact in one.facts:
            known.support(fact)
        if started and known.event == "Ongoing":
            known.event, known.when = "Started", one.when
        elif cleared:
            known.event, known.when = "Granted", finer(known.when, one.when)  # "receives clearance", "is now cleared"
        elif not started:
            known.when = finer(known.when, one.when)
        known.sponsors |= one.sponsors
        if one.indication and (not known.indication or len(one.indication) > len(known.indication)):
            known.indication = one.indication
        known.is_news = known.is_news or one.is_news
        known.is_headline = known.is_headline and one.is_headline
        if one.derivation == "Stated":
            known.derivation = "Stated"
        return known
    made.append(one)
    return one


def are_alike(left: str, right: str) -> bool:
    """Answer whether two indications can be one: the words of the shorter stand in the longer."""
    a, b = ({w[:_STEM] for w in x.rsplit("/", 1)[-1].split("-") if w not in _DEGREES} for x in (left, right))
    return a <= b or b <= a


def _drop_general(made: list[Development], meant: dict[int, Development]) -> list[Development]:
    """Leave out "in clinical testing" where the same document names the phase of a running trial of that compound."""
    kept = []
    for one in made:
        if (
            one.event == "Ongoing"
            and one.is_headline
            and any((d.compound, d.stage, d.event, d.factuality) == (one.compound, one.stage, "Started", "Expected") for d in made)
        ):
            continue  # a headline is short: "signs supplier for HB-1 in Phase 2 trial", of a trial to come
        if one.stage == "Clinical" and one.event == "Started" and one.factuality == "Expected" and one.when is None:
            # "cleared to enter clinical development", where the clearance or the first trial is told itself
            said = {(d.stage, d.event) for d in made if d.compound == one.compound}
            if any((s in _PHASES and e == "Started") or (s == "IND" and e in {"Accepted", "Granted"}) for s, e in said):
                for place in [p for p, record in meant.items() if record is one]:
                    del meant[place]
                continue
        if one.stage == "Clinical" and one.event == "Ongoing" and one.factuality == "Occurred":
            exact = [
                d
                for d in made
                if d.compound == one.compound
                and (not one.indication or not d.indication or are_alike(one.indication, d.indication))
                and d.stage in _PHASES
                and d.factuality == "Occurred"
                and d.event in {"Started", "Ongoing", "DataReported"}
            ]
            if exact:
                for place, record in meant.items():
                    if record is one:
                        meant[place] = exact[0]
                continue
        kept.append(one)
    return kept
