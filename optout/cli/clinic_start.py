"""`optout clinic start`: make a locked folder an office's."""

from __future__ import annotations

from typing import Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.output import emit, facts, show
from optout.cli.session import session
from optout.i18n import _
from optout.text import Text

app = Commands()


@app.command(
    example='optout clinic start --office "Example Legal Aid" --responsible "Robin Example" '
    '--responsible "Sam Example" --four-eyes\noptout clinic start --json'
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
    json: Json = False,
) -> None:
    """Say that this locked folder is an office's, and who answers for its clients.

    From then on nothing is sent for a client without a recorded conflict check. Again: shows the
    settings, or changes them. The name of the office stands on no letter in a client's own name.
    """
    from optout.workflows.clinic import clinic_of, start_clinic

    here = session()
    vault = here.unlock()
    now = before = clinic_of(vault)
    wants_change = bool(office or responsible) or four_eyes is not None
    if wants_change or (before is None and not json):
        person = here.person()
        now = start_clinic(
            vault,
            office or (before.office if before else person.ask(Text("What is the office called?"))),
            responsible or (before.responsible if before else _ask_responsible()),
            four_eyes=_either(four_eyes, before is not None and before.four_eyes),
        )
    if json:
        emit(now)
        return
    assert now is not None
    facts(
        (
            (Text("Office"), now.office),
            (Text("Responsible"), ", ".join(now.responsible)),
            (Text("Four eyes"), Text("yes") if now.four_eyes else Text("no")),
        )
    )
    if before is None:
        show(Text("Nothing is sent for a client before a conflict check is written down."))
        show(Text("Next: optout clinic import --template clients.xlsx"))


def _either(wish: bool | None, before: bool) -> bool:
    return before if wish is None else wish


def _ask_responsible() -> list[str]:
    typed = session().person().ask(Text("Who answers for clients? Names, with commas between"))
    return typed.split(",")
