"""Somebody new in the locked folder, asked one question at a time."""

from __future__ import annotations

from optout.model.subject import Subject
from optout.workflows.ask_person import interview
from optout.workflows.desk import Desk
from optout.workflows.keep_person import check_label, subject_from_card, today_of


def add_person(desk: Desk) -> Subject:
    """Ask whom the requests are about, and keep them; a stop on the way loses no answer."""
    vault = desk.vault
    card = interview(desk.person, now=desk.clock(), kept=vault.first_answers)
    made = subject_from_card(card, today=today_of(card, desk.clock()))
    with vault.together():
        subject = check_label(made, vault.subjects.list())
        vault.subjects.add(subject)
        vault.first_answers.forget()
    return subject
