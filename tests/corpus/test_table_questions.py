from pathlib import Path

from magbot.corpus.load import load_corpus
from magbot.corpus.table_questions import load_table_questions

CORPUS = Path(__file__).parents[2] / "corpus"


def test_each_question_belongs_to_a_sentence_of_its_table():
    texts = {document.key: document.text.split("\n\n") for document in load_corpus(CORPUS)}
    questions = load_table_questions(CORPUS / "tables")
    assert questions
    assert all(sentence in texts[key] for key, sentence in questions)
    assert all(len(asked) >= 3 for asked in questions.values())


def test_names_are_asked_in_their_own_language():
    questions = load_table_questions(CORPUS / "tables")
    almonds = {
        key: asked for (key, sentence), asked in questions.items() if sentence.startswith(("Mandler", "Almonds"))
    }
    assert "magnesium i mandler" in almonds["foods.da"]
    assert "magnesium in almonds" in almonds["foods.en"]
    assert not any("almond" in asked for asked in almonds["foods.da"])
