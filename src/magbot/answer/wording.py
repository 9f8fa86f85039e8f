"""Everything magbot says in its own words, in both languages: never a fact about magnesium."""

from __future__ import annotations

from collections.abc import Sequence

from magbot.schema import Citation, GenerationResult, Kind, Language

Phrase = dict[Language, str]

OFF_TOPIC: Phrase = {
    "da": "Det kan jeg ikke hjælpe med. Jeg svarer kun på spørgsmål om magnesium og sundhed.",
    "en": "I cannot help with that. I only answer questions about magnesium and health.",
}
NOT_IN_CORPUS: Phrase = {
    "da": "Det siger mine kilder ikke noget sikkert om, og så vil jeg hellere lade være med at gætte.",
    "en": "My sources do not say anything certain about that, and I would rather not guess.",
}
NEARBY: Phrase = {"da": "Kilderne dækker til gengæld:", "en": "What the sources do cover:"}
ARTICLE_SAYS: Phrase = {"da": "Artiklen skriver:", "en": "The article writes:"}
# Where a question asks two things and the sources settle one of them.
PART_UNKNOWN: Phrase = {
    "da": "Mine kilder siger ikke noget sikkert om den del af spørgsmålet: {asked}",
    "en": "My sources do not say anything certain about this part of the question: {asked}",
}
CAVEATS: Phrase = {"da": "Vær opmærksom på", "en": "Please note"}
SOURCES: Phrase = {"da": "Kilder", "en": "Sources"}
UNREVIEWED: Phrase = {"da": "ikke gennemgået", "en": "not reviewed"}
PAGE: Phrase = {"da": "side", "en": "page"}

# Why an answer is not in the words of the chat model that is configured.
GENERATION_FAILED: dict[GenerationResult, Phrase] = {
    "timed_out": {
        "da": "Sprogmodellen {model} nåede ikke at svare inden for {seconds} sekunder.",
        "en": "The language model {model} did not answer within {seconds} seconds.",
    },
    "failed": {
        "da": "Sprogmodellen {model} kunne ikke bruges denne gang.",
        "en": "The language model {model} could not be used this time.",
    },
    "empty": {
        "da": "Sprogmodellen {model} gav intet svar.",
        "en": "The language model {model} gave no answer.",
    },
    "refused": {
        "da": "Sprogmodellen {model} fandt ikke selv svaret i kilderne.",
        "en": "The language model {model} did not find the answer in the sources itself.",
    },
    "unsupported": {
        "da": "Det meste af det, sprogmodellen {model} skrev, kunne ikke genfindes i kilderne.",
        "en": "Most of what the language model {model} wrote could not be found in the sources.",
    },
}
QUOTES_INSTEAD: Phrase = {
    "da": "Svaret er derfor sat sammen af kildernes egne sætninger.",
    "en": "The answer is therefore put together from the sources' own sentences.",
}
LEFT_OUT: Phrase = {
    "da": "{number} sætninger fra sprogmodellen er udeladt, fordi kilderne ikke støtter dem.",
    "en": "{number} sentences of the language model were left out, because the sources do not support them.",
}
LEFT_OUT_ONE: Phrase = {
    "da": "Én sætning fra sprogmodellen er udeladt, fordi kilderne ikke støtter den.",
    "en": "One sentence of the language model was left out, because the sources do not support it.",
}

KIND_NAMES: dict[Kind, Phrase] = {
    Kind.ARTICLE: {"da": "artikel", "en": "article"},
    Kind.GUIDELINE: {"da": "retningslinje eller myndighed", "en": "guideline or authority"},
    Kind.FACT_SHEET: {"da": "faktaark", "en": "fact sheet"},
    Kind.SYSTEMATIC_REVIEW: {"da": "systematisk oversigt", "en": "systematic review"},
    Kind.RANDOMISED_TRIAL: {"da": "lodtrækningsforsøg", "en": "randomised trial"},
    Kind.COHORT: {"da": "befolkningsundersøgelse", "en": "cohort study"},
    Kind.REVIEW: {"da": "oversigtsartikel", "en": "review"},
    Kind.TABLE: {"da": "tabel", "en": "table"},
    Kind.ANIMAL_STUDY: {"da": "dyreforsøg", "en": "animal study"},
    Kind.OBSERVATIONAL: {"da": "observationsstudie", "en": "observational study"},
    Kind.CASE_REPORT: {"da": "sygehistorier", "en": "case reports"},
    Kind.PRODUCT_LABEL: {"da": "produkttekst", "en": "product text"},
    Kind.DATA_SET: {"da": "datasæt", "en": "data set"},
    Kind.FAQ: {"da": "emneside", "en": "topic page"},
    Kind.OTHER: {"da": "dokument", "en": "document"},
}
EVIDENCE_NAMES: dict[int, Phrase] = {
    1: {"da": "meget stærk evidens", "en": "very strong evidence"},
    2: {"da": "stærk evidens", "en": "strong evidence"},
    3: {"da": "moderat evidens", "en": "moderate evidence"},
    4: {"da": "svag evidens", "en": "weak evidence"},
    5: {"da": "meget svag evidens eller ekspertvurdering", "en": "very weak evidence or expert opinion"},
}


# The scale is one for studies: a table of measured or agreed figures has no place on it.
TABLE_EVIDENCE: Phrase = {"da": "opslagstal, ikke et studie", "en": "reference figures, not a study"}
OTHERS: Phrase = {"da": "m.fl.", "en": "et al."}


def author_names(authors: Sequence[str], language: Language, most: int = 99) -> str:
    """Authors in one line; “m.fl.” where there are more than are named."""
    named = [author for author in authors if author != "others"]
    more = len(named) > most or len(named) < len(authors)
    return ", ".join(named[:most]) + (f" {OTHERS[language]}" if more else "")


def evidence_in_words(level: int | None, language: Language, kind: Kind = Kind.OTHER) -> str:
    """The evidence level as people read it; said so when there is none, and when the scale does not fit."""
    if kind is Kind.TABLE:
        return TABLE_EVIDENCE[language]
    if level is None:
        return {"da": "evidens ikke vurderet", "en": "evidence not graded"}[language]
    return EVIDENCE_NAMES[level][language]


def about_source(citation: Citation, language: Language) -> str:
    """What a reader should know about a source beside its title: how strong, whether reviewed, which page."""
    parts = [evidence_in_words(citation.evidence_level, language, citation.kind)]
    if not citation.reviewed:
        parts.append(UNREVIEWED[language])
    if citation.page is not None:
        parts.append(f"{PAGE[language]} {citation.page}")
    return ", ".join(parts)
