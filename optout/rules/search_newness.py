"""What one search would tell a company that it may not know, and whether that may be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from optout.model.fields import Field
from optout.model.payload import Newness
from optout.model.secret import Secret
from optout.model.subject import Identifier, PersonName, Share, Subject
from optout.model.words import Holding
from optout.rules.disclosure import Fact, Seen, facts_of
from optout.rules.searches import told_by
from optout.text import Text


def search_newness(
    subject: Subject, values: Mapping[Field, Secret[str]], seen: Seen
) -> Mapping[Field, Newness]:
    """Say of each value whether the company probably has it; of what nobody can say: NEW."""
    facts = _facts(subject, values, seen.on)
    return {
        field: seen.newness(field, facts[field]) if field in facts else Newness.NEW
        for field in values
    }


def why_not_told(
    subject: Subject, values: Mapping[Field, Secret[str]], seen: Seen
) -> tuple[Field, Text] | None:
    """Return the first value that goes only to companies that have it, and why it may be new."""
    for field, fact in _facts(subject, values, seen.on).items():
        why = seen.why_new(field, fact)
        if fact.share is not Share.ASK and why is not None:
            return field, Text(why.template, company=seen.broker.called())
    return None


def _facts(subject: Subject, values: Mapping[Field, Secret[str]], on: date) -> Mapping[Field, Fact]:
    """Return where each value comes from: what is true today first, then any other fact."""
    today = facts_of(subject, on).given
    found = {}
    for field, value in values.items():
        fact = today.get(field)
        if fact is not None and fact.value == value:
            found[field] = fact
            continue
        others = (_fact(known, field) for known in subject.identifiers)
        match = next((each for each in others if each and each.value == value), None)
        if match is not None:
            found[field] = match
    return found


def _fact(known: Identifier, field: Field) -> Fact | None:
    said = told_by(known.value).get(field)
    if not said:
        return None
    is_name = isinstance(known.value, PersonName)
    return Fact(
        value=Secret(said),
        share=known.share,
        since=known.valid_from or (date.min if is_name else None),
        held_as=Holding.NAME if is_name else Holding.HOME_ADDRESS,
    )
