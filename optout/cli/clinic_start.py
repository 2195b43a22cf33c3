"""`optout clinic start`: make a locked folder an office's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.output import emit, facts, show
from optout.cli.session import session
from optout.i18n import _
from optout.text import Counted, Text

if TYPE_CHECKING:
    from optout.model.clinic import Clinic

app = Commands()


@app.command(
    example='optout clinic start --office "Example Legal Aid" --responsible "Robin Example" '
    '--responsible "Sam Example" --four-eyes\noptout clinic start --keep-years 7\n'
    "optout clinic start --json"
)
def start(
    *,
    office: Annotated[
        str, typer.Option("--office", metavar="NAME", help=_("What the office is called."))
    ] = "",
    responsible: Annotated[
        list[str] | None,
        typer.Option(
            "--responsible", metavar="NAME", help=_("Who answers for clients; give all of them.")
        ),
    ] = None,
    four_eyes: Annotated[
        bool | None,
        typer.Option("--four-eyes/--no-four-eyes", help=_("Who prepares does not approve.")),
    ] = None,
    keep_years: Annotated[
        int | None,
        typer.Option(
            "--keep-years", metavar="N", help=_("How long a closed file is kept: a lawyer decides.")
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Say that this locked folder is an office's, and who answers for its clients.

    From then on nothing is sent for a client without a recorded conflict check. Again: shows the
    settings, or changes the ones that you name. The name of the office stands on no letter in a
    client's own name. Four eyes are turned off only with a second person's passphrase, and the
    docket says so for a month.
    """
    from optout.workflows.clinic import clinic_of, start_clinic
    from optout.workflows.second_person import ask_second_person

    here = session()
    vault = here.unlock()
    now = before = clinic_of(vault)
    wants_change = bool(office or responsible) or (four_eyes, keep_years) != (None, None)
    if wants_change or (before is None and not json):
        person = here.person()
        if four_eyes is False and before is not None:
            ask_second_person(vault, person, four_eyes=before.four_eyes)
        now = start_clinic(
            vault,
            office or (before.office if before else person.ask(Text("What is the office called?"))),
            responsible or (before.responsible if before else _ask_responsible()),
            four_eyes=(before is not None and before.four_eyes) if four_eyes is None else four_eyes,
            keeps_years=(before.keeps_years if before else 0) if keep_years is None else keep_years,
        )
    if json:
        emit(now)
        return
    assert now is not None
    _show(now)
    if before is None:
        show(Text("Nothing is sent for a client before a conflict check is written down."))
        show(Text("Next: optout clinic import --template clients.xlsx"))


def _show(now: Clinic) -> None:
    facts(
        (
            (Text("Office"), now.office),
            (Text("Responsible"), ", ".join(now.responsible)),
            (Text("Four eyes"), Text("yes") if now.four_eyes else Text("no")),
            (Text("A closed file is kept"), _years(now.keeps_years)),
        )
    )
    _show_papers(now)


def _show_papers(now: Clinic) -> None:
    """Say where the rest of what papers say about the office stands, and where the two differ."""
    from optout.cli.clinic_papers import shelf_here
    from optout.workflows.clinic_papers import office_of

    show(Text("Address, phone and lawyer on the papers: optout clinic papers edit office"))
    printed = office_of(shelf_here())
    if printed.keeps_years not in {0, now.keeps_years}:
        show(
            Text(
                "Your file clinic.toml says {years} years. Blank papers say that: change one of "
                "the two.",
                years=printed.keeps_years,
            )
        )


def _years(count: int) -> Text:
    if not count:
        return Text("nobody said for how long: --keep-years N")
    return Counted("1 year", "{count} years", count=count)


def _ask_responsible() -> list[str]:
    typed = session().person().ask(Text("Who answers for clients? Names, with commas between"))
    return typed.split(",")
