"""A line in, what its words give away out: the patterns by which the sections of filings and press releases are told apart.

Every pattern is bounded, so that a hostile line of any length costs no more than its length.
"""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.I | re.S)


# The parts of a form.

ITEM = re.compile(
    r"item\s{1,9}(?P<number>\d{1,2}(?:\.\d\d)?)(?:\s?\([a-z]\))?\s{0,9}(?P<sep>[.:|\u2013\u2014-]*)\s{0,9}(?:\|\s{0,9})?(?P<title>.*)",
    re.I,
)
# "Item 1.01 of this report" begins a sentence, not an Item.
NO_ITEM_TITLE = re.compile(r"(?:of|to|is|are|and|or|above|below|shall|in|was|has|will|by|on|as|for|under|that|which|with)\b")
MAX_ITEM = 16  # forms before August 2004 count Items from 1 to 12; a higher number is a line of a list

EXHIBIT = re.compile(
    r"\(?(?:exhibit|ex-?)\s{0,3}(?:no\.?\s{0,3})?(?:\d{1,3}(?:\.\d{1,2})?(?:\([a-z]\))?|(?:\([a-z0-9]{1,3}\)){2,3})(?P<what>\s{0,3}[-\u2013\u2014|:.]\s{0,3}.{0,80})?\)?",
    re.I,
)
EXHIBIT_INDEX = _any(r"index\s+(?:to|of)\s+exhibits?\.?", r"exhibits?\s+index\.?")
RELEASE = re.compile(
    r"[\s*\u2013\u2014-]{0,5}(?:"
    r"for\s+immediate\s+(?:release|distribution).{0,40}"
    r"|(?:news|press|media)\s+release.{0,30}"
    r"|company\s+announcement.{0,20}"
    r"|contacts?:?\s+for\s+immediate\s+release)",
    re.I,
)
FORM = _any(r"form\s+[68]-\s?k", r"current\s+report", r"report\s+of\s+foreign\s+private")
COVER = _any(
    FORM.pattern,
    r"securities\s+and\s+exchange\s+commission",
    r"date\s+of\s+(?:earliest|report)",
    r"earliest\s+(?:reported\s+)?event",
    r"exact\s+name\s+of\s+reg",
    r"name\s+of\s+(?:the\s+)?registrant",
    r"\(registrant\)",
    r"check\s+the\s+appropriate\s+box",
    r"indicate\s+by\s+check\s+mark",
    r"written\s+communications?\s+pursuant",
    r"soliciting\s+material",
    r"pre-commencement",
    r"former\s+name\s+or",
    r"emerging\s+growth\s+company",
    r"commission\s+file",
    r"i\.?r\.?s\.?\s+employer",
    r"state\s+or\s+other\s+jurisdiction",
    r"address\s+of\s+principal",
    r"section\s+12\(b\)",
)
# What stands between the cover and the first Item, and says what happened: mergers that closed are told there.
NOTE = re.compile(r"(?:explanatory|introductory|preliminary)\s+(?:note|statement)\b", re.I)
SIGNATURE = re.compile(r"signatures?\s?[.:]?|s\s?i\s?g\s?n\s?a\s?t\s?u\s?r\s?e\s?s?", re.I)
SIGNED = _any(
    r"pursuant\s+to\s+the\s+requirements?\s+of\s+the\s+securities.{0,80}(?:registrant|company)",
    r"in\s+accordance\s+with\s+the\s+requirements\s+of\s+the\s+securities",
)

# What a press release says of a company, a disease, a technology.

ABOUT = re.compile(r"about\s+[^\n]{2,110}?\s?[:.]?", re.I)
ABOUT_RUN_IN = re.compile(
    r"About\s+(?:the\s+)?(?P<subject>[A-Z][^\n.:;]{1,70}?(?:,? (?:Inc|Ltd|Corp|Co|S\.A)\.)?)"
    r"\s?(?:[.:]|\s[-\u2013\u2014]+\s)\s?(?=[\"\u201cA-Z])"
)

# Who wrote an article, and the wire's name between dashes, above or below a headline.
BYLINE = re.compile(
    r"(?:By|BY) (?:[A-Z][\w.'\u2019-]{0,20} ){1,3}[A-Z][\w'\u2019-]{1,20}(?:,? (?:for )?[A-Z][\w ]{2,30})?|--[A-Z][\w. ]{2,30}--"
)

# What the wire says of itself.

_WIRE = (
    r"(?:IBN|Investor ?Brand ?Network|\w{0,24}(?:News)?Wire|\w{0,20}NewsBreaks|Benzinga|News ?Direct|Newsfile"
    r"|Proactive\w{0,12}(?: Investors)?|citybiz|Reportable(?:,? Inc)?|PR ?Newswire|Business Wire|24-7 Press Release|EvertiseAI ?PR|Newsramp"
    r"|Wall Street Wire|QualityStocks|TinyGems)"
)
ABOUT_WIRE = re.compile(rf"about\s+(?:the\s+)?{_WIRE}\b.*", re.I)
BOILERPLATE = _any(
    r"NOTE TO INVESTORS:",
    r"(?:to\s+)?(?:view|read) (?:the |this )?(?:full|original|source|entire) (?:press )?(?:release|article|announcement)",
    r"view (?:the )?(?:source version|original)",
    r"read (?:more|original)\b.{0,12}$",
    r"(?:original(?:/source)?(?: press)? release|newsramp\.com tldr|reddit post)$",
    r"pickup - \S",
    r"[*\s]{0,3}(?:multimedia is available|available multimedia is) on ",
    r"this (?:content|article|post|story|announcement) was originally (?:published|posted) on",
    r"(?:read|click here for) (?:further|full|more) disclosures?\b",
    r"this (?:news )?story relied on content distributed by",
    r"(?:this (?:press release|announcement|communication|document|notice) )?(?:shall|does|is) not (?:constitute |be |intended to be )?"
    r"an offer to (?:sell|buy|purchase)",
    r"this (?:post|article|content) (?:contains|is|was) (?:sponsored|paid|syndicated)",
    r"(?:paid )?advertisement disclaimer",
    r"disclaimer:? this (?:article|content)",
    r"featured (?:photo|image) (?:by|from|credit)",
    r"photo (?:by|credit)",
    r"(?:logo|photo)\s+-\s+https?",
    r"!\[[^\]]{0,80}\]\(",
    r"please see (?:the )?full (?:terms|disclaimers?)",
    r"to receive (?:sms|text) alerts",
    r"the (?:latest|most recent) news and updates relating to",
    r"the post .{1,300} appeared first on",
    r"this press release (?:was|is) (?:distributed|published) by",
    r"information contained on this page is provided by an independent third-party",
    rf"for (?:more|further) information,? (?:please )?visit:? https?://www\.{_WIRE}",
    rf"{_WIRE} is (?:a (?:leading|specialized|multifaceted)|powered by|where|one of|owned)",
    rf"{_WIRE}(?: \(\w{{1,30}}\))?(?:San|Los|New|Austin|Denver|Houston)",  # a wire's address, its line ends lost
    rf"source:? {_WIRE}",
)
# What a promoter says of himself below an article that a company paid for. The words are looked for in a paragraph that has a cue too.
PROMOTER = _any(
    r"disclaimers?\b",
    r"disclosures?:",
    r".{0,300}\b(?:is|are) not (?:operated by )?(?:an? )?(?:licensed|registered|broker)",
    r".{0,600}\b(?:has|have|had|was|were|is|been) (?:retained and )?(?:compensated|paid)\b",
)
LONE_DISCLAIMER = re.compile(r"(?:legal |important )?(?:disclaimers?|disclosures?)(?: (?:and|&) (?:disclaimers?|disclosures?))?\s?:?", re.I)
PROMOTER_CUE = _any(
    r"informational purposes",
    r"(?:broker|investment advis[eo]r|financial advis[eo]r|legal advi[cs]e|financial advice|investment advice)",
    r"recommendation to (?:buy|sell)",
    r"(?:companies|company) (?:profiled|mentioned|featured|discussed)",
    r"compensat",
    r"due diligence",
    r"speculative",
    r"no (?:warrant|guarantee|representation)",
    r"forward[\s-]{1,2}looking",
    r"terms of (?:use|service)",
)

# Forward-looking statements.

_LOOKING = r"forward[\s-]{1,2}looking"
FLS_HEADING = re.compile(
    rf".{{0,60}}(?:{_LOOKING}\s+(?:statements?|information)|safe[\s-]harbou?r|cautionary\s+(?:note|statement|language|information)"
    r"|private\s+securities\s+litigation).{0,100}",
    re.I,
)
# The words such paragraphs begin with, up to the words that give them away within the first sentence. A quotation, or "our
# forward-looking projections", is none.
FLS_START = re.compile(
    r"[\"\u201c]?safe[\s-]harbou?r|cautionary\s+(?:note|statement)\b|"
    rf"{_LOOKING}\s+statements?\b|except\s+for\s[^.]{{0,60}}historical\s|"
    r"[\s*#\u2013\u2014-]{0,5}(?:this|the|certain|some|any|all|except|statements?|note|in|to|as|various|information|our|we|matters|caution"
    r"|disclosure|important|such|special|other|readers|investors|by|because|these|each|both|under)\b[^.]{0,400}?"
    rf"(?:{_LOOKING}[\"\u201d]?\s+(?:statements?|information|disclosures?|terminology|and\s)"
    rf"|(?:is|are|be)\s+[\"\u201c]?{_LOOKING}"
    r"|forward-?\s?looking[\"\u201d]"
    r"|(?:other\s+than|not)\s[^.]{0,60}historical\s+(?:facts?|information)"
    r"|safe[\s-]harbou?r)",
    re.I,
)
FLS_CUE = _any(
    _LOOKING,
    r"safe[\s-]harbou?r",
    r"risks?\s+and\s+uncertaint",
    r"uncertaint",
    r"risk\s+factors",
    r"private\s+securities\s+litigation",
    r"differ\s+(?:materially|significantly)",
    r"materially\s+(?:different|from)",
    r"(?:undertakes?|assumes?)\s+no\s+(?:obligation|duty|responsibility)",
    r"no\s+(?:obligation|duty|intention)\s+to\s+(?:\w+\s+){0,4}(?:update|revise|amend|publicly)",
    r"(?:disclaims?|disclaiming)\s+any",
    r"words\s+(?:such\s+as|like|and)",
    r"form\s+(?:10-[kq]|20-f)",
    r"undue\s+(?:reliance|certainty)",
    r"cautions?\s+(?:you|investors|readers|that)",
    r"speaks?\s+only\s+as\s+of",
    r"(?:could|may)\s+(?:cause|contribute)",
)

# Contacts.

_WHO = (
    r"(?:media|press|investors?|company|corporate|ir|pr|general|public|analysts?|business|agency|primary|us|wire|institutional|customer|sales"
    r"|partnering|medical|patient|shareholders?|stockholders?|financial)"
)
CONTACT = re.compile(
    r"\W{0,4}(?:"
    rf"{_WHO}(?:\s?(?:and|&|/|or|,)\s?{_WHO}){{0,4}}\s{{0,3}}(?:(?:relations?|inquir(?:y|ies)|enquir(?:y|ies)|communications?|development)\s{{0,3}})?"
    r"(?:contacts?|information|relations|inquiries|enquiries|communications)(?:\s(?:details|information|us))?\s?(?:\(s\))?\s?(?::.{0,400}|$)"
    rf"|{_WHO}(?:\s?(?:and|&|/)\s?{_WHO}){{0,4}}:.{{0,200}}"
    r"|(?:for )?(?:further|more|additional) (?:information|details),?\s+(?:please\s+)?(?:contact|call).{0,400}"
    r"|contacts?(?:\(s\))?\s?(?:details|info(?:rmation)?|us|person)?\s?(?::.{0,600}|$)"
    rf"|for {_WHO}\b.{{0,60}}?(?:inquir(?:y|ies)|enquir(?:y|ies)|requests|questions|perspective|interviews)\b.{{0,60}}?(?::.{{0,200}}|$)"
    r"|(?-i:(?:[A-Z][\w.&'\u2019-]{0,30},? ){1,5})contacts?:.{0,300}"  # "Harbor Pharma’s contact:", the name in front
    r"|(?-i:(?:Media |Press |Investor )?Contacts?(?=[A-Z][a-z]{2})).{0,400}"  # "ContactDavid Doe", its line end lost
    r"|contact (?:details|information).{0,200}"
    r"|source:?\s+[A-Z].{2,80}$"
    r"|(?:investor|media|press|public) (?:relations|contacts?)\b.{0,160}$)",
    re.I | re.S,
)
REACH = _any(
    r"@[\w-]+\.",
    r"(?:(?:\+|\b)\d{1,3}?[\s().-]{0,3}|\(|\b)\d{3}[\s).-]{1,3}\d{3}[\s.-]\d{3,4}\b",
    r"\+\d{2}[\s\d().-]{7,30}",
    r"\b(?:tel|phone|fax)\b",
    r"(?:https?://|www\.)\S+$",
)
END_MARK = re.compile(r"(?:#\s?){2,5}|[-\u2013\u2014* ]{0,5}ends?[-\u2013\u2014* ]{0,5}|\*\s?\*\s?\*|_{3,}|-{3,}", re.I)
