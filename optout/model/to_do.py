"""One thing that only a person can do now, as lists and pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from optout.model.request import Delivery, Message, Reference
from optout.model.subject import SubjectId
from optout.model.words import By, Right
from optout.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing a person does now, and how long it takes."""

    what: Text
    reference: Reference  # "": it is about records that were found, and nothing was asked yet
    minutes: int
    not_after: datetime | None = None
    until: date | None = None  # the day of `not_after` where the person lives
    asked: tuple[Right, ...] = ()  # what was asked, to stand beside the reference
    subject_id: SubjectId  # whose request it is
    alone: bool = True  # nobody else can do it for the person
    late: bool = False  # it follows from a date that has passed
    delivery: Delivery | None = None  # of a message that waits; None: it is something else
    by: By | None = None  # which way that message goes
    message: Message | None = None  # that message itself
