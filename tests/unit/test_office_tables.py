"""Proves that tables which an office fills in are read as any program writes them, or refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from optout.errors import WrongUsage
from optout.rules.presence import QUESTIONS
from optout.workflows.client_answers import read_answers
from optout.workflows.mailing_table import PostedLine, read_mailing_table

ASKED = ",".join(question.key for question in QUESTIONS)
ANSWERS = f"Number,Client,{ASKED}\n1,Jordan Sample{',yes' * len(QUESTIONS)}\n"
POSTED = "Reference,Posted on,Tracking\nK7F3-Q2MX,2026-11-20,=1234\n"
LINES = (PostedLine(reference="K7F3-Q2MX", on=date(2026, 11, 20), tracking="=1234"),)


def kept(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_table_is_read_whatever_stands_between_its_cells(between: str, tmp_path: Path) -> None:
    found = read_answers(kept(tmp_path, ANSWERS.replace(",", between)), ())
    assert list(found) == [1]
    assert all(found[1].values())
    assert read_mailing_table(kept(tmp_path, POSTED.replace(",", between))) == LINES


@pytest.mark.parametrize(
    "read", [lambda path: read_answers(path, ()), read_mailing_table], ids=["answers", "mailing"]
)
@pytest.mark.parametrize("text", [ANSWERS, POSTED], ids=["of answers", "of letters"])
def test_a_quotation_mark_that_nobody_closed_is_told_with_its_line(
    text: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    endless = text + '2,"' + "x" * 200_000
    with pytest.raises(WrongUsage, match="breaks at line 3") as refused:
        read(kept(tmp_path, endless))
    assert "Nothing was changed" in str(refused.value)
