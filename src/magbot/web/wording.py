"""What the page itself says, in both languages. What answers say stands in `magbot.answer.wording`."""

from __future__ import annotations

from dataclasses import dataclass

from magbot.schema import Language


@dataclass(frozen=True)
class Words:
    """The page's words in one language."""

    language: Language
    name: str
    tagline: str
    machine: str
    other_language: str
    theme: str
    tab_ask: str
    tab_sources: str
    tab_add: str
    tab_quality: str
    tab_about: str
    welcome: str
    welcome_how: str
    examples: str
    examples_other: str
    conversation: str
    you_asked: str
    ask_label: str
    ask_placeholder: str
    ask_button: str
    disclaimer: str
    stages: dict[str, str]
    searched_for: str
    rests_on: str
    edit: str
    edit_question: str
    edit_label: str
    search_again: str
    notices: str
    urgent: str
    caveats: str
    differing: str
    sources: str
    places: str
    in_answer: str
    in_caveats: str
    against: tuple[str, str]
    quote_count: tuple[str, str]
    evidence_of_answer: str
    evidence_count: tuple[str, str]
    source_number: str
    quote: str
    in_context: str
    evidence: str
    kind: str
    authors: str
    year: str
    read_document: str
    open_original: str
    copy_link: str
    unreviewed: str
    close: str
    suggestions: str
    copy: str
    copied: str
    speak: str
    stop_speaking: str
    helpful: str
    yes: str
    no: str
    reason: str
    send: str
    feedback_kept: str
    thanks: str
    not_sent: str
    new_conversation: str
    undo: str
    export: str
    export_html: str
    export_md: str
    export_json: str
    print: str
    more_tabs: str
    full: str
    no_script: str
    chart_intake: str
    chart_upper: str
    chart_both: str
    chart_own: str
    lost: str
    slow: str
    failed: str
    answer_ready: str
    search_sources: str
    search_placeholder: str
    topic: str
    all: str
    no_matches: str
    documents_shown: str
    back_to_list: str
    topics: str
    population: str
    licence: str
    not_found: str
    call: str
    skip: str


DA = Words(
    language="da",
    name="magbot",
    tagline="Svar om magnesium og sundhed, hver sætning med sin kilde.",
    machine="Du taler med en maskine, ikke en læge.",
    other_language="English",
    theme="Skift mellem lyst og mørkt",
    tab_ask="Spørg",
    tab_sources="Kilder",
    tab_add="Tilføj",
    tab_quality="Kvalitet",
    tab_about="Om",
    welcome="Hvad vil du vide om magnesium?",
    welcome_how="Hver sætning i svaret kan føres tilbage til det sted, den står. Tryk på et tal for at læse kilden.",
    examples="Prøv for eksempel",
    examples_other="Or ask in English",
    conversation="Samtale",
    you_asked="Du spurgte:",
    ask_label="Dit spørgsmål",
    ask_placeholder="Skriv dit spørgsmål …",
    ask_button="Spørg",
    disclaimer="Almen oplysning, ikke lægelig rådgivning. Spørg din læge om det, der gælder dig.",
    stages={
        "understand": "Læser spørgsmålet …",
        "triage": "Læser spørgsmålet …",
        "retrieve": "Søger i kilderne …",
        "decide": "Søger i kilderne …",
        "answer": "Vælger de sætninger, der svarer …",
    },
    searched_for="Søgte efter:",
    rests_on="Bygger på",
    edit="Ret",
    edit_question="Ret spørgsmålet",
    edit_label="Det, der skal søges efter",
    search_again="Søg igen",
    notices="Først noget, der gælder dig",
    urgent="Få hjælp nu",
    caveats="Vær opmærksom på",
    differing="Kilderne siger ikke helt det samme",
    sources="Kilder",
    places="Citeret her:",
    in_answer="i svaret",
    in_caveats="i forbeholdet",
    against=("kilde tager forbehold", "kilder tager forbehold"),
    quote_count=("citat", "citater"),
    evidence_of_answer="Hvor stærke er kilderne?",
    evidence_count=("kilde", "kilder"),
    source_number="Kilde",
    quote="Citat",
    in_context="Citatet i sin sammenhæng",
    evidence="Evidens",
    kind="Slags",
    authors="Af",
    year="År",
    read_document="Læs hele dokumentet",
    open_original="Åbn hos udgiveren",
    copy_link="Kopiér link til citatet",
    unreviewed="Ikke gennemgået",
    close="Luk",
    suggestions="Spørg videre",
    copy="Kopiér med kilder",
    copied="Kopieret",
    speak="Læs højt",
    stop_speaking="Stop oplæsning",
    helpful="Hjalp svaret dig?",
    yes="Ja",
    no="Nej",
    reason="Hvorfor? (valgfrit)",
    send="Send",
    feedback_kept="Gemmes på denne server sammen med spørgsmålet og svaret i {} dage. Skriv ikke navne eller cpr-numre.",
    thanks="Tak. Din vurdering er gemt.",
    not_sent="Vurderingen blev ikke sendt. Prøv igen.",
    new_conversation="Ny samtale",
    undo="Fortryd, og hent samtalen tilbage",
    export="Gem eller udskriv",
    export_html="Gem som side (HTML)",
    export_md="Gem som tekst (Markdown)",
    export_json="Gem som data (JSON)",
    print="Udskriv",
    more_tabs="Flere faner",
    full="Feltet er fuldt: der er plads til {} tegn. Det, der ikke står i feltet, kommer ikke med.",
    no_script="Siden kræver JavaScript for at kunne svare. Er der fare for liv, så ring 112.",
    chart_intake="Anbefalet mængde om dagen",
    chart_upper="Øvre grænser for tilskud om dagen",
    chart_both="Mængden og anbefalingerne om dagen",
    chart_own="Mængden i svaret",
    lost="Forbindelsen til magbot er væk. Prøv igen om lidt; det, du har skrevet, bliver stående.",
    slow="Det tager længere tid end normalt …",
    failed="Noget gik galt, og spørgsmålet blev ikke besvaret. Prøv igen.",
    answer_ready="Svar:",
    search_sources="Søg i kilderne",
    search_placeholder="Titel, forfatter eller emne …",
    topic="Emne",
    all="Alle",
    no_matches="Ingen kilder passer. Prøv færre ord, eller vælg “Alle”.",
    documents_shown="kilder vises",
    back_to_list="Tilbage til alle kilder",
    topics="Emner",
    population="Gælder",
    licence="Rettigheder",
    not_found="Det dokument findes ikke.",
    call="Ring",
    skip="Gå til spørgefeltet",
)

EN = Words(
    language="en",
    name="magbot",
    tagline="Answers about magnesium and health, each sentence with its source.",
    machine="You are talking to a machine, not a doctor.",
    other_language="Dansk",
    theme="Switch between light and dark",
    tab_ask="Ask",
    tab_sources="Sources",
    tab_add="Add",
    tab_quality="Quality",
    tab_about="About",
    welcome="What would you like to know about magnesium?",
    welcome_how="Every sentence of an answer leads back to where it stands. Press a number to read the source.",
    examples="Try for example",
    examples_other="Eller spørg på dansk",
    conversation="Conversation",
    you_asked="You asked:",
    ask_label="Your question",
    ask_placeholder="Type your question …",
    ask_button="Ask",
    disclaimer="General information, not medical advice. Ask your doctor about what applies to you.",
    stages={
        "understand": "Reading the question …",
        "triage": "Reading the question …",
        "retrieve": "Searching the sources …",
        "decide": "Searching the sources …",
        "answer": "Choosing the sentences that answer …",
    },
    searched_for="Searched for:",
    rests_on="Rests on",
    edit="Edit",
    edit_question="Edit the question",
    edit_label="What to search for",
    search_again="Search again",
    notices="First, something that applies to you",
    urgent="Get help now",
    caveats="Please note",
    differing="The sources do not all say the same",
    sources="Sources",
    places="Quoted here:",
    in_answer="in the answer",
    in_caveats="in the reservation",
    against=("source with a reservation", "sources with a reservation"),
    quote_count=("quote", "quotes"),
    evidence_of_answer="How strong are the sources?",
    evidence_count=("source", "sources"),
    source_number="Source",
    quote="Quote",
    in_context="The quote in its context",
    evidence="Evidence",
    kind="Kind",
    authors="By",
    year="Year",
    read_document="Read the whole document",
    open_original="Open at the publisher",
    copy_link="Copy link to the quote",
    unreviewed="Not reviewed",
    close="Close",
    suggestions="Ask further",
    copy="Copy with sources",
    copied="Copied",
    speak="Read aloud",
    stop_speaking="Stop reading",
    helpful="Did the answer help you?",
    yes="Yes",
    no="No",
    reason="Why? (optional)",
    send="Send",
    feedback_kept="Kept on this server with the question and the answer for {} days. Leave out names and personal numbers.",
    thanks="Thank you. Your feedback is kept.",
    not_sent="The feedback was not sent. Try again.",
    new_conversation="New conversation",
    undo="Undo, and bring the conversation back",
    export="Save or print",
    export_html="Save as a page (HTML)",
    export_md="Save as text (Markdown)",
    export_json="Save as data (JSON)",
    print="Print",
    more_tabs="More tabs",
    full="The field is full: there is room for {} characters. What is not in the field is left out.",
    no_script="This page needs JavaScript to answer. If a life is in danger, call 112.",
    chart_intake="Recommended amount a day",
    chart_upper="Upper levels for supplements a day",
    chart_both="The amount and the recommendations a day",
    chart_own="The amount in question",
    lost="The connection to magbot is lost. Try again in a moment; what you have written stays here.",
    slow="This is taking longer than usual …",
    failed="Something went wrong and the question was not answered. Try again.",
    answer_ready="Answer:",
    search_sources="Search the sources",
    search_placeholder="Title, author or topic …",
    topic="Topic",
    all="All",
    no_matches="No sources match. Try fewer words, or choose “All”.",
    documents_shown="sources shown",
    back_to_list="Back to all sources",
    topics="Topics",
    population="Applies to",
    licence="Rights",
    not_found="There is no such document.",
    call="Call",
    skip="Go to the question field",
)

WORDS: dict[Language, Words] = {"da": DA, "en": EN}

EXAMPLES: dict[Language, tuple[str, ...]] = {
    "da": (
        "Hvor meget magnesium har man brug for om dagen?",
        "Hjælper magnesium mod migræne?",
        "Hvor mange deltagere var der i undersøgelsen?",
        "Hvem skal passe på med magnesiumtilskud?",
    ),
    "en": (
        "How much magnesium do adults need a day?",
        "Does magnesium help against migraine?",
        "Which medicines do not go with magnesium?",
    ),
}
