"""A tidied sentence in, its amounts of money out, each with its currency and how the words bound it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg.find.found import Found
from kg.model import Money

# Every repetition below has an upper limit, so that no sentence costs more than its length times a constant.
_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,3},\d{1,2}(?=\s?(?:[mb]illion|m\b|bn\b|mn\b))|\d{1,15}(?:\.\d{1,6})?|\.\d{1,6})"
_SCALES = {
    **dict.fromkeys(("thousand", "k"), 10**3),
    **dict.fromkeys(("million", "millions", "mill", "mil", "mln", "mio", "mn", "mm", "m"), 10**6),
    **dict.fromkeys(("billion", "billions", "bln", "bn", "b"), 10**9),
    **dict.fromkeys(("trillion", "trn", "tn", "t"), 10**12),
}
_SCALE = r"(?:[\s-]?(?P<scale{0}>(?i:thousand|[mb]illions?|trillion|mill|mil|mln|mio|bln|trn|MM|MN|BN|TN|[KMBT]))(?![A-Za-z]))"
_WITHHELD = r"\[\s?[*•●][\s*•●]{0,8}\]|\[(?:redacted|REDACTED)\]"

# Marks before a number. A longer mark stands before one that it begins with.
_MARKS = {
    "USD": r"US\s?\$|U\.\s?S\.\s?\$|USD\s?\$?|\(US\)\s?\$|\$\s?US|US\s[Dd]ollars",
    "AUD": r"AU?\$|AUD\s?\$?",
    "CAD": r"CA?\$|CDN\s?\$|Cdn\s?\$|CAD\s?\$?",
    "HKD": r"HK\$|HKD\s?\$?",
    "NZD": r"NZ\$|NZD\s?\$?",
    "SGD": r"S\$|SGD\s?\$?",
    "TWD": r"NT\$|TWD\s?\$?",
    "BRL": r"R\$|BRL",
    "EUR": r"€|EUR(?!O)|(?:EURO|[Ee]uros?)(?=\s[\d.,]{1,15}\s?(?:[mb]illion|m\b|bn\b))",  # not "Euro 2024"
    "GBP": r"UK£|£|GBP\s?£?",
    "CNY": r"RMB\s?¥?|CN¥|CNY\s?¥?|[¥\uffe5]?RMB",
    "JPY": r"JPY\s?[¥\uffe5]?|JP¥|¥|\uffe5",
    "CHF": r"CHF|SFr\.?",
    "DKK": r"DKK",
    "SEK": r"SEK",
    "NOK": r"NOK",
    "KRW": r"KRW\s?₩?|₩",
    "INR": r"INR\s?₹?|₹|Rs\.?",
    "ILS": r"NIS|ILS|₪",
    "PLN": r"PLN",
    "ZAR": r"ZAR",
}
_DOLLAR = r"\$"
# After the number: "5 million U.S. dollars", "3 billion yen". Weight ("pounds") and the verb ("won") need a scale before them.
_NAMES = {
    "USD": r"USD|US\$|(?:U\.\s?S\.|US|[Uu]nited\s[Ss]tates|American)\s[Dd]ollars?|[Dd]ollars?\s\(USD\)",
    "CAD": r"CAD|CDN|Canadian(?:\s[Dd]ollars?)?",
    "AUD": r"AUD|Australian(?:\s[Dd]ollars?)?",
    "HKD": r"HKD|Hong\sKong\s[Dd]ollars?",
    "NZD": r"NZD|New\sZealand\s[Dd]ollars?",
    "SGD": r"SGD|Singapore\s[Dd]ollars?",
    "TWD": r"TWD|New\sTaiwan\s[Dd]ollars?",
    "EUR": r"€|EUR\b|[Ee]uros?\b",
    "GBP": r"£|GBP|[Pp]ounds?\s[Ss]terling|(?:British\s)?[Pp]ounds?(?!\sof\b)",
    "JPY": r"JPY|(?:Japanese\s)?[Yy]en\b",
    "CNY": r"CNY|RMB|(?:Chinese\s)?[Yy]uan(?:\s[Rr]enminbi)?\b|[Rr]enminbi",
    "CHF": r"CHF|Swiss\s[Ff]rancs?",
    "DKK": r"DKK|Danish\s[Kk]rone[rn]?",
    "SEK": r"SEK|Swedish\s[Kk]rono[rn]?|Swedish\s[Kk]rona",
    "NOK": r"NOK|Norwegian\s[Kk]rone[rn]?",
    "KRW": r"KRW|(?:(?:South\s)?Korean\s)?[Ww]on\b",
    "INR": r"INR|(?:Indian\s)?[Rr]upees?",
    "ILS": r"NIS|ILS|(?:Israeli\s)?[Ss]hekels?",
}
_PLAIN_DOLLARS = r"[Dd]ollars?\b"
# Read as a currency only where a scale or thousands stand by: CAD is also a disease of the heart, INR a clotting ratio, Rs a resistance.
_AMBIGUOUS = frozenset({"CAD", "INR"})

_PREFIX = "|".join([*(f"(?P<p{code}>{marks})" for code, marks in _MARKS.items()), f"(?P<pDOLLAR>{_DOLLAR})"])
_SUFFIX = "|".join([*(f"(?P<s{code}>{names})" for code, names in _NAMES.items()), f"(?P<sDOLLAR>{_PLAIN_DOLLARS})"])
_CLOSED = r"(?![A-Za-z]|\s?[\d$])"  # in "$5 million US$3 million" the second mark belongs to what follows
_MARKED = re.compile(
    rf"(?:(?<![A-Za-z])|(?=[$€£¥\uffe5₩₹₪(]))(?<![A-Z$€£¥])(?:{_PREFIX})\s{{0,2}}(?:(?P<number>{_NUMBER})(?P<plus>\+)?"
    rf"|(?P<withheld>{_WITHHELD}|\*{{2,5}}|X{{1,3}}\b))"
    rf"{_SCALE.format('')}?(?P<more>\+|-plus\b|\sor\smore\b)?(?:\s?\(?(?:{_SUFFIX}){_CLOSED}\)?)?"
)
_NAMED = re.compile(rf"(?<![\w.,$€£¥/-])(?P<number>{_NUMBER})(?P<plus>\+)?{_SCALE.format('')}?(?P<more>\+)?[\s-]?(?:{_SUFFIX}){_CLOSED}")
_BARE_WITHHELD = re.compile(
    rf"(?:{_WITHHELD})(?!\s?(?:%|\)?\s?per\s?cent|[-\s]?(?:business|calendar|working|days?|weeks?|months?|years?|patients|subjects"
    rf"|shares|mg|kg|\(\d)))"
)
_WORD_VALUES = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip  # one line per ten is easier to check than one per number
_WORD_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_FIRST_WORD = "|".join(sorted([*_WORD_VALUES, "half"], key=lambda word: (-len(word), word)))
_NEXT_WORD = "|".join(sorted([*_WORD_VALUES, *_WORD_SCALES, "and"], key=lambda word: (-len(word), word)))
_SPELLED = re.compile(rf"(?<![\w-])(?P<words>(?i:{_FIRST_WORD})\b(?:[\s-](?:(?i:{_NEXT_WORD}))\b){{0,11}})[\s-](?:{_SUFFIX}){_CLOSED}")
_SAME_AGAIN = re.compile(r"\s?\(\s?$")

# What bounds an amount stands directly before it, with fillers ("up to an aggregate of approximately $1.2 billion").
_BOUNDS = {
    "UpTo": r"up\sto|as\smuch\sas|(?:a\s)?maximum(?:\samount)?\sof|at\smost|no\smore\sthan|not\smore\sthan|not\s(?:to\s)?exceed(?:ing)?"
    r"|less\sthan|capped\sat|a\scap\sof|limited\sto",
    "AtLeast": r"(?:well\s)?(?:more\sthan|in\sexcess\sof|over|above|north\sof)|at\s(?:the\svery\s)?least|greater\sthan"
    r"|no(?:t)?\sless\sthan|(?:a\s)?minimum\sof"
    r"|upwards\sof|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?",
    "About": r"approximately|approx\.?|about|around|roughly|nearly|almost|some|close\sto|an\sestimated|estimated\sat|in\sthe\s(?:range"
    r"|region)\sof|circa|ca?\.|~|≈",
}
_FILLER = (
    r"(?:an?|the|another|extra|additional|further|aggregate|total|combined|cumulative|overall|maximum|potential|amounts?|sum|totaling"
    r"|totalling|of|in|to|up|approximately"
    r"|about|around|roughly|nearly|almost|at\sleast|cash|~)"
)
_BOUND_WORDS = "|".join(f"(?P<{bound}>{words})" for bound, words in _BOUNDS.items())
_BEFORE = re.compile(rf"(?<![\w-])(?:{_BOUND_WORDS})(?:\s{_FILLER}){{0,6}}(?:\s|(?<=~)|(?<=≈))$", re.IGNORECASE)
_LOOK_BACK = 90  # characters: the longest bound with six fillers is shorter
_NO_BOUND = {
    "AtLeast": re.compile(r"(?:%|\b(?:increase|growth|premium|improvement|decrease|discount))\s(?:\w{1,12}\s){0,2}$", re.IGNORECASE),
    "UpTo": re.compile(r"\badd(?:s|ed|ing)?\s$", re.IGNORECASE),
}  # "7% over $22.2 million", "added up to $319 million"

_TO = re.compile(r"\s?(?:to|-|\u2013|\u2014|through|up\sto)\s?(?:approximately\s|about\s|as\s(?:much|high)\sas\s)?$")
_AND = re.compile(r"\sand\s(?:approximately\s|about\s)?$")
_LISTED = re.compile(r"\s?(?:,|,?\s(?:and|or|to)|-|\u2013)\s?$")
_BETWEEN = re.compile(r"\bbetween\s(?:approximately\s|about\s)?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s(?:approximately\s|about\s|a\slow\sof\s)?$", re.IGNORECASE)
_RANGING = re.compile(
    r"\b(?:rang(?:e|es|ed|ing)|var(?:y|ies|ied|ying)|anywhere|anything)(?:\s\w{1,12}){0,2}\sfrom\s(?:approximately\s"
    r"|about\s)?$",
    re.IGNORECASE,
)

# "$5-10 million": the second number has no mark of its own. It may count something else ("$3 and 5 million shares").
_COUNTED = re.compile(r"(?:\s[\w-]{1,14}){0,2}\s(?:shares|ADSs|warrants|options|units|patients|people|doses)\b")
_AND_OR = re.compile(r"\s(?:and|or)\s")
_ELIDED = re.compile(rf"(?:\s?[-\u2013\u2014]\s?|\s(?:to|or|and)\s)(?P<number>{_NUMBER}){_SCALE.format('')}")

_PER_SHARE = re.compile(
    r"\)?(?:\s?/\s?|\s(?:per|for\s(?:each|every)|a|an)\s)(?:(?:diluted|basic|fully|common|ordinary|preferred|series|class|\w|and|or"
    r"|American|depositary|weighted"
    r"|average|outstanding|underlying|pre-funded|registered|new|B-\d)\s){0,5}(?:shares?|units?|ADSs?|ADRs?|warrants?|option)\b"
    r"|\s(?:apiece|basic|diluted|par\svalue|in\spar\svalue|cash\sper)\b",
    re.IGNORECASE,
)
_SHARE_PRICE = re.compile(
    r"\b(?:(?:exercise|conversion|closing|strike|share|stock|trading|reference)\sprices?(?:\sper\s\w{1,8})?|par\svalue"
    r"|stated\svalue)(?:\s(?:of|at|equal\sto|was|is))?\s?$",
    re.IGNORECASE,
)
_SHARE_PRICE_LIMIT = 10_000  # no listed share of a biopharma company costs more; above it the words mean a deal

_PAYMENT_NOUN = r"(?:payments?|fees?|amounts?|sums?|consideration|royalt(?:y|ies)|prices?|figure|premium|milestones?|investment)"
_PAYMENT_WORD = (
    r"(?:up-?\s?front|initial|cash|one-time|non-?refundable|licen[sc]e|option|milestone|access|exercise|annual|technology|equity"
    r"|signing|additional|future|potential"
    r"|purchase|near-term|further|lump-sum|lump|development|research|regulatory|commercial|sales|based|maintenance|and)"
)
_UNDISCLOSED = re.compile(
    rf"\b(?P<amount>an?\s(?:undisclosed|unspecified|confidential)\s(?:amount|sum|figure|fee|price)(?:\sof\s(?:cash|money))?)\b"
    rf"|\b(?P<word>undisclosed)(?=,?\s(?:{_PAYMENT_WORD},?[\s-]){{0,4}}{_PAYMENT_NOUN}\b)",
    re.IGNORECASE,
)
# "a mid double-digit million euro payment" withholds the number but tells the currency.
_VAGUE = re.compile(
    rf"\b(?:(?:low|mid|high)[-\s](?:to\s(?:mid|high)[-\s])?)?(?:single|double|triple|two|three)[-\s]digit\s(?:[mb]illion"
    rf"|thousand)s?(?:[-\s](?:{_SUFFIX})(?![A-Za-z]))?",
    re.IGNORECASE,
)


_CONVERTED = re.compile(r",? ?(?:or|\(|\(or|equivalent to|i\.e\.,?) ?(?:(?:approximately|about|around|some|equal to|equivalent to) ?){0,2}")


@dataclass(slots=True)
class _Amount:
    """One number with a currency, before its bound and its neighbours are looked at."""

    start: int
    end: int
    number: Decimal | None  # None where withheld
    scale: int  # 1 where no scale word stands by
    currency: str
    at_least: bool  # "$20+ million"
    wide: bool = False  # stands with thousands commas, so a neighbour's scale is not its own
    low: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        return None if self.number is None else _plain(self.number * self.scale)


def find_money(text: str) -> list[Found]:
    """Find amounts of money, withheld ones too, in order of appearance and without overlaps.

    `by` is "money/amount", "money/undisclosed" for a withheld amount, or "money/per-share" for a price of a share, which no
    payment of a deal is. Spans cover the bounding words ("up to $5 million").
    """
    amounts = _once(_ranged(_scaled(_amounts(text), text), text), text)
    found = [_found(text, amount, amounts[i - 1].end if i else 0) for i, amount in enumerate(amounts)]
    starts = [hit.start for hit in found]
    free = []
    for hit in _withheld(text):
        place = bisect.bisect_left(starts, hit.end)
        if place == 0 or found[place - 1].end <= hit.start:
            free.append(hit)
    return sorted(found + free, key=lambda hit: hit.start)


def _amounts(text: str) -> list[_Amount]:
    """Collect every number with a currency, leftmost first; a spelled amount repeated in figures is one."""
    raw = sorted([*_marked(text), *_named(text), *_spelled(text)], key=lambda amount: (amount.start, -amount.end))
    kept: list[_Amount] = []
    for amount in raw:
        if not kept or amount.start >= kept[-1].end:
            if kept and _SAME_AGAIN.fullmatch(text[kept[-1].end : amount.start]) and kept[-1].value == amount.value:
                kept[-1].end = amount.end + (text[amount.end : amount.end + 1] == ")")  # "five million dollars ($5,000,000)"
                kept[-1].currency = amount.currency
            else:
                kept.append(amount)
    return kept


def _marked(text: str) -> Iterator[_Amount]:
    for match in _MARKED.finditer(text):
        mark = _currency(match, "p")
        tail = _currency(match, "s")
        end = match.end() if tail and (mark == "DOLLAR" or tail in {mark, "DOLLAR"}) else _end_before_suffix(match)
        currency = tail if mark == "DOLLAR" and tail and tail != "DOLLAR" else mark
        written = match["number"]
        if currency in _AMBIGUOUS and not (match["scale"] or (written and "," in written) or "$" in match.group()):
            continue
        number = None if written is None else _decimal(written, match["scale"])
        yield _amount(match, match.start(), end, number, _iso(currency))


def _named(text: str) -> Iterator[_Amount]:
    for match in _NAMED.finditer(text):
        currency = _currency(match, "s")
        if currency in {"GBP", "KRW", "CAD", "AUD", "INR"} and not (match["scale"] or "," in match["number"]):
            continue  # 40 pounds, 3 won, 12 Australian sites
        number = _decimal(match["number"], match["scale"])
        yield _amount(match, match.start(), match.end(), number, _iso(currency))


def _spelled(text: str) -> Iterator[_Amount]:
    for match in _SPELLED.finditer(text):
        value = _number_of_words(match["words"])
        if value is not None:
            yield _Amount(match.start(), match.end(), value, 1, _iso(_currency(match, "s")), False, True)


def _amount(match: re.Match[str], start: int, end: int, number: Decimal | None, currency: str) -> _Amount:
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
    return _Amount(start, end, number, scale, currency, bool(match["plus"] or match["more"]), "," in (match["number"] or ""))


def _end_before_suffix(match: re.Match[str]) -> int:
    for group in ("more", "scale", "plus", "number", "withheld"):
        if group in match.groupdict() and match[group] is not None:
            return match.end(group)
    return match.end()


def _currency(match: re.Match[str], side: str) -> str:
    """Name the currency by the alternative that matched: its ISO code, "DOLLAR" for a bare dollar, "" for none."""
    return next((name[1:] for name, words in match.groupdict().items() if words is not None and name[0] == side and name[1:].isupper()), "")


def _iso(currency: str) -> str:
    """Take a bare dollar for the United States', as filings to the SEC do."""
    return "USD" if currency == "DOLLAR" else currency


def _decimal(written: str, scale: str | None) -> Decimal:
    if scale and re.fullmatch(r"\d{1,3},\d{1,2}", written):
        return Decimal(written.replace(",", "."))  # "€3,5 million" as European releases write it
    return Decimal(written.replace(",", ""))


def _number_of_words(words: str) -> Decimal | None:
    """Read "two hundred and fifty thousand" as 250000; None for words that are no number ("and", "hundred and")."""
    tokens = [token for token in re.split(r"[\s-]", words.lower()) if token != "and"]
    if tokens[:1] == ["half"] and len(tokens) in (2, 3) and tokens[-1] in _WORD_SCALES:
        return Decimal(_WORD_SCALES[tokens[-1]]) / 2
    if tokens[:1] == ["a"] and len(tokens) > 1 and tokens[1] != "hundred" and tokens[1] not in _WORD_SCALES:
        tokens = tokens[1:]  # "a five million dollar fee": an article; "a million dollars": one
    total, part = 0, 0
    for token in tokens:
        if token in _WORD_VALUES:
            part += _WORD_VALUES[token]
        elif token == "hundred":
            part = max(part, 1) * 100
        elif token in _WORD_SCALES:
            total, part = total + max(part, 1) * _WORD_SCALES[token], 0
    is_number = bool(tokens) and words.split()[-1].lower() not in {"and", "a"} and total + part > 0 and (total or part >= 2)
    return Decimal(total + part) if is_number else None


def _scaled(amounts: list[_Amount], text: str) -> list[_Amount]:
    """Give the numbers that share a later scale word ("$5 or $10 million", "$5-10 million") that scale, adding marked-less ones."""
    result: list[_Amount] = []
    for amount in amounts:
        following = _elided(amount, text)
        result += [amount] if following is None else [amount, following]
    for left, right in zip(reversed(result[:-1]), reversed(result[1:]), strict=True):
        shares = left.scale == 1 and right.scale > 1 and not left.wide and left.number is not None and right.number is not None
        joined = text[left.end : right.start]
        if shares and len(joined) <= 12 and (_LISTED.fullmatch(joined) or _TO.fullmatch(joined)) and left.currency == right.currency:
            left.scale = right.scale
    return result


def _elided(amount: _Amount, text: str) -> _Amount | None:
    """Read the second number of "$5-10 million", which has no mark of its own."""
    match = _ELIDED.match(text, amount.end)
    if match is None or amount.number is None or _COUNTED.match(text, match.end()):
        return None
    if amount.scale > 1 and _AND_OR.match(match.group()):
        return None  # "$3 million and 5 million of something"
    number, scale = _decimal(match["number"], match["scale"]), _SCALES[match["scale"].lower()]
    return _Amount(match.start("number"), match.end(), number, scale, amount.currency, False)


def _ranged(amounts: list[_Amount], text: str) -> list[_Amount]:
    """Join "$5 million to $10 million" into one amount with a lower end; a move from one amount to another stays two."""
    result: list[_Amount] = []
    for amount in amounts:
        left = result[-1] if result else None
        if left is not None and _is_range(left, amount, text):
            result[-1] = _Amount(left.start, amount.end, amount.number, amount.scale, amount.currency, False, amount.wide, left.value)
        else:
            result.append(amount)
    return result


def _once(amounts: list[_Amount], text: str) -> list[_Amount]:
    """Leave out an amount that only says the one before it in another currency: "€10 million, or $14.5 million"."""
    return [
        amount
        for left, amount in zip([None, *amounts], amounts, strict=False)
        if left is None or left.currency == amount.currency or not _CONVERTED.fullmatch(text[left.end : amount.start])
    ]


def _is_range(left: _Amount, right: _Amount, text: str) -> bool:
    if left.value is None or right.value is None or left.low is not None or left.currency != right.currency or left.value >= right.value:
        return False
    joined, before = text[left.end : right.start], text[max(0, left.start - _LOOK_BACK) : left.start]
    if len(joined) > 30:
        return False
    if _AND.fullmatch(joined):
        return bool(_BETWEEN.search(before))
    return bool(_TO.fullmatch(joined)) and (not _FROM.search(before) or bool(_RANGING.search(before)))


def _found(text: str, amount: _Amount, floor: int) -> Found:
    """Widen an amount by the words that bound it (not beyond `floor`, where the amount before it ends) and judge what it is."""
    before = text[max(floor, amount.start - _LOOK_BACK) : amount.start]
    match = _BEFORE.search(before)
    if match is not None and (no_bound := _NO_BOUND.get(match.lastgroup or "")) and no_bound.search(before[: match.start()]):
        match = None
    start = amount.start if match is None else amount.start - len(before) + match.start()
    bound = _bound(amount, match)
    if bound == "Range" and match is None and (between := _BETWEEN.search(before)):
        start = amount.start - len(before) + between.start()
    by = "money/undisclosed" if amount.value is None else "money/amount"
    is_price = _SHARE_PRICE.search(before) is not None and amount.scale == 1 and (amount.value or 0) < _SHARE_PRICE_LIMIT
    if is_price or _PER_SHARE.match(text, amount.end):
        by = "money/per-share"
    return Found("money", start, amount.end, Money(amount.value, amount.currency, bound, amount.low, text[start : amount.end]), by)


def _bound(amount: _Amount, match: re.Match[str] | None) -> str:
    if amount.value is None:
        return "Undisclosed"
    if amount.low is not None:
        return "Range"
    if match is None:
        return "AtLeast" if amount.at_least else "Exactly"
    if match.lastgroup == "About" and "up to" in match.group().lower():
        return "UpTo"  # "approximately up to $5 million"
    return match.lastgroup or "Exactly"


def _withheld(text: str) -> list[Found]:
    """Find the words that withhold an amount and stand by no currency mark."""
    hits = [(match, "") for pattern in (_BARE_WITHHELD, _UNDISCLOSED) for match in pattern.finditer(text)]
    hits += [(match, _iso(_currency(match, "s"))) for match in _VAGUE.finditer(text)]
    hits.sort(key=lambda hit: hit[0].span())
    return [
        Found("money", match.start(), match.end(), Money(None, currency, "Undisclosed", None, match.group()), "money/undisclosed")
        for match, currency in hits
    ]


def _plain(number: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponents, so that equal amounts print alike."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()
