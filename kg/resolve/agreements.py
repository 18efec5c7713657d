"""Facts that speak of agreements in, one record for each agreement of the document out.

A mention with two parties makes an agreement or joins one of the same parties; one with a single party or none ("the agreement", "the 2000
agreement") joins the agreement that it can mean, and is left as an Issue where that is none or more than one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kg.key import key_hash
from kg.model import Concept, Document, Evidence, Fact, Issue, Mention, Phrase, When
from kg.resolve.identify import Things
from kg.resolve.judge import Record, concepts, families, finer, mentions, same_time, when_of

ROLES = ("licensor", "licensee", "collaborator", "acquirer", "acquiree", "optionor", "optionee", "supplier", "customer")
_PAIRS = {
    "licensor": "licensee",
    "licensee": "licensor",
    "acquirer": "acquiree",
    "optionee": "optionor",
    "optionor": "optionee",
    "supplier": "customer",
    "customer": "supplier",
}


_DEAL = re.compile(r"(?:agreements?|deals?|collaborations?|partnerships?|contracts?|transactions?|alliances?)\W*$", re.IGNORECASE)


_SEVERAL = re.compile(r"\b(?:agreements|collaborations|partnerships|alliances|licen[cs]es|deals|contracts)$", re.IGNORECASE)
# rules that read one party, and put it on the other side: "an agreement with X", "rights granted to X"
_BY_PARTNER = {
    "agreement/" + rule for rule in (
        "with", "entered", "granted", "licensed-from", "licensed-thing", "acquired", "agreed-to-acquire", "collaborates",
        "other-party", "acts-under", "licensee-named", "rights-lie", "takes-over", "takes-right", "named-after", "network",
        "licensed-technology",
    )
}  # fmt: skip
_INTENT = re.compile(r"memorand(?:um|a) of understanding|letters? of intent|term sheet|\bMOU\b|\bLOI\b", re.IGNORECASE)
_WITH = re.compile(r"[^;:.]{0,160}?\b(?:with|such as|including)\b")
_WORDS_BEFORE = 16  # characters, of two words
_FILLS = 4  # sentences that name a drug which all of a document is about
_OF_DRUGS = {"License", "Collaboration", "Option", "Supply", "Manufacturing", "Distribution"}
_TAKEN = {"agreement/granted", "agreement/licensed-thing", "agreement/licensee-named"}  # rules that tell who takes a licence
# What companies sign with investors, banks, landlords and staff
_NO_DEAL = re.compile(
    r"securities|standby|equity (?:purchase|line|draw)|underwrit|placement agen|at-the-market|sales agreement|equity distribution"
    r"|credit|loan|lease|employ|registration rights"
    r"|warrant|voting|investor relations|consulting|indemni|confidential|rights offering|bridge|note purchase",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Agreement(Record):
    """An agreement: who, which kinds, what it covers, when."""

    parties: set[str] = field(default_factory=set)
    roles: dict[str, set[str]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    exclusive: bool | None = None
    status: str | None = None
    territory: str | None = None
    compounds: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    technologies: set[str] = field(default_factory=set)
    amended: dict[str, tuple[When, tuple[Evidence, ...]]] = field(default_factory=dict)
    place: int = 0

    @property
    def is_network(self) -> bool:
        """Answer whether it is only told as the licences of a network of institutions, which no other sentence then means."""
        return all(e.rule == "agreement/network" for e in self.evidence)

    @property
    def key(self) -> str:
        """Key it by its parties, what it covers, its date and its kind: two companies sign two agreements in one month, or day."""
        # the narrowest that a text names first: two filings call one technology by two names, but HER2 is HER2
        scope = sorted(self.targets) or sorted(self.compounds) or sorted(self.technologies)
        date = str(self.when.date) if self.when is not None and self.when.date is not None else ""
        family = "intent" if all(map(_is_intent, self.facts)) else families(self.kinds)
        return "agreement/" + key_hash("agreement", sorted(self.parties), scope, date, family)


def gather(
    document: Document, things: Things, facts: list[Fact], focal: str | None, issues: list[Issue], pairs: set[frozenset[str]]
) -> tuple[list[Agreement], dict[int, Agreement]]:
    """Make the agreements of a document, and say which anchor mention (by its place in the text) means which.

    pairs: who pays whom. Where all payments pass between the same two, an agreement whose parties no sentence names is theirs.
    """
    focal_key = things.key_of("company", focal) if focal else None
    made: list[Agreement] = []
    meant: dict[int, Agreement] = {}
    later: list[Fact] = []
    for fact in facts:
        if fact.anchor is not None and fact.anchor.value is None and {e.rule for e in fact.evidence} == {"agreement/dated"}:
            continue  # "acquired in 2021" without who acquired whom dates nothing
        if fact.anchor is not None and _NO_DEAL.search(_with_words_before(document, fact.anchor)):
            continue
        parties, roles = _parties(things, fact)
        is_side = len(parties) == 1 or set(roles) == {"licensor"}
        if is_side and focal_key and focal_key not in parties and _names_partner(fact):
            parties = {*parties, focal_key}
        partners = _partners_each(document, things, fact, focal_key)
        for partner in partners:
            pair = {partner, *(parties - set(partners) or {focal_key or partner})}
            one = _fitting(made, pair, fact)
            if one is None:
                one = Agreement(parties=pair, place=_place(fact), derivation="Resolved")
                made.append(one)
            _join(things, one, fact, {})
            one.roles.pop("collaborator", None)
        if partners:
            continue
        if len(parties) < 2:
            later.append(fact)
            continue
        if len(parties) == 2 and _is_one_house(things, parties, fact):
            issues.append(_issue(document, fact, "a deal of a company with its own subsidiary is left open"))
            continue
        if len(parties) > 4:
            issues.append(_issue(document, fact, f"an agreement of {len(parties)} companies is left open"))
            continue
        agreement = _fitting(made, parties, fact)
        if agreement is None:
            agreement = Agreement(parties=set(parties), place=_place(fact))
            made.append(agreement)
        _join(things, agreement, fact, roles)
        meant[_place(fact)] = agreement
    for fact in _two_sides(document, things, sorted(later, key=_place), made, meant):
        parties, roles = _parties(things, fact)
        agreement = _meant(made, parties, fact)
        if agreement is not None and concepts(fact, "agreementStatus") and fact.anchor is not None:
            others = {things.key(m) for m in things.named_in(fact.anchor.sentence) if m.type == "company"} - agreement.parties
            agreement = None if others and not parties else agreement  # "BARDA ended the contract" is not the licence told before
        if agreement is not None:
            _join(things, agreement, fact, {r: c for r, c in roles.items() if c <= agreement.parties})
            meant[_place(fact)] = agreement
    if not made:
        _unnamed(things, later, pairs, made, meant)
    for agreement in made:
        _settle(agreement, focal_key)
        of_list = any(e.rule == "agreement/network" for e in agreement.evidence) or all(
            f.anchor is not None and _SEVERAL.search(f.anchor.text) for f in agreement.facts
        )
        if not (of_list or agreement.compounds or agreement.technologies or agreement.targets) and agreement.kinds & _OF_DRUGS:
            # of a document on one drug, a licence is to it; where there are several agreements, the drug must fill the document
            agreement.compounds = set(things.main_compound(2 if len(made) == 1 else _FILLS))
    return made, meant


def of_payments(payments: list[Fact], agreements: list[Fact]) -> list[Fact]:
    """Make a fact of each agreement that is only told as what two pay under: "Under the 2012 licence, Takeda paid Alder $5 million"."""
    known = {fact.anchor.span.start for fact in agreements if fact.anchor is not None}
    made: dict[int, Fact] = {}
    for fact in payments:
        sides = (*mentions(fact, "payer"), *mentions(fact, "payee"))
        for anchor in mentions(fact, "agreement"):
            reading = anchor.value
            if not isinstance(reading, Phrase) or len(sides) != 2 or sides[0].value == sides[1].value or anchor.span.start in known:
                continue
            dates, kinds = reading.parts.get("date", ()), reading.sets.get("agreementType", ())
            if not (dates and kinds):
                continue  # "the agreement" is one that is told elsewhere
            roles: dict[str, tuple[object, ...]] = {"party": sides, "date": dates}
            roles["agreementType"] = tuple(Concept(str(k)) for k in (kinds if isinstance(kinds, tuple) else (kinds,)))
            evidence = tuple(replace(e, rule="agreement/paid-under") for e in fact.evidence[:1])
            made.setdefault(anchor.span.start, Fact("agreement", roles, evidence, None, "Resolved", anchor))
    return list(made.values())


def _unnamed(things: Things, facts: list[Fact], pairs: set[frozenset[str]], made: list[Agreement], meant: dict[int, Agreement]) -> None:
    """Make the one agreement of a document that never says at once who its parties are.

    They are the two between whom its payments pass; or one party alone, where it takes a licence to a named compound.
    """
    if len(pairs) == 1:
        (pair,) = pairs
        for fact in facts:
            if _parties(things, fact)[0] <= pair and (concepts(fact, "agreementType") or when_of(fact) is not None):
                agreement = made[0] if made else Agreement(parties=set(pair), place=_place(fact), derivation="Resolved")
                if not made:
                    made.append(agreement)
                _join(things, agreement, fact, _parties(things, fact)[1])
                meant[_place(fact)] = agreement
        return
    for fact in facts:
        parties, roles = _parties(things, fact)
        if parties and parties == roles.get("licensee") and mentions(fact, "compound") and "License" in concepts(fact, "agreementType"):
            agreement = Agreement(parties=set(parties), place=_place(fact))
            made.append(agreement)
            _join(things, agreement, fact, roles)
            meant[_place(fact)] = agreement


def _two_sides(document: Document, things: Things, facts: list[Fact], made: list[Agreement], meant: dict[int, Agreement]) -> list[Fact]:
    """Join a mention that names the licensee with one near it that names the licensor; give back the facts left over."""
    left: list[Fact] = []
    for fact in facts:
        parties, roles = _parties(things, fact)
        side = next((r for r in ("licensor", "licensee") if len(roles.get(r, ())) == 1), None)
        mate = None
        if side is not None and fact.anchor is not None and _meant(made, parties, fact) is None:
            for other in reversed(left):
                other_parties, other_roles = _parties(things, other)
                near = other.anchor is not None and abs(fact.anchor.sentence - other.anchor.sentence) <= 2
                if near and other_roles.get(_PAIRS[side]) and len(other_parties | parties) == 2:
                    mate = other
                    break
        if mate is None:
            left.append(fact)
            continue
        left.remove(mate)
        agreement = Agreement(parties=parties | _parties(things, mate)[0], place=_place(mate))
        made.append(agreement)
        for one in (mate, fact):
            _join(things, agreement, one, _parties(things, one)[1])
            meant[_place(one)] = agreement
    return left


def _partners_each(document: Document, things: Things, fact: Fact, focal: str | None) -> list[str]:
    """List the partners behind "collaborations with Alder, Birch and Cedar": there is one with each, of one company told before it."""
    anchor = fact.anchor
    if anchor is None or not _SEVERAL.search(anchor.text):
        return []
    if not _WITH.match(document.sentences[anchor.sentence].text, anchor.local.end):
        return []
    told = mentions(fact, "party")
    behind = dict.fromkeys(k for m in told if m.span.start > anchor.span.end for k in sorted(company_keys(things, m)))
    before = {k for m in told if m.span.end <= anchor.span.start for k in company_keys(things, m)} or {focal or ""}
    partners = [k for k in behind if k not in before]
    return partners if len(before) == 1 and "" not in before and len(partners) > 1 else []


def _with_words_before(document: Document, anchor: Mention) -> str:
    """Give an agreement's words with the few before them: "its Standby Equity | Purchase Agreement"."""
    text = document.sentences[anchor.sentence].text
    return text[max(0, anchor.local.start - _WORDS_BEFORE) : anchor.local.end]


def _is_one_house(things: Things, parties: set[str], fact: Fact) -> bool:
    """Answer whether two companies are parent and subsidiary: they bear one name, and a sentence on the deal speaks of a subsidiary."""
    heads = {things.labels.get(party, "").split(" ")[0].casefold() for party in parties}
    return len(heads) == 1 and any("subsidiar" in e.sentence for e in fact.evidence)


def _place(fact: Fact) -> int:
    return fact.anchor.span.start if fact.anchor is not None else fact.evidence[0].span.start


def _issue(document: Document, fact: Fact, problem: str) -> Issue:
    span = fact.evidence[0].span
    return Issue("resolve", f"{document.source.file_name}:{span.start}-{span.end}", problem)


def _names_partner(fact: Fact) -> bool:
    """Answer whether the rule that read the one party put it on the other side ("an agreement with X", "rights granted to X")."""
    return any(e.rule in _BY_PARTNER for e in fact.evidence)


def _parties(things: Things, fact: Fact) -> tuple[set[str], dict[str, set[str]]]:
    """List the companies of a fact and their roles; one that would be on both sides of the same pair has neither role."""
    roles: dict[str, set[str]] = {}
    parties: set[str] = set()
    for role in (*ROLES, "party"):
        for mention in mentions(fact, role):
            keys = company_keys(things, mention)
            parties |= keys
            if role != "party":
                roles.setdefault(role, set()).update(keys)
    for role, other in _PAIRS.items():
        both = roles.get(role, set()) & roles.get(other, set())
        if both:
            roles[role] = roles[role] - both
            roles[other] = roles[other] - both
    if {e.rule for e in fact.evidence} & {"agreement/acquisition-of"} and "Acquisition" not in concepts(fact, "agreementType"):
        roles.pop("acquirer", None)
        roles.pop("acquiree", None)
    says_taken = {e.rule for e in fact.evidence} & _TAKEN
    if fact.anchor is not None and _DEAL.search(fact.anchor.text) and not roles.get("licensor") and not says_taken:
        roles.pop("licensee", None)  # "secured a licensing deal" says of neither side that it takes the licence
    return parties, roles


def company_keys(things: Things, mention: Mention) -> set[str]:
    """Key the company, or the companies ("both companies"), that a mention means."""
    values = mention.value if isinstance(mention.value, tuple) else (mention.value,)
    return {things.key_of("company", str(v)) for v in values}


def _fitting(made: list[Agreement], parties: set[str], fact: Fact) -> Agreement | None:
    """Find the agreement of the same parties that this mention can mean."""
    kinds = set(concepts(fact, "agreementType"))
    when = when_of(fact)
    for agreement in reversed(made):
        if agreement.parties != parties or not same_time(agreement.when, when):
            continue
        if ("Acquisition" in kinds) != ("Acquisition" in agreement.kinds) and kinds and agreement.kinds:
            continue
        if _is_intent(fact) != all(_is_intent(known) for known in agreement.facts):
            continue  # a memorandum of understanding beside a licence
        if (kinds == {"Termination"}) != (agreement.kinds == {"Termination"}) and kinds and agreement.kinds:
            continue
        return agreement
    return None


def _is_intent(fact: Fact) -> bool:
    """Answer whether a mention is one of a paper that only says what two mean to agree on."""
    return fact.anchor is not None and _INTENT.search(fact.anchor.text) is not None


def _meant(made: list[Agreement], parties: set[str], fact: Fact) -> Agreement | None:
    """Find the agreement that a mention of one party or none means: the one spoken of last that nothing contradicts."""
    kinds, when, place = set(concepts(fact, "agreementType")), when_of(fact), _place(fact)
    if fact.anchor is not None and _SEVERAL.search(fact.anchor.text) and not re.match(r"the |these ", fact.anchor.text, re.IGNORECASE):
        return None  # "through global partnerships"
    is_new = fact.anchor is not None and re.match(r"an? ", fact.anchor.text, re.IGNORECASE) is not None
    fits = [
        a
        for a in made
        if parties <= a.parties
        and not a.is_network
        and not (is_new and not kinds & a.kinds)  # "a contract" is none that was spoken of, unless it is of the same kind
        and same_time(a.when, when)
        and (not kinds or not a.kinds or kinds & a.kinds or "Acquisition" not in kinds | a.kinds)
    ]
    fits = [a for a in fits if kinds & a.kinds] or fits  # "this license" is one, where both a licence and a supply contract were spoken of
    before = [a for a in fits if min(_place(f) for f in a.facts) <= place]
    if before:
        return max(before, key=lambda a: max((_place(f) for f in a.facts if _place(f) <= place), default=-1))
    return fits[0] if len(fits) == 1 else None


def _join(things: Things, agreement: Agreement, fact: Fact, roles: dict[str, set[str]]) -> None:
    """Add what a fact says of an agreement."""
    agreement.support(fact)
    for role, keys in roles.items():
        agreement.roles.setdefault(role, set()).update(keys)
    agreement.kinds |= set(concepts(fact, "agreementType"))
    for value in fact.roles.get("exclusive", ()):
        if isinstance(value, bool) and agreement.exclusive is None:
            agreement.exclusive = value
    for value in fact.roles.get("territory", ()):
        if isinstance(value, str) and agreement.territory is None:
            agreement.territory = value
    if concepts(fact, "agreementStatus"):
        agreement.status = concepts(fact, "agreementStatus")[0]
    agreement.when = finer(agreement.when, when_of(fact))
    agreement.compounds |= {things.key(m) for m in mentions(fact, "compound")}
    agreement.targets |= {things.key(m) for m in mentions(fact, "target")}
    agreement.technologies |= {things.key(m) for m in mentions(fact, "technology")}
    for mention in mentions(fact, "amended"):
        if isinstance(mention.value, When) and mention.value.date is not None:
            known = agreement.amended.get(str(mention.value.date), (mention.value, ()))[1]
            agreement.amended[str(mention.value.date)] = (mention.value, (*known, *(e for e in fact.evidence if e not in known)))
    if fact.factuality in {"Ended", "Expected", "Denied"} and agreement.factuality != "Ended":
        agreement.factuality = fact.factuality
    if fact.derivation == "Resolved":
        agreement.derivation = "Resolved"


def _settle(agreement: Agreement, focal: str | None) -> None:
    """Fill what follows: the other side of a pair, collaborators, the kind where none was said."""
    roles = agreement.roles
    for role, other in _PAIRS.items():
        both = roles.get(role, set()) & roles.get(other, set())
        if both:
            roles[role] -= both
            roles[other] -= both
    for role, other in _PAIRS.items():
        if roles.get(role) and not roles.get(other) and len(agreement.parties - roles[role]) == 1:
            roles[other] = agreement.parties - roles[role]
    if any(c.startswith("compound/") for c in agreement.compounds):
        agreement.compounds = {c for c in agreement.compounds if c.startswith("compound/")}  # not the antibody inside the conjugate
    if agreement.kinds >= {"Option", "Acquisition"} and roles.get("acquirer"):
        roles.setdefault("optionee", set()).update(roles.pop("acquirer"))
    if "Option" in agreement.kinds and "License" not in agreement.kinds:
        for role, of_option in (("licensor", "optionor"), ("licensee", "optionee")):
            if roles.get(role):
                roles.setdefault(of_option, set()).update(roles.pop(role))
    if not agreement.kinds:
        agreement.kinds = {"OtherAgreement"}
    if agreement.kinds & {"License"} and any(roles.get(r) for r in ("licensor", "licensee")):
        agreement.kinds -= {"OtherAgreement"}
    if "Collaboration" in agreement.kinds and not any(roles.get(r) for r in ROLES):
        roles["collaborator"] = set(agreement.parties)
    if agreement.factuality is None:
        agreement.factuality = "Occurred"
