"""The text of the tab “Add sources”, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from magbot.added.report import Status
from magbot.schema import Language


@dataclass(frozen=True)
class MaintainText:
    """Headings, text and buttons in one language."""

    language: Language
    title: str
    intro: str
    drop: str
    choose: str
    kinds: str
    link: str
    fetch: str
    sending: str
    working: str
    broken: str
    results: str
    added: str
    none_added: str
    reviewed: str
    unreviewed: str
    review: str
    undo_review: str
    remove: str
    sure: str
    index: str
    index_how: str
    rebuild: str
    rebuilt: str
    guessed: str
    login_field: str
    log_in: str
    log_in_how: str
    wrong: str
    too_often: str
    log_out: str
    elsewhere: str
    status: dict[Status, str]
    fields: dict[str, str]


MAINTAIN: dict[Language, MaintainText] = {
    "da": MaintainText(
        language="da",
        title="Tilføj kilder",
        intro=(
            "Dokumenter, du tilføjer, bliver på denne maskine. magbot citerer fra dem med mærket “Ikke gennemgået”, indtil "
            "et menneske har sagt god for dem."
        ),
        drop="Træk filer hertil, eller",
        choose="Vælg filer",
        kinds="Kan læse: {}",
        link="Eller hent fra en adresse på nettet",
        fetch="Hent",
        sending="Sender …",
        working="Læser og indekserer …",
        broken="Det blev afbrudt, og dokumentet er ikke tilføjet. Prøv igen.",
        results="Resultat",
        added="Tilføjede dokumenter",
        none_added="Der er ikke tilføjet nogen endnu.",
        reviewed="Gennemgået",
        unreviewed="Ikke gennemgået",
        review="Markér som gennemgået",
        undo_review="Fjern mærket “gennemgået”",
        remove="Fjern",
        sure="Fjern “{}” helt? Det kan ikke fortrydes.",
        index="Indekset",
        index_how="Indekset kan altid laves forfra af dokumenterne. Det tager nogle minutter.",
        rebuild="Lav indekset forfra",
        rebuilt="Indekset er lavet forfra.",
        guessed="gættet:",
        login_field="Adgangskode (MAGBOT_ADMIN_TOKEN)",
        log_in="Log ind",
        log_in_how="Kun den, der passer samlingen, kan ændre den.",
        wrong="Forkert adgangskode.",
        too_often="For mange forkerte forsøg. Vent fem minutter.",
        log_out="Log ud",
        elsewhere=(
            "Samlingen kan kun ændres fra den maskine, magbot kører på. Skal det kunne gøres andre steder fra, så start magbot "
            "med en adgangskode i MAGBOT_ADMIN_TOKEN."
        ),
        status={
            Status.ADDED: "Tilføjet",
            Status.UPDATED: "Opdateret",
            Status.UNCHANGED: "Uændret",
            Status.DUPLICATE: "Findes allerede",
            Status.REFUSED: "Kan ikke bruges",
        },
        fields={
            "title": "titel",
            "authors": "forfattere",
            "year": "år",
            "kind": "slags",
            "language": "sprog",
            "url": "adresse",
        },
    ),
    "en": MaintainText(
        language="en",
        title="Add sources",
        intro=(
            "Documents that you add stay on this machine. magbot quotes from them with the label “Not reviewed” until a "
            "person has vouched for them."
        ),
        drop="Drop files here, or",
        choose="Choose files",
        kinds="Can read: {}",
        link="Or fetch from an address on the web",
        fetch="Fetch",
        sending="Sending …",
        working="Reading and indexing …",
        broken="It was interrupted, and the document was not added. Try again.",
        results="Result",
        added="Added documents",
        none_added="None have been added yet.",
        reviewed="Reviewed",
        unreviewed="Not reviewed",
        review="Mark as reviewed",
        undo_review="Take back “reviewed”",
        remove="Remove",
        sure="Remove “{}” wholly? This cannot be undone.",
        index="The index",
        index_how="The index can always be made anew from the documents. It takes some minutes.",
        rebuild="Make the index anew",
        rebuilt="The index has been made anew.",
        guessed="guessed:",
        login_field="Token (MAGBOT_ADMIN_TOKEN)",
        log_in="Log in",
        log_in_how="Only the person who looks after the collection can change it.",
        wrong="Wrong token.",
        too_often="Too many wrong attempts. Wait five minutes.",
        log_out="Log out",
        elsewhere=(
            "The collection can only be changed from the machine that magbot runs on. To do it from elsewhere, start magbot "
            "with a token in MAGBOT_ADMIN_TOKEN."
        ),
        status={
            Status.ADDED: "Added",
            Status.UPDATED: "Updated",
            Status.UNCHANGED: "Unchanged",
            Status.DUPLICATE: "Already there",
            Status.REFUSED: "Cannot be used",
        },
        fields={
            "title": "title",
            "authors": "authors",
            "year": "year",
            "kind": "kind",
            "language": "language",
            "url": "address",
        },
    ),
}
