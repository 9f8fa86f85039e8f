"""The text of the tab “About”, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from magbot.schema import Language


@dataclass(frozen=True)
class AboutText:
    """Headings and text in one language."""

    what_title: str
    what: str
    how_title: str
    how: tuple[str, ...]
    not_title: str
    help_title: str
    privacy_title: str
    nothing_kept: str
    history_kept: str
    feedback_kept: str
    privacy: str
    rights_title: str
    rights: str
    versions_title: str
    versions: dict[str, str]
    extractive: str
    regions: dict[str, str]
    api: str


ABOUT: dict[Language, AboutText] = {
    "da": AboutText(
        what_title="Hvad er magbot?",
        what=(
            "magbot svarer på spørgsmål om magnesium og sundhed ud fra en fast samling: en artikel, gengivet ordret, og magbots "
            "egne noter om studier, vejledninger og tal. Svarene er sætninger derfra, og ved hver sætning står, hvor den kommer "
            "fra, og hvor stærk evidensen er."
        ),
        how_title="Sådan virker det",
        how=(
            "Spørgsmålet læses, og tegn på akut fare sender dig straks videre til hjælp.",
            "Spørgsmålet søges i alle kilder, både efter ord og efter betydning, på dansk og engelsk.",
            "Svarer kilderne ikke på det, siger magbot det i stedet for at gætte.",
            "De sætninger, der svarer, vises ordret, og hvert tal kontrolleres mod citatet.",
            "Er kilderne uenige, eller er der en grænse for, hvem det gælder, står det ved svaret.",
        ),
        not_title="Hvad magbot ikke er",
        help_title="Hjælp, når det haster",
        privacy_title="Privatliv",
        nothing_kept="Spørgsmål bliver ikke gemt eller skrevet i nogen log.",
        history_kept=(
            "Her gemmes spørgsmål og svar, fordi ejeren af denne magbot har slået det til: i {} dage, i en fil på maskinen, "
            "som ejeren kan slette."
        ),
        feedback_kept="Sender du en vurdering af et svar, gemmes den sammen med spørgsmålet og svaret i {} dage.",
        privacy=(
            "Samtalen ligger kun i dette faneblad i din browser og "
            "forsvinder, når du lukker det. Siden henter intet fra andre steder og har ingen sporing."
        ),
        rights_title="Rettigheder",
        rights=(
            "Programmet er MIT-licenseret. Artiklen tilhører sin ejer og gengives ordret. Noter om studier og vejledninger "
            "er magbots egne ord; følg linket til den oprindelige kilde."
        ),
        versions_title="Versioner",
        versions={
            "version": "magbot",
            "engine": "Svarene laves af",
            "encoder": "Søgemodel",
            "documents": "Dokumenter",
            "sentences": "Sætninger",
            "vectors": "Vektorer",
        },
        extractive="udvalg af sætninger, uden sprogmodel",
        regions={"Denmark and the EU": "alarmnummer i Danmark og resten af EU", "Denmark": "hele Danmark"},
        api="HTTP-grænseflade for programmer",
    ),
    "en": AboutText(
        what_title="What is magbot?",
        what=(
            "magbot answers questions about magnesium and health from a fixed collection: one article, given word for word, and "
            "magbot’s own notes on studies, guidelines and figures. The answers are sentences from these, and each one says where "
            "it comes from and how strong the evidence is."
        ),
        how_title="How it works",
        how=(
            "The question is read, and signs of acute danger send you straight to help.",
            "All sources are searched for it, by words and by meaning, in Danish and in English.",
            "If the sources do not answer it, magbot says so instead of guessing.",
            "The sentences that answer are shown word for word, and every number is checked against the quote.",
            "Where sources disagree, or there is a limit to whom it applies to, the answer says so.",
        ),
        not_title="What magbot is not",
        help_title="Help in an emergency",
        privacy_title="Privacy",
        nothing_kept="Questions are not stored or written to any log.",
        history_kept=(
            "Questions and answers are kept here, because the owner of this magbot has switched that on: for {} days, in a "
            "file on the machine that the owner can delete."
        ),
        feedback_kept="If you send feedback on an answer, it is kept with the question and the answer for {} days.",
        privacy=(
            "The conversation lives only in this tab of your browser and is "
            "gone when you close it. The page loads nothing from anywhere else and has no tracking."
        ),
        rights_title="Rights",
        rights=(
            "The program is MIT-licensed. The article belongs to its owner and is given word for word. Notes on studies and "
            "guidelines are magbot’s own words; follow the link to the original source."
        ),
        versions_title="Versions",
        versions={
            "version": "magbot",
            "engine": "Answers are made by",
            "encoder": "Search model",
            "documents": "Documents",
            "sentences": "Sentences",
            "vectors": "Vectors",
        },
        extractive="choosing sentences, without a language model",
        regions={"Denmark and the EU": "emergency number in Denmark and all of the EU", "Denmark": "all of Denmark"},
        api="HTTP interface for programs",
    ),
}
