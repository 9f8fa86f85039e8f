"""Makes a follow-up stand alone, without a language model: "og for kvinder?" after a question about men.

Only what the person asked is used. Answers are never evidence and never searched. Each earlier question is itself made
to stand alone first, so that a chain of follow-ups keeps its subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from magbot.question.form import OPENING_VERBS, Form, question_form
from magbot.question.slots import SlotValue, translated, values_in, with_values, without_values, words_of
from magbot.question.studies import STUDY
from magbot.schema import Language, Message
from magbot.text.analysis import terms
from magbot.text.language import detect_language

_OPENING = r"(?:(?:ok|okay|ah|tak|thanks|nå|hmm|ja|yes|ups|oops|sorry|undskyld)[,.!: ]+)*"
_LEAD = re.compile(
    rf"^{_OPENING}(?:og\b|men\b|and\b|but\b|hvad med\b|hvad så med\b|what about\b|how about\b|hvad hvis\b|what if\b|"
    r"gælder det\b|does (?:that|it|this) go\b|(?:the )?same\b|det samme\b|også\b|"
    r"is that\b|is it\b|er det\b|also\b|nej[, ]|no[, ]|jeg men(?:er|te)\b|i mean(?:t)?\b|make (?:that|it)\b)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:det|den|dem|de|disse|denne|dette|deraf|derfra|så meget|ham|hende|hans|hendes|"
    r"it|that|this|they|them|those|these|its|so much|her|him|his)\b",
    re.IGNORECASE,
)
# Words that speak of something named before: the people, the dose, the result of the study that was asked about.
_OF_BEFORE = re.compile(
    r"\b(?:deltager\w*|forsøgsperson\w*|patienterne|studiet|forsøget|undersøgelsen|dosis|placebo\w*|forskellen|resultatet|"
    r"bivirkninger|dokumentationen|participants|patients|the (?:study|trial|dose|difference|result|evidence|effect)|placebo)\b",
    re.IGNORECASE,
)
# Particulars that only a study has: who and how many took part, who made and paid for it, where, for how long.
_PARTICULARS = re.compile(
    r"\b(?:deltog|deltagere?|tog del|var med|hvor gamle|hvor blev|hvem (?:lavede|udførte|betalte|stod bag|har lavet)|"
    r"hvor længe (?:varede|fulgte|stod)|kontrolgruppe\w*|placebo\w*|hvad fik de|fik de|medforfatter\w*|"
    r"took part|participa\w+|how old were|how old are they|where was|who (?:did|made|ran|paid|funded)|funded|"
    r"how long did (?:it|they)|control group|what did they get|how many (?:people|were|women|men))\b",
    re.IGNORECASE,
)
# What is said of a thing, so that a new person in the question does not make it the earlier question again.
_PREDICATE = re.compile(
    r"\b(?:safe|sikker\w*|farlig\w*|dangerous|harmful|skadelig\w*|bevis\w*|proven|okay|ok|risky?|risik\w*)\b",
    re.IGNORECASE,
)
# "how much of it is magnesium": the word is there, but what it is about is not.
_OF_IT = re.compile(r"\b(?:af|of|i|in|med|with|from|fra) (?:det|den|dem|it|that|them|those)\b", re.IGNORECASE)
_TOO_MUCH = re.compile(
    rf"^{_OPENING}(?:og |men |and |but |hvad |what )*(?P<clause>(?:hvis|if|når|when) [^?]*\b(?:for meget|too much))(?: af det| of it)?\W*$",
    re.IGNORECASE,
)
_ONLY_TOO_MUCH = re.compile(
    rf"^{_OPENING}(?:og |men |and |but |hvad med |what about |på |of |ved |with |tegn |signs |symptom\w* |den |det |for )*"
    r"(?:for meget|too much)(?: magnesium)?(?: så| then)?\W*$",
    re.IGNORECASE,
)
_LACK = re.compile(
    r"\b(?:magnesium ?mangel|mangel(?: på magnesium)?|for lidt magnesium|for lidt|magnesium deficiency|"
    r"deficiency|(?:a )?lack of magnesium|too little(?: magnesium)?|low magnesium|lavt magnesium)\b",
    re.IGNORECASE,
)
# Words that say how often, how long or how much, but not of what.
_HOW_OFTEN = re.compile(
    r"\b(?:gange?|dage?n?|daglig\w*|uger?n?|måned\w*|timer?|længe|lang|tid|ofte|times?|days?|daily|weeks?|months?|hours?|"
    r"long|often|dosis|doser|doses?|tage[rs]?|take[ns]?|taking|skal|should|hvor|how|mange|many|meget|much|man|jeg|i|you|"
    r"om|per|pr|a|each|every|det|it|så|then|og|and|på|på én gang|før|before|efter|after|mad|food|morgen\w*|aften\w*|morning|"
    r"evening|night)\b|\W",
    re.IGNORECASE,
)
_SORT = re.compile(r"\b(?P<sort>type|form|slags|kind|sort)\b(?! (?:of )?magnesium)", re.IGNORECASE)
_REASON = re.compile(
    r"^(?:men |og |but |and )?(?:hvorfor|why|hvordan|how(?: come| so)?)(?: ikke| not| det| that| så| so)?\W*$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"magnesi|\bmg\b", re.IGNORECASE)
_INTERROGATIVE = re.compile(r"\b(?:hv\w+|how|what|who|which|when|where|why)\b", re.IGNORECASE)
_UNITS = r"(?:mg|g|gram|grams|kg|mmol|meq|stk|dl|ml|spsk|tsk|skiver|slices)\b"
_AMOUNT = re.compile(rf"\b\d+(?:[.,]\d+)*\s*{_UNITS}", re.IGNORECASE)
_AGE = re.compile(
    r"(?<![\d.,])(?<!\d )\b(?P<years>1[01]\d|\d{1,2})\b(?![.,]?\d| ?(?:mg|g|gram|grams|kg|mmol|meq|%|procent|percent|dl|ml|uger|weeks)\b)",
    re.IGNORECASE,
)
# A number and nothing else: "og 1,1?", "if I eat three?", "say 600 then".
_COUNTS = {
    "da": "to|tre|fire|fem|seks|syv|otte|ni|ti|tolv",
    "en": "two|three|four|five|six|seven|eight|nine|ten|twelve",
}
_ONLY_NUMBER = {
    language: re.compile(
        rf"^{_OPENING}(?:og|men|and|but|hvad|what|how|about|if|hvis|når|when|med|så|say|sig|lad os sige|i|eat|have|take|usually|"
        rf"jeg|spiser|tager|får|drikker|drink|to|,| )*(?P<number>\d+(?:[.,]\d+)*|{counts})(?: (?:så|then|stk\.?|of them|af dem))?\W*$",
        re.IGNORECASE,
    )
    for language, counts in _COUNTS.items()
}
_AMOUNT_NUMBER = re.compile(rf"\b\d+(?:[.,]\d+)*(?=\s*{_UNITS})", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:en|et|a|an|one)\b(?= \w)", re.IGNORECASE)
_NEW_AGE = re.compile(
    rf"^{_OPENING}(?:og|and|men|but|so|hvad|what|how|if|hvis|når|when|about|med|så|,| )*"
    r"(?:(?:han|hun|jeg|vi|de|he|she|i|they|den|det)(?:'m|'s| er| bliver| turns| is| am| are| was)?|at|som|når|på|aged?|for)?"
    r" ?(?:bliver |er |is |turns )?(?:en |et |a |an )?(?:på )?\d{1,3}(?: ?(?:år|years?(?:[ -]old)?|-årig))?\W*$",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    rf"^{_OPENING}(?:(?:nej|no|not|ikke)\b[,.! ]*)?(?:jeg men(?:er|te)|i mean(?:t)?|make (?:that|it)|det skulle være|rather)\b[,: ]*",
    re.IGNORECASE,
)
# "hvor hurtigt?" before a question that begins with its verb makes one question: "hvor hurtigt hjælper …".
_BARE = re.compile(
    rf"^{_OPENING}(?:og |men |and |but )?(?P<word>hvor (?!meget|mange)\w+|hvornår|hvordan|how (?!much|many)\w+|when|where)"
    r"(?: så| da| then)?\W*$",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(rf"^(?:{OPENING_VERBS}|sænker|får)\b", re.IGNORECASE)
# "Hvad er hypermagnesiæmi?": what a pronoun in the next question stands for.
_DEFINED = re.compile(
    r"^(?:hvad er|what(?:'s| is| are)|fortæl (?:mig )?om|tell me about|forklar|explain) (?P<topic>[^?]{3,60}?)[?. ]*$",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(r"\b(?:det|den|it|they|them)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:det|it)\b", re.IGNORECASE)
_NEGATED = re.compile(r"^(?:nej,? |no,? )?(?:ikke|not) (?P<out>[^,;]+)[,;] (?:men |but )?(?P<kept>.+)$", re.IGNORECASE)
_BACK_TO_FIRST = re.compile(
    r"\b(?:(?:the )?first (?:thing|question)|(?:det|mit) første(?: spørgsmål)?(?: jeg spurgte)?)\b", re.IGNORECASE
)
_RETURN = re.compile(
    rf"^{_OPENING}(?:og |men |and |but )?(?:(?:(?:i'm |let's |let me |to )?(?:go(?:ing)? )?back to|returning to|"
    r"(?:jeg vender |lad os gå |for at vende )?tilbage til|med hensyn til|angående|regarding|as for|about|om)) "
    r"(?:the |that |my |det med |den |det )?(?P<topic>[^,:;–-]{2,40}?)(?: again| igen)?\s*[,:;–-]+\s*(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_IN_LANGUAGE = re.compile(
    r"\b(?:and )?(?:in english|på dansk|på engelsk|in danish)(?:,? (?:please|tak))?\s*[:,]?\s*", re.IGNORECASE
)
# "bedre end oxid", "or citrate": both sides of a comparison are meant, so nothing is replaced.
_COMPARES = re.compile(r"\b(?:end|than|eller|or|vs|bedre|better|sammen med|together with)\b", re.IGNORECASE)
_AND = re.compile(rf"^{_OPENING}(?:og|men|and|but|so)\b,? ", re.IGNORECASE)
# "how much should I take?" does not say of what.
_NO_OBJECT = re.compile(
    r"(?<!by )(?<!med )(?<!with )\b(?:hvor meget|how much)"
    r"(?= (?:skal|må|bør|kan|tåler|tør|højst|om|så|should|may|can|do|is (?:too|safe)|at most|a day|per day|then)\b|$)",
    re.IGNORECASE,
)
_PUT_BESIDE = re.compile(r"^(?P<aside>[^?]+)\? \((?P<root>.+)\)$")
_ASKS_ITS_OWN = re.compile(
    rf"^{_OPENING}(?:(?:hvilke[nt]?|which) \w+ \w|(?:by how|hvor|hvad(?! med)|hvem|hvordan|(?:how|what)(?! about)|who|when|where|why)\b|"
    rf"(?:{OPENING_VERBS})\b)",
    re.IGNORECASE,
)
# "can I stop my tablets then?" follows from what was said, though it seems whole.
_FOLLOWS = re.compile(r"\b(?:så|then|i stedet|instead)\b", re.IGNORECASE)
_DANISH_SUBJECT = re.compile(r"^\w+ \w+")
_NOT = r"\g<0> ikke"
# A question with this many words of content is taken to stand alone, if no pronoun says otherwise.
_ENOUGH_CONTENT = 3
_ENOUGH_WORDS = 5


def standalone_question(
    question: str,
    history: Sequence[Message],
    language: Language,
    study_behind: Callable[[str], str | None] = lambda _: None,
) -> str:
    """The question with what it leaves out, taken from the person's earlier questions.

    Returns the question itself when it stands alone. A question for particulars of a study that nobody has named
    ("how many took part?") means the study that the last answer named, else the one that `study_behind` gives for the
    question before. That is a name to search by; what an answer said is never evidence.
    """
    earlier: list[str] = []
    for message in history:
        if message.role == "user" and message.content.strip():
            earlier.append(_resolved(message.content.strip(), earlier, detect_language(message.content, language)))
    if earlier and asks_particulars(question, language) and not _names_known(question, earlier):
        study = STUDY.search(earlier[-1]) or _study_named(history)
        name = study.group() if study else study_behind(earlier[-1])
        if name:
            return _of_study(question.strip(), name)
    return _resolved(question.strip(), earlier, language)


def about_magnesium(question: str) -> str:
    """The question with magnesium in place of its "it", for when nothing that was said before gives it a meaning."""
    return question if _SUBJECT.search(question) else _STANDS_FOR.sub("magnesium", question, count=1)


def asks_particulars(question: str, language: Language) -> bool:
    """Whether a question asks who, how many, where or how long of a study, without saying which."""
    few = len(terms(question, language)) <= _ENOUGH_CONTENT + 1
    return few and bool(_PARTICULARS.search(question)) and not STUDY.search(question) and not _SUBJECT.search(question)


def _names_known(question: str, earlier: Sequence[str]) -> bool:
    """Whether a question goes back to something that was asked about before, by name or by saying so."""
    if _BACK_TO_FIRST.search(question) or _RETURN.match(question):
        return True
    words = {word.lower() for word in re.findall(r"\w+", question)}
    return any(
        words & {name.lower() for name in re.findall(r"[^\W\d]+", study)}
        for before in earlier
        for study in STUDY.findall(before)
    )


def _study_named(history: Sequence[Message]) -> re.Match[str] | None:
    """The first study that the last answer names."""
    answers = [message.content for message in history if message.role == "assistant"]
    return STUDY.search(answers[-1]) if answers else None


def _of_study(question: str, name: str) -> str:
    """A question about a study by its name: "how many took part, Liu 2016?"."""
    whole = _SORT.sub(r"\g<sort> magnesium", question)
    return f"{whole.rstrip(' ?')}, {name}?"


def _resolved(question: str, earlier: Sequence[str], language: Language) -> str:
    if not earlier:
        return question
    asked, base, bound = _base(_IN_LANGUAGE.sub("", question).strip(" -–,:"), earlier, language)
    spoken = detect_language(base, language)
    if spoken != language:
        base = translated(base, spoken, language)
    said_something = (
        terms(asked, language) or _REASON.match(asked) or _INTERROGATIVE.search(asked) or _ONLY_TOO_MUCH.match(asked)
    )
    if not said_something:
        return base
    if not bound and not _NEGATED.match(asked) and _stands_alone(asked, language):
        return asked
    return _joined(asked, base, language)


def _base(question: str, earlier: Sequence[str], language: Language) -> tuple[str, str, bool]:
    """What is asked without words of returning, the earlier question that it goes on from, and whether it says so."""
    if _BACK_TO_FIRST.search(question):
        return _BACK_TO_FIRST.sub("", question).strip(" -–,:"), earlier[0], False
    if (match := _RETURN.match(question)) and (topic := _about(match["topic"], earlier, language)):
        return match["rest"], topic, not _SUBJECT.search(match["rest"])
    for before in reversed(earlier):
        names = {word.lower() for study in STUDY.findall(before) for word in study.split() if word.isalpha()}
        if names & {word.lower() for word in re.findall(r"\w+", question)}:
            return question, before, False
    return question, earlier[-1], False


def _about(topic: str, earlier: Sequence[str], language: Language) -> str | None:
    """The latest of the earlier questions that shares most with a topic in words or slot values."""
    words, values = set(terms(topic, language)), {value.name for value in values_in(topic, language)}

    def shared(before: str) -> int:
        spoken = detect_language(before, language)
        named = {value.name for value in values_in(before, spoken)}
        held = set(terms(before, language))
        alike = sum(any(word[:5] == other[:5] for other in held) for word in words)
        return alike + len(values & named)

    best = max(reversed(earlier), key=shared)
    return best if shared(best) else None


def _joined(question: str, earlier: str, language: Language) -> str:
    if match := _NEGATED.match(question):
        out = re.compile(rf"\b{re.escape(match['out'])}\b", re.IGNORECASE)
        if out.search(earlier):
            return out.sub(match["kept"].rstrip(" ?!."), earlier, count=1)
        question = match["kept"]
    question = _CORRECTION.sub("", question)
    if (match := _TOO_MUCH.match(question)) and _SUBJECT.search(earlier):
        happens = {"da": "hvad sker der,", "en": "what happens"}[language]
        return f"{happens} {match['clause']} magnesium?"
    if _ONLY_TOO_MUCH.match(question) and _LACK.search(earlier):
        return _LACK.sub({"da": "for meget magnesium", "en": "too much magnesium"}[language], earlier, count=1)
    if _REASON.match(question):
        if _VERB_FIRST.match(earlier):
            why = "hvorfor" if language == "da" else "why"
            lowered = f"{earlier[0].lower()}{earlier[1:]}"
            return f"{why} {_DANISH_SUBJECT.sub(_NOT, lowered, count=1) if 'ikke' in question else lowered}"
        return f"{question.rstrip(' ?!.')}: {earlier}"
    if (bare := _BARE.match(question)) and _VERB_FIRST.match(earlier):
        return f"{bare['word']} {earlier[0].lower()}{earlier[1:]}"
    if changed := _with_number(question, earlier, language):
        return changed
    asked = values_in(question, language)
    rest = set(terms(question, language)) - words_of(asked, question, language)
    comparing = bool(_COMPARES.search(question))
    if asked and len(rest) <= 1 and not comparing and not _PREDICATE.search(question):
        return with_values(earlier, asked, language)
    return _beside(question, earlier, [] if comparing else asked, language)


def _with_number(question: str, earlier: str, language: Language) -> str | None:
    """The earlier question with a new amount or age; None when the question is not just that."""
    amount = _AMOUNT.search(question)
    if amount and len(terms(question, language)) <= _ENOUGH_CONTENT + 1 and not values_in(question, language):
        if _AMOUNT.search(earlier):
            return _AMOUNT.sub(amount.group(), earlier, count=1)
        if not _PRONOUN.search(question):
            return f"{earlier.rstrip(' ?')}, {amount.group()}?"
    if number := _ONLY_NUMBER[language].match(question):
        if _AMOUNT_NUMBER.search(earlier):
            return _AMOUNT_NUMBER.sub(number["number"], earlier, count=1)
        if not _AGE.search(earlier) and _ARTICLE.search(earlier):
            return _ARTICLE.sub(number["number"], earlier, count=1)
    if _NEW_AGE.match(question) and (age := _AGE.search(question)):
        if _AGE.search(earlier):
            return _AGE.sub(age.group(), earlier, count=1)
        years = {"da": "år", "en": "years"}[language]
        return f"{earlier.rstrip(' ?')}, {age['years']} {years}?"
    return None


def _beside(question: str, earlier: str, asked: Sequence[SlotValue], language: Language) -> str:
    """More than a new value: the new words come first and the earlier question gives the subject."""
    defined = _DEFINED.match(earlier)
    if defined and not STUDY.search(earlier) and _STANDS_FOR.search(question):
        return _STANDS_FOR.sub(defined["topic"], question, count=1)
    study = STUDY.search(earlier)
    if study and not STUDY.search(question):
        return _of_study(question, study.group())
    root = _root(earlier)
    if question_form(root) is Form.LIST and _IT.search(question) and not values_in(question, language):
        # "Which foods have most magnesium? Does cooking destroy it?": it is the magnesium, and no list is asked for again.
        return _IT.sub("magnesium", _AND.sub("", question), count=1)
    whole = _NO_OBJECT.sub(r"\g<0> magnesium", _AND.sub("", question.rstrip(" ?")), count=1)
    return f"{whole}? ({without_values(root, asked, language)})"


def _root(earlier: str) -> str:
    """What a question that was put beside another goes back to.

    That is the other, where it asked something of its own ("how much at most?"); words that only say more of the
    subject ("mine is 0.62", "which nuts") stay with it.
    """
    match = _PUT_BESIDE.match(earlier)
    return match["root"] if match and _ASKS_ITS_OWN.match(match["aside"]) else earlier


def _stands_alone(question: str, language: Language) -> bool:
    content = terms(question, language)
    if _REASON.match(question):
        return False
    if _LEAD.match(question):
        return bool(_SUBJECT.search(question)) and len(content) >= _ENOUGH_CONTENT
    if _SUBJECT.search(question):
        return not _OF_IT.search(question) and (len(content) >= 2 or not _PRONOUN.search(question))
    if (
        _NEW_AGE.match(question)
        or _ONLY_NUMBER[language].match(question)
        or (_AMOUNT.search(question) and not values_in(question, language))
    ):
        return False
    if not _HOW_OFTEN.sub("", question):
        return False
    whole = len(content) > _ENOUGH_CONTENT or (len(content) > 1 and len(question.split()) >= _ENOUGH_WORDS)
    return whole and not any(pattern.search(question) for pattern in (_PRONOUN, _OF_BEFORE, _FOLLOWS))
