"""Facts that speak of money in, one record for each payment out: what is told three times is one payment with three evidences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from kg.key import key_hash
from kg.model import Document, Fact, Issue, Mention, Money, Phrase
from kg.resolve.agreements import Agreement, company_keys
from kg.resolve.developments import Development
from kg.resolve.identify import Things
from kg.resolve.judge import RANK, Record, concepts, finer, mentions, published, same_time, when_of

# What is money but no deal payment: offerings, results, markets, prices of shares, courts' fees stay out; better no fact than a wrong one.
_NOT_A_DEAL = re.compile(
    r"net loss|net income|\brevenues? (?:of|was|were)|total revenue|market (?:size|cap|opportunity|value)|\boffering\b|per share"
    r"|cash equivalents|cash position|cash runway|guidance|CAGR|gross proceeds|net proceeds|operating expenses|annual sales"
    r"|warrants? exercis|exercise of .{0,20}warrants|billion market|market was|global .{0,40} market|valued at|at-the-market|ATM "
    r"|private placement|convertible note|debt financing|loan|Series [A-F]\b|R&D expenses|budget|donat|salary|bonus|tax credit"
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
_AND_MORE = re.compile(r"(?:,| and| plus| followed by| as well as)(?: then| also)? (?:an? |another )?$")  # "$4 million and an additional $1.5 million"
# "… upon selection of a second target": what a payment is due upon, up to the end of the phrase
_UPON = re.compile(r"[^.;:,]{0,30}? (?:upon|on|following|after|at|with|for|triggered by|in connection with) ((?:the |its |their )?[^.;:,]{3,60})", re.IGNORECASE)
_TRIGGER_WORDS = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        ("CandidateSelected", r"\b(?:selection|nomination|designation) of"),
        ("TechnologyTransferred", r"technology transfer|transfer of (?:the )?(?:technology|know-how)"),
        ("Signing", r"\b(?:signing|execution|closing|effective date|the effectiveness)\b"),
        ("SubmissionMade", r"\b(?:filing|submission) of (?:an? |the )?(?:BLA|NDA|MAA|marketing|biologics|new drug)"),
        ("ApprovalGranted", r"\b(?:regulatory|marketing|FDA|EMA) approval|\bapproval of\b|\bapproval in\b"),
    )
)
_NEWS = re.compile(r"\b(?:today|announced?s?|issued a press release)\b", re.IGNORECASE)


_ONE_WAY = {"MilestonePayment", "Royalty", "Upfront", "Fee"}  # what a licensee pays a licensor
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


def gather(
    document: Document, things: Things, facts: list[Fact], agreements: tuple[list[Agreement], dict[int, Agreement]],
    developments: tuple[list[Development], dict[int, Development]], issues: list[Issue],
) -> list[Payment]:  # fmt: skip
    """Make the payments of a document."""
    made: list[Payment] = []
    for fact in sorted(facts, key=lambda f: f.anchor.span.start if f.anchor else 0):
        one = _read(document, things, fact, agreements[1], developments)
        if one is not None:
            _merge(made, one)
    _name_amounts(made)
    for before, payment in pairwise(made):
        _go_on(document, before, payment)
    for payment in made:
        _fill(payment, agreements[0])
        _licence_roles(payment)
    kept = []
    for payment in made:
        if payment.factuality == "Denied" and payment.money is None:
            continue  # "no upfront payment was made": nothing passes
        if payment.factuality is None or not _has_parties(payment):
            what = payment.words or payment.kind
            span = payment.facts[0].evidence[0].span
            issues.append(
                Issue(
                    "resolve",
                    f"{document.source.file_name}:{span.start}-{span.end}",
                    f"“{what}” has no party or no status in the text: left open",
                )
            )
            continue
        kept.append(payment)
    return kept


def _name_amounts(made: list[Payment]) -> None:
    """Join a milestone that was earned, told without an amount, with the one amount of no kind that passes between the same companies."""
    bare = [p for p in made if p.is_milestone and p.factuality == "Occurred" and (p.money is None or p.money.amount is None)]
    plain = [p for p in made if p.kind == "OtherPayment" and p.factuality in {"Occurred", "Committed"} and p.money is not None]
    if len(bare) != 1 or len(plain) != 1:
        return
    (milestone,), (paid,) = bare, plain
    for a, b in ((milestone.payers, paid.payers), (milestone.payees, paid.payees)):
        if a and b and a != b:
            return
    if milestone.payers | milestone.payees:
        paid.kind, paid.factuality = "MilestonePayment", "Occurred"
        for fact in milestone.facts:
            paid.support(fact)
        paid.when = milestone.when or paid.when
        paid.compounds |= milestone.compounds
        paid.trigger, paid.trigger_type = paid.trigger or milestone.trigger, paid.trigger_type or milestone.trigger_type
        paid.agreement = paid.agreement or milestone.agreement
        paid.derivation = "Resolved"
        made.remove(milestone)


def _go_on(document: Document, before: Payment, payment: Payment) -> None:
    """Take the sides of the payment told right before for one without sides: "Harbor may earn milestones. Royalties would be due as well."

    Only from the same or the sentence before, in the same section, and where both kinds flow one way.
    """
    places = [p.facts[0].anchor for p in (before, payment)]
    if payment.payers or payment.payees or payment.kind not in _ONE_WAY or before.kind not in _ONE_WAY:
        return
    if places[0] is None or places[1] is None or not 0 <= places[1].sentence - places[0].sentence <= 1 or not (before.payers or before.payees):
        return
    sections = {document.sentences[place.sentence].section for place in places if place is not None}
    if len(sections) == 1:
        payment.payers, payment.payees = set(before.payers), set(before.payees)
        payment.agreement = payment.agreement or before.agreement
        payment.derivation = "Resolved"


def _has_parties(payment: Payment) -> bool:
    """Answer whether a payment has parties enough to be one.

    Money of no known kind needs both, or an agreement: revenue and write-downs have one side. "Achieved a milestone" without an amount or
    the word payment, and with nobody who pays, is a success, not money.
    """
    if payment.kind == "OtherPayment":
        return bool(payment.agreement or (payment.payers and payment.payees))
    if payment.is_milestone and payment.money is None and payment.factuality == "Occurred":
        is_money = any(re.search(r"payment|fee", f.anchor.text, re.IGNORECASE) for f in payment.facts if f.anchor is not None)
        is_under = any(e.rule == "payment/under" for e in payment.evidence)  # "the milestone was earned under the 2000 agreement"
        return bool(payment.payers) and (is_money or is_under)
    return bool(payment.payers or payment.payees or payment.agreement)


def _read(
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
    if money is not None and money.amount is not None and _NOT_A_DEAL.search(sentence.text) and not rules & _SHARES:
        return None
    if isinstance(anchor.value, Money) and anchor.found_by.endswith("per-share"):
        return None
    if money is not None and money.amount is not None and money.amount < _LEAST:
        return None
    kinds = concepts(fact, "paymentType")
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
    if rules & _SHARES:
        one.kind = "Equity"
    if one.kind == "OtherPayment" and money is None:
        return None
    if rules == {"payment/named"} and (one.kind == "OtherPayment" or (money is None and not one.rates)):
        before = sentence.text[max(0, anchor.local.start - 40) : anchor.local.start]
        if money is None or not (fact.roles.get("payer") and fact.roles.get("payee") and _AND_MORE.search(before)):
            return None
    is_due = one.factuality == "Potential" or "payment/owes" in rules
    if one.kind == "OtherPayment" and is_due and re.search(r"milestone", sentence.text, re.IGNORECASE):
        one.kind = "MilestonePayment"  # "if every regulatory milestone is passed, it could earn up to $205 million"
    for role, side in (("payer", one.payers), ("payee", one.payees)):
        for mention in mentions(fact, role):
            side |= company_keys(things, mention)
    if one.payers & one.payees:
        one.payers, one.payees = set(), set()
    one.compounds = {things.key(m) for m in mentions(fact, "compound")}
    for mention in mentions(fact, "agreement"):
        one.agreement = meant.get(mention.span.start)
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
        one.trigger_type = next(iter(concepts(fact, "triggerType")), None) or _worded_trigger(sentence.text[anchor.local.end :])
    if money is not None and money.bound == "UpTo" and one.factuality in {"Committed", None}:
        one.factuality = "Potential"
    if one.factuality is None:
        one.factuality = {"Royalty": "Potential", "Upfront": "Committed"}.get(one.kind)
    if one.factuality == "Occurred" and (one.when is None or one.when.text.lower() == "today"):
        is_news = bool(_NEWS.search(sentence.text)) or document.section_of(sentence).kind == "headline"
        one.when = published(document.published) if is_news else None
        if one.when is None and one.trigger is not None:
            one.when = one.trigger.when
    return one


def _worded_trigger(behind: str) -> str | None:
    """Tell by the words right behind a payment what it is paid upon."""
    found = _UPON.match(behind)
    return next((kind for kind, words in _TRIGGER_WORDS if found and words.search(found[1])), None)


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


def _merge(made: list[Payment], one: Payment) -> None:
    """Join a payment with the one that it repeats, or add it."""
    for known in made:
        if _repeats(known, one):
            break
    else:
        made.append(one)
        return
    for fact in one.facts:
        known.support(fact)
    if known.kind == "OtherPayment":
        known.kind = one.kind
    if known.money is None or known.money.amount is None:
        known.money = one.money or known.money
    known.rates |= one.rates
    known.payers = known.payers or one.payers
    known.payees = known.payees or one.payees
    known.compounds |= one.compounds
    known.agreement = known.agreement or one.agreement
    known.trigger = known.trigger or one.trigger
    known.trigger_type = known.trigger_type or one.trigger_type
    if one.factuality is not None and (known.factuality is None or RANK[one.factuality] > RANK[known.factuality]):
        known.factuality = one.factuality
    known.when = finer(known.when, one.when) if same_time(known.when, one.when) else known.when
    if one.derivation == "Stated":
        known.derivation = "Stated"


def _repeats(known: Payment, one: Payment) -> bool:
    """Answer whether one payment tells another again.

    The same amount of the same kind between the same companies is told again. A payment without an amount repeats one of its kind: "the
    milestone was earned under …" says more of the milestone just reported; but what was earned never repeats what may be earned.
    """
    for a, b in ((known.payers, one.payers), (known.payees, one.payees)):
        if a and b and not a & b:
            return False
    if known.trigger is not None and one.trigger is not None and known.trigger.stage != one.trigger.stage:
        return False  # ten million for a Phase 2 and ten for a Phase 3
    amounts = [p.money.amount if p.money is not None else None for p in (known, one)]
    same_kind = known.kind == one.kind or "OtherPayment" in (known.kind, one.kind)
    if not same_kind:
        return False
    statuses = {known.factuality, one.factuality} - {None}
    if amounts[0] is not None and amounts[1] is not None:
        assert known.money is not None and one.money is not None
        if amounts[0] != amounts[1] or known.money.currency != one.money.currency:
            return False
        if known.trigger_type and one.trigger_type and known.trigger_type != one.trigger_type:
            return False
        return not ({"Occurred", "Potential"} <= statuses and known.money.bound != one.money.bound)
    if "OtherPayment" in (known.kind, one.kind):
        return False
    if statuses == {"Occurred"} or len(statuses) == 1:
        return True
    return bool(statuses) and not {"Occurred", "Potential"} <= statuses and not {"Occurred", "Committed"} <= statuses


def _fill(payment: Payment, agreements: list[Agreement]) -> None:
    """Fill the agreement and the other party where only one is possible."""
    sides = payment.payers | payment.payees
    if payment.agreement is None:
        fits = [
            a for a in agreements if sides <= a.parties and (not payment.compounds or not a.compounds or payment.compounds & a.compounds)
        ]
        fits = fits if sides else [a for a in fits if a.factuality != "Ended"]
        if len(fits) == 1:
            payment.agreement = fits[0]
    agreement = payment.agreement
    if agreement is None:
        return
    if not sides <= agreement.parties:
        if len(sides) == 2 or not sides & agreement.parties:
            payment.agreement = None
        return
    if payment.kind == "OtherPayment" and "Acquisition" in agreement.kinds and any(e.rule == "payment/priced" for e in payment.evidence):
        payment.kind = "AcquisitionPrice"
    if len(agreement.parties) == 2:
        if payment.payers and not payment.payees:
            payment.payees = agreement.parties - payment.payers
        elif payment.payees and not payment.payers:
            payment.payers = agreement.parties - payment.payees
        elif not sides:
            for payer, payee in (("licensee", "licensor"), ("acquirer", "acquiree"), ("optionee", "optionor")):
                if len(agreement.roles.get(payer, ())) == 1 and len(agreement.roles.get(payee, ())) == 1:
                    payment.payers, payment.payees = set(agreement.roles[payer]), set(agreement.roles[payee])
                    payment.derivation = "Resolved"
                    break
    if not payment.compounds and len(agreement.compounds) == 1 and not (agreement.targets or agreement.technologies):
        payment.compounds = set(
            agreement.compounds
        )  # a licence to one compound pays for that compound; one to a target or a technology may not
    elif payment.compounds and not agreement.compounds and payment.factuality == "Occurred":
        agreement.compounds |= payment.compounds


def _licence_roles(payment: Payment) -> None:
    """Tell the sides of a licence by the money, where no sentence tells them: royalties, milestones and fees go to the licensor."""
    agreement = payment.agreement
    if agreement is None or "License" not in agreement.kinds or len(payment.payers) != 1 or len(payment.payees) != 1:
        return
    if (
        payment.kind in {"Royalty", "MilestonePayment", "Upfront", "Fee"}
        and not agreement.roles.get("licensor")
        and not agreement.roles.get("licensee")
    ):
        agreement.roles["licensor"], agreement.roles["licensee"] = set(payment.payees), set(payment.payers)
        agreement.roles.pop("collaborator", None)
        for fact in payment.facts:
            agreement.support(fact)
        agreement.derivation = "Resolved"


def amount_properties(money: Money) -> list[tuple[str, Decimal | str]]:
    """Spell an amount as properties: minAmount and maxAmount for a range, maxAmount beside amount for an upper bound."""
    if money.amount is None:
        return []
    if money.bound == "Range" and money.low is not None:
        return [("minAmount", money.low), ("maxAmount", money.amount), ("currency", money.currency)]
    return [("amount", money.amount), ("currency", money.currency)]
