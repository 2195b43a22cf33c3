"""Which of a definition's doubts matter to this person, by this way, in this state."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from optout.model.broker import Channel, Conflict
from optout.model.law import Law, LawKind
from optout.model.subject import Acting, Subject
from optout.model.words import By
from optout.text import Text, as_written

# A doubt about an envelope means nothing to somebody who fills in a form.
_ONLY_BY: Final = MappingProxyType(
    {
        "address": frozenset({By.POST}),
        "phone": frozenset({By.PHONE}),
        "ssn": frozenset({By.WEB, By.PORTAL, By.PHONE}),
    }
)
_ABOUT: Final = MappingProxyType(
    {
        "eligibility": Text("Sources disagree on whom this is for."),
        "scope": Text("Sources disagree on what this covers."),
        "agents": Text("Sources disagree on who may ask."),
        "ssn": Text("Sources disagree on whether a Social Security number is needed."),
        "address": Text("Sources disagree on the address."),
        "phone": Text("Sources disagree on the phone number."),
    }
)


def doubts(channel: Channel, by: By, subject: Subject, law: Law) -> Iterator[Text]:
    """Yield what this person should know, or decide, because sources disagree.

    `law` is the one that the request names there: what is said of a wish hangs on it alone.
    """
    for conflict in channel.conflict:
        if conflict.ask and _matters(conflict, by, subject, law):
            about = _ABOUT.get(conflict.about)
            words = as_written(conflict.ask)
            yield Text("{about} {words}", about=about, words=words) if about else words


def _matters(conflict: Conflict, by: By, subject: Subject, law: Law) -> bool:
    if by not in _ONLY_BY.get(conflict.about, {by}):
        return False
    if conflict.about == "agents" and subject.acting is Acting.SELF:
        return False  # they said so when they came
    return not conflict.without_law or law.kind is LawKind.VOLUNTARY
