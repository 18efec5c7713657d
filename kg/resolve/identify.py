"""Mentions and definitions in, things with one key each out.

A thing is keyed by the fullest name that its document uses; which names are one was decided on evidence when they were found (a defined
term, an apposition, the same name without its legal form). Here every such joining becomes a Link that a user can list and veto.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from kg.key import fold, thing_key
from kg.model import Document, Entity, Evidence, Link, Mention, Ref, Statement

CLASS = {
    "company": "Company", "compound": "Compound", "antibody": "Antibody", "payload": "Payload", "linker": "Linker", "target": "Target",
    "technology": "Technology", "indication": "Indication",
}  # fmt: skip
_ALWAYS = {"compound", "antibody", "payload", "technology"}  # a company, target or indication counts by what it takes part in
_INN = r"[a-z]{2,}(?:mab|tinib|cept|parib|ciclib|tansine|dotin|tecan|tesirine|gamicin|limus|leucel|vec|statin|vir|afil|azole|mycin|taxel)"
_CODE = re.compile(r"^(?=.*\d)[A-Za-z]{1,6}[- ]?[A-Z]{0,3}[- ]?\d{2,7}[A-Za-z]{0,2}$")


_GIVEN_WITH = re.compile(
    r"\b(?:in combination with|combined with|combining \S+ with|together with|alongside|plus|versus|vs\.?|compared (?:to|with)"
    r"|combination of \S+ (?:with|and)|(?:administered|given|dosed) (?:together )?with|comparing [^,;.]{2,60}? (?:to|with))"
    r" (?:the |its )?(?:[\w-]+(?:, and |, | and | plus |/)){0,3}(?:(?!and|or|in|for)[\w-]+ ){0,3}$"
)
_TRIED_AGAINST = re.compile(r"\b(?:trials?|stud(?:y|ies)|head-to-head) against (?:the |its )?$")
_APART = re.compile(r"\b(?:combination|combined|together|alongside|complement\w*|compared|versus)\b")
_NO_PLATFORMS = {"ADC", "CAR", "RNA", "DNA", "AAV", "LNP", "TCR"}  # kinds of drug, not names of one company's platform
_MAIN_MENTIONS = 4  # of a compound that a document with others is about,
_MAIN_TIMES = 3  # so many times as often as of any other


class Parts(Protocol):
    """What a conjugate's name is made of."""

    @property
    def antibody(self) -> str | None:
        """Name the antibody, where the name spells it out."""
        ...

    @property
    def payload(self) -> str | None:
        """Name the payload."""
        ...

    @property
    def linker(self) -> str | None:
        """Name the linker, where the name has one."""
        ...


class Definition(Protocol):
    """Two mentions that a text joins (alias, defined-term, formerly, ticker), or the parts of a name."""

    @property
    def kind(self) -> str:
        """Say how they are joined."""
        ...

    @property
    def left(self) -> Mention:
        """Give the thing."""
        ...

    @property
    def right(self) -> Mention | None:
        """Give its other name or its symbol."""
        ...

    @property
    def parts(self) -> Parts | None:
        """Give the parts of its name."""
        ...


@dataclass(slots=True)
class Things:
    """The things of one document: a key for each mention, and what is known of each."""

    document: Document
    mentions: tuple[Mention, ...]
    definitions: tuple[Definition, ...]
    adcs: set[str] = field(default_factory=set)
    naked: set[str] = field(default_factory=set)  # compounds that the text calls antibodies
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    first: dict[str, Mention] = field(default_factory=dict)
    names: dict[str, dict[str, Mention]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, Mention] = field(default_factory=dict)  # named on a cover page or in a signature
    by_sentence: dict[int, list[Mention]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mention in self.mentions:
            if mention.type not in CLASS:
                continue
            self.by_sentence.setdefault(mention.sentence, []).append(mention)
            key = self.key(mention)
            self.labels.setdefault(key, str(mention.value))
            if not self.document.section_of(self.document.sentences[mention.sentence]).is_factual:
                self.elsewhere.setdefault(key, mention)
                continue
            self.first.setdefault(key, mention)
            if mention.found_by == "structure/adc-inn":
                self.adcs.add(key)  # "-vedotin", "-deruxtecan": its generic name says that it is a conjugate
            spelled = self.names.setdefault(key, {})
            if fold(mention.text) not in {fold(n) for n in spelled}:
                spelled[_spelling(mention.type, mention.text)] = mention

    def named_in(self, index: int) -> list[Mention]:
        """List the mentions of one sentence."""
        return self.by_sentence.get(index, [])

    def main_compound(self, sentences: int = 1) -> list[str]:
        """Give the compound that a document is about: its only one, or one named so much more often than any other; [] where none is.

        sentences: in how many it must be named at least.
        """
        counts: Counter[str] = Counter()
        places: dict[str, set[int]] = {}
        for mention in self.mentions:
            if mention.type == "compound" and self.document.section_of(self.document.sentences[mention.sentence]).is_factual:
                counts[self.key(mention)] += 1
                places.setdefault(self.key(mention), set()).add(mention.sentence)
        ranked = counts.most_common(2)
        if not ranked or len(places[ranked[0][0]]) < sentences:
            return []
        rival = ranked[1][1] if len(ranked) > 1 else 0
        return [ranked[0][0]] if not rival or (ranked[0][1] >= _MAIN_MENTIONS and ranked[0][1] >= _MAIN_TIMES * rival) else []

    def is_only_given_with(self, mention: Mention) -> bool:
        """Answer whether a drug stands as what another is given or compared with: "in combination with pembrolizumab"."""
        text = self.document.sentences[mention.sentence].text
        return mention.type in {"compound", "antibody"} and bool(
            _GIVEN_WITH.search(text, 0, mention.local.start) or _TRIED_AGAINST.search(text, 0, mention.local.start)
        )

    def is_common(self, key: str) -> bool:
        """Answer whether a drug is named only as what many sell or nature makes: one who studies ketamine neither made it nor owns it."""
        spelled = self.names.get(key, {})
        return bool(spelled) and all(mention.found_by == "lexicon/off-patent" for mention in spelled.values())

    def is_listed(self, key: str) -> bool:
        """Answer whether a drug is named only as one that all know: "Tirzepatide is approved" does not say by whose work."""
        spelled = self.names.get(key, {})
        return bool(spelled) and all(mention.found_by.startswith("lexicon/") for mention in spelled.values())

    def is_institution(self, key: str) -> bool:
        """Answer whether a company is a university, a hospital or another body that sells no medicine."""
        return key in self.first and self.first[key].found_by.endswith("/institution")

    def is_apart(self, left: Mention, right: Mention) -> bool:
        """Answer whether two names of a sentence are kept apart: "L-DOS47 as a combination therapy with the PD-1 inhibitor"."""
        text = self.document.sentences[left.sentence].text
        return left.sentence == right.sentence and _APART.search(text[left.local.end : right.local.start]) is not None

    def maker_of(self, compound: str) -> str | None:
        """Name the one company whose ticker a code (or the key of a compound) begins with: "ALDR779" in a text on Alder (ALDR)."""
        head = re.match(r"(?:compound/)?([A-Za-z]{3,6})-?\d{2,}", compound)
        if head is None:
            return None
        letters = head[1].upper()
        makers = {
            self.key(d.left)
            for d in self.definitions
            if d.kind == "ticker" and d.right is not None and isinstance(d.right.value, tuple) and str(d.right.value[1]).startswith(letters)
        }
        return makers.pop() if len(makers) == 1 else None

    def named_after(self) -> list[tuple[str, str]]:
        """Pair the compounds with the platforms that their names begin or end with: "DPX-RSV" and "DPX platform"."""
        heads = {}
        for key, mention in self.first.items():
            head = re.match(r"[A-Z][A-Z0-9]{2,9}(?=[ -]|$)", str(mention.value)) if mention.type == "technology" else None
            if head and head[0] not in _NO_PLATFORMS:
                heads[key] = head[0]
        return [
            (key, technology)
            for key, mention in self.first.items()
            if mention.type == "compound"
            for technology, head in heads.items()
            if re.match(rf"{head}(?=[+-])|(?:[A-Z]-|[A-Z][a-z]{{1,9}}){head}(?![A-Za-z])", str(mention.value))
        ]

    def written(self, mention: Mention) -> str:
        """Give a mention's words with the mark that may follow them."""
        text = self.document.sentences[mention.sentence].text
        return text[mention.local.start : mention.local.end + 1] if mention.local.end <= len(text) else mention.text

    def key(self, mention: Mention) -> str:
        """Key the thing that a mention names."""
        return self.key_of(mention.type, str(mention.value))

    def key_of(self, type_: str, name: str) -> str:
        """Key a thing by its type and its name."""
        known = self.keys.get((type_, name))
        if known is None:
            known = self.keys[type_, name] = thing_key(type_, name)
        return known

    def evidence(self, mention: Mention, rule: str) -> Evidence:
        """Cite the sentence that a mention stands in."""
        sentence = self.document.sentences[mention.sentence]
        return Evidence(
            self.document.source.id,
            sentence.span,
            sentence.span.of(self.document.text),
            sentence.text,
            rule,
            self.document.section_of(sentence).heading,
        )

    def entities(self, statements: Iterable[Statement], focal: str | None) -> tuple[Entity, ...]:
        """Make the things that the graph shows: all compounds, antibodies, payloads and technologies; others by what they take part in."""
        taking_part = {s.subject for s in statements}
        for statement in statements:
            for value in (statement.object, *(v for _, v in statement.properties)):
                if isinstance(value, Ref):
                    taking_part.add(value.key)
        if focal is not None:
            taking_part.add(self.key_of("company", focal))
        as_compound = _used_as_compound(statements)
        made: dict[tuple[str, str], Entity] = {}
        # "the Company" may be named on the cover page alone: the fact is not from there, its name is
        for key, mention in sorted({**self.elsewhere, **self.first}.items()):
            if key not in taking_part and (mention.type not in _ALWAYS or key not in self.first):
                continue
            label = _spelling(mention.type, self.labels[key])
            spelled = self.names.get(key, {})
            others = [n for n in spelled if fold(n) != fold(label)]
            names = tuple((_name_kind(mention.type, n, self.written(spelled[n])), n) for n in sorted(others))
            if (kind := _name_kind(mention.type, label, self.written(mention))) != "altLabel":
                names = (*names, (kind, label))
            type_ = "AntibodyDrugConjugate" if key in self.adcs else CLASS[mention.type]
            if key in self.naked and key not in self.adcs:
                made[key, "Antibody"] = Entity(key, "Antibody", label, names)
            if mention.type == "antibody" and key in as_compound:
                made[key, "Compound"] = Entity(key, "Compound", label, names)  # a naked antibody that is a drug itself is both
            made[key, type_] = Entity(key, type_, label, names, (self.evidence(mention, f"name/{mention.found_by.replace('/', '-')}"),))
        return tuple(made[k] for k in sorted(made))

    def links(self) -> tuple[Link, ...]:
        """List which names were joined, by what and on which sentence."""
        found: dict[tuple[str, str], Link] = {}
        for definition in self.definitions:
            right = definition.right
            if definition.kind not in {"alias", "formerly", "defined-term"} or right is None:
                continue
            key = self.key(definition.left)
            if key not in self.first or fold(definition.left.text) == fold(right.text) or self.key(right) != key:
                continue  # two that a person keeps apart are not one, whatever this text says
            found.setdefault(
                (definition.left.text, right.text),
                Link(definition.left.text, right.text, key, "same", definition.kind, f"identity/{definition.kind}",
                     (self.evidence(definition.left, f"identity/{definition.kind}"),)),
            )  # fmt: skip
        for key, spelled in sorted(self.names.items()):
            label = self.labels[key]
            for name, mention in sorted(spelled.items()):
                if fold(name) != fold(label) and not any(name in pair for pair in found):
                    found[label, name] = Link(
                        label,
                        name,
                        key,
                        "same",
                        "same name in the document",
                        "identity/same-name",
                        (self.evidence(mention, "identity/same-name"),),
                    )
        return tuple(found[k] for k in sorted(found))


# Where a thing stands that is a drug, as subject or as value
_OF_DRUGS = {"developedBy", "developedFor", "usesTechnology", "hasAntibody", "hasPayload", "hasLinker"}
_FOR_DRUGS = {"ofCompound", "forCompound", "coversCompound"}


def _used_as_compound(statements: Iterable[Statement]) -> set[str]:
    """List the things that some statement speaks of as of a compound."""
    used = {s.subject for s in statements if s.predicate in _OF_DRUGS}
    for statement in statements:
        used |= {v.key for name, v in statement.properties if name in _FOR_DRUGS and isinstance(v, Ref)}
    return used


def is_code(name: str) -> bool:
    """Answer whether a name has the shape of a compound's code.

    >>> is_code("SGN-35"), is_code("pembrolizumab")
    (True, False)
    """
    return _CODE.match(name) is not None


def _spelling(type_: str, written: str) -> str:
    """Spell a name without its marks; a compound's generic name as in the middle of a sentence. "Genmab" is a company's name and stays."""
    name = re.sub(r"[®™℠]", "", written).strip()
    return _mid_sentence(name) if type_ in {"compound", "antibody", "payload"} else name


def _mid_sentence(name: str) -> str:
    """Spell a generic name as it stands in the middle of a sentence: generic names have no capital of their own.

    >>> _mid_sentence("Trastuzumab-DM1"), _mid_sentence("Brentuximab Vedotin"), _mid_sentence("Kadcyla")
    ('trastuzumab-DM1', 'brentuximab vedotin', 'Kadcyla')
    """
    if re.fullmatch(rf"[A-Z]{_INN} [A-Z][a-z]+", name):
        return name.lower()
    return name[0].lower() + name[1:] if re.match(rf"[A-Z]{_INN}\b", name) else name


def _name_kind(type_: str, name: str, written: str) -> str:
    """Tell which kind of name a compound's name is, where its spelling tells it."""
    if type_ not in {"compound", "antibody"}:
        return "altLabel"
    if re.search(r"[®™]", written):
        return "brandName"
    if _CODE.match(name):
        return "codeName"
    if re.search(rf"^[a-z]*{_INN}(?:-[a-z]{{4}})?$", name.split(" ")[-1].lower()):
        return "innName"
    return "altLabel"
