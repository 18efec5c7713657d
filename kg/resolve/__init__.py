"""Facts in, statements about identified things out: one node for one thing, each with all the sentences that support it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Protocol

from kg.key import key_hash
from kg.model import Concept, Document, Fact, Issue, Mention, Ref, Resolution, Statement, Value, When
from kg.resolve import agreements as deals
from kg.resolve import developments as steps
from kg.resolve import payments as money
from kg.resolve.edges import Edges, add_own_codes, add_parts, add_tickers, derive, place_of
from kg.resolve.identify import Definition, Things
from kg.resolve.judge import mentions
from kg.resolve.payment import Payment, amount_properties

__all__ = ["resolve"]


class Found(Protocol):
    """What finding gives, as far as resolving reads it."""

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """List the mentions, sorted by place."""
        ...

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """List what the text joins."""
        ...


class _Speakers(Protocol):
    @property
    def focal(self) -> str | None: ...
    @property
    def is_roundup(self) -> bool: ...


class Extracted(Protocol):
    """What extraction gives, as far as resolving reads it."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """List the facts, in order of the text."""
        ...

    @property
    def speakers(self) -> _Speakers:
        """Say whom the document speaks for."""
        ...

    @property
    def of_sentence(self) -> Mapping[int, str]:
        """Tell which company a sentence of an article on several is about."""
        ...


def resolve(document: Document, finding: Found, extraction: Extracted) -> Resolution:
    """Identify the things of a document, put its events together, and state each with its evidence."""
    issues: list[Issue] = []
    focal = extraction.speakers.focal
    alone = None if extraction.speakers.is_roundup else focal
    things = Things(document, finding.mentions, tuple(finding.definitions))
    edges = Edges(things)
    for fact in extraction.facts:
        if fact.anchor is None:
            edges.add_fact(fact)
    add_parts(things, edges)
    edges.drop_classes()
    add_tickers(things, edges)
    by_relation = {name: [f for f in extraction.facts if f.relation == name] for name in ("agreement", "development", "payment")}
    by_relation["agreement"] += deals.of_payments(by_relation["payment"], by_relation["agreement"])
    made_steps = steps.gather(document, things, by_relation["development"])
    pairs = {
        frozenset(k for r in ("payer", "payee") for m in mentions(f, r) for k in deals.company_keys(things, m))
        for f in by_relation["payment"]
    }
    made_deals = deals.gather(document, things, by_relation["agreement"], alone, issues, {p for p in pairs if len(p) == 2})
    alone_key = things.key_of("company", alone) if alone else None
    made_money = money.gather(document, things, by_relation["payment"], made_deals, made_steps, issues, alone_key)
    licensed = {
        c: a.roles["licensee"] for a in made_deals[0] if a.roles.get("licensee") and not _is_regional(a) for c in sorted(a.compounds)
    }
    paying = {c: p.payers for p in made_money if p.is_milestone and len(p.payers) == 1 for c in sorted(p.compounds)}
    told: dict[str, set[str]] = {}
    for step in made_steps[0]:
        if step.sponsors:
            told.setdefault(step.compound, set()).update(step.sponsors)
    known = [
        told,
        edges.objects("developedBy", but="developer/right-to-develop"),
        licensed,
        paying,
        edges.objects("ownedBy"),
        edges.objects("developedBy"),
    ]
    _before_the_deal(made_steps[0], made_deals[0])
    if alone is not None and things.is_institution(things.key_of("company", alone)):
        alone = None  # a clinic's or a university's release tells of medicines that are others'
    focal_key = things.key_of("company", alone) if alone else None
    of_sentence = {index: things.key_of("company", company) for index, company in extraction.of_sentence.items()}
    steps.name_sponsors(made_steps[0], known, focal_key, of_sentence, things.maker_of, things.is_listed)
    steps.name_indications(made_steps[0], edges.objects("developedFor"))
    add_own_codes(document, things, edges, alone)
    derive(edges, made_steps[0], made_money)
    statements = edges.statements()
    statements += [_development(document, d) for d in made_steps[0]]
    for agreement in made_deals[0]:
        statements += _agreement(document, agreement)
    statements += _payments(document, made_money)
    statements.sort(key=lambda s: (s.subject, s.predicate, str(s.object)))
    entities = things.entities(statements, focal)
    shown = {entity.key for entity in entities}
    links = tuple(link for link in things.links() if link.key in shown)  # what is in no fact needs no judgement on its names
    return Resolution(entities, tuple(_once(statements)), links, tuple(issues))


_REGION = re.compile(
    r"\b(?:in|for|within|across|throughout|outside(?: of)?) (?:the |all of )?(?:Greater |mainland |certain )?"
    r"(?:China|Japan|Asia|Europe|Korea|U\.?S\b|United States|North America|Latin America|South America|Canada|Israel|India|Australia"
    r"|Middle East|Africa|Russia|Taiwan|Turkey|EU\b)"
)


def _is_regional(deal: deals.Agreement) -> bool:
    """Answer whether a licence is to a part of the world: who holds it runs there what others run elsewhere."""
    told = [e.sentence for f in deal.facts for e in f.evidence if any(m.type == "company" for m in mentions(f, "licensee"))]
    return deal.territory not in {None, "worldwide", "global"} or any(_REGION.search(sentence) for sentence in told)


def _before_the_deal(made_steps: list[steps.Development], made_deals: list[deals.Agreement]) -> None:
    """Name the licensor as the sponsor of what was done with a drug before it was licensed, where no sentence names one."""
    for step in made_steps:
        for deal in made_deals:
            licensors, then = deal.roles.get("licensor", set()), deal.when
            if step.sponsors or len(licensors) != 1 or step.compound not in deal.compounds or step.when is None or then is None:
                continue
            if step.when.latest is not None and then.earliest is not None and step.when.latest < then.earliest:
                step.sponsors, step.derivation = set(licensors), "Resolved"


def _time(document: Document, when: When | None, is_news: bool) -> list[tuple[str, Value]]:
    """Spell a time: kg:date as precise as the text, bounds for queries, the words where the date loses something."""
    found: list[tuple[str, Value]] = []
    if when is not None:
        if when.date is not None:
            found.append(("date", when.date))
        if when.earliest is not None:
            found.append(("earliestDate", when.earliest))
        if when.latest is not None:
            found.append(("latestDate", when.latest))
        if when.text and (when.date is None or when.earliest != when.date.earliest or when.latest != when.date.latest):
            found.append(("dateText", when.text))
    if is_news and document.published is not None and document.published.day is not None:
        day = document.published
        found.append(("announcedOn", dt.date(day.year, day.month or 1, day.day or 1)))
    return found


def _development(document: Document, one: steps.Development) -> Statement:
    properties: list[tuple[str, Value]] = [
        ("ofCompound", Ref(one.compound)),
        ("event", Concept(one.event)),
        ("factuality", Concept(one.factuality or "Occurred")),
    ]
    if one.stage:
        properties.append(("stage", Concept(one.stage)))
    properties += [("sponsor", Ref(s)) for s in sorted(one.sponsors)]
    if one.indication:
        properties.append(("inIndication", Ref(one.indication)))
    properties += _time(document, one.when, one.is_news)
    return Statement("development", one.key, "type", Concept("Development"), one.evidence, one.derivation, tuple(properties))


def _agreement(document: Document, one: deals.Agreement) -> list[Statement]:
    """State an agreement, and each of its amendments as a node of its own."""
    properties: list[tuple[str, Value]] = [("agreementType", Concept(k)) for k in sorted(one.kinds)]
    properties += [("party", Ref(p)) for p in sorted(one.parties)]
    properties += [(role, Ref(c)) for role in deals.ROLES for c in sorted(one.roles.get(role, ()))]
    if one.exclusive is not None:
        properties.append(("exclusive", one.exclusive))
    if one.territory:
        properties.append(("territory", one.territory))
    for name, keys in (("coversCompound", one.compounds), ("coversTarget", one.targets), ("coversTechnology", one.technologies)):
        properties += [(name, Ref(k)) for k in sorted(keys)]
    if one.status:
        properties.append(("agreementStatus", Concept(one.status)))
    properties.append(("factuality", Concept(one.factuality or "Occurred")))
    properties += _time(document, one.when, False)
    made = [Statement("agreement", one.key, "type", Concept("Agreement"), one.evidence, one.derivation, tuple(properties))]
    for date in sorted(one.amended):
        when, evidence = one.amended[date]
        key = "agreement/" + key_hash("amendment", one.key, date)
        amendment: list[tuple[str, Value]] = [("amends", Ref(one.key)), ("factuality", Concept("Occurred"))]
        amendment += [("party", Ref(p)) for p in sorted(one.parties)] + _time(document, when, False)
        made.append(
            Statement("agreement", key, "type", Concept("Amendment"), tuple(sorted(evidence, key=place_of)), "Stated", tuple(amendment))
        )
    return made


def _payments(document: Document, made: list[Payment]) -> list[Statement]:
    keys = [p.key(False) for p in made]
    statements = []
    for payment, plain in zip(made, keys, strict=True):
        key = payment.key(True) if keys.count(plain) > 1 else plain
        properties: list[tuple[str, Value]] = [
            ("paymentType", Concept(payment.kind)),
            ("factuality", Concept(payment.factuality or "Potential")),
        ]
        if payment.agreement is not None:
            properties.append(("underAgreement", Ref(payment.agreement.key)))
        if len(payment.payers) == 1:
            properties.append(("payer", Ref(next(iter(payment.payers)))))
        if len(payment.payees) == 1:
            properties.append(("payee", Ref(next(iter(payment.payees)))))
        if payment.money is not None:
            properties += amount_properties(payment.money)
            properties.append(("bound", Concept(payment.money.bound)))
            if payment.money.text:
                properties.append(("amountText", payment.money.text))
        properties += [("rate", r) for r in sorted(payment.rates)]
        properties += [("forCompound", Ref(c)) for c in sorted(payment.compounds)]
        if payment.trigger is not None:
            properties.append(("triggeredBy", Ref(payment.trigger.key)))
        if payment.trigger_type:
            properties.append(("triggerType", Concept(payment.trigger_type)))
        is_news = payment.when is not None and document.published is not None and payment.when.date == document.published
        properties += _time(document, payment.when, is_news)
        klass = "Milestone" if payment.is_milestone else "Payment"
        statements.append(Statement("payment", key, "type", Concept(klass), payment.evidence, payment.derivation, tuple(properties)))
    return statements


def _once(statements: list[Statement]) -> list[Statement]:
    """Join statements on one node: two records that end with one key are one thing told twice."""
    kept: dict[tuple[str, str, str], Statement] = {}
    for one in statements:
        key = (one.subject, one.predicate, str(one.object))
        known = kept.get(key)
        if known is None:
            kept[key] = one
            continue
        evidence = tuple(sorted({*known.evidence, *one.evidence}, key=place_of))
        kept[key] = Statement(known.relation, known.subject, known.predicate, known.object, evidence, known.derivation, known.properties)
    return [kept[k] for k in kept]
