"""Proves that a table breaks no word, and gives way to one fact a line where it would have to."""

from __future__ import annotations

import pytest

from optout.cli.output import table
from optout.cli.session import session
from optout.text import Text

COLUMNS = ("Reference", "Company", "Asked", "Sending", "They got", "Next date")
ROWS = (
    ("K7F3-Q9MX", "LexisNexis Risk Solutions", "stop selling", "sent", "full name, city", "soon"),
    (
        "C4DW-H6PT",
        "Sample Employment File",
        "send me my file",
        "sent",
        "full name, street address, city, state, ZIP code, birth date",
        "2027-01-05",
    ),
)
WORDS = {word for row in ROWS for cell in row for word in cell.split()}


@pytest.fixture(autouse=True)
def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session(), "plain", False)


@pytest.mark.parametrize("width", [40, 75, 80, 90, 100, 120, 200])
def test_no_word_and_no_date_is_ever_broken(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    table([Text(column) for column in COLUMNS], ROWS)
    shown = capsys.readouterr().out
    assert set(shown.split()) >= WORDS
    assert max(map(len, shown.splitlines())) <= width
    assert ("──" in shown) is (width >= 75)
