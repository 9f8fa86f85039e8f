from __future__ import annotations

import pytest

from magbot.text.dates import write_date


@pytest.mark.parametrize(
    ("written", "da", "en"),
    [
        ("2026-11-03", "3. november 2026", "3 November 2026"),
        ("2026-05-24 14:30", "24. maj 2026", "24 May 2026"),
        ("i går", "i går", "i går"),
        ("2026-13-01", "2026-13-01", "2026-13-01"),
        ("", "", ""),
    ],
)
def test_a_date_is_written_in_words_and_anything_else_stays(written: str, da: str, en: str) -> None:
    assert (write_date(written, "da"), write_date(written, "en")) == (da, en)
