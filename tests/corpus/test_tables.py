from pathlib import Path

import pytest

from magbot.corpus.load import load_file
from magbot.errors import DocumentError

SIDECAR = """
id: foods-test
title: {da: Mad, en: Food}
number_columns: [mg]
rows:
  - when: {serving: ""}
    da: "{food_da} indeholder {mg} mg."
    en: "{food_en} holds {mg} mg."
row:
  da: "{food_da} indeholder {mg} mg, {serving}."
  en: "{food_en} holds {mg} mg, {serving}."
"""


def test_rows_become_sentences_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "foods.csv").write_text("food_da,food_en,mg,serving\nSalt,Salt,1250.50,\nMandler,Almonds,270,30 g\n")
    (tmp_path / "foods.yaml").write_text(SIDECAR)
    danish, english = load_file(tmp_path / "foods.csv")
    assert danish.text == "Mad\n\nSalt indeholder 1.250,50 mg.\n\nMandler indeholder 270 mg, 30 g."
    assert english.text == "Food\n\nSalt holds 1,250.50 mg.\n\nAlmonds holds 270 mg, 30 g."


def test_a_template_that_needs_a_missing_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "foods.csv").write_text("food_da,mg,serving\nSalt,1,\n")
    (tmp_path / "foods.yaml").write_text(SIDECAR)
    with pytest.raises(DocumentError, match="food_en"):
        load_file(tmp_path / "foods.csv")


def test_a_table_without_a_sidecar_is_refused_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "my table.csv").write_text("food,mg\nSalt,1\n")
    with pytest.raises(DocumentError, match=r"my table\.yaml.*missing") as raised:
        load_file(tmp_path / "my table.csv")
    assert "magbot add" in raised.value.help
