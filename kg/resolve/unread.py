"""A document and what was resolved in it in, the sentences out that speak of money, trials, deals or make-up, read or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.model import Document, Sentence, Statement
from kg.resolve.payment import is_no_deal

# Each kind of talk: the relations that read it, and the words that it is known by.
KINDS = {
    "money": (
        {"payment"},
        r"milestones?|upfront|up-front|royalt(?:y|ies)|licen[cs](?:e|ing) fees?|option(?: exercise)? fees?|purchase price|payments?",
    ),
    "phase": (
        {"development"},
        r"phase [1-3I]{1,3}[ab]?|IND|NDA|BLA|MAA|clinical trials?|clinical stud(?:y|ies)|first patients?|approv(?:al|ed)|clinical hold",
    ),
    "deal": (
        {"agreement", "amendment"},
        r"licen[cs](?:e|ed|es|ing)|collaborat(?:e|es|ed|ing|ion)|partner(?:s|ed|ship)?|acquir(?:e|es|ed|ing)|acquisition"
        r"|merger|agreements?|alliance|option to|exclusive rights?",
    ),
    "composition": (
        {"composition", "conjugate", "targeting", "antibody", "technology", "indication"},  # what a drug targets may be a disease
        r"antibody-drug conjugates?|conjugated|conjugate|payload|linker|binds? to|bispecific|directed against|targeting|targets",
    ),
}
_CUES = {kind: re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) for kind, (_, words) in KINDS.items()}
# Talk that no deal is told in, whatever its words: what was reported, how a share did
_ASIDE = re.compile(
    r"(?i)forward-looking|conference call|webcast|click here|for more information|visit (?:www|https?)|shares? of (?:its )?common"
)


@dataclass(frozen=True, slots=True)
class Talk:
    """A sentence that speaks of a kind of fact, by its number in the document, where its cue begins, and what became of it."""

    kind: str
    number: int
    sentence: Sentence
    at: int
    outcome: str  # "read", "missed", or "aside" for money that is judged no payment of a deal


def talk(document: Document, statements: Iterable[Statement]) -> Iterator[Talk]:
    """List the sentences of a document that speak of a kind of fact, those of its cover, signatures and boilerplate left out."""
    read: dict[int, set[str]] = {}
    for statement in statements:
        for evidence in statement.evidence:
            read.setdefault(evidence.span.start, set()).add(statement.relation)
    for number, sentence in enumerate(document.sentences):
        if not document.section_of(sentence).is_factual or _ASIDE.search(sentence.text):
            continue
        relations = read.get(sentence.span.start, set())
        for kind, (wanted, _) in KINDS.items():
            cue = _CUES[kind].search(sentence.text)
            if cue is not None:
                outcome = "read" if relations & wanted else "aside" if kind == "money" and is_no_deal(sentence.text) else "missed"
                yield Talk(kind, number, sentence, cue.start(), outcome)


def unread(document: Document, statements: Iterable[Statement]) -> tuple[tuple[str, str], ...]:
    """List what gave no fact: the kinds that a sentence speaks of, and its text; in the order of the text, each sentence once."""
    missed: dict[int, list[Talk]] = {}
    for each in talk(document, statements):
        if each.outcome == "missed":
            missed.setdefault(each.number, []).append(each)
    told = {each[0].sentence.text: ", ".join(one.kind for one in each) for each in missed.values()}
    return tuple((kinds, text) for text, kinds in told.items())
