"""The whole road on practice companies: a real browser, a real mail server, a throw-away folder.

Nothing leaves this machine. What a person would do by hand (pick their own record, tick the
captcha, press Send in the mail program, post the letter) the scripted person does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from shutil import rmtree
from typing import Final

from optout.browser.fence import Fence
from optout.browser.launch import is_root
from optout.browser.window import Window
from optout.catalog.brokers import list_brokers, sample_folder
from optout.catalog.laws import list_laws
from optout.errors import NeedsPerson
from optout.model.broker import Slug
from optout.model.record import Answer
from optout.model.request import Message
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.model.words import By
from optout.sample.mail_program import send_eml
from optout.sample.people import JORDAN
from optout.sample.scripted_person import PASSPHRASE, ScriptedPerson
from optout.sample.servers import World, link_in, sample_world
from optout.text import Text
from optout.vault.create import create_vault
from optout.words import word, words
from optout.workflows.accept_plan import accept_plan
from optout.workflows.approve import prepare
from optout.workflows.confirm import confirm_by_mail
from optout.workflows.desk import Desk, Errand, all_known_as, errand_for
from optout.workflows.exports import PAGE, file_name, write_export
from optout.workflows.file_message import file_message
from optout.workflows.filed import Filed
from optout.workflows.make_plan import Wish, plan_for
from optout.workflows.make_report import write_report
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from optout.workflows.standing import Standing, standings

# The practice person has an ordinary life on paper.
ANSWERS = {"loan-or-card": True, "car": True, "lease-utility-phone": True, "payroll": True}

# The road asks these; the other practice companies are there to be searched.
COMPANIES: Final = frozenset(
    {
        "sample-risk-data",
        "sample-people-search",
        "sample-mail-order",
        "sample-employment-file",
    }
)
Say = Callable[[Text], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What the demo shows at its end."""

    standings: tuple[Standing, ...]
    folder: Path
    papers: tuple[Path, ...]
    without_sandbox: bool


def walk(say: Say, *, to: Path | None = None) -> Walked:
    """Walk the road once and return what came of it; the locked folder is gone afterwards."""
    folder = to or Path(tempfile.mkdtemp(prefix="optout-demo-"))
    throw_away = Path(tempfile.mkdtemp(prefix="optout-throw-away-"))
    try:
        with sample_world() as world, practice_desk(world, throw_away / "folder", folder) as desk:
            say(Text("A locked folder was made; its key exists only in this run."))
            walk_road(desk, world, JORDAN, say)
            return Walked(
                standings=standings(desk),
                folder=folder,
                papers=tuple(sorted(folder.iterdir())),
                without_sandbox=is_root(),
            )
    finally:
        rmtree(throw_away, ignore_errors=True)


@contextmanager
def practice_desk(world: World, vault_folder: Path, out_folder: Path) -> Iterator[Desk]:
    """Set out a desk whose companies, fence and person belong to the practice world."""
    brokers = {
        broker.slug: broker
        for broker in list_brokers(folders=(sample_folder(),))
        if broker.slug in COMPANIES
    }
    made = create_vault(
        vault_folder,
        clock=_now,
        actor="demo",
        passphrase=Secret(PASSPHRASE),
        use_keyring=False,
    )
    with made.vault as vault, Window.hidden() as window:
        yield Desk(
            vault=vault,
            person=ScriptedPerson(world=world),
            clock=_now,
            find_broker=lambda slug: brokers[Slug(slug)],
            list_brokers=lambda: tuple(brokers.values()),
            laws=list_laws,
            fence_for=lambda broker: Fence(broker.hosts, resolver=world.resolve),
            rehearsal_for=lambda broker: Fence(broker.hosts, resolver=world.resolve),
            window=lambda: window,
            out_folder=out_folder,
        )


def walk_road(desk: Desk, world: World, subject: Subject, say: Say) -> None:
    """Plan, approve, file, confirm, answer and report, all on practice companies."""
    desk.vault.subjects.add(subject)
    for message in _plan(desk, subject, say):
        _send(desk, world, message, say)
    _answer(desk, say)
    _save_captures(desk)
    write_report(desk, subject)


def _plan(desk: Desk, subject: Subject, say: Say) -> tuple[Message, ...]:
    made = plan_for(desk, subject, ANSWERS, Wish(wide=True))
    say(
        Text(
            "The plan. To ask: {count}. To leave alone: {left}.",
            count=len(made.lines),
            left=len(made.leave_alone),
        )
    )
    for line in made.lines:
        say(
            Text(
                "- {company}: {right}, by {by}",
                company=line.name,
                right=word(line.right),
                by=word(line.by),
            )
        )
    return accept_plan(desk, subject, made.lines)


def _send(desk: Desk, world: World, message: Message, say: Say) -> None:
    """Show, approve and send one message, and do what a person does around it."""
    errand = errand_for(desk, message)
    shown = prepare(desk, errand)
    say(
        Text(
            "{company}, by {by}: they get {fields}.",
            company=errand.broker.called(),
            by=word(message.by),
            fields=words(shown.payload.values),
        )
    )
    filed = file_message(desk, message.reference)
    if message.by is By.EMAIL:
        send_eml(Path(filed.paper), world.smtp)
        filed = mark_sent(desk, message.reference)
    elif message.by is By.POST:
        filed = mark_sent(desk, message.reference)
    _tell(filed, say)
    if filed.mail_comes:
        _confirm(desk, world, errand, say)


def _confirm(desk: Desk, world: World, errand: Errand, say: Say) -> None:
    """Wait for the company's mail, and paste its link as the person would."""
    address = errand.subject.reply_to[0].email
    assert address  # the practice person has one
    mail = _mail_from(errand.broker.mail_domains[0], world, address.reveal())
    say(Text("A mail came. Its link is opened inside the fence, and its form is filled in."))
    _tell(confirm_by_mail(desk, errand.message.reference, link_in(mail)), say)


def _mail_from(domain: str, world: World, address: str) -> EmailMessage:
    """Return the first mail of one company; other companies' mails may lie there too."""
    seen = 0
    while world.wait_for_mail(address, more_than=seen):
        for mail in world.mailbox(address)[seen:]:
            seen += 1
            if domain in str(mail["From"]):
                return mail
    raise NeedsPerson(Text("The mail did not come."), known=Text("This was only practice."))


def _tell(filed: Filed, say: Say) -> None:
    number = filed.message.broker_reference
    say(
        Text(
            "{company}: {delivery}. {number}",
            company=filed.errand.broker.called(),
            delivery=word(filed.message.delivery),
            number=Text("Their number: {number}", number=number) if number else "",
        )
    )


def _answer(desk: Desk, say: Say) -> None:
    """Record one answer, so that the table shows the company's side too."""
    first = desk.vault.requests.list()[0]
    record_answer(desk, first.reference, Answer.ACKNOWLEDGED)
    say(Text("One company answered that it has the request: written down."))


def _save_captures(desk: Desk) -> None:
    """Write the pictures of this practice run to the papers; real ones stay locked.

    Each by the reference that the list shows: that of a request, for what confirms it too.
    """
    messages = desk.vault.messages.list()
    known = all_known_as(desk.vault, messages)
    pictures = [
        (known[message.id], proof)
        for message in messages
        for proof in desk.vault.evidence.for_message(message.id)
        if proof.media_type == "image/jpeg"
    ]
    for number, (reference, proof) in enumerate(pictures, start=1):
        picture = desk.vault.evidence.read(proof.id)
        name = file_name(PAGE, f"{reference}-{number}", ".jpg")
        write_export(desk, name, "picture", picture)


def _now() -> datetime:
    return datetime.now(UTC)
