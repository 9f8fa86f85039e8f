"""The table of bad input: each is refused with a clear message or taken safely, and nothing is ever half-added."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import document_files as files
import pytest

from magbot.added.report import AddItem, Status, Upload
from magbot.assistant import Magbot
from magbot.corpus.formats.apart import ReaderApart
from magbot.settings import load_settings
from magbot.text.language import detect_language

GOOD = "# Kelp\n\nKelp from the Baltic holds 121 mg magnesium per 100 g dry weight.\n"


@dataclass(frozen=True)
class Place:
    """A magbot with one document, and a folder for what is added to it."""

    magbot: Magbot
    data: Path
    inbox: Path
    refused: list[str] = field(default_factory=list)

    def state(self) -> object:
        """All that adding could leave behind."""
        kept = {path.name: path.read_bytes() for path in (self.data / "documents").iterdir()}
        health = self.magbot.health()
        return kept, [health[name] for name in ("documents", "sentences", "vectors")]

    def write(self, name: str, data: bytes | str) -> Path:
        """A file to add."""
        path = self.inbox / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "corpus").mkdir()
    (folder / "in").mkdir()
    magbot = Magbot(load_settings(corpus_dir=folder / "corpus", data_dir=folder / "data"))
    made = Place(magbot, folder / "data", folder / "in")
    magbot.add([made.write("kelp.md", GOOD)])
    yield made
    assert magbot.search("How much magnesium does kelp hold?", "en").hits, "it still answers after all of this"
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(  # noqa: T201 - the counts are what the table is for
            f"\n{len(made.refused)} pieces of bad input were refused beside a good one, for {len(set(made.refused))} "
            "reasons; none left anything behind"
        )


def large(place: Place) -> Path:
    """A file of 500 MB that takes no room."""
    path = place.write("large.txt", "x")
    os.truncate(path, 500_000_000)
    return path


def link(place: Place) -> Path:
    """A symbolic link to a file outside the folder."""
    path = place.inbox / "link.txt"
    path.symlink_to("/etc/passwd")
    return path


def pipe(place: Place) -> Path:
    """Something in the file system that is no file and never ends."""
    path = place.inbox / "pipe.txt"
    os.mkfifo(path)
    return path


GERMAN = "Magnesium ist ein wichtiger Mineralstoff, der im Körper an vielen Vorgängen beteiligt ist. Man braucht am Tag etwa 300 mg."
REFUSED: dict[str, tuple[Callable[[Place], object], str, str]] = {
    "an empty file": (lambda p: p.write("empty.txt", ""), "empty", "leave it out"),
    "blanks only": (lambda p: p.write("blank.md", " \n\t\n"), "no text", "right file"),
    "binary garbage named .txt": (
        lambda p: p.write("noise.txt", bytes(range(256)) * 40),
        "not text",
        "Save it as text",
    ),
    "a PDF with a password": (
        lambda p: p.write("locked.pdf", files.pdf([["Secret."]], password="x")),
        "password",
        "without a password",
    ),
    "a damaged PDF": (lambda p: p.write("bad.pdf", b"%PDF-1.7\nnonsense\n%%EOF"), "damaged", "PDF viewer"),
    "a PDF that is cut off": (lambda p: p.write("cut.pdf", files.pdf([["Text."]])[:400]), "cut off", "whole file"),
    "a scanned PDF": (lambda p: p.write("scan.pdf", files.scanned_pdf()), "scanned", "ocrmypdf"),
    "a bomb named .docx": (
        lambda p: p.write("bomb.docx", files.bomb("word/document.xml", 201)),
        "unpacks to more",
        "split it",
    ),
    "a bomb named .xlsx": (
        lambda p: p.write("bomb.xlsx", files.bomb("xl/workbook.xml", 1, said=10)),
        "damaged",
        "save it",
    ),
    "a damaged .docx": (lambda p: p.write("bad.docx", files.docx()[:3000]), "damaged", "save it again"),
    "two megabytes of one line of data": (
        lambda p: p.write("line.txt", "magnesium " * 200_000),
        "no prose",
        "full stops",
    ),
    "a file of 500 MB": (large, "500 MB; at most 50 MB", "Split it"),
    "a broken CSV": (lambda p: p.write("bad.csv", 'a,b\n"x" y,2\n'), "line 2", "quotation mark"),
    "a page of scripts only": (lambda p: p.write("app.html", "<script>f()</script><div></div>"), "no text", "browser"),
    "a symbolic link": (link, "this is a link", "leads to"),
    "a pipe": (pipe, "not a file", "Name a file"),
    "a path in an upload's name": (lambda _: Upload("../../etc/kelp.md", b"Text."), "may not hold a path", "alone"),
    "a path for Windows in an upload's name": (
        lambda _: Upload("..\\kelp.md", b"Text."),
        "may not hold a path",
        "alone",
    ),
    "the same name with other content": (lambda _: Upload("kelp.md", b"Other text."), "other content", "another name"),
    "an unknown type": (lambda p: p.write("slides.pptx", "x"), "cannot be read", ".docx"),
    "a file that is not there": (lambda p: p.inbox / "none.md", "No such file", "is there"),
    "a pattern that matches nothing": (lambda p: p.inbox / "*.none", "no file matches", "name a folder"),
    "another kind of link": (lambda _: "ftp://example.org/kelp.md", "only http", "Download it"),
    "front matter that is no YAML": (lambda p: p.write("yaml.md", "---\na: [1\n---\nText."), "YAML", "quotes"),
    "front matter with an impossible value": (
        lambda p: p.write("year.md", "---\nkind: poem\n---\nText."),
        "kind",
        "Allowed",
    ),
    "a topic page": (lambda p: p.write("faq.md", "---\nkind: faq\n---\nText."), "topic page", "another kind"),
    "German": (lambda p: p.write("de.txt", GERMAN), "German", "--language"),
}


def refusal(place: Place, given: object) -> AddItem:
    """Add something bad beside something good, and see that only the bad one is refused."""
    before = place.state()
    report = place.magbot.add([given, place.inbox / "kelp.md"])  # type: ignore[list-item]
    assert [item.status for item in report.items] == [Status.REFUSED, Status.UNCHANGED]
    assert report.failed
    assert place.state() == before
    place.refused.append(report.items[0].code)
    return report.items[0]


@pytest.mark.parametrize("case", REFUSED)
def test_lifecycle_bad_input_is_refused_with_a_message_and_leaves_nothing(place: Place, case: str) -> None:
    make, said, mend = REFUSED[case]
    item = refusal(place, make(place))
    assert said in item.message
    assert mend in f"{item.help} {item.message}"
    assert item.source in item.message, "the message names the file"
    danish = item.in_language("da")
    assert item.source in danish.message
    assert detect_language(f"{danish.message} {danish.help}") == "da"
    assert not any(path.name.startswith(".unfinished") for path in (place.data / "documents").iterdir())


def test_lifecycle_bad_input_that_would_never_be_read_costs_its_time_and_no_more(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = place.write("endless.pdf", files.scattered_pdf(20_000))
    monkeypatch.setattr(ReaderApart, "seconds", 3.0)
    assert "took more than 3 seconds" in refusal(place, given).message


def test_lifecycle_bad_input_that_would_fill_the_memory_costs_itself_only(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = place.write("greedy.pdf", files.scattered_pdf(20_000))
    monkeypatch.setattr(ReaderApart, "memory", 150_000_000)
    assert "more memory than it may have" in refusal(place, given).message


def test_lifecycle_a_folder_without_permission(place: Place) -> None:
    folder = place.inbox / "closed"
    folder.mkdir()
    (folder / "a.md").write_text("Text.")
    folder.chmod(0)
    script = (
        "import os, sys; sys.path[:0] = [p for p in sys.argv[2:]]\n"
        "from magbot.added.sources import find_sources\n"
        "os.geteuid() or os.seteuid(65534)\n"
        "print(find_sources([sys.argv[1]]).found[0].error)"
    )
    # The superuser may read everything, so another user has to try.
    place.inbox.parent.chmod(0o755)
    result = subprocess.run([sys.executable, "-c", script, str(folder), *sys.path], capture_output=True, text=True)
    folder.chmod(0o755)
    assert result.returncode == 0, result.stderr
    assert "Permission denied" in result.stdout
    assert str(folder) in result.stdout
    shutil.rmtree(folder)


def test_lifecycle_a_file_without_permission_among_others(place: Place) -> None:
    script = (
        "import os, sys\n"
        "from magbot.added.sources import find_sources\n"
        "source, = find_sources([sys.argv[1]]).found\n"
        "os.geteuid() or os.seteuid(65534)\n"
        "source.read()"
    )
    path = place.write("closed.md", "Text.")
    path.chmod(0)
    result = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True)
    assert "closed.md: the file cannot be read (Permission denied)" in result.stderr


def test_lifecycle_what_looks_bad_and_is_not_is_taken_safely(place: Place) -> None:
    given = [
        place.write("prose.txt", "Magnesium is found in kelp and in nuts. " * 50_000),
        place.write("evil.csv", "name,n\n\"=cmd|' /C calc'!A0\",1\n@SUM(A1),2\n"),
        place.write("evil.html", files.PAGE),
        place.write("🌿 kelp \u202efdp.exe\u202c.txt", "Kelp with an odd name holds magnesium."),
        place.write("old.txt", "Bølgerne på Øen rummer magnesium, så æbler får nok.".encode("cp1252")),
    ]
    report = place.magbot.add(given, dry_run=True)
    assert [item.status for item in report.items] == [Status.ADDED] * 5
    named = report.items[3]
    assert named.source == "🌿 kelp fdp.exe.txt", "marks that turn a name around are not shown"
    assert named.document_id == "added-kelp-fdp-exe"


def test_lifecycle_added_scripts_and_formulas_are_text(place: Place) -> None:
    report = place.magbot.add([Upload("mad.html", files.PAGE.encode()), Upload("evil.csv", b"name,n\n=1+1,2\n")])
    texts = [place.magbot.document(item.document_id or "", item.language or "da").text for item in report.items]
    assert "alert" not in texts[0]
    assert "name: =1+1; n: 2." in texts[1]
    for item in report.items:
        place.magbot.remove(item.document_id or "")


def test_lifecycle_the_same_content_under_another_name(place: Place) -> None:
    before = place.state()
    report = place.magbot.add([place.write("again.txt", GOOD.removeprefix("# "))])
    assert report.items[0].status is Status.DUPLICATE
    assert "added-kelp" in report.items[0].message
    assert place.state() == before


DISK = """
import json, os, sys
from pathlib import Path
from magbot.assistant import Magbot
from magbot.added.report import Upload
from magbot.settings import load_settings

data, corpus = Path(sys.argv[1]), Path(sys.argv[2])
magbot = Magbot(load_settings(data_dir=data, corpus_dir=corpus))
magbot.add([Upload("kelp.md", b"Kelp from the Baltic holds 121 mg magnesium.")])
kept = sorted(path.name for path in (data / "documents").iterdir())
text = "".join(f"Food number {n} holds {n} mg magnesium per 100 g of dry weight. " for n in range(4000)).encode()
results = []
for leave in (0, 1_000_000, 50_000_000):
    filler = data / "filler"
    free = os.statvfs(data).f_bavail * os.statvfs(data).f_frsize
    filler.write_bytes(bytes(max(0, free - leave)))
    report = magbot.add([Upload("foods.txt", text), Upload("sea.txt", text[:1000])])
    found = [hit.sentence.text for hit in magbot.search("How much magnesium does kelp hold?", "en").hits]
    results.append({
        "messages": [item.message for item in report.items],
        "whole": sorted(path.name for path in (data / "documents").iterdir()) == kept,
        "answers": "Kelp from the Baltic holds 121 mg magnesium." in found,
    })
    filler.unlink()
after = magbot.add([Upload("foods.txt", text[:2000])])
again = Magbot(load_settings(data_dir=data, corpus_dir=corpus))
print(json.dumps({"full": results, "after": [i.status for i in after.items], "documents": len(again.documents())}))
"""


def test_lifecycle_a_disk_that_fills_up(tmp_path: Path) -> None:
    data, corpus = tmp_path / "data", tmp_path / "corpus"
    data.mkdir()
    corpus.mkdir()
    mounted = f"mount -t tmpfs -o size=200m none {data} && exec {sys.executable} -c '{DISK}' {data} {corpus}"
    apart = ["unshare", "--mount", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*apart, "mount", "-t", "tmpfs", "none", str(data)]).returncode:
        pytest.skip("a small disk cannot be mounted here; tests/added/test_library.py fails the write instead")
    result = subprocess.run([*apart, "sh", "-c", mounted], capture_output=True, text=True, timeout=200)
    assert result.returncode == 0, result.stderr
    outcome = json.loads(result.stdout)
    for full in outcome["full"]:
        assert all("the disk is full" in message for message in full["messages"])
        assert ["foods.txt" in full["messages"][0], "sea.txt" in full["messages"][1]] == [True, True]
        assert full["whole"], "nothing is half-added"
        assert full["answers"], "questions are answered from what there was"
    assert outcome["after"] == ["added"]
    assert outcome["documents"] == 2
