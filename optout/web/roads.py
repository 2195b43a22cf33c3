"""What a person can begin on the page: each is one workflow, told in the page's own questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from optout.errors import NeedsPerson, WrongUsage
from optout.model.ports import Option
from optout.model.record import Answer, Wanted
from optout.model.subject import Subject
from optout.rules.days import in_words
from optout.text import Text
from optout.words import said_by_company, word
from optout.workflows.ask_person import interview
from optout.workflows.confirm import confirm_by_mail
from optout.workflows.desk import Desk, find_message
from optout.workflows.file_message import file_message
from optout.workflows.follow_up import follow_up
from optout.workflows.guide import go_on, tell_filed, whom
from optout.workflows.keep_person import subject_from_card, today_of
from optout.workflows.leave_request import leave_request
from optout.workflows.make_plan import plan_with_person
from optout.workflows.reconcile import reconcile
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent, take_back
from optout.workflows.standing import settle_tasks

_DAYS: Final = (
    Option(key="today", text=Text("Today")),
    Option(key="yesterday", text=Text("Yesterday")),
    Option(key="other", text=Text("On another day")),
)

Road = Callable[[Desk, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One thing to begin: what it is called, and what it does."""

    title: Text
    says: Text
    walk: Road
    needs_reference: bool = True


def _guide(desk: Desk, _reference: str) -> None:
    go_on(desk)


def _plan(desk: Desk, _reference: str) -> None:
    taken = plan_with_person(desk, _whom(desk))
    desk.person.tell(
        Text("On your list now: {count}. Nothing is sent before you looked.", count=len(taken))
    )


def _file(desk: Desk, reference: str) -> None:
    tell_filed(desk.person, file_message(desk, reference))


def _sent(desk: Desk, reference: str) -> None:
    """Write down that a paper left, or that it did not."""
    subject = desk.vault.subjects.get(find_message(desk, reference).subject_id)
    options = (
        *_DAYS,
        Option(key="not", text=Text("I did not send it, and will not")),
        Option(key="later", text=Text("Not yet")),
    )
    chosen = desk.person.choose(Text("When did you send it?"), options)
    if chosen == "later":
        return
    if chosen == "not":
        tell_filed(desk.person, take_back(desk, reference))
        return
    on = _day(desk, desk.today(subject), chosen)
    filed = mark_sent(desk, reference, on=on)
    tell_filed(desk.person, filed)
    desk.person.tell(
        Text("Sent does not mean that it arrived. We count days from when they have it.")
    )


def _record(desk: Desk, reference: str) -> None:
    """Ask what they answered and when, and write it down."""
    subject = desk.vault.subjects.get(find_message(desk, reference).subject_id)
    answer = Answer(
        desk.person.choose(
            Text("What did they say?"), [Option(key=each, text=word(each)) for each in Answer]
        )
    )
    wanted = ""
    if answer is Answer.NEEDS_MORE:
        wanted = desk.person.choose(
            Text("What do they want from you?"),
            [Option(key=each, text=word(each)) for each in Wanted],
        )
    chosen = desk.person.choose(Text("When did it reach you?"), _DAYS)
    on = _day(desk, desk.today(subject), chosen)
    recorded = record_answer(desk, reference, answer, on=on, exemption=wanted)
    desk.person.tell(
        Text(
            "{company}: {answer}. It came on {day}.",
            company=recorded.company,
            answer=said_by_company(recorded.request.status, recorded.request.reason),
            day=in_words(on),
        )
    )
    for advice in recorded.advice:
        desk.person.tell(advice)
    desk.person.tell(recorded.next_step())


def _day(desk: Desk, today: date, chosen: str) -> date:
    """Return the day that was chosen; another one is asked for."""
    if chosen != "other":
        return today if chosen == "today" else today - timedelta(days=1)

    def check(typed: str) -> object:
        try:
            return date.fromisoformat(typed.strip())
        except ValueError:
            raise WrongUsage(
                Text("This is no date."), hint=Text("Write it like this: 2026-11-03")
            ) from None

    return date.fromisoformat(
        desk.person.ask(Text("Which day? (such as 2026-11-03)"), check=check).strip()
    )


def _reconcile(desk: Desk, reference: str) -> None:
    tell_filed(desk.person, reconcile(desk, reference))


def _follow_up(desk: Desk, reference: str) -> None:
    done = follow_up(desk, reference)
    for message in (*done.drafted, *done.waiting):
        desk.person.tell(
            Text(
                "On your list: {what}. optout file {r}",
                what=word(message.purpose),
                r=message.reference,
            )
        )


def _confirm(desk: Desk, reference: str) -> None:
    pasted = desk.person.ask(Text("Paste the link from the mail"))
    tell_filed(desk.person, confirm_by_mail(desk, reference, pasted))


def _leave(desk: Desk, reference: str) -> None:
    if not desk.person.confirm(Text("Take this off your list? Nothing of it was sent.")):
        return
    left = leave_request(desk, reference)
    desk.person.tell(Text("{r} is off your list. Nothing was sent.", r=left.reference))


def _settled(desk: Desk, reference: str) -> None:
    settle_tasks(desk, reference)
    desk.person.tell(Text("Taken off what is to do."))


def _person(desk: Desk, _reference: str) -> None:
    card = interview(desk.person, now=desk.clock())
    desk.vault.subjects.add(subject_from_card(card, today=today_of(card, desk.clock())))
    desk.person.tell(Text("Kept in the locked folder."))


def _whom(desk: Desk) -> Subject:
    if not desk.vault.subjects.list():
        raise NeedsPerson(
            Text("Nobody is in this folder yet."), hint=Text("Say first whom it is about.")
        )
    return whom(desk)


ROADS: Final = {
    "guide": Named(
        title=Text("Be guided"),
        says=Text("One question at a time. Stop whenever you like; it goes on where you were."),
        walk=_guide,
        needs_reference=False,
    ),
    "person": Named(
        title=Text("Whom it is about"),
        says=Text("A name and a state are enough to begin. Everything else can be left out."),
        walk=_person,
        needs_reference=False,
    ),
    "plan": Named(
        title=Text("Make a plan"),
        says=Text("See what to ask of whom, and what to leave alone. Nothing is sent."),
        walk=_plan,
        needs_reference=False,
    ),
    "file": Named(
        title=Text("Look at it and decide"),
        says=Text("You see every value that would leave. Nothing goes without your yes."),
        walk=_file,
    ),
    "sent": Named(
        title=Text("I sent it"),
        says=Text("Write down that it left, and when: the days count from then."),
        walk=_sent,
    ),
    "record": Named(
        title=Text("They answered"),
        says=Text("Write down what they said, and when it reached you."),
        walk=_record,
    ),
    "reconcile": Named(
        title=Text("Did it arrive?"),
        says=Text("Nothing is sent again by itself. Say what you found out."),
        walk=_reconcile,
    ),
    "follow-up": Named(
        title=Text("What comes next"),
        says=Text("A reminder, an appeal or a complaint is only drafted. You decide about it."),
        walk=_follow_up,
    ),
    "confirm": Named(
        title=Text("Open their link"),
        says=Text("Paste the link from their mail. Links that lead elsewhere are not opened."),
        walk=_confirm,
    ),
    "leave": Named(
        title=Text("Take it off the list"),
        says=Text("Only what was not sent. You can ask again in a new plan."),
        walk=_leave,
    ),
    "settled": Named(
        title=Text("I have read it and decided"),
        says=Text("It is taken off what is to do."),
        walk=_settled,
    ),
}
