"""Facts that speak of money in, one record for each payment out: what is told three times is one payment with three evidences."""

from __future__ import annotations

import re
from itertools import pairwise

from kg.model import Document, Fact, Issue
from kg.resolve.agreements import Agreement
from kg.resolve.developments import Development
from kg.resolve.identify import Things
from kg.resolve.judge import RANK, finer, same_time
from kg.resolve.payment import DEVELOPMENT_TRIGGERS, Payment, read

_SUMS_UP = re.compile(r"\b(?:partners|partnerships|across|cumulative|to date)\b", re.IGNORECASE)  # what several have paid
_NEAR = 4  # sentences between an agreement and what is paid under it
_PUBLIC = re.compile(r"\b(?:government|non-dilutive funding|grants?)\b", re.IGNORECASE)  # money of the public's, no milestone
_TOOK_IN = re.compile(r"\W{0,4}(?:Achieved|Earned|Received|Recognized|Collected|Triggered) ")  # a bullet point on oneself
_IS_MONEY = re.compile(r"payment|fee", re.IGNORECASE)
_PAYS = re.compile(
    r"(?<![\w-])(?P<who>[A-Z][\w&.'-]{1,30}(?: [A-Z][\w&.'-]{1,30}){0,3}) (?:has |have |had |also |will |would |may |must ){0,2}"
    r"(?:paid|pays?|made|agreed to pay|is to pay)\b"
)
_NO_NAMES = {"It", "They", "We", "He", "She", "The", "This", "Both", "Each", "These", "Those", "In", "No", "An", "Company", "Licensee"}
_ONE_WAY = {"MilestonePayment", "Royalty", "Upfront", "Fee"}  # what a licensee pays a licensor


def gather(
    document: Document, things: Things, facts: list[Fact], agreements: tuple[list[Agreement], dict[int, Agreement]],
    developments: tuple[list[Development], dict[int, Development]], issues: list[Issue], focal: str | None = None,
) -> list[Payment]:  # fmt: skip
    """Make the payments of a document. focal: the company that it speaks for, which its bullet points need not name."""
    made: list[Payment] = []
    for fact in sorted(facts, key=lambda f: f.anchor.span.start if f.anchor else 0):
        one = read(document, things, fact, agreements[1], developments)
        if one is not None:
            _merge(made, one)
    _name_amounts(made)
    for before, payment in pairwise(made):
        _go_on(document, before, payment)
    for payment in made:
        _fill(document, things, payment, agreements[0], focal)
        _licence_roles(payment)
        if payment.kind == "OtherPayment" and payment.trigger_type in DEVELOPMENT_TRIGGERS and payment.payers and payment.payees:
            payment.kind = "MilestonePayment"  # what is due when a drug reaches a stage is a milestone payment, whatever it is called
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
                    f"“{what}” has no {'status' if payment.factuality is None else 'party'} in the text: left open",
                )
            )
            continue
        kept.append(payment)
    return kept


def _name_amounts(made: list[Payment]) -> None:
    """Join a milestone that was earned, told without an amount, with the one amount of no kind that passes between the same companies."""
    bare = [p for p in made if p.is_milestone and p.factuality == "Occurred" and (p.money is None or p.money.amount is None)]
    plain = [p for p in made if p.kind == "OtherPayment" and p.factuality in {"Occurred", "Committed"} and p.money is not None]
    plain = [p for p in plain if not any(_PUBLIC.search(e.sentence) for e in p.evidence)]
    if len(bare) != 1 or len(plain) != 1:
        return
    (milestone,), (paid,) = bare, plain
    anchors = [p.facts[0].anchor for p in (milestone, paid)]
    together = anchors[0] is not None and anchors[1] is not None and anchors[0].sentence == anchors[1].sentence
    if not (together or paid.payers | paid.payees or _has_parties(milestone)):
        return  # "achieved a regulatory milestone" is a success; the amount told elsewhere is another matter
    for a, b in ((milestone.payers, paid.payers), (milestone.payees, paid.payees)):
        if a and b and a != b:
            return
    if milestone.payers | milestone.payees:
        paid.kind, paid.factuality = "MilestonePayment", "Occurred"
        for fact in milestone.facts:
            paid.support(fact)
        paid.payers, paid.payees = paid.payers or milestone.payers, paid.payees or milestone.payees
        paid.when = milestone.when or paid.when
        paid.compounds |= milestone.compounds
        paid.trigger, paid.trigger_type = paid.trigger or milestone.trigger, paid.trigger_type or milestone.trigger_type
        paid.agreement = paid.agreement or milestone.agreement
        paid.derivation = "Resolved"
        made.remove(milestone)


def _go_on(document: Document, before: Payment, payment: Payment) -> None:
    """Take the sides of the payment told right before for one without sides.

    "Harbor may earn milestones. Royalties would be due as well." tells whom the royalties go to. Only from the same
    or the sentence before, in the same section, and where both kinds flow one way.
    """
    places = [p.facts[0].anchor for p in (before, payment)]
    _same_payer(document, before, payment)
    is_sum = payment.kind == "OtherPayment" and payment.factuality == "Potential"  # "A further $310 million depends on its progress."
    is_told = before.kind in _ONE_WAY or (before.kind == "OtherPayment" and before.payers and before.payees)
    if payment.payers or payment.payees or not (payment.kind in _ONE_WAY or is_sum) or not is_told:
        return
    if (
        places[0] is None
        or places[1] is None
        or not 0 <= places[1].sentence - places[0].sentence <= 1
        or not (before.payers or before.payees)
    ):
        return
    sections = {document.sentences[place.sentence].section for place in places if place is not None}
    if len(sections) == 1:
        payment.payers, payment.payees = set(before.payers), set(before.payees)
        payment.agreement = payment.agreement or before.agreement
        payment.derivation = "Resolved"


def _same_payer(document: Document, before: Payment, payment: Payment) -> None:
    """Take the payer of the payment told right before, to the same payee: "Astellas paid Sutro $90 million, and Sutro may earn more"."""
    places = [p.facts[0].anchor for p in (before, payment)]
    if payment.payers or payment.payees != before.payees or len(before.payers) != 1 or len(before.payees) != 1 or not all(places):
        return
    first, second = (place for place in places if place is not None)
    sections = {document.sentences[place.sentence].section for place in (first, second)}
    if len(sections) == 1 and 0 <= second.sentence - first.sentence <= 1 and payment.kind in _ONE_WAY | {"OtherPayment"}:
        between = document.text[first.span.end : second.span.start]
        if not re.search(r"\n\s*\n", between) and not _SUMS_UP.search(document.sentences[second.sentence].text):
            payment.payers, payment.derivation = set(before.payers), "Resolved"
            payment.agreement = payment.agreement or before.agreement


def _has_parties(payment: Payment) -> bool:
    """Answer whether a payment has parties enough to be one.

    Money of no known kind needs both, or an agreement: revenue and write-downs have one side. "Achieved a milestone" without an amount or
    the word payment, and with nobody who pays, is a success, not money.
    """
    if payment.kind == "OtherPayment":
        return bool(payment.agreement or (payment.payers and payment.payees))
    if payment.is_milestone and payment.money is None and payment.factuality == "Occurred":
        is_money = any(_IS_MONEY.search(f.anchor.text) for f in payment.facts if f.anchor is not None)
        is_under = any(e.rule == "payment/under" for e in payment.evidence)  # "the milestone was earned under the 2000 agreement"
        return bool(payment.payers) and (is_money or is_under)
    return bool(payment.payers or payment.payees or payment.agreement)


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
    if {known.trigger_type, one.trigger_type} == {"SalesReached", None} and (known.is_milestone or one.is_milestone):
        apart = {f.anchor.sentence for f in known.facts if f.anchor}.isdisjoint(f.anchor.sentence for f in one.facts if f.anchor)
        if apart and (amounts[0] is None) != (amounts[1] is None) and "Occurred" not in statuses:
            return False  # what is due on sales says nothing of a sum due before
    if amounts[0] is not None and amounts[1] is not None:
        assert known.money is not None and one.money is not None
        if amounts[0] != amounts[1] or known.money.currency != one.money.currency:
            return False
        if known.trigger_type and one.trigger_type and known.trigger_type != one.trigger_type:
            return False
        return not ({"Occurred", "Potential"} <= statuses and known.money.bound != one.money.bound)
    if "OtherPayment" in (known.kind, one.kind):
        return False
    if statuses == {"Occurred"} or len(statuses) == 1 or (statuses == {"Committed", "Occurred"} and _is_spoken_of_again(known, one)):
        return True
    return bool(statuses) and not {"Occurred", "Potential"} <= statuses and not {"Occurred", "Committed"} <= statuses


def _is_spoken_of_again(known: Payment, one: Payment) -> bool:
    """Answer whether "the milestone payment" is the one told right before: "It will pay a milestone. The payment was triggered by …"."""
    before, after = known.facts[-1].anchor, one.facts[0].anchor
    if before is None or after is None or one.money is not None:
        return False
    return after.text.lower().startswith(("the ", "this ")) and 0 <= after.sentence - before.sentence <= 1


def _last_told(document: Document, payment: Payment, agreements: list[Agreement]) -> Agreement | None:
    """Choose, of agreements that fit, the one told last before a payment in the same section, a few sentences away at most."""
    anchor = payment.facts[0].anchor
    if anchor is None or _SUMS_UP.search(document.sentences[anchor.sentence].text):
        return None
    section = document.sentences[anchor.sentence].section
    told = [
        (fact.anchor.span.start, number)
        for number, agreement in enumerate(agreements)
        for fact in agreement.facts
        if fact.anchor is not None
        and fact.anchor.span.start < anchor.span.start
        and 0 <= anchor.sentence - fact.anchor.sentence <= _NEAR
        and document.sentences[fact.anchor.sentence].section == section
    ]
    return agreements[max(told)[1]] if told else None


def _has_unread_payer(document: Document, things: Things, payment: Payment) -> bool:
    """Answer whether the words of a sentence say who pays, by a name not read: "In May, Birch Garden paid it $5 million"."""
    anchor = payment.facts[0].anchor
    if anchor is None or payment.payers:
        return False
    sentence = document.sentences[anchor.sentence]
    known = [m.local for m in things.named_in(anchor.sentence)]
    found = _PAYS.search(sentence.text, 0, anchor.local.start)
    return (
        found is not None
        and found["who"].split()[0] not in _NO_NAMES
        and not any(k.start < found.end("who") and found.start("who") < k.end for k in known)
    )


def _names_another(things: Things, payment: Payment, agreement: Agreement) -> bool:
    """Answer whether a sentence that tells of a payment, and not who pays whom, names a company that is no party of an agreement."""
    anchor = payment.facts[0].anchor
    named = things.named_in(anchor.sentence) if anchor is not None else []
    return any(m.type == "company" and things.key(m) not in agreement.parties for m in named)


def _fill(document: Document, things: Things, payment: Payment, agreements: list[Agreement], focal: str | None) -> None:
    """Fill the agreement and the other party where only one is possible."""
    anchor = payment.facts[0].anchor
    is_bare = anchor is not None and not (payment.payers or payment.payees) and payment.factuality == "Occurred"
    if focal and is_bare and anchor is not None and _TOOK_IN.match(document.sentences[anchor.sentence].text):
        payment.payees, payment.derivation = {focal}, "Resolved"
    agreements = [a for a in agreements if not a.is_network]
    sides = payment.payers | payment.payees
    if _has_unread_payer(document, things, payment):
        payment.agreement = None
        return
    if payment.agreement is None:
        fits = [
            a for a in agreements if sides <= a.parties and (not payment.compounds or not a.compounds or payment.compounds & a.compounds)
        ]
        fits = (
            fits if len(sides) > 1 else [a for a in fits if (sides or a.factuality != "Ended") and not _names_another(things, payment, a)]
        )
        if len(fits) == 1:
            payment.agreement = fits[0]
        elif sides:
            payment.agreement = _last_told(document, payment, fits)
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
    if payment.factuality != "Occurred":
        return  # what may yet be paid may be paid for others
    if not payment.compounds and len(agreement.compounds) == 1 and not (agreement.targets or agreement.technologies):
        payment.compounds = set(agreement.compounds)  # what was paid under a licence to one compound; one to a target tells of none
    elif payment.compounds and not agreement.compounds:
        agreement.compounds |= payment.compounds


def _licence_roles(payment: Payment) -> None:
    """Tell the sides of a licence by the money, where no sentence tells them: royalties, milestones and fees go to the licensor."""
    agreement = payment.agreement
    if agreement is not None and agreement.kinds == {"OtherAgreement"} and re.search(r"\blicen[cs]", payment.words, re.IGNORECASE):
        agreement.kinds = {"License"}  # what is paid for by licence fees is a licence
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
