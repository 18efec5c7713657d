"""One fact that speaks of money in, the payment that it tells out; None where the money is a price, a result or an offering."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from kg.key import key_hash
from kg.model import Document, Fact, Mention, Money, Phrase
from kg.resolve.agreements import Agreement, company_keys
from kg.resolve.developments import Development
from kg.resolve.identify import Things
from kg.resolve.judge import Record, concepts, mentions, published, when_of

# What is money but no deal payment: offerings, results, markets, prices of shares, courts' fees stay out; better no fact than a wrong one.
_NOT_A_DEAL = re.compile(
    r"net loss|net income|\brevenues? (?:of|was|were)|total revenue|market (?:size|cap|opportunity|value)|\boffering\b|per share"
    r"|cash equivalents|cash position|cash runway|guidance|CAGR|gross proceeds|net proceeds|operating expenses|annual sales"
    r"|warrants? exercis|exercise of .{0,20}warrants|billion market|market was|global .{0,40} market|valued at|at-the-market|(?-i:ATM) "
    r"|private placement|(?:acquisition|growth|project) fund(?:ing|s)|growth capital|convertible note|debt financing|loan"
    r"|Series [A-F]\b|R&D expenses|budget|donat|salary"
    r"|(?:annual|retention|cash|signing|performance) bonus|tax credit"
    r"|for the (?:quarter|year|three months|six months|nine months) ended|settlement of claims",
    re.IGNORECASE,
)
_TRIGGERS = {
    ("Phase1", "Started"): "Phase1Start", ("Phase2", "Started"): "Phase2Start", ("Phase3", "Started"): "Phase3Start",
    ("Phase1_2", "Started"): "Phase1Start", ("Phase2_3", "Started"): "Phase2Start", ("Clinical", "Started"): "TrialStart",
    ("IND", "Accepted"): "INDActive", ("IND", "Started"): "INDActive", ("IND", "Granted"): "INDActive",
    ("Submission", "Started"): "SubmissionMade", ("Submission", "Accepted"): "SubmissionMade", ("Approval", "Granted"): "ApprovalGranted",
}  # fmt: skip
_SHARES = {"payment/to-buy-shares-of", "payment/bought-shares-of", "payment/invests-in"}  # of a partner: no offering, whatever its price
_AND_MORE = re.compile(
    r"(?:,| and| plus| followed by| as well as)(?: then| also)? (?:an? |another )?$"
)  # "$4 million and an additional $1.5 million"
# "… upon selection of a second target": what a payment is due upon, up to the end of the phrase
_UPON = re.compile(
    r"[^.;:,]{0,30}? (?:upon|on|following|after|at|with|for|triggered by|in connection with|when|once|if|should|as soon as"
    r"|within [\w-]+ (?:business )?(?:days?|weeks?|months?) (?:of|after|from|following))"
    r" ((?:the |its |their )?[^.;:,]{3,60})",
    re.IGNORECASE,
)
_BEGIN = r"\b(?:start|initiation|commencement|dosing|beginning)"
_TRIGGER_WORDS = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        ("CandidateSelected", r"\b(?:selection|nomination|designation) of"),
        ("TechnologyTransferred", r"technology transfer|transfer of (?:the )?(?:technology|know-how)"),
        (
            "INDActive",
            r"\bIND (?:acceptance|clearance|approval|filing)|(?:acceptance|clearance|filing|submission) of (?:an? |the |its )?IND\b",
        ),
        ("Phase3Start", rf"{_BEGIN} (?:(?!cohort|expansion)[^,;]){{0,50}}\bPhase (?:3|III)(?![\w/])"),
        ("Phase2Start", rf"{_BEGIN} (?:(?!cohort|expansion)[^,;]){{0,50}}\bPhase (?:2|II)[ab]?(?![\w/])"),
        ("Phase1Start", rf"{_BEGIN} (?:(?!cohort|expansion)[^,;]){{0,50}}\bPhase (?:1|I)[ab]?(?![\w/])"),
        ("INDActive", r"\bIND (?:takes effect|becomes effective|goes into effect|is (?:accepted|cleared|filed|approved))"),
        ("Phase3Start", r"\bPhase (?:3|III)\b(?! data| results)[^,;]{0,30} (?:begins?|starts?|gets under way|opens|is begun|is started)"),
        (
            "Phase2Start",
            r"\bPhase (?:2|II)[ab]?\b(?! data| results)[^,;]{0,30} (?:begins?|starts?|gets under way|opens|is begun|is started)",
        ),
        (
            "Phase1Start",
            r"\bPhase (?:1|I)[ab]?\b(?! data| results)[^,;]{0,30} (?:begins?|starts?|gets under way|opens|is begun|is started)",
        ),
        ("Phase3Start", r"\b(?:enters?|moves? into|advances? (?:in)?to|reach(?:es)?) Phase (?:3|III)\b"),
        ("Phase2Start", r"\b(?:enters?|moves? into|advances? (?:in)?to|reach(?:es)?) Phase (?:2|II)\b"),
        ("Phase1Start", r"\b(?:enters?|moves? into|advances? (?:in)?to|reach(?:es)?) Phase (?:1|I)\b"),
        ("TrialStart", r"\b(?:enters?|reach(?:es)?) (?:the clinic|clinical (?:trials?|testing))|human (?:trials|testing) begins?"),
        (
            "Signing",
            r"\b(?:agreement|contract|deal|licen[cs]e|option) (?:was|is|were|takes|took) (?:signed|executed|concluded|granted|effect)",
        ),
        ("Signing", r"\b(?:signing|execution|closing|effective date|the effectiveness)\b"),
        ("SubmissionMade", r"\b(?:filing|submission) of (?:an? |the )?(?:BLA|NDA|MAA|marketing|biologics|new drug)"),
        (
            "ApprovalGranted",
            r"\b(?:regulatory|marketing|FDA|EMA) approval|\bapproval of\b|\bapproval in\b|\b(?:is|are|be|gets|wins) approved"
            r"|\b(?:FDA|EMA|agency|regulators?|European Commission) (?:approves?|clears?)\b|reach(?:es)? the market",
        ),
    )
)
# "If ABC-101 is approved, Birch pays $75 million": the condition before it
_WHEN_BEFORE = re.compile(r"(?:^|[,;] )(?:If|When|Once|Should|Upon|On|if|when|once|should|upon) ([^.;:]{3,90}), [^.;:,]{0,60}$")
DEVELOPMENT_TRIGGERS = frozenset(
    {"INDActive", "Phase1Start", "Phase2Start", "Phase3Start", "TrialStart", "SubmissionMade", "ApprovalGranted", "CandidateSelected"}
)
_NEWS = re.compile(r"\b(?:today|announced?s?|issued a press release)\b", re.IGNORECASE)
_ENTITLED = re.compile(r"\bentitle[sd]? (?:\w+ )?to (?:receive |be paid )?(?:\w+ ){0,2}$")
_THE_AGREEMENT = re.compile(
    r"(?:the|this|that|such) (?:\w+ )?(?:agreement|deal|contract|collaboration|partnership|licen[cs]e)", re.IGNORECASE
)
_JUST_PAID = re.compile(
    r"(?<!be )(?<!get )(?<!if )(?:\bhas |\bhave |, |\band |\balso )paid (?:an? |approximately |about )?$", re.IGNORECASE
)
_PER_SHARE = re.compile(r"\b(?:per share|a share)\b", re.IGNORECASE)
_NO_MORE = re.compile(r"\b(?:no|not any|without(?: any)?) (?:other |more |further |additional )?$", re.IGNORECASE)
_ACQUISITION = {"payment/acquires-for", "payment/acquired-for"}
_ALL_SHARES = re.compile(r"\ball (?:of )?(?:the )?(?:issued and )?outstanding (?:\w+ )?(?:shares|stock|equity)", re.IGNORECASE)
_MAY_REACH = (  # "milestones that could add up to $500 million"
    r"(?:\b(?:could|may|might|would|can) (?:\w+ )?(?:add up to|total|reach|amount to|come to|be worth)|\bpotentially totall?ing)"
    r" (?:a total of |an aggregate of |a cumulative )?"
)
_SURE = {f"payment/{rule}" for rule in ("was-earned", "triggers", "milestone-triggers", "owes")}
# the verb of money that stands last before an amount tells its status: "paid $5 million and, if it opts in, will pay $40 million"
_VERBS = re.compile(
    r"(?P<Potential>\b(?:may|could|might|would|eligible|entitled)(?: also| then| further)?(?: to| for)? (?:\w+ )?(?:be )?"
    r"(?:pay|receive|earn|owe|get|paid|royalt|milestone|obligated|required))"
    r"|(?P<Committed>\b(?:will|shall|agreed to|agrees to|is to|obligated to|required to)(?: also| then| further)? (?:be )?"
    r"(?:pay|make|receive|owe|earn|paid))"
    r"|(?P<Occurred>\b(?:paid|received|earned|made|collected|triggered|achieved|recogni[sz]ed|pays|receives|triggers|earns)\b)",
    re.IGNORECASE,
)
_CONDITIONS = re.compile(r"\b(?:if|should|upon exercise|exercis\w+|options?|may|could|might|would|eligible|potential\w*)\b", re.IGNORECASE)
_SELF_NAMED = frozenset({"MilestonePayment", "Upfront", "Royalty"})
_POSSESSIVES = frozenset({"its", "their", "whose"})
_AROUND = 40  # characters on either side of a payment
_LEAST = 1000  # units of a currency: what is less is a price, a dividend or a result per share, whatever the words around it


@dataclass(slots=True)
class Payment(Record):
    """A payment: kind, amount or rate, who pays whom, for what, under which agreement."""

    kind: str = "OtherPayment"
    money: Money | None = None
    rates: set[str] = field(default_factory=set)
    payers: set[str] = field(default_factory=set)
    payees: set[str] = field(default_factory=set)
    compounds: set[str] = field(default_factory=set)
    agreement: Agreement | None = None
    trigger: Development | None = None
    trigger_type: str | None = None
    words: str = ""
    place: int = 0

    @property
    def is_milestone(self) -> bool:
        """Answer whether it is a milestone payment."""
        return self.kind == "MilestonePayment"

    def key(self, rival: bool) -> str:
        """Key it by what identifies it.

        A milestone is its agreement, what it is for and its trigger, never its amount; only where two of one document agree in all of
        these does the amount tell them apart (`rival`).
        """
        agreement = self.agreement.key if self.agreement is not None else [*sorted(self.payers), "→", *sorted(self.payees)]
        what = sorted(self.compounds)
        amount = "" if self.money is None or self.money.amount is None else str(self.money.amount)
        if self.is_milestone:
            trigger = self.trigger_type or ("Potential" if self.factuality == "Potential" else "")
            return "milestone/" + key_hash("milestone", agreement, what, trigger, amount if rival else "")
        return "payment/" + key_hash("payment", self.kind, agreement, what, amount, self.trigger_type or "")


def read(
    document: Document,
    things: Things,
    fact: Fact,
    meant: dict[int, Agreement],
    developments: tuple[list[Development], dict[int, Development]],
) -> Payment | None:
    """Read one fact; None where it is no deal payment."""
    anchor = fact.anchor
    if anchor is None:
        return None
    sentence = document.sentences[anchor.sentence]
    money = _money(anchor)
    if money is None:
        money = next((m.value for m in mentions(fact, "amount") if isinstance(m.value, Money)), None)
    rules = {e.rule for e in fact.evidence}
    kinds = concepts(fact, "paymentType")
    # what names itself a milestone or an upfront payment is one, whatever else its sentence tells of
    around = _AROUND if kinds and kinds[0] in _SELF_NAMED else len(sentence.text)
    near = sentence.text[max(0, anchor.local.start - around) : anchor.local.end + around]
    if around == _AROUND or ("payment/buys-stock" in rules and fact.roles.get("payer") and fact.roles.get("payee")):
        near = _PER_SHARE.sub("", near)  # the price of a share of a partner's stands beside
    if money is not None and money.amount is not None and _NOT_A_DEAL.search(near) and not rules & (_SHARES | _ACQUISITION):
        return None
    if isinstance(anchor.value, Money) and anchor.found_by.endswith("per-share"):
        return None
    if money is not None and money.amount is not None and money.amount < _LEAST:
        return None
    if money is not None and money.bound == "Exactly" and money.text and re.search(_MAY_REACH + re.escape(money.text), sentence.text):
        money = replace(money, bound="UpTo")
    one = Payment(
        [fact],
        fact.factuality,
        when_of(fact),
        fact.derivation,
        kinds[0] if kinds else "OtherPayment",
        money,
        place=anchor.span.start,
        words=anchor.text,
    )
    if isinstance(anchor.value, Phrase):
        one.rates = {m.text for m in anchor.value.parts.get("rate", ())}
    before = sentence.text[: anchor.local.start]
    if money is None and (_NO_MORE.search(before) or re.match(r"no ", anchor.text, re.IGNORECASE)):
        return None  # "no further milestone payments are due": nothing passes
    if (rules & _ACQUISITION or (rules & _SHARES and _ALL_SHARES.search(sentence.text))) and one.kind in {"OtherPayment", "Equity"}:
        one.kind = "AcquisitionPrice"
    elif rules & _SHARES:
        one.kind = "Equity"
    if one.factuality == "Occurred" and not rules & _SURE:
        verbs = [found for found in _VERBS.finditer(before) if found.lastgroup]
        one.factuality = verbs[-1].lastgroup if verbs else one.factuality
    elif one.factuality != "Occurred" and _JUST_PAID.search(before):
        one.factuality = "Occurred"
    if one.kind == "Upfront" and one.factuality == "Potential" and not _CONDITIONS.search(before[-160:]):
        one.factuality = "Committed"
    if one.kind == "OtherPayment" and money is None:
        return None
    is_more = money is not None and fact.roles.get("payer") and fact.roles.get("payee") and _AND_MORE.search(before[-40:])
    if rules == {"payment/named"} and (one.kind == "OtherPayment" or (money is None and not one.rates)) and not is_more:
        return None
    for role, side in (("payer", one.payers), ("payee", one.payees)):
        for mention in mentions(fact, role):
            if "payment/receipt" not in rules or mention.text.lower() not in _POSSESSIVES:
                side |= company_keys(things, mention)  # "advanced its first milestone payment" may be either side's
    if one.payers & one.payees:
        one.payers, one.payees = set(), set()
    one.compounds = {things.key(m) for m in mentions(fact, "compound")}
    for mention in mentions(fact, "agreement"):
        one.agreement = meant.get(mention.span.start) or _spoken_of(meant, mention, one.payers | one.payees)
    for mention in mentions(fact, "trigger") if one.kind not in {"Upfront", "Royalty"} else ():
        one.trigger = _event(mention, developments)
    if one.trigger is not None:
        one.trigger_type = _TRIGGERS.get(
            (one.trigger.stage or "", one.trigger.event), "DataReadout" if one.trigger.event == "DataReported" else None
        )
        one.compounds |= {one.trigger.compound}
        if one.kind == "OtherPayment" and one.factuality == "Occurred":
            one.kind = "MilestonePayment"  # a payment that an event of development triggers is a milestone payment, whatever it is called
    if one.trigger_type is None:
        one.trigger_type = next(iter(concepts(fact, "triggerType")), None) or _worded_trigger(sentence.text[anchor.local.end :], before)
    if one.kind == "OtherPayment" and one.trigger_type == "Signing" and len(one.payers | one.payees) == 2:
        one.kind = "Upfront"
    is_due = one.factuality == "Potential" or "payment/owes" in rules or (money is not None and money.bound == "UpTo")
    if one.kind == "OtherPayment" and is_due and one.trigger_type != "Signing" and re.search(r"milestone", sentence.text, re.IGNORECASE):
        one.kind = "MilestonePayment"  # "if every regulatory milestone is passed, it could earn up to $205 million"
    if one.trigger is None and one.trigger_type in DEVELOPMENT_TRIGGERS and one.factuality == "Committed":
        one.factuality = "Potential"  # what will be paid when a drug is approved may never be
    if one.kind == "Royalty" and one.trigger_type is None and re.search(r"\bsales\b", sentence.text, re.IGNORECASE):
        one.trigger_type = "SalesReached"
    if one.kind in {"Upfront", "Fee"} and one.factuality == "Potential" and _ENTITLED.search(sentence.text, 0, anchor.local.start):
        one.factuality = "Committed"  # who is entitled to an upfront payment will have it
    is_listed = rules == {"payment/named"}  # whose status is another's: "paid $40 million, with up to $265 million to come"
    if money is not None and money.bound == "UpTo" and (one.factuality in {"Committed", None} or is_listed):
        one.factuality = "Potential"
    if one.factuality is None:
        one.factuality = {"Royalty": "Potential", "Upfront": "Committed"}.get(one.kind)
    if one.factuality == "Occurred" and (one.when is None or one.when.text.lower() == "today"):
        is_news = bool(_NEWS.search(sentence.text)) or document.section_of(sentence).kind == "headline"
        one.when = published(document.published) if is_news else None
        if one.when is None and one.trigger is not None:
            one.when = one.trigger.when
    return one


def _spoken_of(meant: dict[int, Agreement], mention: Mention, sides: set[str]) -> Agreement | None:
    """Find what "the agreement" means: the agreement told last before it, of the same companies."""
    if not _THE_AGREEMENT.fullmatch(mention.text):
        return None
    before = [place for place, agreement in meant.items() if place < mention.span.start and sides <= agreement.parties]
    return meant[max(before)] if before else None


def is_no_deal(text: str) -> bool:
    """Answer whether a text speaks of money that no party of a deal pays: offerings, results, markets.

    >>> is_no_deal("gross proceeds of $5 million"), is_no_deal("a $5 million milestone payment")
    (True, False)
    """
    return _NOT_A_DEAL.search(text) is not None


def _worded_trigger(behind: str, before: str) -> str | None:
    """Tell by the words right behind a payment, or by the condition before it, what it is paid upon."""
    for found in (_UPON.match(behind), _WHEN_BEFORE.search(before)):
        for kind, words in _TRIGGER_WORDS:
            if found and words.search(found[1]):
                return kind
    return None


def _money(anchor: Mention) -> Money | None:
    """Read the amount that an anchor is or holds."""
    if isinstance(anchor.value, Money):
        return anchor.value
    if isinstance(anchor.value, Phrase):
        for mention in anchor.value.parts.get("money", ()):
            if isinstance(mention.value, Money):
                return mention.value
    return None


def _event(mention: Mention, developments: tuple[list[Development], dict[int, Development]]) -> Development | None:
    """Find the development that a trigger means: that of its stage, or for "this event" the one told last, at most two sentences before."""
    made, meant = developments
    if mention.type == "stage":
        return meant.get(mention.span.start)
    before = [
        (f.anchor.span.start, d)
        for d in made
        for f in d.facts
        if f.anchor is not None
        and f.anchor.span.start < mention.span.start
        and 0 <= mention.sentence - f.anchor.sentence <= 2
        and d.factuality == "Occurred"
    ]
    return max(before, key=lambda b: b[0])[1] if before else None


def amount_properties(money: Money) -> list[tuple[str, Decimal | str]]:
    """Spell an amount as properties: minAmount and maxAmount for a range, maxAmount beside amount for an upper bound."""
    if money.amount is None:
        return []
    if money.bound == "Range" and money.low is not None:
        return [("minAmount", money.low), ("maxAmount", money.amount), ("currency", money.currency)]
    return [("amount", money.amount), ("currency", money.currency)]
