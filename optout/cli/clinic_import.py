"""`optout clinic import`: clients in bulk, out of the office's own spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli import output
from optout.cli.commands import Commands, Json
from optout.cli.output import emit, show
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.i18n import _
from optout.rules.sheet_days import DayOrder
from optout.text import Counted, Text

if TYPE_CHECKING:
    from optout.workflows.import_clients import Imported, Twin

app = Commands()
Rows = Annotated[
    list[int] | None,
    typer.Option("--same", metavar="ROW", help=_("This row is the person it looks like.")),
]


@app.command(
    "import",
    example="optout clinic import clients.xlsx\n"
    "optout clinic import --template clients.xlsx\n"
    "optout clinic import --columns\n"
    "optout clinic import clients.csv --column 'Client phone=phone' --dates month-first",
)
def import_(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=_("A spreadsheet: .xlsx or .csv"))
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help=_("Only show what is wrong; store nothing."))
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="HEADING=OURS", help=_("Which heading is what; kept for next time.")
        ),
    ] = None,
    dates: Annotated[
        DayOrder | None,
        typer.Option("--dates", help=_("What stands first in a date like 4/12/1990.")),
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", metavar="NAME", help=_("How an old CSV writes accents."))
    ] = "",
    sheet: Annotated[
        str, typer.Option("--sheet", metavar="NAME", help=_("Which sheet, if several."))
    ] = "",
    same: Rows = None,
    add: Annotated[
        list[int] | None,
        typer.Option("--add", metavar="ROW", help=_("The same, and what is new is added.")),
    ] = None,
    another: Annotated[
        list[int] | None,
        typer.Option("--another", metavar="ROW", help=_("This row is another person.")),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help=_("Store without a question: all of them have agreed."))
    ] = False,
    columns: Annotated[
        bool, typer.Option("--columns", help=_("List the columns that are read."))
    ] = False,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="FILE", help=_("Write an empty file to fill in.")),
    ] = None,
    sample: Annotated[
        Path | None,
        typer.Option(
            "--sample", metavar="FILE", help=_("Write 50 made-up clients, with seven mistakes.")
        ),
    ] = None,
    mended: Annotated[
        bool, typer.Option("--mended", help=_("With --sample: its mistakes mended."))
    ] = False,
    json: Json = False,
) -> None:
    """Bring clients in from a spreadsheet: all of them or none.

    Every problem is shown with its row and column first. Who looks like somebody who is here is
    asked about; nothing that is stored is overwritten, and the same file again changes nothing.
    Columns about immigration, nationality, language, SSN or ITIN are dropped and never stored.
    No street, a shared phone, no e-mail and several people in one home are all fine.
    """
    from optout.workflows.import_clients import Wishes, import_clients

    if columns:
        _show_columns(as_json=json)
    if template is not None:
        _write_template(template)
    if sample is not None:
        _write_sample(sample, mended=mended)
    if columns or template or sample:
        return
    if file is None:
        raise WrongUsage(
            Text("Which file?"),
            hint=Text("Begin with an empty one: optout clinic import --template clients.xlsx"),
        )
    here = session()
    wishes = Wishes(
        columns=column or (),
        sheet=sheet,
        encoding=encoding,
        order=dates,
        twins=dict(_twins(same, add, another)),
        only_check=check,
        yes=yes,
    )
    done = import_clients(here.unlock(), here.person(), here.clock, file.expanduser(), wishes)
    if json:
        emit(done)
    else:
        _say(done, only_check=check)


def _twins(
    same: list[int] | None, add: list[int] | None, another: list[int] | None
) -> Iterator[tuple[int, Twin]]:
    from optout.workflows.import_clients import Twin

    for rows, twin in ((same, Twin.SAME), (add, Twin.ADD), (another, Twin.ANOTHER)):
        for row in rows or ():
            yield row, twin


def _say(done: Imported, *, only_check: bool) -> None:
    if only_check:
        show(Text("Nothing is wrong in this file. Nothing was stored."))
    elif not done.stored:
        show(
            Counted(
                "Nothing was changed: its one row is here already.",
                "Nothing was changed: all {count} rows are here already.",
                count=done.unchanged,
            )
        )
    else:
        _say_what_was_stored(done)


def _say_what_was_stored(done: Imported) -> None:
    show(Text("New clients in the locked folder: {count}.", count=done.added))
    for count, text in (
        (done.extended, Text("Rows whose new facts were added: {count}.", count=done.extended)),
        (done.same, Text("Rows of somebody who is here: {count}.", count=done.same)),
        (done.unchanged, Text("Rows that were here already: {count}.", count=done.unchanged)),
    ):
        if count:
            show(text)
    show(
        Text(
            "The spreadsheet itself still lies where it was. Keep it where only the office can "
            "read it, or delete it."
        )
    )


def _show_columns(*, as_json: bool) -> None:
    from optout.workflows.client_columns import COLUMNS
    from optout.workflows.client_template import NEVER

    if as_json:
        emit([{"column": each.name, "means": each.means, "also": each.also} for each in COLUMNS])
        return
    output.table(
        (Text("Column"), Text("Meaning"), Text("Also read as")),
        ((each.name, each.means, ", ".join(each.also)) for each in COLUMNS),
    )
    show(NEVER)


def _write_template(path: Path) -> None:
    from optout.workflows.client_template import NEVER, write_clients_file

    write_clients_file(path.expanduser())
    show(Text("Written: {path}", path=path))
    show(NEVER)
    show(Text("Filled in: optout clinic import FILE"))


def _write_sample(path: Path, *, mended: bool) -> None:
    from optout.sample.clients import HEADINGS, sample_clients
    from optout.workflows.client_template import write_clients_file

    write_clients_file(path.expanduser(), HEADINGS, sample_clients(mended=mended))
    show(Text("Written, and nobody in it exists: {path}", path=path))
