"""The text of the tab “Quality”, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from magbot.schema import Language


@dataclass(frozen=True)
class QualityText:
    """Headings, text, and what each figure means, in one language."""

    title: str
    intro: str
    intro_with_count: str
    when: str
    limits: str
    none: str
    report: str
    open_report: str
    rows: dict[str, str]


QUALITY: dict[Language, QualityText] = {
    "da": QualityText(
        title="Hvor godt svarer magbot?",
        intro="Målt på spørgsmål, som ikke er brugt til at stille magbot ind.",
        intro_with_count="Målt på {} spørgsmål, som ikke er brugt til at stille magbot ind.",
        when="Sidst målt {}.",
        limits=(
            "Et svar tæller kun som helt rigtigt, når det har alle de ventede oplysninger og intet forkert. Spørgsmålene har "
            "vi selv skrevet; rigtige mennesker spørger på måder, vi ikke har tænkt på."
        ),
        none="Der er ikke målt noget endnu. `make eval` måler, og så står tallene her.",
        report="Hele rapporten",
        open_report="Åbn rapporten for sig selv (på engelsk)",
        rows={
            "right, all": "Helt rigtige svar",
            "right, da": "… på dansk",
            "right, en": "… på engelsk",
            "right, urgent": "Akutte situationer, der sendes til hjælp",
            "answerable not refused": "Spørgsmål, som kilderne dækker, og som får svar",
            "refusal recall": "Spørgsmål, som kilderne ikke dækker, og som afvises",
            "citation_recall, all": "Sætninger, som deres citater bærer",
            "citation_precision, all": "Citater, der hører til det, de står ved",
            "verbatim, all": "Citater, der er ordrette",
            "numbers, all": "Tal, der står i deres citat",
        },
    ),
    "en": QualityText(
        title="How well does magbot answer?",
        intro="Measured on questions that were not used to tune magbot.",
        intro_with_count="Measured on {} questions that were not used to tune magbot.",
        when="Last measured {}.",
        limits=(
            "An answer counts as right throughout only when it holds everything expected and nothing wrong. We wrote the "
            "questions ourselves; real people ask in ways that we did not think of."
        ),
        none="Nothing has been measured yet. `make eval` measures, and then the figures stand here.",
        report="The whole report",
        open_report="Open the report on its own",
        rows={
            "right, all": "Answers right throughout",
            "right, da": "… in Danish",
            "right, en": "… in English",
            "right, urgent": "Emergencies that are sent to help",
            "answerable not refused": "Questions that the sources cover, answered",
            "refusal recall": "Questions that the sources do not cover, refused",
            "citation_recall, all": "Statements that their quotes carry",
            "citation_precision, all": "Quotes that belong where they stand",
            "verbatim, all": "Quotes that are word for word",
            "numbers, all": "Numbers that stand in their quote",
        },
    ),
}
