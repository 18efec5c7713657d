"""Nothing in, the constructions out in which an ordinary sentence calls a word a drug."""

from __future__ import annotations

import re

# Every repetition has an upper limit, so that a page of capitals costs no more than its length times a constant
_NAME = r"(?P<name>[A-Z][A-Za-z0-9]{0,30}(?:[+-][A-Za-z0-9]{1,20}){0,4})"
_HEAD = (
    r"(?:inhibitors?|antibody|antibodies|vaccines?|drugs?|candidates?|anthracyclines?|immunotherap(?:y|ies)|therap(?:y|ies)"
    r"|treatments?|therapeutics?|agonists?|antagonists?"
    r"|conjugates?|ADCs?|virotherapy|analogs?|analogues?|molecules?|peptides?|adenovirus|formulations?|injections?|compounds?"
    r"|medicines?|substitutes?|biologics?|agents?|modulators?"
    r"|activators?|degraders?|esterase|prodrugs?|antivirals?|antibiotics?|radiopharmaceuticals?|nasal spray|adjuvants?|medications?"
    r"|psychedelics?|patch|tablets?|capsules?|fusion proteins?|proteins?|oligonucleotides?|siRNAs?|nanobod(?:y|ies)|bispecifics?|hormones?"
    r"|engagers?|radioligands?|immunotoxins?)"
)
# What an acronym must be called to be a drug: "XYZ is a treatment" is said of procedures and firms too
BRAND_LETTERS = 6  # of a brand in capitals ("LYMPHIR"); acronyms are shorter
SURE_HEAD = re.compile(
    r"\b(?:inhibitor|antibody|vaccine|drug|candidate|agonist|antagonist|conjugate|anthracycline|peptide|formulation"
    r"|immunotherapy|fusion protein|therapeutic|medicine)s?$"
)
_LINKING = (
    r"(?:(?!(?:of|for|in|with|that|to|from|by|on|company|firm|leader|developer|maker|biotech|focused|developing|is|are|was|were|has"
    r"|and its)\b)"
    r"[\w/%'-]+,? ){0,9}?"
)
CONSTRUCTIONS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (rf"\b(?i:{_HEAD}|asset|program|product)(?i: candidates?)?, {_NAME}(?=[,;.)—]| \()", "structure/apposition"),
        (rf"\b(?i:{_HEAD}|asset|product) (?:called|named|known as|dubbed) \"?{_NAME}", "structure/called"),
        (
            rf"\b(?i:(?:drug|product|lead|clinical|vaccine|therapeutic|development) candidates?|lead compound|lead drug)"
            rf" (?:is|are|includes?) {_NAME}(?=[\s,.;)'])(?! [A-Z])",
            "structure/called",
        ),
        (
            rf"\b(?i:drug candidate|product candidate|lead candidate|clinical candidate|vaccine candidate|drug|vaccine|antibody"
            rf"|anthracycline|inhibitor|medication) {_NAME}(?=[\s,.;)'])(?! [A-Z])",
            "structure/head-name",
        ),
        (
            rf"(?<![\w-]){_NAME}(?: \([^()\n]{{1,60}}\))?(?:,| is| was|, which is)(?: an?| the| its| our| the [Cc]ompany's"
            rf"| [A-Z]\w+'s) {_LINKING}{_HEAD}\b",
            "structure/is-a-drug",
        ),
        (
            rf"\b(?i:treatment with|treated with|combination with|doses? of|administration of|efficacy of|safety of|sales of"
            rf"|approval of|development of) {_NAME}(?=[\s,.;)'])",
            "structure/of-drug",
        ),
        (
            r"\b(?:[Ii]ts|[Oo]ur|[Tt]he|['’]s) (?:lead |investigational |novel )?(?P<name>[A-Z]{2,5}-[A-Z]{2,5})"
            r"(?= (?:[\w-]+ ){0,3}(?:vaccine|drug|product|clinical) candidate\b)",
            "structure/candidate",
        ),
        (rf"(?<![\w-]){_NAME}(?= (?:program|programme|tablets|injection|nasal spray|capsules|vaccine)\b)", "structure/drug-program"),
        (
            rf"\b(?i:commerciali[sz](?:e|es|ed|ing|ation of)|rights to|license to|(?:BLA|NDA|IND|MAA|Application)\"?\)? (?:for|of)"
            rf"|designation (?:to|for)|(?:trial|study|studies|trials) of|market) {_NAME}(?=[\s,.;)'])",
            "structure/as-a-drug",
        ),
        (rf"\b(?:drugs|candidates|compounds|products|medicines),? (?:such as|including|include|like) {_NAME}", "structure/such-as"),
    )
)
SURE_OF_WORDS = {"structure/apposition", "structure/called", "structure/head-name", "structure/is-a-drug"}  # of "Ketamir-2"
