"""Facts without an event in, the direct edges of a document out: what a thing is made of, who develops it, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.model import Concept, Document, Evidence, Fact, Mention, Ref, Statement, Value
from kg.resolve import developments as steps
from kg.resolve.identify import Things, is_code
from kg.resolve.judge import concepts, mentions
from kg.resolve.payment import Payment


class Edges:
    """The direct edges of a document, each with all its evidence."""

    def __init__(self, things: Things):
        self.things = things
        self.found: dict[tuple[str, str, Value], tuple[str, dict[Evidence, None], str]] = {}

    def add(self, relation: str, subject: str, predicate: str, obj: Value, evidence: Iterable[Evidence], derivation: str) -> None:
        """Add an edge or more evidence to it; the surest derivation stays."""
        known = self.found.setdefault((subject, predicate, obj), (relation, {}, derivation))
        known[1].update(dict.fromkeys(evidence))
        order = ("Stated", "Resolved", "Inferred")
        if order.index(derivation) < order.index(known[2]):
            self.found[subject, predicate, obj] = (known[0], known[1], derivation)

    def add_fact(self, fact: Fact) -> None:
        """Add the edges of a fact."""
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

    def objects(self, wanted: str, but: str = "") -> dict[str, set[str]]:
        """Give the objects of a predicate by subject; but: leaving out what only one rule told."""
        found: dict[str, set[str]] = {}
        for (subject, predicate, obj), (_, evidence, _) in self.found.items():
            if predicate == wanted and isinstance(obj, Ref) and {e.rule for e in evidence} != {but}:
                found.setdefault(subject, set()).add(obj.key)
        return found

    def evidence_of(self, subject: str, predicate: str, obj: str) -> Iterable[Evidence]:
        """Give the evidence of an edge between things."""
        return self.found[subject, predicate, Ref(obj)][1]

    def statements(self) -> list[Statement]:
        """Give each edge as a statement."""
        return [
            Statement(relation, subject, predicate, obj, tuple(sorted(evidence, key=place_of)), derivation)
            for (subject, predicate, obj), (relation, evidence, derivation) in self.found.items()
        ]


def place_of(evidence: Evidence) -> tuple[int, int, str]:
    """Order evidence by its place in the text."""
    return (evidence.span.start, evidence.span.end, evidence.rule)


def add_parts(things: Things, edges: Edges) -> None:
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


def add_tickers(things: Things, edges: Edges) -> None:
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


def add_own_codes(document: Document, things: Things, edges: Edges, focal: str | None) -> None:
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


def derive(edges: Edges, made_steps: list[steps.Development], made_money: list[Payment]) -> None:
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
