"""Blocks in, sentences out, each with its exact span; where to cut is decided by the word before a full stop and the word after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.model import Sentence, Span
from kg.read.blocks import Block


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_SENTENCE = 6000  # the longest real sentences, of contracts and cautionary statements, have some 4,000 characters
_ROW_CHARS = 150  # a longer row has sentences in its cells

# A sign that may end a sentence, the quotes and footnote marks that close it, and the gap. The gap may be lost: "trial.The company".
_CANDIDATE = re.compile(
    r"[.!?\u2026][\"\u201d\u2019'\u00bb)\]\u00ae\u2122]{0,4}(?:\[\d{1,3}\]){0,3}(?: (?=\S)|(?=(?:The|This|These|In|On|We|It|For|Our)\b ))"
)
_LAST_WORD = re.compile(r"[^\s(\[\"\u201c\u201d/:,;]+$")
_NEXT_WORD = re.compile(r"[\"\u201c\u2018'(\[]{0,3}([^\s,;:)\]\u201d]+)")

# After these a name or a number comes, never a new sentence: "Dr. Sayare", "No. 1", "approx. $8 million".
_NEVER = _words(
    "dr drs mr mrs ms messrs prof hon rev gen sen rep gov capt col lt fr vs v i.e e.g approx ca cf viz st mt ft fig figs art sec vol pp p"
    " ed eds al resp incl excl tel ext univ dept natl intl assoc mfg bros eq ref refs attn ave blvd rd adv proc bky fed civ crim bankr supp"
)
# After these a number comes; before another word the sentence may end: "No. The", "in Dec. The".
_BEFORE_NUMBER = _words("no nos nr jan feb mar apr jun jul aug sep sept oct nov dec item items section sections rule exhibit note")
# After these a sentence ends only before a word that plainly begins one: "Genentech, Inc. The".
_MAYBE = _words(
    "inc corp ltd co cos llc llp lp plc cie gmbh sarl s.r.l s.p.a s.a s.a.s s.r.o s.e n.v b.v a.s a.g l.p l.l.c k.k pty pvt jr sr ph.d"
    " pharm.d d.phil m.d d.o d.v.m m.b.a m.s m.sc b.s b.sc m.p.h j.d esq u.s u.k u.s.a e.u d.c n.y n.j a.m p.m"
)
_SUFFIXES = _words("inc corp ltd limited llc plc")  # never the first word of a sentence: "Yahoo! Inc.", "Co. Ltd."
_MAYBE_AS_WRITTEN = _words(
    "Mass Calif Conn Wash Colo Fla Penn Pa Va Md Minn Mich Ill Tex Ore Ariz Tenn Wis Del Ala Ga Ind Ky La Me Mo Neb Nev Okla Vt"
)

_STARTERS = _words(
    "The This These Those That In On Under We Our It Its He She They Their There For At As With By From A An If When While"
    " Where Although Though However Upon After Before During Since Following Pursuant According Additionally Furthermore"
    " Moreover Also Both Each Such All Any Neither Today Currently Previously Subject Based Through Until Unless Because Thus"
    " Therefore Accordingly Meanwhile Finally Here What Who How Why You Your I Together Among Within Between Results Data"
    " Patients Financial Terms Learn Additional Please Visit See"
)
# "Inc. ImmunoGen will pay": capitals, then a verb, begin a sentence even with a name.
_NAME_AND_VERB = re.compile(
    r"(?:[A-Z][\w&'\u2019-]*,? (?:(?:and|of|&) )?){1,4}(?:has|have|had|is|was|are|were|will|would|may|can|could|shall|must|today|also|said"
    r"|announced|plans|expects|retains|receives|received|earned|develops|believes|intends|agreed|began|started|continues|holds|owns|entered|granted|acquired)\b"
)
_INITIAL = re.compile(r"(?:^|[\s.(\"\u201c-])[A-Z]$")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.){1,4}[A-Za-z]$")
_BRAND_START = re.compile(r"[a-z]{1,12}(?:-[a-z]|[A-Z]|-?\d)")  # "sanofi-aventis", "huC242", "mRNA-4157" begin sentences in lower case
_ENUMERATOR = re.compile(
    r"(?:\(?(?:\d{1,3}|[A-Za-z]|[IVXivx]{1,5})|(?:item|section|article|exhibit|note|table|figure)\s[\d.]{1,6}[a-z]?)$", re.I
)


def sentences_of(text: str, blocks: Sequence[Block], sections: Sequence[int]) -> tuple[list[Sentence], int]:
    """Cut blocks into sentences; `sections` holds for each block the number of its section.

    A heading or a table row is one sentence. Marks that tidying dropped ("**", a bullet) lie in the span of the sentence they touch. Gives
    the sentences and how many of them had to be cut for being longer than any sentence is.
    """
    sentences: list[Sentence] = []
    append, search = sentences.append, _CANDIDATE.search
    cut = 0
    for block, section in zip(blocks, sections, strict=True):
        text_of = block.text
        kind = block.kind
        is_whole = kind == "furniture" or (kind == "row" and len(text_of) <= _ROW_CHARS)
        if len(text_of) <= MAX_SENTENCE and (is_whole or not search(text_of)):
            append(Sentence(Span(block.start, block.end), text_of, block.offsets, section))
            continue
        bounds = [(0, len(text_of))] if is_whole else list(_bounds(text_of, kind == "heading"))
        if len(block.text) > MAX_SENTENCE and any(end - start > MAX_SENTENCE for start, end in bounds):
            short = [piece for start, end in bounds for piece in _shorten(text, block, start, end)]
            cut += len(short) - len(bounds)
            bounds = short
        start_at = block.start
        for number, (start, end) in enumerate(bounds):
            end_at = (
                block.end if number + 1 == len(bounds) else _edge(text, block.offsets[end - 1] + 1, block.offsets[bounds[number + 1][0]])
            )
            sentences.append(Sentence(Span(start_at, end_at), block.text[start:end], block.offsets[start:end], section))
            if number + 1 < len(bounds):
                start_at = _skip_white(text, end_at)
    return sentences, cut


def _bounds(text: str, is_heading: bool) -> Iterator[tuple[int, int]]:
    """List the sentences of a tidied text as half-open ranges."""
    start = 0
    for found in _CANDIDATE.finditer(text):
        if _is_end(text, start, found, is_heading):
            end = found.end() - 1 if found[0][-1] == " " else found.end()
            yield start, end
            start = found.end()
    yield start, len(text)


def _is_end(text: str, start: int, found: re.Match[str], is_heading: bool) -> bool:
    sign = found.start()
    upcoming = _NEXT_WORD.match(text, found.end())
    if upcoming is None:
        return False
    after = upcoming[1]
    starter = after in _STARTERS and not is_heading
    if not (after[0].isupper() or after[0].isdigit() or after[0] in "$\u20ac\u00a3") and not _is_brand(after, text, sign):
        return False
    if after.rstrip(".").lower() in _SUFFIXES:
        return False
    if text[sign] != "." or sign == start:
        return sign > start and not (text[sign] == "\u2026" and after[0].isdigit())
    closed = found[0][1:].strip() != ""  # a quote or bracket behind the stop: an abbreviation's stop stands inside less often
    begin = text.rfind(" ", max(start, sign - 40), sign) + 1 or max(start, sign - 40)
    word = text[begin:sign]
    if len(word) > 4 and word.isalpha() and word.islower() and word not in _NEVER and word not in _BEFORE_NUMBER:
        return True  # a word like most
    word_found = _LAST_WORD.search(word)
    word = word_found[0] if word_found else ""
    if not word:
        return True
    low = word.lower().rstrip(".")
    if low in _NEVER and not closed:
        return False
    if low in _BEFORE_NUMBER:
        return not any(char.isdigit() for char in after) and (starter or low not in ("item", "section", "exhibit"))
    if sign - start <= 20 and _ENUMERATOR.fullmatch(text, start, sign):
        return False
    if low in _MAYBE or word in _MAYBE_AS_WRITTEN or _ACRONYM.search(word):
        if starter:
            return not (after == "A" and text[upcoming.end() : upcoming.end() + 1] in "./")
        return low in _MAYBE and "." not in low and not is_heading and _NAME_AND_VERB.match(text, upcoming.start(1)) is not None
    if _INITIAL.search(text, max(start, sign - 2), sign):
        return starter
    return True


def _is_brand(after: str, text: str, sign: int) -> bool:
    """Answer whether a word in lower case begins a sentence: a name written so, behind a word that is no abbreviation."""
    return _BRAND_START.match(after) is not None and re.search(r"[a-z]{4}$|\d$|[A-Z]{2}$|\)$", text[max(0, sign - 4) : sign]) is not None


def _edge(text: str, left: int, right: int) -> int:
    """Say where one sentence's span ends: dropped marks behind it are its own, those before the next sentence are the next one's."""
    gap = text[left:right]
    if not gap.strip():
        return left
    head = re.match(r"\S*", gap)
    return left + head.end() if head else left


def _skip_white(text: str, at: int) -> int:
    while text[at].isspace():
        at += 1
    return at


def _shorten(text: str, block: Block, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut an endless sentence at white space, else in the middle of a word."""
    while end - start > MAX_SENTENCE:
        cut = block.text.rfind(" ", start + 1, start + MAX_SENTENCE)
        if cut < 0 or not block.text[start:cut].strip():
            cut = start + MAX_SENTENCE
            yield start, cut
            start = cut
        else:
            yield start, cut
            start = cut + 1
    yield start, end
