"""What `kg.find.money` reads as money, how it bounds it, and what it leaves alone."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.find.money import find_money
from kg.model import Money

# (sentence, [(words, amount, currency, bound, low)], reason)
ROWS = [
    ("pays $5 million now", [("$5 million", "5000000", "USD", "Exactly", None)], "the plain form"),
    ("pays $5.0 million", [("$5.0 million", "5000000", "USD", "Exactly", None)], "trailing zeros do not matter"),
    ("pays US$5.0M", [("US$5.0M", "5000000", "USD", "Exactly", None)], "a letter for the scale"),
    ("pays $5.0 MM", [("$5.0 MM", "5000000", "USD", "Exactly", None)], "bankers' million"),
    ("pays USD 5 million", [("USD 5 million", "5000000", "USD", "Exactly", None)], "ISO code before"),
    ("pays 5 million USD", [("5 million USD", "5000000", "USD", "Exactly", None)], "ISO code after"),
    ("pays U.S. $5 million", [("U.S. $5 million", "5000000", "USD", "Exactly", None)], "country and sign apart"),
    ("pays $1,500 USD", [("$1,500 USD", "1500", "USD", "Exactly", None)], "sign and code of one amount"),
    ("pays five million dollars", [("five million dollars", "5000000", "USD", "Exactly", None)], "spelled out"),
    ("got a five million dollar fee", [("a five million dollar", "5000000", "USD", "Exactly", None)], "an article is no number"),
    ("pays two hundred and fifty thousand U.S. dollars", [("two hundred and fifty thousand U.S. dollars", "250000", "USD", "Exactly",
     None)],
     "spelled out with and"),
    ("pays half a million euros", [("half a million euros", "500000", "EUR", "Exactly", None)], "half a scale"),
    ("pays five million dollars ($5,000,000) today", [("five million dollars ($5,000,000)", "5000000", "USD", "Exactly", None)],
     "contracts say it twice, it is one amount"),
    ("pays $600,000", [("$600,000", "600000", "USD", "Exactly", None)], "thousands commas"),
    ("pays $ 7,871", [("$ 7,871", "7871", "USD", "Exactly", None)], "tables put a space after the sign"),
    ("pays $350K", [("$350K", "350000", "USD", "Exactly", None)], "K"),
    ("pays $5-million", [("$5-million", "5000000", "USD", "Exactly", None)], "hyphen before the scale"),
    ("pays $44 thousand", [("$44 thousand", "44000", "USD", "Exactly", None)], "thousand"),
    ("hits $8 trillion", [("$8 trillion", "8000000000000", "USD", "Exactly", None)], "trillion"),
    ("A $10 Billion Goliath", [("$10 Billion", "10000000000", "USD", "Exactly", None)], "a headline's amount is money still"),
    ("pays $4.5 million per year", [("$4.5 million", "4500000", "USD", "Exactly", None)], "a yearly amount is no price of a share"),
    ("pays €10 million", [("€10 million", "10000000", "EUR", "Exactly", None)], "euro sign"),
    ("pays EUR 10 million", [("EUR 10 million", "10000000", "EUR", "Exactly", None)], "euro code"),
    ("pays €3,5 million", [("€3,5 million", "3500000", "EUR", "Exactly", None)], "decimal comma of a European release"),
    ("pays 10 million euros", [("10 million euros", "10000000", "EUR", "Exactly", None)], "euro by name"),
    ("pays £3.5m", [("£3.5m", "3500000", "GBP", "Exactly", None)], "pound sign, small m"),
    ("pays ¥3 billion", [("¥3 billion", "3000000000", "JPY", "Exactly", None)], "yen sign"),
    ("pays JPY 3 billion", [("JPY 3 billion", "3000000000", "JPY", "Exactly", None)], "yen code"),
    ("pays 3 billion yen", [("3 billion yen", "3000000000", "JPY", "Exactly", None)], "yen by name"),
    ("pays CHF6.2M", [("CHF6.2M", "6200000", "CHF", "Exactly", None)], "code without a space"),
    ("pays RMB 50 million", [("RMB 50 million", "50000000", "CNY", "Exactly", None)], "renminbi is CNY"),
    ("pays A$4 million", [("A$4 million", "4000000", "AUD", "Exactly", None)], "Australian sign"),
    ("pays C$5 million", [("C$5 million", "5000000", "CAD", "Exactly", None)], "Canadian sign"),
    ("pays $5 million CAD", [("$5 million CAD", "5000000", "CAD", "Exactly", None)], "the code after settles a bare dollar"),
    ("pays HK$6 million", [("HK$6 million", "6000000", "HKD", "Exactly", None)], "Hong Kong"),
    ("pays DKK 3 million", [("DKK 3 million", "3000000", "DKK", "Exactly", None)], "Danish crowns"),
    ("pays SEK 500 million", [("SEK 500 million", "500000000", "SEK", "Exactly", None)], "Swedish crowns"),
    ("pays ₩30 billion", [("₩30 billion", "30000000000", "KRW", "Exactly", None)], "won sign"),
    ("pays $5 million US$3 million", [("$5 million", "5000000", "USD", "Exactly", None), ("US$3 million", "3000000", "USD", "Exactly",
     None)],
     "a mark belongs to the number that it precedes"),
    ("EUR 250,000 (equal to approximately $273,000)", [("EUR 250,000", "250000", "EUR", "Exactly", None)],
     "said again in another currency, it is one amount"),
    ("a payment of €10 million, or $14.5 million, is due", [("€10 million", "10000000", "EUR", "Exactly", None)], "so it is behind or"),
    ("$5 million or $6 million", [("$5 million", "5000000", "USD", "Exactly", None), ("$6 million", "6000000", "USD", "Exactly", None)],
     "of one currency, two amounts"),
    ("up to $5 million", [("up to $5 million", "5000000", "USD", "UpTo", None)], "the span takes the bound"),
    ("Up to $60,000,000 in all", [("Up to $60,000,000", "60000000", "USD", "UpTo", None)], "at the start of a line"),
    ("up to an aggregate of approximately $1.2 billion", [("up to an aggregate of approximately $1.2 billion", "1200000000", "USD",
     "UpTo", None)],
     "up to outweighs approximately"),
    ("up to an additional €450 million", [("up to an additional €450 million", "450000000", "EUR", "UpTo", None)], "a filler between"),
    ("as much as $5 million", [("as much as $5 million", "5000000", "USD", "UpTo", None)], "as much as"),
    ("a maximum of $6 million", [("a maximum of $6 million", "6000000", "USD", "UpTo", None)], "a maximum of"),
    ("not to exceed $5 million", [("not to exceed $5 million", "5000000", "USD", "UpTo", None)], "not to exceed is no exceeding"),
    ("no more than $3 million", [("no more than $3 million", "3000000", "USD", "UpTo", None)], "no more than is not more than"),
    ("more than $5 million", [("more than $5 million", "5000000", "USD", "AtLeast", None)], "more than"),
    ("over $8 million", [("over $8 million", "8000000", "USD", "AtLeast", None)], "over"),
    ("in excess of $6 million", [("in excess of $6 million", "6000000", "USD", "AtLeast", None)], "in excess of"),
    ("at least $7 million", [("at least $7 million", "7000000", "USD", "AtLeast", None)], "at least"),
    ("greater than $7 million", [("greater than $7 million", "7000000", "USD", "AtLeast", None)], "greater than"),
    ("sales exceeding $7 million", [("exceeding $7 million", "7000000", "USD", "AtLeast", None)], "exceeding"),
    ("$20+ million", [("$20+ million", "20000000", "USD", "AtLeast", None)], "plus inside"),
    ("$30B+", [("$30B+", "30000000000", "USD", "AtLeast", None)], "plus behind"),
    ("7% over $22.2 million", [("$22.2 million", "22200000", "USD", "Exactly", None)], "growth over an amount is no bound"),
    ("about $4 million", [("about $4 million", "4000000", "USD", "About", None)], "about"),
    ("nearly $4 million", [("nearly $4 million", "4000000", "USD", "About", None)], "nearly"),
    ("some $4 million", [("some $4 million", "4000000", "USD", "About", None)], "some"),
    ("~$7 million", [("~$7 million", "7000000", "USD", "About", None)], "tilde"),
    ("$120 million to $130 million", [("$120 million to $130 million", "130000000", "USD", "Range", "120000000")],
     "range of two full amounts"),
    ("between $5 and $10 million", [("between $5 and $10 million", "10000000", "USD", "Range", "5000000")], "range that shares its scale"),
    ("$5-10 million", [("$5-10 million", "10000000", "USD", "Range", "5000000")], "range that shares sign and scale"),
    ("ranging from $5 million to $10 million", [("$5 million to $10 million", "10000000", "USD", "Range", "5000000")], "ranging from"),
    ("rose from $5 million to $10 million", [("$5 million", "5000000", "USD", "Exactly", None), ("$10 million", "10000000", "USD",
     "Exactly", None)],
     "a move from one amount to another is no range"),
    ("fell from $9 million to $3 million", [("$9 million", "9000000", "USD", "Exactly", None), ("$3 million", "3000000", "USD", "Exactly",
     None)],
     "a range never falls"),
    ("cut a fee of $9 million to $3 million", [("$9 million", "9000000", "USD", "Exactly", None),
     ("$3 million", "3000000", "USD", "Exactly", None)], "nor one that falls without from"),
    ("parts added up to $319 million", [("$319 million", "319000000", "USD", "Exactly", None)], "a sum is no bound"),
    ("up to an extra $15 million", [("up to an extra $15 million", "15000000", "USD", "UpTo", None)], "another filler"),
    ("$5 or $10 million", [("$5", "5000000", "USD", "Exactly", None), ("$10 million", "10000000", "USD", "Exactly", None)],
     "a shared scale"),
    ("$5, $10 and $15 million", [("$5", "5000000", "USD", "Exactly", None), ("$10", "10000000", "USD", "Exactly", None),
     ("$15 million", "15000000", "USD", "Exactly", None)], "a shared scale over a list"),
    ("$999,000 and $1.2 million", [("$999,000", "999000", "USD", "Exactly", None), ("$1.2 million", "1200000", "USD", "Exactly", None)],
     "a number with commas takes no scale from its neighbour"),
    ("pays $[***] million", [("$[***] million", None, "USD", "Undisclosed", None)], "redacted, currency known"),
    ("pays [***] on signing", [("[***]", None, "", "Undisclosed", None)], "redacted wholly"),
    ("for an undisclosed amount", [("an undisclosed amount", None, "", "Undisclosed", None)], "said to be withheld"),
    ("an undisclosed upfront payment", [("undisclosed", None, "", "Undisclosed", None)], "only the word that withholds"),
    ("a low double-digit million euro payment", [("low double-digit million euro", None, "EUR", "Undisclosed", None)],
     "a size without a number"),
]  # fmt: skip  # a row a case

NOTHING = [
    ("issues 616,698 shares of stock", "a count of shares"),
    ("grew by 40% in 2007", "a percentage"),
    ("5 million patients", "a count of people"),
    ("a multi-million dollar deal", "no amount is named"),
    ("a 401(k) plan", "a pension"),
    ("an undisclosed target", "a target is withheld, not a payment"),
    ("[***] days after signing", "a redacted period"),
    ("[***]% of net sales", "a redacted rate"),
    ("CAD 50 patients", "coronary artery disease"),
    ("an INR 2.5 or less", "a clotting ratio"),
    ("Euro 2024 in Berlin", "a championship"),
    ("lost 40 pounds", "a weight"),
    ("has won 3 awards", "the verb"),
    ("one million compounds", "a count"),
]

PRICES = [
    ("at $3.53 per share", "$3.53", "a share"),
    ("at $0.50/share", "$0.50", "slash"),
    ("or $1.57 per diluted share", "$1.57", "an adjective between"),
    ("par value $.01 per share", "$.01", "par value"),
    ("at $4.90 apiece", "$4.90", "each"),
    ("at $25.00 per unit", "$25.00", "a unit of an offering"),
    ("an exercise price of $0.469, the close", "$0.469", "named as a price before"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), ROWS, ids=[row[0] for row in ROWS])
def test_reads(text: str, expected: list[tuple[str, str | None, str, str, str | None]], reason: str) -> None:
    found = find_money(text)
    values = [hit.value for hit in found]
    assert all(isinstance(value, Money) for value in values)
    read = [(v.text, v.amount, v.currency, v.bound, v.low) for v in values if isinstance(v, Money)]
    wanted = [(w, a if a is None else Decimal(a), c, b, low if low is None else Decimal(low)) for w, a, c, b, low in expected]
    assert read == wanted, reason
    assert all(text[hit.start : hit.end] == words for hit, (words, *_) in zip(found, expected, strict=True)), reason


@pytest.mark.parametrize(("text", "reason"), NOTHING, ids=[row[0] for row in NOTHING])
def test_leaves_alone(text: str, reason: str) -> None:
    assert find_money(text) == [], reason


@pytest.mark.parametrize(("text", "words", "reason"), PRICES, ids=[row[0] for row in PRICES])
def test_price_of_a_share_is_marked(text: str, words: str, reason: str) -> None:
    assert [(text[hit.start : hit.end], hit.by) for hit in find_money(text)] == [(words, "money/per-share")], reason


def test_withheld_amounts_say_so() -> None:
    assert [hit.by for hit in find_money("pays $[***] and $5 million and an undisclosed sum")] == [
        "money/undisclosed", "money/amount", "money/undisclosed",
    ]  # fmt: skip  # one line reads as the sentence does


def test_amounts_print_as_whole_units() -> None:
    assert [str(hit.value.amount) for hit in find_money("$5.0 million or $1.50") if isinstance(hit.value, Money)] == ["5000000", "1.5"]


PIECES = ["$5 ", "$5 or ", "1,111", "up to an aggregate of ", "one hundred ", "a ", "half a ", "[***]", "[*", "from $5 to ",
 "between $1 and ",
          "undisclosed upfront cash ", "$", "€", "(US)", "9", ".", "two-digit million ", "approximately ", "million "]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_repetition_stays_linear(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    began = time.perf_counter()
    find_money(text)
    assert time.perf_counter() - began < 10  # takes 0.2 s; a pattern that explodes would take hours


MORE = ["$10 million", " and ", " to ", "-", "per share", "euros", "USD", " ", "\u00a0"]


@given(st.lists(st.sampled_from(PIECES + MORE), max_size=12).map("".join))
def test_spans_are_in_order_and_slice_the_text(text: str) -> None:
    end = 0
    for hit in find_money(text):
        assert end <= hit.start < hit.end <= len(text)
        assert isinstance(hit.value, Money)
        assert hit.value.text == text[hit.start : hit.end]
        assert (hit.value.amount is None) == (hit.value.bound == "Undisclosed")
        assert (hit.value.low is None) == (hit.value.bound != "Range")
        end = hit.end
