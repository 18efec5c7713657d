"""A tidied sentence in, the rates of royalties that it words out, as written."""

from __future__ import annotations

import re

from kg.find.found import Found

# Every repetition below has an upper limit, so that no sentence costs more than its length times a constant.
_DASH = r"[-\u2010\u2011\u2013]"
_SEP = rf"(?:{_DASH}|\s)"
_LEVEL = r"(?:very\s)?(?:low|lower|mid|middle|high|higher|upper)"
_LEVELS = rf"{_LEVEL}(?:{_DASH}?(?:\s(?:to|or)\s|{_DASH}to{_DASH}|/){_LEVEL})?"
_DIGITS = rf"(?:single|double|triple|one|two){_SEP}digits?"
_TENS = r"(?:teens?|twent(?:y|ies)|thirt(?:y|ies)|fort(?:y|ies)|fift(?:y|ies)|[1-9]0s)"
_PERCENTS = rf"(?:{_SEP}?(?:percent(?:age)?s?(?:\srange)?|%))?"
_WORDED = rf"(?:{_LEVELS}{_SEP}{{1,2}}(?:{_DIGITS}|{_TENS})|{_DIGITS}){_PERCENTS}"
_HALF_WORDED = rf"(?:{_LEVEL}{_DASH}?|single{_DASH}?|{_LEVEL}{_SEP}single{_DASH}?)"  # "low- to mid-teens", "single to double digits"
_SPELLED = (
    r"(?:(?:twenty|thirty|forty|fifty)(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine))?|one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
)
_FIGURE = r"(?:\d{1,3}(?:\.\d{1,4})?|\.\d{1,4}|\[\s?[*\u2022\u25cf][\s*\u2022\u25cf]{0,8}\])"
_SIGN = r"(?:\s?%|\s?(?:percent|per\scent)\b)"
_PERCENT = rf"(?:{_FIGURE}{_SIGN}|\b{_SPELLED}\s(?:percent|per\scent)\b(?:\s\({_FIGURE}\s?%\))?)"
_TO = rf"(?:\s(?:to|through|up\sto|up\sinto)\s(?:as\shigh\sas\s)?(?:(?:the|a|an)\s)?|\s?{_DASH}\s?)"
_TIERED = r"(?:(?:tiered|escalating|graduated|stepped|flat),?\s(?:(?:and|or)\s(?:tiered|escalating)\s)?)?"
_OF_SALES = (
    r"(?:\sof\s(?:(?:the|its|their|all|future|annual|aggregate|worldwide|global|product|calendar|adjusted|gross|total|potential|any"
    r"|commercial)\s){0,4}"
    r"(?:net\s(?:product\s)?(?:sales|revenues?|profits?|receipts)|(?:product\s)?sales|gross\smargin))?"
)
_AND = r"\sand\s(?:(?:the|a|an)\s)?"  # joins a range after "between" only; "6% and 7%" are two rates
_MIXED = rf"(?:{_TO}(?:{_PERCENT}|{_WORDED}))?"
_WORDS = re.compile(
    rf"(?<![\w$\u20ac-])(?:between\s(?:(?:the|a|an)\s)?(?P<range>{_WORDED}{_AND}(?:{_WORDED}|{_PERCENT}){_OF_SALES})"
    rf"|(?P<rate>{_TIERED}(?:{_HALF_WORDED}\s(?:to|or)\s(?:the\s)?)?{_WORDED}{_MIXED}{_OF_SALES}))(?![\w-])",
    re.IGNORECASE,
)
_PERCENTAGES = re.compile(
    rf"(?<![\w.,$\u20ac/-])(?:between\s(?P<range>(?:{_FIGURE}|{_PERCENT}){_AND}{_PERCENT}{_OF_SALES})"
    rf"|(?P<rate>{_TIERED}(?:{_FIGURE}{_TO}(?={_FIGURE}{_SIGN}))?{_PERCENT}{_MIXED}{_OF_SALES}))",
    re.IGNORECASE,
)
# The same words count other things: amounts ("double-digit millions"), molar affinities, growth.
_NO_RATE = re.compile(
    rf"{_SEP}(?:[mb]illions?|thousands?|nM|pM|\u00b5M|\u03bcM|nanomolar|picomolar|nanograms?|growth|gains?|gainers?|pace|increases?"
    rf"|decreases?|declines?|decline|losses|returns?"
    r"|upside|response|improvement|years?|months|days|numbers?|of\s(?:patients|millions|thousands))\b",
    re.IGNORECASE,
)


def find_rates(text: str) -> list[Found]:
    """Find rates, in order and without overlaps; the value is the words, since "mid-single-digit" has no number.

    `by` is "rate/words" for worded digits, teens and twenties, and "rate/percent" for percentages, of which most are no royalty:
    only the context tells.
    """
    worded = [match for match in _WORDS.finditer(text) if not _NO_RATE.match(text, match.end())]
    found = [_found(match, "rate/words") for match in worded]
    found += [_found(match, "rate/percent") for match in _PERCENTAGES.finditer(text)]
    found.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Found] = []
    for hit in found:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _found(match: re.Match[str], by: str) -> Found:
    """Take the rate without the "between" before it."""
    group = "range" if match["range"] else "rate"
    return Found("rate", match.start(group), match.end(group), match[group], by)
