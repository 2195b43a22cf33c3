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
from optout.text import Counted, Text
from optout.words import word, words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
        str, typer.Option("--by", metavar="PERSON", help=_("Only their clients; - for nobody's."))
    ] = "",
    days: Annotated[
        int, typer.Option("--days", metavar="N", help=_("Look this many days ahead."))
    ] = 14,
    next_session: Annotated[
        date | None,
        typer.Option(
            "--session",
            metavar="DATE",
            help=_("When clients come next; it is kept. Else in a week."),
        ),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option("--ics", metavar="FOLDER", help=_("Write a calendar file for each person.")),
    ] = None,
    sheets: Annotated[
        Path | None,
        typer.Option("--sheets", metavar="FOLDER", help=_("Write the appointments, to print.")),
    ] = None,
    json: Json = False,
) -> None:
    """Show what is due, late, waited for and to be done, by who answers for the clients.

    What only a client can do stands together as one appointment, with the minutes it takes. What
    dies before the next session is named first, and is not begun without the client. In a calendar
    file an entry says only "Look at", the reference and the minutes: no name and no company.
    Closed files are not on it.
    """
    from optout.workflows import docket as work
    from optout.workflows import sessions
    from optout.workflows.clinic import the_clinic

    if sum(map(bool, (ics, sheets, json))) > 1:
        raise WrongUsage(
            Text("--ics and --sheets write files, and --json prints: only one of them goes."),
            known=Text("Nothing was written."),
        )
    from optout.workflows.erase_file import clients_past_their_time

    desk = open_desk(to=ics or sheets)
    parts = work.docket(desk, by=by, within_days=days)
    if next_session:
        sessions.keep_session(desk, next_session)
    day = sessions.next_session(desk)
    if json:
        over = [
            {"client": client.number, "kept_until": until}
            for client, until in clients_past_their_time(desk)
        ]
        emit({"session": day, "people": [_as_json(part, day) for part in parts], "past": over})
    elif ics or sheets:
        write = work.write_calendars if ics else work.write_appointments
        _show_written(write(desk, parts, day))
    else:
        _show_pauses(desk)
        if any(part.clients for part in parts):
            _show(parts, day, the_clinic(desk.vault).responsible)
        else:
            show(_nobody(by))
        _show_past(desk)


def _show_pauses(desk: Desk) -> None:
    """Say when one person alone could say yes, of late, and how often that was done."""
    from optout.workflows.second_person import pauses

    for each in pauses(desk.vault, desk.clock()):
        since = desk.day_here(each.since)
        if each.until is None:
            show(
                Text(
                    "Four eyes are off since {day}: {name} turned them off. Yeses since then: "
                    "{count}.",
                    day=since,
                    name=each.by,
                    count=each.approved,
                )
            )
        else:
            show(
                Text(
                    "Four eyes were off from {day} to {until}: {name} turned them off. Yeses in "
                    "that time: {count}.",
                    day=since,
                    until=desk.day_here(each.until),
                    name=each.by,
                    count=each.approved,
                )
            )


def _whose(part: Docket, staff: Collection[str]) -> str | Text:
    if not part.responsible:
        return Text("Nobody answers for these clients yet")
    if part.responsible not in staff:
        return Text("{person}, who is not on the office's list any more", person=part.responsible)
    return part.responsible


def _nobody(by: str) -> Text:
    """Say what it means that nothing is shown: an office with clients must not be frightened."""
    if by == "-":
        return Text("Somebody answers for each client whose file is open.")
    if by:
        return Text("{person} answers for no client whose file is open.", person=by)
    return Text("No client's file is open here.")


def _show(parts: Sequence[Docket], session: date, staff: Collection[str]) -> None:
    for part in (part for part in parts if part.clients):
        show(_whose(part, staff))
        facts(
            (
                (Text("Clients"), part.clients),
                (Text("Requests that wait for an answer"), part.waiting),
                (Text("To look through (optout clinic approve)"), part.to_approve or None),
                (Text("Approved (optout clinic print, optout clinic file)"), part.approved or None),
                (Text("Printed, not posted yet (optout clinic posted)"), part.in_hand or None),
            )
        )
        _show_dying(part, session)
        _show_dates(Text("Days that have passed:"), part.passed, passed=True)
        _show_dates(Text("Due:"), part.due, passed=False)
        _show_work(part)
        show()


def _show_past(desk: Desk) -> None:
    """Name the closed files whose promised time is over: nothing is erased by itself."""
    from optout.rules.days import in_words
    from optout.workflows.erase_file import clients_past_their_time

    past = clients_past_their_time(desk)
    if past:
        show(Text("Closed files whose time is over. Your lawyer decides: optout clinic erase"))
        bullets(
            Text("{client}, kept until {day}", client=client.name, day=in_words(until))
            for client, until in past
        )


def _show_dying(part: Docket, session: date) -> None:
    dying = part.dying(session)
    if not dying:
        return
    show(
        Text(
            "These can be dead by the next session ({day}). Call the client in earlier:",
            day=session,
        )
    )
    bullets(
        Text("{client}, until {day}: {what}", client=client, day=errand.until, what=errand.said())
        for client, errand in dying
    )


def _show_dates(title: Text, dates: Sequence[DocketDate], *, passed: bool) -> None:
    if not dates:
        return
    show(title)
    table(
        (
            *(Text("Date"), Text("Client"), Text("What"), Text("Company")),
            *(Text("Reference"), Text("Asked")),
            *((Text("Late?"),) if passed else ()),
        ),
        (
            (
                each.due_on,
                each.client,
                word(each.kind),
                each.company,
                each.reference,
                ", ".join(map(sentence, words(each.rights))),
                *((each.lateness,) if passed else ()),
            )
            for each in dates
        ),
    )
    for each in dates:
        bullets(each.steps)


def _show_work(part: Docket) -> None:
    if part.office:
        show(Text("For the office:"))
        bullets(
            Text("{client}: {what}", client=each.client, what=each.said()) for each in part.office
        )
    if not part.appointments:
        return
    show(Text("With the client, one appointment each:"))
    for each in part.appointments:
        minutes = Counted("1 minute", "{count} minutes", count=each.minutes)
        show(Text("{client}: {minutes}", client=each.client, minutes=minutes))
        bullets(errand.said() for errand in each.errands)


def _show_written(written: Sequence[tuple[str, Path]]) -> None:
    for responsible, path in written:
        show(
            Text(
                "For {person}: {path}",
                person=responsible or Text("clients whom nobody answers for"),
                path=path,
            )
        )
    if not written:
        show(Text("Nothing to do on any day. Nothing was written."))


def _as_json(part: Docket, session: date) -> dict[str, object]:
    return {
        "responsible": part.responsible,
        "clients": part.clients,
        "waiting": part.waiting,
        "to_approve": part.to_approve,
        "approved": part.approved,
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
