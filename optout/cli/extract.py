"""`optout broker extract`: what a definition reads on a page of results."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli import output
from optout.cli.commands import Commands, Json
from optout.i18n import _
from optout.text import Text

if TYPE_CHECKING:
    from optout.cli.output import Shown
    from optout.model.row import Row

app = Commands()


@app.command(
    example="optout broker extract --definition ./acme --page saved.html\n"
    "optout broker extract --definition spokeo.com.json --page saved.html --json"
)
def extract(
    *,
    definition: Annotated[
        Path,
        typer.Option(
            metavar="COMPANY|FILE", help=_("A company, its broker.toml, or DuckDuckGo's JSON.")
        ),
    ],
    page: Annotated[
        str,
        typer.Option(metavar="FILE|URL", help=_("A page of results: one you saved, or live.")),
    ],
    json: Json = False,
) -> None:
    """Read every row of a page of results, as a definition says.

    A saved page is opened with no way out. A live one must be on a site of the definition; whoever
    runs that site sees the address that you open. Nothing is typed or stored.
    """
    from optout.browser.window import Window
    from optout.workflows.extract_rows import extract_rows

    rows = extract_rows(definition, page, window=Window.hidden(), monotonic=time.monotonic)
    if json:
        output.emit(rows)
        return
    if not rows:
        output.show(Text("The page itself says that it found nobody."))
        return
    for number, row in enumerate(rows, start=1):
        output.show(f"{number}. {row.name or '?'}")
        output.facts(_facts(row))
    output.show(Text("Rows: {count}", count=len(rows)))
    output.show(Text("Whether one of them is you, is not said here: optout match --help"))


def _facts(row: Row) -> Iterator[tuple[Text, Shown]]:
    yield Text("Also called"), "; ".join(row.alternative_names)
    yield Text("Age"), "" if row.age is None else str(row.age)
    places = (", ".join(filter(None, (each.city, each.state))) for each in row.addresses)
    yield Text("Places"), "; ".join(places)
    yield Text("Phones"), "; ".join(row.phones)
    yield Text("Relatives"), "; ".join(row.relatives)
    yield Text("Page"), row.profile_url or ""
