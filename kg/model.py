"""Every noun of the program: bytes → Document → Mention → Fact → Statement → Quad, each with a pointer to the rung below."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of Unicode code points, the only offset type.

    >>> Span(2, 4).of("abcdef")
    'cd'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """Slice the text that the span points into."""
        return text[self.start : self.end]

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Answer whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Answer whether the other lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as precise as its text: a year, a month of a year, or a day.

    >>> PartialDate(2006, 4).earliest.isoformat(), PartialDate(2006, 4).latest.isoformat()
    ('2006-04-01', '2006-04-30')
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs its month")
        dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def earliest(self) -> dt.date:
        """The first day that the date can mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> dt.date:
        """The last day that the date can mean."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day is not None else "")


@dataclass(frozen=True, slots=True)
class When:
    """What a text says of a time: a date where it names one, the bounds that queries compare, and the words.

    "second half of 2008" has no date, earliest 2008-07-01 and latest 2008-12-31; "imminently" has an earliest day only.
    """

    text: str
    date: PartialDate | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None

    @classmethod
    def of(cls, date: PartialDate, text: str = "") -> When:
        """Make a When whose bounds are those of its date."""
        return cls(text, date, date.earliest, date.latest)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole units of its currency, with how the text bounds it.

    amount is None for a withheld one (bound Undisclosed); for a Range it is the upper end, with `low` the lower one.
    bound is one of Exactly, UpTo, AtLeast, About, Range, Undisclosed. currency is an ISO 4217 code, or "" where withheld.
    """

    amount: Decimal | None
    currency: str
    bound: str = "Exactly"
    low: Decimal | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Filer:
    """A party of a filing as its header names it. cik is ten digits; role is the header's word, such as SUBJECT COMPANY."""

    name: str
    cik: str | None = None
    former_names: tuple[str, ...] = ()
    role: str = "FILER"


@dataclass(frozen=True, slots=True)
class Filing:
    """What the header of an EDGAR submission says of it; None or () where it says nothing.

    items are numbers as the form counts them ("1.01", or "5" before August 2004), in the header's order.
    """

    accession_number: str | None = None
    form_type: str | None = None
    filed: PartialDate | None = None
    period: PartialDate | None = None
    items: tuple[str, ...] = ()
    filers: tuple[Filer, ...] = ()

    @property
    def url(self) -> str | None:
        """Where EDGAR keeps the submission, made of what the header says; None where it says too little."""
        cik = next((filer.cik for filer in self.filers if filer.cik), None)
        if cik is None or self.accession_number is None:
            return None
        return f"https://www.sec.gov/Archives/edgar/data/{int(cik)}/{self.accession_number}.txt"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from. `id` is its IRI relative to the base: "document/<slug of file name>-<12 hex of sha256>".

    form_type, accession_number, filed and filer are those of the filing that it is part of.
    """

    id: str
    kind: str  # "text", "html" or "pdf"
    file_name: str  # base name of the file read, behind "!" the member of an archive, behind "#" the document of a submission
    sha256: str  # of the exact text that offsets refer to (UTF-8)
    url: str | None = None
    form_type: str | None = None
    accession_number: str | None = None
    filed: PartialDate | None = None
    filer: str | None = None
    document_type: str | None = None  # within the filing: "8-K", "EX-99.1"
    filing: Filing | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document of one kind.

    kind is cover, item, exhibit, headline, dateline, body, about, safe_harbour, signature, contact or boilerplate.
    """

    kind: str
    title: str
    span: Span

    @property
    def heading(self) -> str:
        """What a reader finds the section by: its title, else its kind."""
        return self.title or self.kind.replace("_", " ")

    @property
    def is_factual(self) -> bool:
        """Answer whether deal facts may be read here. A safe harbour, a signature, a cover page, a dateline or a contact states none."""
        return self.kind not in {"safe_harbour", "signature", "cover", "contact", "boilerplate", "dateline"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span in the document, its tidied text, and for each character of that text its offset in the document.

    Tidying undoes line wraps and hyphenated line ends ("huC242-⏎DM4" reads "huC242-DM4"); `span` still slices the raw text.
    """

    span: Span
    text: str
    offsets: Sequence[int] = field(hash=False, compare=False, repr=False)  # follows from the document's text and the span
    section: int  # index into Document.sections

    def __post_init__(self) -> None:
        if len(self.offsets) != len(self.text):
            raise ValueError("a sentence needs one offset for each character")

    def span_of(self, start: int, end: int) -> Span:
        """Translate a non-empty range of the tidied text into a span of the document."""
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


@dataclass(frozen=True, slots=True)
class Document:
    """A text that never changes after reading, with its sections and sentences in order of their spans."""

    source: Source
    text: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    title: str = ""
    published: PartialDate | None = None
    issues: tuple[Issue, ...] = ()
    issuer: str | None = None  # who speaks: the registrant of the cover, or the company that the dateline's paragraph begins with
    tickers: tuple[tuple[str, str], ...] = ()  # (exchange, symbol) as written where the issuer is introduced

    def section_of(self, sentence: Sentence) -> Section:
        """Look up the section a sentence stands in."""
        return self.sections[sentence.section]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file held: its documents, how many parts of each kind were passed over ({"GRAPHIC": 3}), and Issues for what failed."""

    documents: tuple[Document, ...]
    skipped: Mapping[str, int] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A typed stretch of one sentence. `span` points into the document, `local` into the sentence's tidied text.

    type is one of company, compound, antibody, payload, linker, target, technology, indication, money, date, stage and the
    noun-phrase types payment, agreement, development. value is the normalised reading: for a name the name as a key would
    want it, for money a Money, for a date a When, for a stage the concept ("Phase2").
    """

    type: str
    span: Span
    sentence: int  # index into Document.sentences
    local: Span
    text: str  # tidied
    value: object
    found_by: str  # "money/amount", "lexicon/company", "structure/code-name", …


@dataclass(frozen=True, slots=True)
class Phrase:
    """The value of a noun-phrase mention: what its words say by themselves, and the mentions inside it by type.

    "a $5 million milestone payment" sets paymentType to MilestonePayment and holds one money mention.
    """

    sets: Mapping[str, object]
    parts: Mapping[str, tuple[Mention, ...]]

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.sets)), tuple(sorted(self.parts))))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence that supports a fact: `span.of(document.text) == quote` always holds."""

    source_id: str
    span: Span
    quote: str
    sentence: str  # tidied, for people
    rule: str  # "relation/name"
    section: str = ""  # the heading that the sentence stands under: "Item 8.01 Other Events", "About Acme"


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing or event named by its IRI relative to the base: "company/immunogen", "payment/3f…"."""

    key: str


@dataclass(frozen=True, slots=True)
class Concept:
    """An individual of one of the ontology's SKOS schemes: Concept("MilestonePayment")."""

    name: str


Value = Ref | Concept | str | bool | Decimal | PartialDate | dt.date


@dataclass(frozen=True, slots=True)
class Fact:
    """What one reading of the text says: a relation, its roles, and the evidence, before anything is identified.

    roles maps a role's name to the mentions and values that fill it, in order of appearance. `anchor` is the noun-phrase mention
    that an event fact hangs on, None for an edge. derivation is Stated, Resolved or Inferred.
    """

    relation: str
    roles: Mapping[str, tuple[object, ...]]
    evidence: tuple[Evidence, ...]
    factuality: str | None = None
    derivation: str = "Stated"
    anchor: Mention | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that a document names. key is its IRI relative to the base; type a class of the ontology.

    names holds (kind, name): kind is altLabel, brandName, codeName or innName. evidence shows where it is named, and is written out
    only for a thing that takes part in no statement.
    """

    key: str
    type: str
    label: str
    names: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A judgement that two names mean one thing, or were left apart. Where judgement is "unsure", nothing merges."""

    left: str  # a name as written
    right: str
    key: str  # of the thing they were joined in, or "" where left apart
    judgement: str  # "same" or "unsure"
    reason: str
    by: str  # rule, "identity/defined-term"
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A supported triple, or an event node supported whole.

    predicate is a property's local name ("hasPayload", "ticker") with `object` its value; or "type" with `object` the Concept of
    the class, and then `properties` are the node's own triples, all supported by the same evidence.
    """

    relation: str
    subject: str  # key
    predicate: str
    object: Value
    evidence: tuple[Evidence, ...]
    derivation: str = "Stated"
    properties: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"a statement without evidence: {self.subject} {self.predicate}")


@dataclass(frozen=True, slots=True)
class Issue:
    """A fault in the data or a reading that was left open: collected, counted and shown, never raised, never lost."""

    stage: str  # read, find, extract, resolve, validate
    where: str  # file name, with ":START-END" where a place is known
    problem: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolving a document's facts gives: its things, its statements, the judgements made and the Issues left."""

    entities: tuple[Entity, ...]
    statements: tuple[Statement, ...]
    links: tuple[Link, ...] = ()
    issues: tuple[Issue, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Trace:
    """All that the stages made of one document, in the order in which they made it.

    mentions are those that finding gave. The roles and anchors of facts hold more: what extraction made of them, noun phrases and
    "the Company". issues are those of every stage, with what breaks the ontology's shapes. near pairs the rule that nearly read a
    sentence with what kept it from it; it is filled for `kg.trace`, which looks at one file closely, and not where many are read.
    """

    document: Document
    mentions: tuple[Mention, ...]
    facts: tuple[Fact, ...]
    resolution: Resolution
    issues: tuple[Issue, ...] = ()
    near: tuple[tuple[Evidence, str], ...] = ()

    @property
    def marks(self) -> tuple[Mention, ...]:
        """List every mention of the trace, those that only facts hold too, once each: by place, the longer one of two first."""
        held = [m for f in self.facts for m in (f.anchor, *(v for vs in f.roles.values() for v in vs)) if isinstance(m, Mention)]
        seen = {(m.span.start, -m.span.end, m.type, m.found_by): m for m in [*held, *self.mentions]}
        return tuple(seen[key] for key in sorted(seen))
