"""A small world around a vault: one person, one company, a clock that can be set.

Making a vault derives two keys on purpose slowly, so it is made once and copied for each test.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from optout.catalog.brokers import find_broker, list_brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Slug
from optout.model.fields import Field, IdentifierKind
from optout.model.law import LawId
from optout.model.payload import Newness, Payload, Recipient
from optout.model.request import (
    Approval,
    Message,
    MessageId,
    Presence,
    Purpose,
    Request,
    RequestId,
)
from optout.model.secret import Secret
from optout.model.subject import (
    Identifier,
    IdentifierId,
    IdentifierValue,
    PersonName,
    PostalAddress,
    ReplyKind,
    ReplyTo,
    Residence,
    Share,
    Subject,
    SubjectId,
)
from optout.model.words import By, Right
from optout.rules.digest import payload_digest
from optout.sample.scripted_person import ScriptedPerson
from optout.vault.create import create_vault
from optout.vault.folder import read_folder
from optout.vault.ids import new_id, new_reference
from optout.vault.outbox import RunningAttempt
from optout.vault.unlock import unlock_with_key
from optout.vault.vault import Vault
from optout.workflows.desk import Desk

# What several suites check with: here, for it must be said before any of them is imported.
pytest.register_assert_rewrite("tests.web.guided", "tests.web.look")

# A busy machine is no fault of ours, and a red run means that something changed, never luck.
settings.register_profile("any machine", deadline=None, derandomize=True)
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def nobodys_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep away from the folders of whoever runs the tests: they may hold a real life."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("nobody")))
        yield


NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
PASSPHRASE = Secret("a long and made-up passphrase")
BROKER = Slug("example-people-search")


class SetClock:
    """Says what it was told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def sample_subject(given: str = "Jordan", **changes: object) -> Subject:
    """Return a made-up person with one fact of each kind."""
    facts: dict[IdentifierKind, IdentifierValue] = {
        IdentifierKind.NAME: PersonName(given=given, middle="Q.", family="Sample"),
        IdentifierKind.ADDRESS: PostalAddress(
            street="100 Example Street", unit="Apt 2", city="Denver", state="CO", zip="80202"
        ),
        IdentifierKind.EMAIL: Secret(f"{given.lower()}@example.com"),
        IdentifierKind.PHONE: Secret("+13035550142"),
        IdentifierKind.BIRTH_DATE: Secret(date(1990, 4, 12)),
    }
    subject = Subject(
        id=SubjectId(new_id()),
        label=Secret(given),
        identifiers=tuple(
            Identifier(
                id=IdentifierId(new_id()),
                kind=kind,
                value=value,
                share=Share.KNOWN,
                valid_from=date(2021, 5, 1),
            )
            for kind, value in facts.items()
        ),
        residences=(Residence(state="CO", since=date(2021, 5, 1)),),
        reply_to=(ReplyTo(kind=ReplyKind.NEW_EMAIL, email=Secret("sample@example.test")),),
    )
    return replace(subject, **changes)  # type: ignore[arg-type] # a test names real fields


@dataclass
class World:
    """A vault, its key and its clock."""

    vault: Vault
    clock: SetClock

    @property
    def key(self) -> Secret[bytes]:
        return self.vault.key

    def person(self, given: str = "Jordan", **changes: object) -> Subject:
        subject = sample_subject(given, **changes)
        self.vault.subjects.add(subject)
        return subject

    def request(self, subject: Subject, **changes: object) -> Request:
        request = Request(
            id=RequestId(new_id()),
            reference=new_reference(),
            subject_id=subject.id,
            broker=BROKER,
            right=Right.OPT_OUT,
            law=LawId("us-co-cpa"),
            law_sha256="1" * 64,
            presence=Presence.LIKELY,
            created_at=self.clock(),
        )
        request = replace(request, **changes)  # type: ignore[arg-type] # a test names real fields
        self.vault.requests.add(request)
        return request

    def message(self, subject: Subject, *requests: Request, **changes: object) -> Message:
        message = Message(
            id=MessageId(new_id()),
            reference=new_reference(),
            subject_id=subject.id,
            purpose=Purpose.REQUEST,
            broker=BROKER,
            channel_right=Right.OPT_OUT,
            by=By.WEB,
            request_ids=tuple(request.id for request in requests),
            created_at=self.clock(),
        )
        message = replace(message, **changes)  # type: ignore[arg-type] # a test names real fields
        self.vault.messages.add(message)
        return message

    def payload(self, message: Message) -> Payload:
        return Payload(
            message_id=message.id,
            subject_id=message.subject_id,
            recipient=Recipient(name="Example People Search, Inc.", hosts=("example-people.test",)),
            values={
                Field.FULL_NAME: Secret("Jordan Q. Sample"),
                Field.EMAIL: Secret("jordan@example.com"),
            },
            definition_sha256="2" * 64,
        )

    def approve(self, payload: Payload) -> Approval:
        approval = Approval(
            id=new_id(),
            message_id=payload.message_id,
            digest=payload_digest(payload),
            approved_by="person",
            approved_at=self.clock(),
        )
        self.vault.approvals.add(approval)
        return approval

    def ready(self, subject: Subject | None = None, **changes: object) -> Message:
        """Return a message with one request that a person approved."""
        subject = subject or self.person()
        request = self.request(
            subject, right=Right.DELETE if changes.pop("delete", 0) else Right.OPT_OUT
        )
        message = self.message(subject, request, **changes)
        self.vault.messages.set_ready(message.id)
        return self.vault.messages.get(message.id)

    def begin(self, message: Message) -> RunningAttempt:
        payload = self.payload(message)
        known = self.vault.approvals.find(message.id, payload_digest(payload))
        return self.vault.outbox.begin(
            message.id,
            payload=payload,
            approval_id=(known or self.approve(payload)).id,
            newness={Field.FULL_NAME: Newness.KNOWN},
        )

    def hand_over(self, message: Message) -> None:
        payload = self.payload(message)
        self.vault.outbox.hand_over(
            message.id, payload=payload, approval_id=self.approve(payload).id, newness={}
        )

    def reopen(self) -> Vault:
        """Close and open again, as the next command would."""
        self.vault.close()
        self.vault = reopened(self.vault.folder, self.key, self.clock)
        return self.vault


def reopened(folder: Path, key: Secret[bytes], clock: SetClock) -> Vault:
    """Open a vault by its key, without the slow derivation."""
    return unlock_with_key(read_folder(folder), key, clock=clock, actor="person")


def no_browser(*_: object) -> NoReturn:
    """Fail the test that opens a browser."""
    pytest.fail("nobody needs a browser here")


def desk_without_browser(world: World, folder: Path, **changes: object) -> Desk:
    """Return a desk of shipped companies and laws; whoever opens a browser at it fails the test."""
    desk = Desk(
        vault=world.vault,
        person=ScriptedPerson(),
        clock=world.clock,
        find_broker=find_broker,
        list_brokers=list_brokers,
        laws=list_laws,
        fence_for=no_browser,
        rehearsal_for=no_browser,
        window=no_browser,
        out_folder=folder,
    )
    return replace(desk, **changes)  # type: ignore[arg-type] # a test names real fields


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Secret[bytes], Secret[str]]:
    """A closed vault that `PASSPHRASE` opens, with its key and recovery code."""
    folder = tmp_path_factory.mktemp("made") / "vault"
    made = create_vault(
        folder, clock=SetClock(), actor="person", passphrase=PASSPHRASE, use_keyring=False
    )
    made.vault.close()
    return folder, made.vault.key, made.recovery_code


@pytest.fixture
def world(made_once: tuple[Path, Secret[bytes], Secret[str]], tmp_path: Path) -> Iterator[World]:
    """An open vault of its own for one test."""
    folder, key, _code = made_once
    shutil.copytree(folder, tmp_path / "vault")
    (tmp_path / "vault").chmod(0o700)
    clock = SetClock()
    there = World(reopened(tmp_path / "vault", key, clock), clock)
    yield there
    there.vault.close()
