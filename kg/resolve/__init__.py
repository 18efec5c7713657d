"""Facts in, statements about identified things out: one node for one thing, each with all the sentences that support it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from kg.key import key_hash
from kg.model import Concept, Document, Evidence, Fact, Issue, Mention, Ref, Resolution, Statement, Value, When
from kg.resolve import agreements as deals
from kg.resolve import developments as steps
from kg.resolve import payments as money
from kg.resolve.identify import Definition, Things, is_code
from kg.resolve.judge import concepts, mentions
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


def resolve(document: Document, finding: Found, extraction: Extracted) -> Resolution:
    """Identify the things of a document, put its events together, and state each with its evidence."""
    issues: list[Issue] = []
    focal = extraction.speakers.focal
    alone = None if extraction.speakers.is_roundup else focal
    things = Things(document, finding.mentions, tuple(finding.definitions))
    edges = _Edges(things)
    for fact in extraction.facts:
        if fact.anchor is None:
            edges.add_fact(fact)
    _parts(things, edges)
    edges.drop_classes()
    _tickers(things, edges)
    by_relation = {name: [f for f in extraction.facts if f.relation == name] for name in ("agreement", "development", "payment")}
    by_relation["agreement"] += deals.of_payments(by_relation["payment"], by_relation["agreement"])
    made_steps = steps.gather(document, things, by_relation["development"])
    pairs = {
        frozenset(k for r in ("payer", "payee") for m in mentions(f, r) for k in deals.company_keys(things, m))
        for f in by_relation["payment"]
    }
    made_deals = deals.gather(document, things, by_relation["agreement"], alone, issues, {p for p in pairs if len(p) == 2})
    made_money = money.gather(document, things, by_relation["payment"], made_deals, made_steps, issues)
    licensed = {c: a.roles["licensee"] for a in made_deals[0] if a.roles.get("licensee") for c in sorted(a.compounds)}
    paying = {c: p.payers for p in made_money if p.is_milestone and len(p.payers) == 1 for c in sorted(p.compounds)}
    known = [edges.objects("developedBy"), licensed, paying, edges.objects("ownedBy")]
    _before_the_deal(made_steps[0], made_deals[0])
    if alone is not None and things.is_institution(things.key_of("company", alone)):
        alone = None  # a clinic's or a university's release tells of medicines that are others'
    steps.name_sponsors(made_steps[0], known, things.key_of("company", alone) if alone else None, things.maker_of, things.is_listed)
    steps.name_indications(made_steps[0], edges.objects("developedFor"))
    _own_codes(document, things, edges, alone)
    _derive(edges, made_steps[0], made_money)
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


def _before_the_deal(made_steps: list[steps.Development], made_deals: list[deals.Agreement]) -> None:
    """Name the licensor as the sponsor of what was done with a drug before it was licensed, where no sentence names one."""
    for step in made_steps:
        for deal in made_deals:
            licensors, then = deal.roles.get("licensor", set()), deal.when
            if step.sponsors or len(licensors) != 1 or step.compound not in deal.compounds or step.when is None or then is None:
                continue
            if step.when.latest is not None and then.earliest is not None and step.when.latest < then.earliest:
                step.sponsors, step.derivation = set(licensors), "Resolved"


class _Edges:
    """The direct edges of a document, each with all its evidence."""

    def __init__(self, things: Things):
        self.things = things
        self.found: dict[tuple[str, str, Value], tuple[str, dict[Evidence, None], str]] = {}

    def add(self, relation: str, subject: str, predicate: str, obj: Value, evidence: Iterable[Evidence], derivation: str) -> None:
        known = self.found.setdefault((subject, predicate, obj), (relation, {}, derivation))
        known[1].update(dict.fromkeys(evidence))
        order = ("Stated", "Resolved", "Inferred")
        if order.index(derivation) < order.index(known[2]):
            self.found[subject, predicate, obj] = (known[0], known[1], derivation)

    def add_fact(self, fact: Fact) -> None:
        predicate = str(fact.roles["predicate"][0])
        for subject in mentions(fact, "subject"):
            if predicate in {"developedFor", "developedBy"} and self.things.is_only_given_with(subject):
                continue
            if predicate in {"developedBy", "ownedBy"} and self.things.is_common(self.things.key(subject)):
                continue
            if predicate == "ownedBy" and subject.found_by == "lexicon/payload-class":
                continue  # "ImmunoGen's maytansinoid technology": a class of agents belongs to nobody
            for klass in concepts(fact, "object"):
                self.add(fact.relation, self.things.key(subject), predicate, Concept(klass), fact.evidence, fact.derivation)
                {"AntibodyDrugConjugate": self.things.adcs, "Antibody": self.things.naked}.get(klass, set()).add(self.things.key(subject))
            for obj in mentions(fact, "object"):
                if predicate == "targets" and self.things.is_apart(subject, obj):
                    continue
                values = obj.value if isinstance(obj.value, tuple) else (obj.value,)
                for value in values:
                    key, other = self.things.key(subject), self.things.key_of(obj.type, str(value))
                    if key != other:
                        self.add(fact.relation, key, predicate, Ref(other), fact.evidence, fact.derivation)
                        if predicate == "hasPayload":
                            self.things.adcs.add(key)

    def drop_classes(self) -> None:
        """Drop a class of payloads where one sentence names the payload itself: "the camptothecin derivative DXd" is DXd."""
        for subject, payloads in self.objects("hasPayload").items():
            classes = {p for p in payloads if p in self.things.first and self.things.first[p].found_by == "lexicon/payload-class"}
            if classes < payloads:
                for payload in classes:
                    del self.found[subject, "hasPayload", Ref(payload)]

    def objects(self, wanted: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for subject, predicate, obj in self.found:
            if predicate == wanted and isinstance(obj, Ref):
                found.setdefault(subject, set()).add(obj.key)
        return found

    def evidence_of(self, subject: str, predicate: str, obj: str) -> Iterable[Evidence]:
        return self.found[subject, predicate, Ref(obj)][1]

    def statements(self) -> list[Statement]:
        return [
            Statement(relation, subject, predicate, obj, tuple(sorted(evidence, key=_place)), derivation)
            for (subject, predicate, obj), (relation, evidence, derivation) in self.found.items()
        ]


def _place(evidence: Evidence) -> tuple[int, int, str]:
    return (evidence.span.start, evidence.span.end, evidence.rule)


def _parts(things: Things, edges: _Edges) -> None:
    """Read the parts of a conjugate out of its name ("huC242-DM4"): Inferred, by the named rule."""
    for definition in things.definitions:
        parts = definition.parts
        if definition.kind != "parts" or parts is None:
            continue
        key = things.key(definition.left)
        if key not in things.first:
            continue
        evidence = (things.evidence(definition.left, "name/antibody-payload"),)
        things.adcs.add(key)
        for predicate, type_, name in (
            ("hasAntibody", "antibody", parts.antibody), ("hasPayload", "payload", parts.payload), ("hasLinker", "linker", parts.linker),
        ):  # fmt: skip
            if name:
                part = things.key_of(type_, name)
                left = definition.left
                things.first.setdefault(part, Mention(type_, left.span, left.sentence, left.local, name, name, "name/part"))
                things.labels.setdefault(part, name)
                things.names.setdefault(part, {})
                edges.add("name", key, predicate, Ref(part), evidence, "Inferred")


def _tickers(things: Things, edges: _Edges) -> None:
    """State the ticker and the exchange that stand behind a company's name."""
    for definition in things.definitions:
        right = definition.right
        if definition.kind != "ticker" or right is None or not isinstance(right.value, tuple):
            continue
        key = things.key(definition.left)
        if key not in things.first:
            continue
        evidence = (things.evidence(definition.left, "name/ticker"),)
        for predicate, value in zip(("exchange", "ticker"), right.value, strict=False):
            if value:
                edges.add("name", key, predicate, str(value), evidence, "Stated")


def _own_codes(document: Document, things: Things, edges: _Edges, focal: str | None) -> None:
    """Take a code name in a company's own "About" section or headline, of which nothing else is said, for a compound of that company.

    Inferred by the rule developer/about-issuer. Generic and brand names are left alone: they may be partners' or rivals' drugs.
    """
    if focal is None:
        return
    developer = things.key_of("company", focal)
    known = edges.objects("developedBy").keys() | edges.objects("ownedBy").keys()
    for mention in things.mentions:
        if mention.type != "compound" or not is_code(str(mention.value)):
            continue
        if not document.section_of(document.sentences[mention.sentence]).is_factual:
            continue
        key = things.key(mention)
        others = {things.key(m) for m in things.named_in(mention.sentence) if m.type == "company"} - {developer}
        if key not in known and not others:
            maker = things.maker_of(str(mention.value)) or developer
            edges.add("developer", key, "developedBy", Ref(maker), [things.evidence(mention, "developer/about-issuer")], "Inferred")


def _derive(edges: _Edges, made_steps: list[steps.Development], made_money: list[Payment]) -> None:
    """Add the edges that follow from others of the same document, each Inferred by a named rule on the sentences of its premises.

    A conjugate binds what its antibody binds; who runs a compound's trial develops it; a compound for which a milestone was earned under a
    licence to a technology is made with that technology.
    """
    targets = edges.objects("targets")
    for compound, antibodies in sorted(edges.objects("hasAntibody").items()):
        for antibody in sorted(antibodies):
            for target in sorted(targets.get(antibody, ())):
                evidence = [*edges.evidence_of(compound, "hasAntibody", antibody), *edges.evidence_of(antibody, "targets", target)]
                edges.add("targeting", compound, "targets", Ref(target), _by("targeting/through-antibody", evidence), "Inferred")
    known = edges.objects("developedBy")
    for step in made_steps:
        if step.factuality in {"Occurred", "Ended", "Expected"} and step.event != "Granted" and not edges.things.is_common(step.compound):
            for sponsor in sorted(step.sponsors):
                if sponsor not in known.get(step.compound, ()) and _is_given_with(edges.things, step):
                    continue  # a medicine of another's that the sponsor's own is given with or compared to
                edges.add("developer", step.compound, "developedBy", Ref(sponsor), _by("developer/runs-trial", step.evidence), "Inferred")
            disease = step.indication
            told = [e for f in step.facts for m in mentions(f, "indication") if edges.things.key(m) == disease for e in f.evidence]
            others = edges.objects("developedFor").get(step.compound, ())
            if disease and told and not _is_given_with(edges.things, step) and not any(steps.are_alike(disease, o) for o in others):
                edges.add("indication", step.compound, "developedFor", Ref(disease), _by("indication/of-its-trial", told), "Inferred")
    for compound, technology in edges.things.named_after():
        evidence = [edges.things.evidence(edges.things.first[key], "technology/in-its-name") for key in (compound, technology)]
        edges.add("technology", compound, "usesTechnology", Ref(technology), evidence, "Inferred")
    for payment in made_money:
        if (
            payment.is_milestone
            and payment.factuality == "Occurred"
            and payment.agreement is not None
            and "License" in payment.agreement.kinds
        ):
            for technology in sorted(payment.agreement.technologies):
                for compound in sorted(payment.compounds):
                    evidence = [*payment.evidence, *payment.agreement.evidence]
                    edges.add("technology", compound, "usesTechnology", Ref(technology), _by("technology/licensed", evidence), "Inferred")


def _is_given_with(things: Things, step: steps.Development) -> bool:
    """Answer whether a step is of a drug that the text only ever names as given or compared with another, or beside it in a list."""
    named = [m for m in things.mentions if m.type in {"compound", "antibody"}]
    own = [m for m in named if things.key(m) == step.compound]
    if own and all(things.is_only_given_with(m) for m in own):
        return True
    spans = [e.span for e in step.evidence]
    return things.first[step.compound].found_by.startswith("lexicon/") and all(
        len({things.key(m) for m in named if span.start <= m.span.start < span.end}) > 1 for span in spans
    )


def _by(rule: str, evidence: Iterable[Evidence]) -> list[Evidence]:
    """Cite the same sentences for what a named rule inferred from them."""
    return [replace(e, rule=rule) for e in evidence]


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
            Statement("agreement", key, "type", Concept("Amendment"), tuple(sorted(evidence, key=_place)), "Stated", tuple(amendment))
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
        evidence = tuple(sorted({*known.evidence, *one.evidence}, key=_place))
        kept[key] = Statement(known.relation, known.subject, known.predicate, known.object, evidence, known.derivation, known.properties)
    return [kept[k] for k in kept]
