"""What an answer that was written down means, and what comes next: for the terminal and the page.

Each line is a name and what it says; a line with nothing to say is left out by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from optout.due_words import said_basis
from optout.model.record import Answer
from optout.model.words import By
from optout.rules.days import in_words, written
from optout.rules.wanted import NEVER_SEND
from optout.text import Text
from optout.words import said_by_company, word
from optout.workflows.record_answer import Recorded

AFTER_RETURN = Text("They never got it, so no date runs any more.")
AFTER_BOUNCE = Text(
    "It may not have been read, so no date runs any more. What was in it counts as given: their "
    "server may have had it."
)
_MEANS: Final[Mapping[Answer, Text]] = {
    Answer.ACKNOWLEDGED: Text("They have it. This is no answer yet: the dates go on."),
    Answer.EXTENDED: Text("They want more time. This is no answer yet."),
    Answer.FULFILLED: Text("“Did it” is what the company wrote. Nobody outside can check it."),
    Answer.PARTIAL: Text("Some of it is not done. Read which part, and why."),
    Answer.DENIED: Text("They refuse. Read why. What comes next is your choice."),
    Answer.FILE_RECEIVED: Text(
        "What they sent can name other people too. Keep it where nobody else reads it."
    ),
}

Line = tuple[Text, Text | str | None]


def told(recorded: Recorded) -> Iterator[Line]:
    """Yield everything that a person is told once an answer was written down."""
    request, entry = recorded.request, recorded.correspondence
    waits = entry.answer is Answer.NEEDS_MORE
    what = Text("{r} ({what})", r=recorded.reference, what=word(request.right))
    yield Text("Request"), recorded.reference if recorded.instead else what
    yield Text("Company"), recorded.company
    yield Text("It came on"), in_words(entry.received_on)
    yield Text("Their answer"), said_by_company(request.status, request.reason)
    yield Text("What it means"), _MEANS.get(entry.answer)
    yield Text("They want"), word(entry.wanted) if entry.wanted else None
    yield Text("Never send them"), NEVER_SEND if waits else None
    for each in recorded.advice:
        yield Text("Think of this"), each
    yield from _dates(recorded)
    yield from _after_return(recorded)
    yield from _after_all(recorded)
    yield from _needless(recorded)
    yield Text("Next"), recorded.next_step()


def _dates(recorded: Recorded) -> Iterator[Line]:
    for deadline in recorded.deadlines:
        day, basis = written(deadline.due_on), said_basis(deadline.basis)
        yield word(deadline.kind), Text("{day} ({basis})", day=day, basis=basis)


def _after_return(recorded: Recorded) -> Iterator[Line]:
    """Yield that no date runs any more, and how it can go instead."""
    if recorded.returned is None:
        return
    yield Text("Dates"), AFTER_BOUNCE if recorded.returned is By.EMAIL else AFTER_RETURN
    for message in recorded.instead:
        again = Text("by {by} again, to an address that you looked up first: optout file {r}")
        other = Text("by {by}: optout file {r}")
        text = again if message.by is recorded.returned else other
        yield Text("Instead"), Text(text.template, by=word(message.by), r=message.reference)


def _needless(recorded: Recorded) -> Iterator[Line]:
    """Yield which letters after the request nobody needs any more."""
    for reference in recorded.off_the_list:
        yield Text("Not needed"), Text("{r} is off the list.", r=reference)
    for reference in recorded.not_needed:
        yield Text("Not needed"), Text("{r}: throw it away, do not send it.", r=reference)


def _after_all(recorded: Recorded) -> Iterator[Line]:
    """Yield that it arrived, and what becomes of what was to go in its place."""
    found = recorded.after_all
    if found is None:
        return
    yield Text("Dates"), Text("It arrived after all, so the dates of before count again.")
    for reference in found.off_the_list:
        yield Text("Not needed"), Text("{r} is off the list.", r=reference)
    for reference in found.not_needed:
        yield Text("Not needed"), Text("{r}: throw it away, do not send it.", r=reference)
    for reference in found.in_hand:
        yield Text("In your hands"), Text("{r}: they have all of it already.", r=reference)
    for reference in found.sent_too:
        yield Text("Sent too"), Text("{r}: they may answer twice.", r=reference)
