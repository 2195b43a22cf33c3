"""What a company was given before, and when: it decides what counts as new to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from optout.model.broker import Broker, Slug
from optout.model.fields import Field
from optout.model.subject import SubjectId
from optout.workflows.desk import Desk


def given_to(desk: Desk, subject_id: SubjectId, broker: Broker) -> Mapping[Field, date]:
    """Return each field the company got from us, with the last day it got it."""
    rows = desk.vault.disclosures.to_recipient(subject_id, (broker.slug,))
    if not rows:
        return {}
    subject = desk.vault.subjects.get(subject_id)
    return {row.field: desk.day_of(row.at, subject) for row in rows if not row.came_back}


def given_to_each(
    desk: Desk, subject_id: SubjectId, brokers: Iterable[Broker]
) -> Mapping[Slug, Mapping[Field, date]]:
    """Return the same of many companies; whoever was given nothing yet is asked about once."""
    if not desk.vault.disclosures.any_for(subject_id):
        return {}
    return {broker.slug: given_to(desk, subject_id, broker) for broker in brokers}
