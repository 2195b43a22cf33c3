"""When clients come next, and what must not begin before: a link that is dead by then.

A company that mails a link or a code does nothing before it is used, and only the client can use
it. Filed on a day between two sessions, such a request dies unseen and counts as asked.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from optout.errors import NeedsPerson, WrongUsage
from optout.model.flow import ConfirmEmail, ReadCode
from optout.rules.days import in_words, written
from optout.text import Text
from optout.workflows.clinic import NOTHING, clinic_of, the_clinic
from optout.workflows.desk import Desk, Errand

EVERY: Final = timedelta(days=7)  # an office that says nothing else meets every week
_NEXT: Final = "clinic.next-session"


def next_session(desk: Desk) -> date:
    """Return the day on which clients come next: as it was written down, else in a week."""
    today = desk.day_here(desk.clock())
    kept = desk.vault.settings.get(_NEXT)
    day = date.fromisoformat(str(kept)) if kept else today
    return day if day > today else today + EVERY


def keep_session(desk: Desk, day: date) -> None:
    """Write down when clients come next; a day that is over is none."""
    the_clinic(desk.vault)
    if day <= desk.day_here(desk.clock()):
        raise WrongUsage(
            Text("The next session is on a day after today."),
            known=NOTHING,
            hint=Text("As in: --session {day}", day=written(next_session(desk))),
        )
    desk.vault.settings.set(_NEXT, written(day))


def is_dead_by(until: date, session: date) -> bool:
    """Say whether a link that dies on a day may be dead when the client comes on another."""
    return until <= session


def check_client_is_there(desk: Desk, errand: Errand, mail: ConfirmEmail | ReadCode | None) -> None:
    """Hold what dies before the next session, unless the client is here to answer the mail."""
    if mail is None or clinic_of(desk.vault) is None:
        return
    session = next_session(desk)
    until = desk.day_of(desk.clock() + timedelta(hours=mail.within_hours), errand.subject)
    if not is_dead_by(until, session):
        return
    names = {"company": errand.broker.called(), "hours": mail.within_hours}
    told = (
        Text("{company} mails a link that dies after {hours} hours.", **names)
        if isinstance(mail, ConfirmEmail)
        else Text("{company} sends a code that dies after {hours} hours.", **names)
    )
    question = Text(
        "{told} Only {client} can use it. Are they here now, and can they open their messages?",
        told=told,
        client=errand.subject.label.reveal(),
    )
    if desk.person.confirm(question, default=False):
        return
    raise NeedsPerson(
        Text("{told} The client is not here, so it is not begun.", told=told),
        known=Text("Nothing was sent."),
        hint=Text(
            "Do it with the client, on {day} or on any day they come: optout file {r}",
            day=in_words(session),
            r=errand.reference,
        ),
    )
