"""Results on the screen: tables on a terminal, one fact a line in plain mode, JSON for programs."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath
from typing import Final, TypeAlias

from optout.cli.plain import for_stream, lines, one_line, sentence
from optout.cli.session import session
from optout.i18n import entry
from optout.model.secret import Personal, Secret
from optout.text import Text, Written, as_written

Shown: TypeAlias = str | Text | int | date | None
"""What a cell or a fact may hold. Personal values are revealed by the command that shows them."""


def show(text: Text | str = "") -> None:
    """Print one sentence, or lines that the program itself composed."""
    shown = sentence(text) if isinstance(text, Text) else lines(text)
    print(shown if session().plain else for_stream(shown, sys.stdout))


def facts(pairs: Iterable[tuple[Text, Shown]]) -> None:
    """Print one fact a line; a fact that is not known is left out."""
    for name, value in pairs:
        if value is not None and value != "":
            _wrapped("", f"{sentence(name)}: {_cell(value)}", indent=2)


def bullets(texts: Iterable[Text | str]) -> None:
    """Print a list, a line each."""
    for text in texts:
        show_indented("- ", text)


def show_indented(mark: str, text: Text | str, *, indent: int | None = None) -> None:
    """Print one entry of a list, wrapped on a terminal so that it stays readable."""
    shown = sentence(text) if isinstance(text, Text) else one_line(text)
    _wrapped(mark, shown, indent=len(mark) if indent is None else indent)


def _wrapped(mark: str, shown: str, *, indent: int) -> None:
    """Print wrapped to the terminal's width; in plain mode a fact stays one line."""
    if session().plain:
        print(f"{mark}{shown}")
        return
    import shutil
    import textwrap

    width = max(40, shutil.get_terminal_size().columns - 1)
    set_in = " " * indent
    # A short name or an option is copied as it stands: it is not broken at its hyphens.
    print(
        textwrap.fill(
            shown, width, initial_indent=mark, subsequent_indent=set_in, break_on_hyphens=False
        )
    )


def written(words: str) -> Shown:
    """Return what a company's or a law's file says, or nothing where it says nothing."""
    return as_written(words) if words else ""


def table(columns: Sequence[Text], rows: Iterable[Sequence[Shown]]) -> None:
    """Print rows under headings; in plain mode each row as facts, an empty line between."""
    rows = tuple(rows)
    if session().plain:
        _one_by_one(columns, rows)
        return
    cells = [[sentence(column) for column in columns], *([_cell(v) for v in row] for row in rows)]
    widths = _widths(cells)
    if widths:
        _draw(cells, widths)
    else:
        _one_by_one(columns, rows)


def _one_by_one(columns: Sequence[Text], rows: Iterable[Sequence[Shown]]) -> None:
    for row in rows:
        facts(zip(columns, row, strict=True))
        print()


def _draw(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Cell  # never read as markup

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, width in zip(cells[0], widths, strict=True):
        grid.add_column(Cell(heading), width=width)
    for row in cells[1:]:
        grid.add_row(*map(Cell, row))
    Console(markup=False, highlight=False, emoji=False).print(grid)


def _widths(cells: Sequence[Sequence[str]]) -> list[int]:
    """Return a width for each column that breaks no word, or none where the screen is too narrow.

    What the screen has to spare goes to the column that is tallest at the time.
    """
    import shutil

    from rich.cells import cell_len

    columns = list(zip(*cells, strict=True))
    widths = [
        max(cell_len(word) for cell in column for word in cell.split() or [""])
        for column in columns
    ]
    between = 3 * len(columns) + 1  # what the grid puts beside its columns
    spare = shutil.get_terminal_size().columns - sum(widths) - between
    if spare < 0:
        return []
    longest = [max(map(cell_len, column)) for column in columns]
    for _character in range(spare):
        tallest = max(range(len(widths)), key=lambda n: longest[n] / max(widths[n], 1))
        if longest[tallest] <= widths[tallest]:
            break
        widths[tallest] += 1
    return widths


def step(number: int, of: int, text: Text) -> None:
    """Print one line of progress: no spinner, nothing that is drawn over."""
    print(f"{number}/{of} {sentence(text)}", flush=True)


def emit(value: object) -> None:
    """Print JSON: stable keys, values in the program's own words, never translated."""
    print(_visible(json.dumps(jsonable(value), indent=2, ensure_ascii=False)), flush=True)


_one_line_json: Final = json.JSONEncoder(ensure_ascii=False).encode


def emit_line(value: Mapping[str, object]) -> None:
    """Print plain JSON values on one line, where each of many lines is an answer of its own."""
    print(_visible(_one_line_json(value)))


def _visible(text: str) -> str:
    if text.replace("\n", "").isprintable():
        return text
    return re.sub(_INVISIBLE, _escaped, text)


# json.dumps escapes C0 only; the others could still steer a terminal that shows the JSON.
_INVISIBLE: Final = (
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def _escaped(found: re.Match[str]) -> str:
    """Write a character as JSON escapes it, as two surrogates where it must be."""
    return json.dumps(found[0])[1:-1]


def jsonable(value: object) -> object:
    """Return what `json` can write. A `Secret` is refused: reveal it where it is meant."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (str, Enum, date, PurePath, Text)):
        return _word_of(value)
    if isinstance(value, Mapping):
        return {_word_of(key): jsonable(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, (type, Secret, Personal)):
        return {f.name: jsonable(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (Sequence, AbstractSet)):
        return [jsonable(item) for item in value]
    message = f"{type(value).__name__} has no place in JSON"
    raise TypeError(message)


def _word_of(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value.english() if isinstance(value, Text) else str(value)


def _cell(value: Shown) -> str:
    if value is None:
        return ""
    if isinstance(value, Written):
        return one_line(entry(value))
    return sentence(value) if isinstance(value, Text) else one_line(str(value))
