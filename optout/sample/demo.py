"""The whole road on practice companies: a real browser, a real mail server, a throw-away folder.

Nothing leaves this machine. Everything a person would see is shown; what they would do by hand
(pick their record, tick the captcha, press Send in the mail program) the scripted person does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from optout.browser.fence import Fence
from optout.catalog.brokers import find_broker, list_brokers, sample_folder
from optout.catalog.laws import list_laws
from optout.model.broker import Broker
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
from optout.workflows.accept_plan import accept_plan
from optout.workflows.desk import Desk
from optout.workflows.exports import write_export
from optout.workflows.file_message import file_message
from optout.workflows.filed import Filed
from optout.workflows.make_plan import plan_for
from optout.workflows.record_answer import record_answer
from optout.workflows.send_paper import mark_sent
from optout.workflows.standing import Standing, standings
from optout.workflows.confirm import confirm_by_mail

# The practice person has an ordinary life on paper: yes to all five questions.
ANSWERS = {"loan-or-card": True, "car": True, "lease-utility-phone": True, "payroll": True}

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
    with sample_world() as world, _practice_desk(world, folder, say) as desk:
        subject = _introduce(desk, say)
        messages = _plan(desk, subject, say)
        for message in messages:
            _send(desk, world, message, say)
        _answer(desk, say)
        papers = (*_save_captures(desk), *_save_report(desk))
        return Walked(
            standings=standings(desk),
            folder=folder,
            papers=papers,
            without_sandbox=Fence.runs_without_sandbox(),
        )
