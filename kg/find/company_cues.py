"""A page in, the names out that what is said of them makes companies: "X, a biotech", "an agreement with X", "X paid the Company"."""

from __future__ import annotations

import re

from kg.find.company_forms import is_distinct, is_ending, is_stop, undoubled
from kg.find.lexicon import words_of
from kg.find.page import Page

# Every repetition has an upper limit, so that a page of capitals costs no more than its length times a constant
_RUN = (
    r"(?P<name>(?:[A-Z][\w&'./+-]{0,40}|[a-z]{1,4}[A-Z][\w-]{0,40}|\d[A-Z]\w{0,40})(?: (?:[A-Z][\w&/+-]{0,40}|&)){0,4}"
    r"(?:-[a-z]{1,12}-[A-Z]\w{0,40})?(?![\w&+-]))"
)
_WE = r"(?:[Uu]s|[Ww]e|[Tt]he [Cc]ompany|[Oo]ur company)"
_IS_THING = re.compile(r" ?(?:[®™]|\((?:R|TM)\))| (?:platform|technolog|patent|brand|trial|study|program|product|vaccine|drug|candidate)")
_OF_THING = r"(?: ?(?:[®™]|\((?:R|TM)\))| (?:[a-z]+ )?(?:platform|technology))"
_DEAL = r"(?:an? |the )?(?:[\w/&-]+,? ){0,7}?(?:agreement|collaboration|partnership|alliance|deal|licen[cs]e)s?\b"
_HEAD = (
    r"(?:company|biotech|biopharma|subsidiary|affiliate|corporation|firm|manufacturer|developer|CDMO|CRO|drugmaker|leader|organization"
    r"|division|unit|provider|innovator)"
)
_KIND = (  # "the vaccine maker Alder", "oncology start-up Birch Bio"
    r"(?:biotech|biopharma|pharma|drugmaker|(?:biotech|biopharma|pharma|drug|biotechnology|pharmaceutical|biopharmaceutical|therapy"
    r"|vaccines?|antibody|oncology|cancer|genomics) (?:company|firm|group|giant|major|maker|start-?up|developer|specialist))"
)
_LINKING = r"(?:(?!(?:of|for|in|with|that|to|from|by|on|is|are|was|has|which|drug|candidate|inhibitor|the)\b)[\w/&'-]+,? (?:and )?){0,9}?"
# Each places one company, whatever it is called
_CUES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (
            rf"(?<![\w-]){_RUN},? (?:\([^()\n]{{1,80}}\),? )?(?:is |which is |has been )?(?:an?|the|its|our) {_LINKING}{_HEAD}\b",
            "structure/is-a-company",
        ),
        (rf"\b(?:[a-z]+[- ])?{_KIND} {_RUN}", "structure/called-a-company"),
        (rf"(?<![\w-]){_RUN} (?:today |also |has |recently ){{0,2}}(?:announce[sd]|reported|unveiled)\b", "structure/announced"),
        (
            r"(?i:\b(?:agreements?|collaborat(?:ion|es|ed|ing)|partner(?:ship|ed|ing)|alliances?|deal|contract|merger|joint venture"
            r"|transaction|licen[cs]ed?|licen[cs]es)\b(?: \w+){0,3} (?:with|between|by|to|from) (?:the )?)" + _RUN,
            "structure/party",
        ),
        (
            r"(?i:\b(?:subsidiary|affiliate|division|licensee|licensor|partner|member|parent(?: company)?|shareholder|shares"
            r"|acquisition|acquire[sd]?|acquiring|merge[sd]? with|merger with|acquire \d+% of|sold by|owned by|acquired by"
            r"|developed by|marketed by|manufactured by)\b(?: of)? (?:the )?)" + _RUN,
            "structure/party",
        ),
        (
            rf"(?<![\w-]){_RUN},? (?:has |have |had |also |will |shall |would |may |previously |hereby ){{0,3}}"
            r"(?:pay|paid|agreed to pay|pays|granted|grants?|licensed|agreed to (?:grant|license|supply|purchase)(?: \w+){0,3})"
            rf" (?:to )?{_WE}\b",
            "structure/deals-with",
        ),
        (
            r"(?i:\b(?:out-licensed|in-licensed|licensed|sublicensed)\b(?: [\w-]+){0,5} (?:to|from) )" + _RUN,
            "structure/licensed",
        ),
        (
            rf"(?<![\w-]){_RUN},? (?:has |have |had |also |will |would |may |previously |today ){{0,3}}"
            r"(?:paid|pays?|agreed to pay|licensed|in-licensed|out-licensed|acquired|obtained|exercised|terminated|markets|commercializes)"
            r" (?=[A-Z$€£¥]|(?:an?|the|its|all|exclusive|rights|up to)\b)",
            "structure/does",
        ),
        (
            rf"(?<![\w-]){_RUN},? (?:has|holds|owns|retains|obtained) (?:the |all |certain )?"
            r"(?:exclusive |sole |worldwide |commercial ){0,3}"
            r"(?:rights|licen[cs]e|option)\b",
            "structure/does",
        ),
        (
            rf"\b{_WE} and {_RUN} (?:have |has |had |also |each |mutually |may |will |shall ){{0,3}}"
            r"(?:entered|agreed|agree|amended|executed|signed|terminated|announced|announce|share|jointly|collaborate|own|mutually)\b",
            "structure/deals-with",
        ),
        (
            rf"\b{_WE} (?:have |has |had |also |will |shall |would |may ){{0,3}}"
            r"(?:paid|pay|agreed to pay|granted|grants?|owes?|licensed(?: \w+){0,4} (?:to|from)|reimbursed?) (?:to )?" + _RUN,
            "structure/deals-with",
        ),
        (
            rf"(?<![\w-]){_RUN},? (?:have |has |had |today |jointly |recently |also ){{0,2}}"
            rf"(?:entered into|enters? into|signed|signs?|inked|struck|reached|executed) {_DEAL}",
            "structure/deals-with",
        ),
        (
            rf"(?<![\w-]){_RUN} and (?:the )?(?:[A-Z][\w&.-]{{0,40}} ?){{1,4}}(?:have |has |had |today |jointly |recently ){{0,2}}"
            rf"(?:entered into|enter into|signed|sign|inked|struck|reached|executed|announced?) {_DEAL}",
            "structure/deals-with",
        ),
        (
            r"\b(?:CEO|CFO|COO|President|Chairman|Chief \w+(?: \w+)? Officer|Founder|Director|founder)(?: and [\w ]{3,40})?,? (?:of"
            r"|at|for) " + _RUN,
            "structure/officer-of",
        ),
    )
)


def find_cued(page: Page) -> list[tuple[int, int, str]]:
    """Find names by what is said of them, in sentences where a capital letter means something."""
    found: list[tuple[int, int, str]] = []
    for pattern, by in _CUES:
        for match in pattern.finditer(page.text):
            start, end = match.span("name")
            sentence = page.sentence_at(start)
            if sentence in page.titles or sentence in page.unread:
                continue
            words = page.text[start:end].split()
            while words and (is_stop(words[0]) or words[0] in {"&"}):
                start += len(words[0]) + 1
                words = words[1:]
            while words and (words[-1] == "&" or words[-1].endswith("'s")):
                cut = words.pop()
                if cut.endswith("'s"):
                    words.append(cut[:-2])
                    break
            if words and words[-1].endswith(".") and not re.fullmatch(r"(?:[A-Z]\.)+", words[-1]):
                words[-1] = words[-1].rstrip(".")
            name = " ".join(words)
            end = start + len(name)
            if not words or any(is_stop(w.strip(".,")) for w in words) or len(words) > 4 or page.text[start:end] != name:
                continue
            at = undoubled(page.text, start, end)
            if at != start:
                start, words = at, page.text[at:end].split()
            if not _is_like_a_name(page, words, by) or (by != "structure/officer-of" and _IS_THING.match(page.text, end)):
                continue
            found.append((start, end, by))
    return found


def _is_like_a_name(page: Page, words: list[str], by: str) -> bool:
    """Answer whether words that a cue points at can name a company: not a person, a place, a code or an ordinary word."""
    if words[0].endswith("ing") and words[0].lower() in words_of("common_words"):
        return False  # "Leveraging Sapu Nano, the company's …"
    if any(re.search(r"\D\d", w) for w in words) or "'" in "".join(words) or words[-1].endswith("ing"):
        return False
    if len(words) == 1:
        word = words[0]
        if word in page.persons or word.upper() in words_of("targets", "not_targets") or word in words_of("drugs"):
            return False
        if (word.isupper() and by == "structure/party") or re.search(rf"{re.escape(word)}{_OF_THING}", page.text):
            return False
        if not is_distinct(word) or word.lower() in page.vocabulary or (word.isupper() and len(word) < 5):
            return False
        camel = any(c.isupper() for c in word[1:]) and not word.isupper()
        return (
            camel
            or by in {"structure/is-a-company", "structure/called-a-company", "structure/announced", "structure/deals-with"}
            or is_ending(word[-6:])
            or page.text.count(word) > 1
        )
    if is_ending(words[-1]):
        return any(is_distinct(w) or w.lower() not in words_of("common_words") for w in words[:-1])
    camel = any(any(c.isupper() for c in w[1:]) and not w.isupper() for w in words)
    if by == "structure/licensed" and len(words) == 2:
        return not any(w in page.persons or w.lower() in words_of("common_words") or w.lower() in page.vocabulary for w in words)
    return (
        by in {"structure/is-a-company", "structure/called-a-company"}
        and camel
        and all(w.lower() not in words_of("common_words") for w in words)
    )
