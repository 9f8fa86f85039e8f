import json

import bibtexparser
import rispy

from magbot.assistant import Magbot
from magbot.interfaces.bibliography import Format, bibliography, sources


def test_each_format_is_read_back_by_its_library(magbot: Magbot) -> None:
    documents = magbot.documents()
    expected = {source.id for source in sources(documents)}
    assert "kieboom-2017" in expected
    assert {entry["id"] for entry in json.loads(bibliography(documents, Format.CSL_JSON))} == expected
    assert {entry["id"] for entry in rispy.loads(bibliography(documents, Format.RIS))} == expected
    parsed = bibtexparser.parse_string(bibliography(documents, Format.BIBTEX))
    assert {entry.key for entry in parsed.entries} == expected


def test_an_entry_carries_what_is_known(magbot: Magbot) -> None:
    entries = json.loads(bibliography(magbot.documents(), Format.CSL_JSON))
    entry = next(entry for entry in entries if entry["id"] == "kieboom-2017")
    assert entry["DOI"] == "10.1212/WNL.0000000000004517"
    assert entry["issued"] == {"date-parts": [[2017]]}


def test_people_and_institutions_are_told_apart(magbot: Magbot) -> None:
    documents = magbot.documents()
    people = next(e for e in json.loads(bibliography(documents, Format.CSL_JSON)) if e["id"] == "kimura-1990")
    assert people["author"][0] == {"family": "Kimura", "given": "M."}
    assert (people["volume"], people["issue"], people["page"]) == ("36", "Suppl 1", "S25-32")
    board = next(e for e in json.loads(bibliography(documents, Format.CSL_JSON)) if e["id"] == "fvst-kosttilskud")
    assert board["author"] == [{"literal": "Fødevarestyrelsen"}]
    parsed = bibtexparser.parse_string(bibliography(documents, Format.BIBTEX))
    authors = {entry.key: entry["author"] for entry in parsed.entries if "author" in entry.fields_dict}
    assert authors["kimura-1990"] == "Kimura, M. and Itokawa, Y."
    assert authors["fvst-kosttilskud"] == "{Fødevarestyrelsen}"
    ris = next(e for e in rispy.loads(bibliography(documents, Format.RIS)) if e["id"] == "kimura-1990")
    assert ris["authors"] == ["Kimura, M.", "Itokawa, Y."]
    assert (ris["start_page"], ris["end_page"]) == ("S25", "32")
