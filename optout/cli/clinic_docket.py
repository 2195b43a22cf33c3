"""`optout clinic docket`: what is due, late, waited for and to be done, for all clients."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import bullets, emit, facts, show, table
from optout.cli.plain import sentence
from optout.errors import WrongUsage
from optout.i18n import _
from optout.text import Text
from optout.words import word, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optout.workflows.desk import Desk
    from optout.workflows.docket import Docket, DocketDate

app = Commands()


@app.command(
    example='optout clinic docket\noptout clinic docket --by "Robin Example" --days 30\n'
    "optout clinic docket --session 2026-12-01\noptout clinic docket --ics ~/Documents"
)
def docket(
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="PERSON", help=_("Only clients whom they answer for."))
    ] = "",
    days: Annotated[
        int, typer.Option("--days", metavar="N", help=_("Look this many days ahead."))
    ] = 14,
    next_session: Annotated[
        date | None,
        typer.Option(
            "--session", metavar="DATE", help=_("When clients come next. Default: in a week.")
        ),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FOLDER", help=_("Write a calendar file for each person.")),
    ] = None,
    json: Json = False,
) -> None:
    """Show what is due, late, waited for and to be done, by who answers for the clients.

    What only a client can do stands together as one appointment, with the minutes it takes. What
    dies before the next session is named first. In a calendar file an entry says only "Look at"
    and the reference: no name and no company. Closed files are not on it.
    """
    from optout.workflows import docket as work

    if ics and json:
        raise WrongUsage(
            Text("--ics writes files, and --json prints: only one of them goes."),
            known=Text("Nothing was written."),
        )
    desk = open_desk(to=ics)
    parts = work.docket(desk, by=by, within_days=days)
    day = next_session or work.next_session(desk)
    if json:
        emit({"session": day, "people": [_as_json(part, day) for part in parts]})
    elif ics:
        _write(desk, parts)
    else:
        _show(parts, day)


def _show(parts: Sequence[Docket], session: date) -> None:
    shown = [part for part in parts if part.clients]
    if not shown:
        show(Text("No client's file is open here."))
    for part in shown:
        show(part.responsible or Text("Nobody answers for these clients yet"))
        facts(
            (
                (Text("Clients"), part.clients),
                (Text("Requests that wait for an answer"), part.waiting),
                (Text("To look through (optout clinic approve)"), part.to_approve or None),
                (Text("Printed, not posted yet (optout clinic posted)"), part.in_hand or None),
            )
        )
        _show_dying(part, session)
        _show_dates(Text("Late, or a day that has passed:"), part.passed)
        _show_dates(Text("Due:"), part.due)
        _show_work(part)
        show()


def _show_dying(part: Docket, session: date) -> None:
    dying = part.dying(session)
    if not dying:
        return
    show(
        Text("These die before the next session ({day}). Call the client in earlier:", day=session)
    )
    bullets(
        Text("{client}, until {day}: {what}", client=client, day=errand.until, what=errand.what)
        for client, errand in dying
    )


def _show_dates(title: Text, dates: Sequence[DocketDate]) -> None:
    if not dates:
        return
    show(title)
    table(
        (
            *(Text("Date"), Text("Client"), Text("What"), Text("Company")),
            *(Text("Reference"), Text("Asked"), Text("Late?")),
        ),
        (
            (
                each.due_on,
                each.client,
                word(each.kind),
                each.company,
                each.reference,
                ", ".join(map(sentence, words(each.rights))),
                Text("late") if each.late else None,
            )
            for each in dates
        ),
    )
    for each in dates:
        bullets(each.steps)


def _show_work(part: Docket) -> None:
    if part.office:
        show(Text("For the office:"))
        bullets(each.what for each in part.office)
    if not part.appointments:
        return
    show(Text("With the client, one appointment each:"))
    for each in part.appointments:
        show(Text("{client}: {minutes} minutes", client=each.client, minutes=each.minutes))
        bullets(errand.what for errand in each.errands)


def _write(desk: Desk, parts: Sequence[Docket]) -> None:
    from optout.workflows.docket import write_calendars

    written = write_calendars(desk, parts)
    for responsible, path in written:
        show(
            Text(
                "For {person}: {path}",
                person=responsible or Text("clients whom nobody answers for"),
                path=path,
            )
        )
    if not written:
        show(Text("No dates. Nothing was written."))


def _as_json(part: Docket, session: date) -> dict[str, object]:
    return {
        "responsible": part.responsible,
        "clients": part.clients,
        "waiting": part.waiting,
        "to_approve": part.to_approve,
        "in_hand": part.in_hand,
        "passed": [_date_as_json(each) for each in part.passed],
        "due": [_date_as_json(each) for each in part.due],
        "office": part.office,
        "appointments": [
            {"client": each.client, "minutes": each.minutes, "errands": each.errands}
            for each in part.appointments
        ],
        "dying": [
            {"client": client, "reference": errand.reference, "until": errand.until}
            for client, errand in part.dying(session)
        ],
    }


def _date_as_json(each: DocketDate) -> dict[str, object]:
    return {
        "client": each.client,
        "due_on": each.due_on,
        "kind": each.kind,
        "company": each.company,
        "reference": each.reference,
        "rights": each.rights,
        "basis": each.basis,
        "late": each.late,
        "next": each.steps,
    }
