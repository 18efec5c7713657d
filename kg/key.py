"""Names in, the keys that things are known by out: readable, folded, the same whichever document came first.

A key is an IRI relative to the base of things: "company/immunogen". Events have no name; their keys are hashes of what identifies them.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata

# Legal forms do not tell two companies apart ("ImmunoGen, Inc." is "ImmunoGen"); words such as "Pharma" or "Holdings" do, and so does KGaA:
# Merck KGaA and Merck & Co. have been two companies since 1917.
_LEGAL = re.compile(
    r"[\s,]+(?:incorporated|inc|corporation|corp|company|co|limited|ltd|llc|llp|lp|plc|ag|s\.?a\.?s?|se|n\.?v|b\.?v|gmbh|a/s|as|asa|ab|oy|oyj"
    r"|s\.?p\.?a|s\.?r\.?l|sarl|pty|k\.?k|pte|aps)\.?$",
    re.IGNORECASE,
)


_LEFT_OVER = re.compile(r"\s+(?:and|&)$")  # "Merck & Co."


def fold(name: str) -> str:
    """Fold a name for comparing: case, accents, marks, apostrophes and runs of space or punctuation do not count.

    >>> fold("Kadcyla®"), fold("Trastuzumab–DM1")
    ('kadcyla', 'trastuzumab-dm1')
    """
    text = re.sub(r"[®™℠]|\((?:TM|R|SM|C)\)", "", name)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = re.sub(r"['’‘`]s?\b", "", text)
    return re.sub(r"[^\w+/]+", "-", text).strip("-_")


def slug(name: str) -> str:
    """Spell a name as one segment of an IRI: folded; letters of other scripts stay, as an IRI may have them; never empty."""
    folded = re.sub(r"[/+]+", lambda m: "-plus-" if "+" in m[0] else "-", fold(name))
    kept = re.sub(r"-{2,}", "-", "".join(c if c.isalnum() or c in "-_." else "-" for c in folded)).strip("-_")
    return kept[:120].strip("-_") or "x" + hashlib.sha256(name.strip().encode("utf-8", "surrogatepass")).hexdigest()[:12]


def without_legal_form(name: str) -> str:
    """Take the legal form off a company's name.

    >>> without_legal_form("Seattle Genetics, Inc."), without_legal_form("RemeGen Co., Ltd.")
    ('Seattle Genetics', 'RemeGen')
    >>> without_legal_form("Eli Lilly and Company")
    'Eli Lilly'
    """
    while (shorter := _LEGAL.sub("", name.strip().rstrip(","))) != name and shorter:
        name = _LEFT_OVER.sub("", shorter)
    return name


def company_key(name: str) -> str:
    """Key a company by its name without its legal form."""
    return "company/" + slug(without_legal_form(re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)))


def thing_key(type_: str, name: str) -> str:
    """Key a thing by its type and its name.

    >>> thing_key("company", "ImmunoGen, Inc."), thing_key("target", "anti-HER2")
    ('company/immunogen', 'target/her2')
    """
    if type_ == "company":
        return company_key(name)
    return f"{type_}/{slug(re.sub(r'^anti-', '', name, flags=re.IGNORECASE) if type_ == 'target' else name)}"


def drug_key(key: str) -> str:
    """Key an antibody as a drug: which of the two a name is shows only when all of a text's names are known."""
    return f"compound/{key.removeprefix('antibody/')}" if key.startswith("antibody/") else key


def key_hash(*fields: object) -> str:
    """Hash what identifies an event: 16 hex digits of the SHA-256 of a JSON array, never of joined strings.

    >>> key_hash("a", "bc") == key_hash("ab", "c")
    False
    """
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
