"""Under 18: nothing by default, because asking can create a record (SAFETY 6)."""

from __future__ import annotations

from datetime import date
from typing import Final

from optout.errors import Refused
from optout.model.fields import IdentifierKind
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.model.words import By, WhoMayAsk
from optout.text import Text

ADULT_AT: Final = 18
_WHY: Final = Text(
    "This person is under 18. Asking a company about a child can create a record that was not"
    " there before, so nothing is planned."
)
_HOW: Final = Text("Only a parent may choose to ask, and only by post.")


def is_minor(subject: Subject, on: date) -> bool:
    """Say whether any birth date written down makes the subject younger than 18 that day.

    Somebody born on 29 February comes of age on 1 March: the later day, to be careful.
    """
    return any(_age(born, on) < ADULT_AT for born in _birth_dates(subject))


def check_not_minor(subject: Subject, on: date) -> None:
    """Raise unless the subject is of age, or a parent chose to ask for them."""
    if is_minor(subject, on) and not subject.minor_allowed_by_parent:
        raise Refused(_WHY, known=Text("Nothing was sent."), hint=_HOW)


def may_be_asked(subject: Subject, by: By, who_may_ask: tuple[WhoMayAsk, ...], on: date) -> bool:
    """Say whether the subject's age allows this way: a parent asks by post, where that is taken."""
    if not is_minor(subject, on):
        return True
    return subject.minor_allowed_by_parent and by is By.POST and WhoMayAsk.PARENT in who_may_ask


def why_not(subject: Subject, on: date) -> Text | None:
    """Return the sentence that a plan shows instead of lines, or None for an adult."""
    if is_minor(subject, on) and not subject.minor_allowed_by_parent:
        return Text("{why} {how}", why=_WHY, how=_HOW)
    return None


def _birth_dates(subject: Subject) -> list[date]:
    found = []
    for each in subject.identifiers:
        if each.kind is IdentifierKind.BIRTH_DATE and isinstance(each.value, Secret):
            born = each.value.reveal()
            if isinstance(born, date):
                found.append(born)
    return found


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
