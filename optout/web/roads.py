"""What a person can begin on the page: each is one workflow, told in the page's own questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.fields import IdentifierKind
from optout.model.ports import Option, Person
from optout.model.record import Answer, Wanted
from optout.model.request import Request, StatusReason
from optout.model.subject import Share, Subject
from optout.model.words import Right
from optout.rules.days import in_words
from optout.text import Text
from optout.web.forms import pasted
from optout.words import word
from optout.workflows.add_person import add_person
from optout.workflows.ask_person import SHARE_OPTIONS
from optout.workflows.change_person import correct_with_person, share_with
from optout.workflows.check_computer import Here, check_computer
from optout.workflows.choose_way import go_another_way
from optout.workflows.confirm import confirm_with_person
from optout.workflows.desk import Desk, find_message
from optout.workflows.facts import recent_day
from optout.workflows.file_message import file_message
from optout.workflows.find import find_requests
from optout.workflows.follow_up import follow_up
from optout.workflows.guide import go_on, tell_filed, whom
from optout.workflows.help_report import count, help_report, report_lines
from optout.workflows.help_summary import write_help_summary
from optout.workflows.leave_request import leave_request
from optout.workflows.listing_report import write_pictures
from optout.workflows.make_plan import Wish, plan_with_person
from optout.workflows.make_report import write_report, write_report_pdf
from optout.workflows.not_understood import keep_not_understood, what_it_can_be
from optout.workflows.reconcile import reconcile
from optout.workflows.record_answer import REFUSED_BECAUSE, Paper, Recorded, record_answer
from optout.workflows.review import review_with_person
from optout.workflows.scan_with_person import scan_what_is_due, scan_with_person
from optout.workflows.send_paper import mark_sent, take_back
from optout.workflows.standing import settle_tasks
from optout.workflows.tell_recorded import told

_DAYS: Final = (
    Option(key="today", text=Text("Today")),
    Option(key="yesterday", text=Text("Yesterday")),
    Option(key="other", text=Text("On another day")),
)

_NOT_UNDERSTOOD: Final = Option(key="unclear", text=Text("I do not understand this letter"))

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


def _plan_only(desk: Desk, asked: str) -> None:
    """Plan for one company: its short name stands there, and what to ask where it is only that."""
    slug, *rights = asked.split("--")
    if not set(rights) <= {each.value for each in Right}:
        raise WrongUsage(Text("There is no such page."))
    wish = Wish(only=(Slug(slug),), rights=tuple(map(Right, rights)))
    taken = plan_with_person(desk, _whom(desk), wish)
    desk.person.tell(
        Text("On your list now: {count}. Nothing is sent before you looked.", count=len(taken))
    )


def _file(desk: Desk, reference: str) -> None:
    tell_filed(desk.person, file_message(desk, reference))


def _sent(desk: Desk, reference: str) -> None:
    """Write down that a paper left, or that it did not."""
    subject = desk.vault.subjects.get(find_message(desk, reference).subject_id)
    chosen, on = desk.person.with_way_back(lambda: _when_sent(desk, desk.today(subject)))
    if chosen == "later":
        return
    if chosen == "not":
        tell_filed(desk.person, take_back(desk, reference))
        return
    filed = mark_sent(desk, reference, on=on)
    tell_filed(desk.person, filed)
    desk.person.tell(
        Text("Sent does not mean that it arrived. We count days from when they have it.")
    )


def _when_sent(desk: Desk, today: date) -> tuple[str, date]:
    """Ask when a paper left; the day counts only where it did."""
    options = (
        *_DAYS,
        Option(key="not", text=Text("I did not send it, and will not")),
        Option(key="later", text=Text("Not yet")),
    )
    chosen = desk.person.choose(Text("When did you send it?"), options)
    left = chosen in {each.key for each in _DAYS}
    return chosen, _day(desk, today, chosen) if left else today


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """What a person says of an answer, before any of it is kept."""

    answer: Answer
    right: Right | None
    named: str
    reason: StatusReason | None
    on: date


def _record(desk: Desk, reference: str) -> None:
    record_with(desk, reference)


def record_with(desk: Desk, reference: str, *, paper: Paper | None = None, note: str = "") -> None:
    """Ask what they answered and when, write it down with their paper, and say what it means.

    What cannot be is asked again: their paper waits in memory only, and would be lost.
    """
    person, requests = desk.person, find_requests(desk, reference)
    while came := person.with_way_back(lambda: _what_came(desk, requests)):
        try:
            recorded = record_answer(
                desk,
                reference,
                came.answer,
                right=came.right,
                on=came.on,
                exemption=came.named,
                note=note,
                attachment=paper,
                reason=came.reason,
            )
        except (Refused, WrongUsage) as wrong:
            person.tell_at_length(tuple(filter(None, (wrong.what, wrong.known, wrong.hint))))
            continue
        _tell_recorded(person, recorded, is_kept=paper is not None)
        return
    keep_not_understood(desk, reference, tuple(filter(None, (paper, pasted(note)))))
    person.tell_at_length(tuple(what_it_can_be(reference)))


def _tell_recorded(person: Person, recorded: Recorded, *, is_kept: bool) -> None:
    if is_kept:
        person.tell(Text("Their paper is in the locked folder now."))
    for about, what in told(recorded):
        if what:
            person.tell(Text("{about}: {what}", about=about, what=what))


def _what_came(desk: Desk, requests: Sequence[Request]) -> _Came | None:
    """Ask what they answered, to which part and when; None where nobody can tell what it says."""
    person = desk.person
    said = person.choose(Text("What did they say?"), (*_options(Answer), _NOT_UNDERSTOOD))
    if said == _NOT_UNDERSTOOD.key:
        return None
    answer, right = Answer(said), None
    if len(requests) > 1 and answer is not Answer.RETURNED:
        rights = [each.right for each in requests]
        right = Right(person.choose(Text("Which part is it about?"), _options(rights)))
    named, reason = _said_with_it(person, answer)
    chosen = person.choose(Text("When did it reach you?"), _DAYS)
    today = desk.today(desk.vault.subjects.get(requests[0].subject_id))
    on = _day(desk, today, chosen)
    return _Came(answer=answer, right=right, named=named, reason=reason, on=on)


def _said_with_it(person: Person, answer: Answer) -> tuple[str, StatusReason | None]:
    """Ask what they want, or why they refuse, where the next step hangs on it."""
    if answer is Answer.NEEDS_MORE:
        return person.choose(Text("What do they want from you?"), _options(Wanted)), None
    if answer not in {Answer.DENIED, Answer.APPEAL_DENIED}:
        return "", None
    other = StatusReason.OTHER
    why = StatusReason(
        person.choose(Text("Why, do they say?"), _options((*REFUSED_BECAUSE, other)))
    )
    law = Text("Which exception or law do they name? (such as GLBA; empty if none)")
    named = person.ask(law) if why in {StatusReason.CLAIM_NOT_COVERED, other} else ""
    return named.strip(), None if why is other else why


def _options(members: Iterable[StrEnum]) -> list[Option]:
    return [Option(key=each.value, text=word(each)) for each in members]


def _day(desk: Desk, today: date, chosen: str) -> date:
    """Return the day that was chosen; another one is asked for."""

    def read(text: str) -> date:
        return recent_day(text, today=today)

    if chosen != "other":
        return today if chosen == "today" else today - timedelta(days=1)
    day = read(desk.person.ask(Text("Which day? (such as 2026-11-03)"), check=read))
    desk.person.tell(Text("That is {day}.", day=in_words(day)))
    return day


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
    tell_filed(desk.person, confirm_with_person(desk, reference))


def _leave(desk: Desk, reference: str) -> None:
    if not desk.person.confirm(Text("Take this off your list? Nothing of it was sent.")):
        return
    left = leave_request(desk, reference)
    desk.person.tell(Text("{r} is off your list. Nothing was sent.", r=left.reference))


def _settled(desk: Desk, reference: str) -> None:
    settle_tasks(desk, reference)
    desk.person.tell(Text("Taken off what is to do."))


_ABOUT: Final = (
    Option(key="share", text=Text("Change who may get what")),
    Option(key="anew", text=Text("Correct it: answer all the questions again")),
    Option(key="another", text=Text("Add another person")),
)


def _person(desk: Desk, _reference: str) -> None:
    """Show what is kept of somebody, and change it; the first time, ask for it."""
    wanted = "another"
    if desk.vault.subjects.list():
        subject = whom(desk)
        _tell_kept(desk.person, subject)
        wanted = desk.person.choose(Text("What do you want to do?"), _ABOUT)
    if wanted == "another":
        add_person(desk)
    elif wanted == "anew":
        correct_with_person(desk, subject)
    else:
        share_with(desk, subject.id, _asked_share(desk.person, subject))
    desk.person.tell(Text("Kept in the locked folder."))


def _tell_kept(person: Person, subject: Subject) -> None:
    person.tell_at_length(
        [
            Text("{what}: {value}", what=word(each.kind), value=each.shown())
            for each in subject.identifiers
        ]
    )


def _asked_share(person: Person, subject: Subject) -> Mapping[IdentifierKind, Share]:
    """Ask to whom one kind of fact may go."""
    kinds = tuple(dict.fromkeys(each.kind for each in subject.identifiers))
    kind = IdentifierKind(person.choose(Text("Which of these?"), _options(kinds)))
    return {kind: Share(person.choose(Text("Who may get it?"), SHARE_OPTIONS))}


def _report(desk: Desk, _reference: str) -> None:
    """Write a page about everything, or one for somebody who helps."""
    writes = {
        "pdf": (write_report_pdf, Text("Everything, to print (PDF)")),
        "html": (write_report, Text("Everything, as a web page in a file")),
        "helper": (write_help_summary, Text("One page for somebody who helps me (PDF)")),
    }
    subject = _whom(desk)
    chosen = desk.person.choose(
        Text("What should be written?"),
        [Option(key=key, text=text) for key, (_write, text) in writes.items()],
    )
    path = writes[chosen][0](desk, subject)
    desk.person.tell(Text("Written: {path}", path=path))
    desk.person.tell(Text("You find it under “Your papers”. Anyone who opens it can read it."))


def _helper(desk: Desk, _reference: str) -> None:
    desk.person.tell(Text("Written: {path}", path=write_help_summary(desk, _whom(desk))))
    desk.person.tell(Text("You find it under “Your papers”. Anyone who opens it can read it."))


def _help(desk: Desk, _reference: str) -> None:
    here = Here(folder=desk.vault.folder, clock=desk.clock)
    report = help_report(here, check_computer(here), count(desk.vault))
    desk.person.tell_at_length(report_lines(report))
    desk.person.tell(Text("Nothing was sent. Read it, then copy it and give it to them."))


def _scan(desk: Desk, _reference: str) -> None:
    scan_with_person(desk, _whom(desk))


def _look_again(desk: Desk, _reference: str) -> None:
    scan_what_is_due(desk, _whom(desk))


def _review(desk: Desk, _reference: str) -> None:
    review_with_person(desk)


def _pictures(desk: Desk, _reference: str) -> None:
    written = write_pictures(desk, _whom(desk))
    if not written:
        desk.person.tell(Text("There are no pictures of searches yet."))
        return
    for path in written:
        desk.person.tell(Text("Written: {path}", path=path))
    desk.person.tell(Text("You find it under “Your papers”. Anyone who opens it can read it."))


def _whom(desk: Desk) -> Subject:
    if not desk.vault.subjects.list():
        raise NeedsPerson(
            Text("Nobody is in this folder yet."), hint=Text("Say first whom it is about.")
        )
    return whom(desk)


ROADS: Final = {
    "guide": Named(
        title=Text("Be guided"),
        says=Text(
            "One question at a time. Stop whenever you like; it goes on with the part where you "
            "were."
        ),
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
    "scan": Named(
        title=Text("Look who shows me"),
        says=Text("People-search sites. You see first what each of them would be told."),
        walk=_scan,
        needs_reference=False,
    ),
    "look-again": Named(
        title=Text("Look again where it is time"),
        says=Text("A record counts as gone only after two looks without it, days apart."),
        walk=_look_again,
        needs_reference=False,
    ),
    "review": Named(
        title=Text("Is this me?"),
        says=Text("Records that may be you, beside what you wrote down. A no is remembered."),
        walk=_review,
        needs_reference=False,
    ),
    "pictures": Named(
        title=Text("Pictures of the pages"),
        says=Text("Written as files. They show other people too."),
        walk=_pictures,
        needs_reference=False,
    ),
    "report": Named(
        title=Text("Make a report"),
        says=Text("Everything you asked, gave and got back; or one page for somebody who helps."),
        walk=_report,
        needs_reference=False,
    ),
    "helper": Named(
        title=Text("One page for somebody who helps me (PDF)"),
        says=Text("What is to do and how it stands. You tick what of you may stand on it."),
        walk=_helper,
        needs_reference=False,
    ),
    "help": Named(
        title=Text("Get help"),
        says=Text("A short report for somebody who helps you. It holds nothing personal."),
        walk=_help,
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
    "another-way": Named(
        title=Text("Send it another way"),
        says=Text("On paper, by e-mail or on their page: as far as this company takes it."),
        walk=go_another_way,
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
        title=Text("Do what their mail asks"),
        says=Text(
            "Have the mail ready: its link, its code or all of it goes here. Links that lead "
            "elsewhere are not opened."
        ),
        walk=_confirm,
    ),
    "plan-only": Named(
        title=Text("A plan for this company only"),
        says=Text("You see first what it would get. Nothing is sent."),
        walk=_plan_only,
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
