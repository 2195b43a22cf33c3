"""The five questions for many clients, from a file: used for the plan at hand, and never kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from optout.errors import WrongUsage
from optout.i18n import say
from optout.rules.presence import QUESTIONS
from optout.rules.spreadsheet import from_cell, safe_cell
from optout.text import Counted, Text
from optout.vault.ids import new_reference
from optout.workflows.clients import NOTHING_DONE, Client
from optout.workflows.desk import Desk
from optout.workflows.exports import write_export
from optout.workflows.read_sheet import delimiter_of

NUMBER: Final = "number"
CLIENT: Final = "client"
_YES: Final = frozenset({"y", "yes", "s", "si", "sí", "1", "x", "true"})
_NO: Final = frozenset({"n", "no", "0", "false"})
# Nobody asked them: it counts as no, so that no company hears of somebody it may not know.
_UNKNOWN: Final = frozenset({"", "?", "unknown", "desconocido", "no sé", "no se"})
_MOST_BYTES: Final = 10 * 1024 * 1024

Answers = Mapping[str, bool]
Row = Mapping[str, str | None]


def ask_for_all(desk: Desk, clients: Sequence[Client]) -> Answers:
    """Ask the five questions once: a yes must be true of every one of these clients."""
    desk.person.tell(
        Counted(
            "Five questions about this client. Say yes only where you know that it "
            "is true of them. Not sure counts as no, which is the careful answer: "
            "a company that may not know somebody is left alone. Your answers are "
            "not kept.",
            "Five questions about these {count} clients together. Say yes only where you know that "
            "it is true of every one of them. Not sure counts as no, which is the careful answer: "
            "a company that may not know somebody is left alone. Your answers are not kept.",
            count=len(clients),
        )
    )
    return {question.key: desk.person.confirm(question.text) for question in QUESTIONS}


def write_form(desk: Desk, clients: Sequence[Client], name: str = "") -> Path:
    """Write a table with a line for each client, to fill in with yes, no or unknown."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([NUMBER, CLIENT, *(question.key for question in QUESTIONS)])
    for client in clients:
        writer.writerow(
            [client.number, safe_cell(client.subject.label.reveal()), *[""] * len(QUESTIONS)]
        )
    content = written.getvalue().encode("utf-8-sig")
    return write_export(desk, name or f"table-{new_reference()}.csv", "answers form", content)


def read_answers(path: Path, clients: Sequence[Client]) -> Mapping[int, Answers]:
    """Return each client's answers by number; who is not in the file answered nothing.

    Every wrong cell is told with its line and column before anything is used.
    """
    columns, rows = table_of(path)
    known = {client.number: client for client in clients}
    _check_columns(columns)
    found: dict[int, Answers] = {}
    problems: list[Text] = []
    for line, row in enumerate(rows, start=2):
        number = from_cell(row.get(NUMBER) or "")
        if not number and not any((row.get(question.key) or "").strip() for question in QUESTIONS):
            continue
        if not number.isdecimal() or int(number) in found:
            problems.append(Text("line {line}, column {column}", line=line, column=NUMBER))
            continue
        if int(number) in known:
            problems.extend(_not_this_client(known[int(number)], row, line))
        found[int(number)] = dict(_answers(row, line, problems))
    if problems:
        raise _wrong(problems)
    return found


def questions_in_words() -> tuple[str, ...]:
    """Return what each column asks, for whoever fills in the table."""
    return tuple(f"{question.key}: {say(question.text)}" for question in QUESTIONS)


def table_of(path: Path, *, between: str = " ") -> tuple[list[str], list[Row]]:
    """Return the columns and rows of a table from a spreadsheet program, or say what is wrong.

    Headings are in small letters, with `between` where there were spaces.
    """
    text = _text_of(path)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        columns = [
            between.join((name or "").split()).casefold() for name in reader.fieldnames or ()
        ]
        reader.fieldnames = columns
        return columns, list(reader)
    except csv.Error:
        raise WrongUsage(
            Text("{file} breaks at line {line}.", file=path.name, line=reader.line_num + 1),
            known=NOTHING_DONE,
            hint=Text("A quotation mark that is opened must be closed."),
        ) from None


def _text_of(path: Path) -> str:
    try:
        content = path.expanduser().read_bytes()
    except OSError as error:
        raise WrongUsage(
            Text("{file} cannot be read ({why}).", file=path.name, why=error.strerror or ""),
            known=NOTHING_DONE,
        ) from None
    if len(content) > _MOST_BYTES:
        raise WrongUsage(Text("{file} is far too large.", file=path.name), known=NOTHING_DONE)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongUsage(
        Text("{file} is not a table of text (CSV, UTF-8).", file=path.name), known=NOTHING_DONE
    )


def _check_columns(columns: Sequence[str]) -> None:
    wanted = {NUMBER, *(question.key for question in QUESTIONS)}
    missing = sorted(wanted - set(columns))
    if missing:
        raise WrongUsage(
            Text("The table has no column called: {names}", names=tuple(missing)),
            known=NOTHING_DONE,
            hint=Text("Get an empty one with: optout clinic plan --answers-form FILE"),
        )


def _not_this_client(client: Client, row: Row, line: int) -> Iterator[Text]:
    """Yield a problem where the name in a line is not that of the number: lists get sorted."""
    named = " ".join(from_cell(row.get(CLIENT) or "").split()).casefold()
    if named and named != " ".join(client.subject.label.reveal().split()).casefold():
        yield Text("line {line}: the name is not that of this number", line=line)


def _answers(row: Row, line: int, problems: list[Text]) -> Iterator[tuple[str, bool]]:
    for question in QUESTIONS:
        typed = from_cell(row.get(question.key) or "").casefold()
        if typed not in _YES | _NO | _UNKNOWN:
            problems.append(Text("line {line}, column {column}", line=line, column=question.key))
        yield question.key, typed in _YES


def _wrong(problems: Sequence[Text]) -> WrongUsage:
    shown = problems[:20]
    return WrongUsage(
        Text("These places of the table cannot be read: {places}", places=tuple(shown))
        if len(shown) == len(problems)
        else Text(
            "{count} places of the table cannot be read, the first: {places}",
            count=len(problems),
            places=tuple(shown),
        ),
        known=NOTHING_DONE,
        hint=Text("Write yes, no or unknown, and each client's number once."),
    )
