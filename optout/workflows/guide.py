"""The guide: one decision a screen. Where it goes on is read from the folder, never remembered."""

from __future__ import annotations

from pathlib import Path

from optout.errors import NeedsPerson, OptoutError
from optout.model.ports import Clock, Option, Person
from optout.model.subject import Subject
from optout.text import Text
from optout.vault.folder import is_vault
from optout.words import word, words
from optout.workflows.add_person import add_person
from optout.workflows.desk import Desk, find_message
from optout.workflows.file_message import file_message, next_to_file
from optout.workflows.filed import Filed
from optout.workflows.make_plan import plan_with_person
from optout.workflows.make_vault import make_vault
from optout.workflows.standing import ToDo, to_do
from optout.workflows.truth import TRUTH
from optout.workflows.whose_answer import names_here

LATER = Option(key="later", text=Text("Stop here for today"))


def begin_guide(folder: Path, person: Person, clock: Clock, actor: str) -> None:
    """Show the truth and make the locked folder, if there is none yet."""
    if is_vault(folder):
        return
    person.tell(Text("Welcome. Everything stays on this computer until you say yes to a request."))
    for number, text in enumerate(TRUTH, start=1):
        person.tell(Text("{number}. {text}", number=number, text=text))
    if not person.confirm(Text("Have you read this, and do you want to go on?")):
        raise NeedsPerson(Text("Come back when you like."), known=Text("Nothing was stored."))
    person.tell(Text("First, a locked folder. It remembers everything; nobody else can open it."))
    make_vault(folder, person, clock, actor).close()
    person.tell(
        Text(
            "The folder is made. Now it is opened: if it asks, type the passphrase that you just "
            "chose."
        )
    )


def go_on(desk: Desk) -> None:
    """Take the person from where the folder stands to the next thing, as long as they like."""
    if not desk.vault.subjects.list():
        desk.person.tell(Text("Now: whom are the requests for?"))
        add_person(desk)
    if not desk.vault.requests.tally():
        plan_with_person(desk, whom(desk))
    skipped: set[str] = set()
    while reference := _next_but(desk, skipped):
        skipped.add(reference)  # whatever comes of it, it is not offered twice in one sitting
        if not _offer(desk, reference):
            break
    _say_what_is_next(desk)


def whom(desk: Desk) -> Subject:
    """Return the person in the folder; of several, the one that is chosen now."""
    people = desk.vault.subjects.list()
    if len(people) == 1:
        return people[0]
    options = [
        Option(key=str(n), text=Text("{name}", name=each.label.reveal()))
        for n, each in enumerate(people)
    ]
    return people[int(desk.person.choose(Text("Whom is this about today?"), options))]


def _next_but(desk: Desk, skipped: set[str]) -> str:
    """Return the first reference that waits and was not offered yet; "" for none."""
    waiting = next_to_file(desk, len(skipped) + 1)
    return next((reference for reference in waiting if reference not in skipped), "")


def _offer(desk: Desk, reference: str) -> bool:
    """Offer one request; False when the person stops."""
    message = find_message(desk, reference)
    asked = [desk.vault.requests.get(each).right for each in message.request_ids]
    answer = desk.person.choose(
        Text(
            "Next: {company} ({rights}), by {by}. {reference}",
            company=desk.find_broker(message.broker).called(),
            rights=tuple(map(word, asked)),
            by=word(message.by),
            reference=reference,
        ),
        (
            Option(key="look", text=Text("Look at it: see what they would get, then decide")),
            Option(key="skip", text=Text("Not this one, not now")),
            LATER,
        ),
        default="look",
    )
    if answer == "look":
        _file(desk, reference)
    return answer != LATER.key


def _file(desk: Desk, reference: str) -> None:
    """File one; an error is told, and the guide stays with the person."""
    try:
        filed = file_message(desk, reference)
    except OptoutError as error:
        for text in (error.what, error.known, error.hint):
            if text:
                desk.person.tell(text)
        return
    tell_filed(desk.person, filed)


def tell_filed(person: Person, filed: Filed) -> None:
    """Say where one message stands now, in sentences."""
    person.tell(
        Text(
            "{company}: {delivery}.",
            company=filed.errand.broker.called(),
            delivery=word(filed.message.delivery),
        )
    )
    if filed.why:
        person.tell(filed.why)
    if filed.message.broker_reference:
        person.tell(Text("Their number: {number}", number=filed.message.broker_reference))
    if filed.paper:
        person.tell(Text("The file is here: {path}", path=filed.paper))
    if filed.copy:
        person.tell(Text("This copy is for you to read, do not send it: {path}", path=filed.copy))
    if filed.sheet:
        person.tell(Text("This page is for you, do not send it: {path}", path=filed.sheet))
    if step := filed.next_step():
        person.tell(step)


def _say_what_is_next(desk: Desk) -> None:
    todo = to_do(desk)
    if not todo:
        if desk.vault.requests.tally():
            desk.person.tell(Text("Nothing to do now. See who must answer with: optout due"))
        else:
            desk.person.tell(Text("Nothing waits for you. To look again another day: optout"))
        return
    desk.person.tell(Text("What you can do next:"))
    names = names_here(desk)
    for item in todo:
        desk.person.tell(_said(item, names.get(item.subject_id, "")))
    desk.person.tell(Text("To go on another day, type: optout"))


def _said(item: ToDo, whose: str) -> Text:
    """Return whose it is where there are several people, what was asked, what to do, how long."""
    if not item.asked:
        what = _of(whose, item.what)
        return Text("- {what} ({minutes} min)", what=what, minutes=item.minutes)
    return Text(
        "- {asked}: {what} ({minutes} min)",
        asked=_of(whose, words(item.asked)),
        what=item.what,
        minutes=item.minutes,
    )


def _of(whose: str, what: object) -> object:
    return Text("{person}: {what}", person=whose, what=what) if whose else what
