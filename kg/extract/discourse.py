"""A document and its mentions in, the mentions that only discourse explains out: "the Company", "we", "its", "the drug".

Whom "the Company" means is decided once for a document (a defined term, the registrant, the issuer of the release), in an "About X"
paragraph by its heading, in a quotation by the speaker's employer. "it" and "its" take the nearest company before them. What stays open
gets no mention.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from kg.extract.speakers import listed, speakers
from kg.extract.trials import named_trials, trial_names
from kg.model import Document, Mention, Sentence, Span

_COMPANY = re.compile(
    r"\b(?P<both>both companies|the (?:two )?companies|the parties|the two partners|the partners)\b"
    r"|\b(?P<defined>the company(?! (?:that|which|developing|making|behind|marketing|selling)\b)"
    r"|the corporation|the registrant|the issuer|this (?:business |reporting )?segment|this (?:business )?(?:unit|division))\b"
    r"|\b(?P<that>(?:that|this) company)\b"
    r"|\b(?P<body>the (?:university|institute|hospital|foundation|agency|college|school))\b(?! (?:of|for)\b)"
    r"|\b(?P<other>(?:the|its) (?:larger (?:company|partner)|(?:[a-z]+ )?(?:drug ?maker|pharma(?:ceutical)? (?:company|group|giant))))\b"
    r"|\b(?P<we>our partner|we|our|us|ourselves)\b"
    r"|\b(?P<it>its|it|their|they|whose)\b",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"\b(?:the|this|that|these)"
    r" (?:investigational |experimental |lead |new |novel |oral |combination |cell |gene |small |first-in-class ){0,2}"
    r"(?:drug|compound|antibody|product candidate|drug candidate|candidate|therapy|vaccine|ADC|antibody-drug conjugate|conjugate|molecule"
    r"|medicine|product|inhibitor|agonist|antagonist|immunotherapy|virotherapy|biologic|peptide|therapeutic|asset|immunoconjugate"
    r"|bispecific|treatment candidate)\b"
    r"(?! (?:conjugate|candidate|development|discovery|delivery|product|technology|market|sales|program|approval))",
    re.IGNORECASE,
)
_TRIAL = re.compile(
    r"\b(?:the|this|that|our|its)"
    r" (?:ongoing |pivotal |clinical |registrational |global |randomi[sz]ed |open-label |multicenter |same ){0,3}"
    r"(?:trial|study)\b(?! (?:drug|medication|site|sites|design|investigator|subjects?|participants?|populations?))",
    re.IGNORECASE,
)
# "a trial of Kadcyla" is clinical, whatever its phase; studies of animals and cells are not
_TRIAL_OF = re.compile(
    r"\b(?:an?|the|its|this|their)"
    r" (?!(?:\S+ ){0,2}(?:pre-?clinical|animal|mouse|murine|vivo|vitro|toxicology|observational|case|market|feasibility"
    r"|retrospective|stability) )(?:[\w/-]+ ){0,4}(?P<trial>trial|study) (?:of|evaluating|testing|investigating|assessing) ",
    re.IGNORECASE,
)
_BODY_REACH = 6  # sentences behind a university's name in which "the university" is that one
_BESIDE = 30  # characters: "the Phase 3 randomized ASCEND trial" is one mention
_BETWEEN = 25  # characters between "a trial of" and the drug: "the investigational drug"
_TRIALS = frozenset({"Phase1", "Phase1_2", "Phase2", "Phase2_3", "Phase3", "Clinical"})
_IT_FIRST = re.compile(
    r"(?:(?:\w+ed|\w+ing|as|if|when|once|although|while|like)\b[^,;:.]{0,90}, )?(?P<it>it)\b"
    r"(?! (?:is|was|has been|should|must|may be)(?: \w+)? (?:that|noted|to be)\b)",
    re.IGNORECASE,
)
# What a company does, and no drug: before these "it" is the company, whatever was named last.
_ACTS = re.compile(
    r"(?: (?:has|had|have|will|would|may|is|was|also|now|today|recently|already|then|to))*"
    r" (?:collaborat|licens|out-licens|in-licens"
    r"|enter(?:ed|s) into|sign|plan|expect|intend|acquir|announc|receiv|earn|pay|paid|agree|grant|obtain"
    r"|sold|sells|market|fil(?:ed|es|e)\b|submit|own|retain|hold|invest|develop|advanc|initiat|dos(?:ed|es)|enroll)"
)
# A company starts "a trial"; a drug starts or enters no trial but its own.
_PASSIVE = re.compile(r" (?:is|was|has been|had been|will be)\b")  # "it is intended for"
_RUNS = re.compile(
    r"(?: (?:has|had|also|then|recently))* (?:start(?:ed|s)|began|begun|launch\w*|complet\w+|conduct\w*|report\w*) (?:a|an|the)\b"
)
_JOINT = re.compile(
    r" (?:\w+[ -]){0,3}(?:collaboration|agreement|partnership|alliance|contract|deal|licen[cs]e|joint venture)s?\b", re.IGNORECASE
)
_UNSURE = frozenset({"discourse/announced", "discourse/first-named"})  # grounds on which a writer of news may be taken for its subject
_JOINED = re.compile(r"(?: ?\([^()]{0,80}\)){0,2},? (?:and|together with|along with) (?:the )?")
_SUBJECT_CHARS = 45  # of a sentence in which its subject begins: behind "Measured by its endpoint," it comes later and is left alone
_LICENSED_ITS = re.compile(
    r"\b(?:announced|announces|reported|reports|said|disclosed)\b(?: today)? that [^.;]{1,80}"
    r"\b(?:licensed|in-licensed|(?:taken|took) a licen[cs]e to|selected|chosen|chose|exercised an option (?:for|to)) $"
)
_SUBJECT = re.compile(r"\b(?:[Tt]he Company|[Ww]e) ")
_OWN_SUBJECT = re.compile(r"\W{0,3}(?:The [Cc]ompany|We|Our|Its?)\b")
_EXPLETIVE = re.compile(r"it (?:is|was|has been|should|must|may be)(?: \w+)? (?:that|noted|to)\b", re.IGNORECASE)
_SAID = re.compile(r"\b(?:said|says|commented|stated|added|noted|remarked|explained|concluded|according to)\b", re.IGNORECASE)


def _is_within_quotes(text: str, place: int) -> bool:
    """Answer whether a place lies in a quotation that begins in the same text."""
    before = text[:place]
    return before.count("“") > before.count("”") or (before.count('"') % 2 == 1 and "“" not in text)


class Discourse:
    """Resolves what a document leaves to its reader, sentence by sentence, in order."""

    def __init__(self, document: Document, mentions: tuple[Mention, ...]):
        self.document = document
        self.speakers = speakers(document, mentions)
        self._by_sentence: dict[int, list[Mention]] = {}
        for mention in mentions:
            self._by_sentence.setdefault(mention.sentence, []).append(mention)
        self._compounds = [m for m in mentions if m.type == "compound"]
        self._compound_places = [(m.sentence, m.local.start) for m in self._compounds]
        self._companies = [m for m in mentions if m.type == "company"]
        self._trials = [m for m in mentions if m.type == "stage" and m.value in _TRIALS]
        self._trial_places = [(m.sentence, m.local.start) for m in self._trials]
        self._trial_names = trial_names(document, self._by_sentence)
        self._partners = self._partner_pair()
        self._listed = listed(mentions)

    def _partner_pair(self) -> tuple[str, ...]:
        """List the two companies of a document of two: what "both companies" means."""
        counts: dict[str, int] = {}
        for mention in self._companies:
            if self.document.section_of(self.document.sentences[mention.sentence]).is_factual:
                counts[str(mention.value)] = counts.get(str(mention.value), 0) + 1
        ranked = sorted(counts, key=lambda name: (-counts[name], name))[:2]
        if len(ranked) == 2 and (self.speakers.focal is None or self.speakers.focal in ranked):
            return tuple(ranked)
        return ()

    def focal_at(self, index: int) -> str | None:
        """Tell whom "we" and "the Company" mean in a sentence."""
        sentence = self.document.sentences[index]
        section = self.document.section_of(sentence)
        if section.kind == "about":
            about = self._about(section.span)
            if about is not None:
                return about
        quoted = self._quoted(index)
        if quoted is not None:
            return quoted
        return self.last_listed(index) if self.speakers.is_roundup else self.speakers.focal

    def last_listed(self, index: int) -> str | None:
        """Tell which company an article on several speaks of in a sentence: the one with a ticker that was named last before it."""
        for near in range(index, -1, -1):
            for mention in self._by_sentence.get(near, ()):
                if mention.type == "company" and str(mention.value) in self._listed:
                    return str(mention.value)
        return None

    def _about(self, span: Span) -> str | None:
        """Tell which company an "About" section is about: the first one named in it, if its heading or first sentence names one."""
        first = next((m for m in self._companies if span.contains(m.span)), None)
        if first is None or first.span.start - span.start > 80:
            return None
        return str(first.value)

    def _quoted(self, index: int) -> str | None:
        """Tell whose words a quotation is: the company named after "said NAME, TITLE of"."""
        text = self.document.sentences[index].text
        if not re.search(r"[“”\"]", text):
            return None
        for near in (index, index + 1, index - 1):
            if not 0 <= near < len(self.document.sentences):
                continue
            said = _SAID.search(self.document.sentences[near].text)
            if said is None:
                continue
            own = self.document.sentences[near].text
            outside = [m for m in self._by_sentence.get(near, ()) if m.type == "company" and not _is_within_quotes(own, m.local.start)]
            of = [m for m in outside if m.local.start > said.end()]
            if not of and re.match(r"[:,]? ?[“\"]", own[said.end() :]):
                of = [m for m in outside if m.local.end < said.start()]  # "Jo Berg, CEO of Alder, said: “…"
            if of:
                return str(of[-1].value)
        return None

    def add(self, index: int) -> tuple[Mention, ...]:
        """Give a sentence's mentions together with those that discourse explains, sorted."""
        sentence = self.document.sentences[index]
        mentions = self._by_sentence.get(index, [])
        added: list[Mention] = []
        for hit in _COMPANY.finditer(sentence.text):
            local = Span(hit.start(), hit.end())
            if any(local.overlaps(m.local) for m in mentions):
                continue
            value, by = self._company(hit, index, mentions)
            if value:
                added.append(self._mention("company", sentence, index, local, value, by))
        for hit in _COMPOUND.finditer(sentence.text):
            local = Span(hit.start(), hit.end())
            if any(local.overlaps(m.local) or 0 <= m.local.start - local.end <= 2 for m in mentions):
                continue  # "the antibody trastuzumab" names it at once
            if any(
                m.type == "compound" and re.fullmatch(r"(?: ?\([^()]{0,60}\))?, ", sentence.text[m.local.end : hit.start()])
                for m in mentions
            ):
                continue  # "Brentuximab vedotin, the antibody-drug conjugate" says what it is
            at = bisect_right(self._compound_places, (index, hit.start()))
            while at and "candidate" in hit[0].lower() and self._compounds[at - 1].found_by.startswith("lexicon/"):
                at -= 1  # a medicine that is known already is no candidate
            if at:
                last = self._compounds[at - 1]
                if index - last.sentence <= 4:
                    added.append(self._mention("compound", sentence, index, local, last.value, "discourse/the-drug"))
        for hit in _TRIAL.finditer(sentence.text):
            local = Span(hit.start(), hit.end())
            at = bisect_left(self._trial_places, (index, hit.start()))
            if at and not any(local.overlaps(m.local) or 0 <= m.local.start - local.end <= 2 for m in [*mentions, *added]):
                last = self._trials[at - 1]
                if index - last.sentence <= 3 and self.document.sentences[last.sentence].section == sentence.section:
                    added.append(self._mention("stage", sentence, index, local, last.value, "discourse/the-trial"))
        for start, end, stage in named_trials(sentence.text, self._trial_names):
            local = Span(start, end)
            stages = [m for m in [*mentions, *added] if m.type == "stage"]
            is_beside = any(-_BESIDE <= m.local.start - end <= _BESIDE or -_BESIDE <= start - m.local.end <= _BESIDE for m in stages)
            if not is_beside and not any(local.overlaps(m.local) for m in [*mentions, *added]):
                added.append(self._mention("stage", sentence, index, local, stage, "discourse/trial-name"))
        for hit in _TRIAL_OF.finditer(sentence.text):
            local = Span(hit.start(), hit.end("trial"))
            of = next((m for m in mentions if 0 <= m.local.start - hit.end() <= _BETWEEN), None)
            if of is not None and of.type in {"compound", "antibody"} and not any(local.overlaps(m.local) for m in [*mentions, *added]):
                added.append(self._mention("stage", sentence, index, local, "Clinical", "discourse/trial-of"))
        subject = self._subject_before(index)
        it = _IT_FIRST.match(sentence.text)
        acts = (
            it is not None and any(p.match(sentence.text, it.end()) for p in (_ACTS, _RUNS)) and not _PASSIVE.match(sentence.text, it.end())
        )
        if subject is not None and it is not None and not acts and not any(m.local.overlaps(Span(*it.span("it"))) for m in added):
            added.append(self._mention("compound", sentence, index, Span(*it.span("it")), subject.value, "discourse/it"))
        return tuple(sorted([*mentions, *added], key=lambda m: (m.local.start, m.local.end)))

    def _subject_before(self, index: int) -> Mention | None:
        """Give the compound that is the subject of the sentence before, in the same section: what "It" means that begins the next one."""
        if not index or self.document.sentences[index - 1].section != self.document.sentences[index].section:
            return None
        named = [m for m in self._by_sentence.get(index - 1, ()) if m.type in {"company", "compound", "antibody", "technology"}]
        return named[0] if named and named[0].type == "compound" and named[0].local.start <= _SUBJECT_CHARS else None

    def _company_before(self, index: int) -> str | None:
        """Name the company that is the subject of the sentence before, in the same section: whom an article then calls the company."""
        if not index or self.document.sentences[index - 1].section != self.document.sentences[index].section:
            return None
        named = self._by_sentence.get(index - 1, ())
        return str(named[0].value) if named and named[0].type == "company" and named[0].local.start <= _SUBJECT_CHARS else None

    def _two_joined(self, index: int, place: int, mentions: list[Mention]) -> tuple[str, ...] | None:
        """Name the two companies that are one subject: whom "they" means in "Alder and Birch said they have signed" and right behind it."""
        text = self.document.sentences[index].text
        named = [m for m in mentions if m.type == "company" and m.local.end <= place]
        if not named and index:
            text, named = self.document.sentences[index - 1].text, [m for m in self._by_sentence.get(index - 1, ()) if m.type == "company"]
        values = tuple(dict.fromkeys(str(m.value) for m in named[:2]))
        if len(values) != 2 or len({str(m.value) for m in named}) != 2 or named[0].local.start > _SUBJECT_CHARS:
            return None
        return values if _JOINED.fullmatch(text[named[0].local.end : named[1].local.start]) else None

    def _two_before(self, index: int, place: int) -> tuple[str, ...] | None:
        """Name the two companies of the sentence, or of the one before it: whose "their agreement" is; None of more or fewer."""
        for near, end in ((index, place), (index - 1, None)):
            named = [m for m in self._by_sentence.get(near, ()) if m.type == "company" and (end is None or m.local.end <= end)]
            values = tuple(dict.fromkeys(str(m.value) for m in named))
            if values:
                return values if len(values) == 2 else None
        return None

    def _company(self, hit: re.Match[str], index: int, mentions: list[Mention]) -> tuple[object, str]:
        """Resolve one pronoun or definite to a company's name, or to both partners' names."""
        sentence = self.document.sentences[index]
        focal = self.focal_at(index)
        if hit["both"]:
            return self._partners or None, "discourse/both"
        if hit["body"]:
            return self._body(hit["body"], index, hit.start()), "discourse/the-university"
        if hit["other"]:
            others = [p for p in self._partners if p != focal]
            return (others[0] if len(others) == 1 and focal in self._partners else None), "discourse/our-partner"
        if hit["defined"]:
            subject = self._company_before(index) if self.speakers.by in _UNSURE and hit["defined"][4:].islower() else None
            return subject or focal, "discourse/the-company"
        if hit["that"]:
            before = [m for m in mentions if m.type == "company" and m.local.end <= hit.start()]
            return (before[-1].value if before else None), "discourse/that-company"
        if hit["it"] and hit["it"].lower() == "their" and _JOINT.match(sentence.text, hit.end()):
            return self._two_before(index, hit.start()), "discourse/their"
        if hit["we"]:
            if hit["we"].lower() == "our partner":
                others = [p for p in self._partners if p != focal]
                return (others[0] if len(others) == 1 and focal in self._partners else None), "discourse/our-partner"
            return (None, "") if hit["we"] == "US" else (focal, "discourse/we")
        if hit["it"].lower() == "they":
            return self._two_joined(index, hit.start(), mentions), "discourse/they"
        if hit["it"].lower() in {"it", "its", "whose"}:
            if _EXPLETIVE.match(sentence.text, hit.start()):
                return None, ""
            before = [m for m in mentions if m.type == "company" and m.local.end <= hit.start()]
            things = [m for m in mentions if m.type in {"compound", "antibody", "technology"} and m.local.end <= hit.start()]
            acts = hit["it"].lower() == "it" and _ACTS.match(sentence.text, hit.end()) is not None
            if before and (acts or not (hit["it"].lower() == "it" and things and things[-1].local.start > before[-1].local.start)):
                # "it" is the subject of the sentence; "its" the company named last
                is_subject = hit["it"].lower() == "it" and before[0].local.start <= _SUBJECT_CHARS
                told = _LICENSED_ITS.search(sentence.text, 0, hit.start())
                if told is not None and (announcers := [m for m in before if m.local.end <= told.start()]):
                    return announcers[0].value, "discourse/it"  # "Birch announced that Alder has licensed its technology": Birch's
                acting = _SUBJECT.search(sentence.text, 0, before[0].local.start)
                if focal is not None and acting is not None and hit["it"].lower() == "its":
                    return focal, "discourse/its"  # "the Company reported revenue from the Alder award for its vaccine"
                # "Genmab may use Seagen's technology with its antibody": Genmab's
                own = [m for m in before if sentence.text[m.local.end : m.local.end + 1] not in {"'", "’"}] or before
                return (before[0] if is_subject else own[-1]).value, "discourse/it"
            if (hit["it"].lower() == "its" or acts) and not before and index:
                earlier = [m for m in self._by_sentence.get(index - 1, ()) if m.type == "company"]
                if earlier and not things:
                    # "The company has a licence from Alder. Its lead drug …": the company's
                    is_focal = focal is not None and _OWN_SUBJECT.match(self.document.sentences[index - 1].text) is not None
                    return (focal if is_focal else earlier[0].value), "discourse/its"
            return None, ""
        return None, ""

    def _body(self, words: str, index: int, place: int) -> str | None:
        """Name the university (institute, hospital) that was named last before a place, by a name that has the word in it."""
        kind = words.rpartition(" ")[2].casefold()
        before = [m for m in self._companies if (m.sentence, m.local.end) <= (index, place) and kind in str(m.value).casefold()]
        return str(before[-1].value) if before and index - before[-1].sentence <= _BODY_REACH else None

    @staticmethod
    def _mention(type_: str, sentence: Sentence, index: int, local: Span, value: object, by: str) -> Mention:
        return Mention(type_, sentence.span_of(local.start, local.end), index, local, local.of(sentence.text), value, by)
