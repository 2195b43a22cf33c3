"""Keep a letter that nobody here understands yet: as proof, and as something to look at.

It is no answer: no date moves and no status changes, before somebody has read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from optout.model.record import Task, TaskKind
from optout.rules.wanted import NEVER_SEND
from optout.text import Text
from optout.vault.ids import new_id
from optout.workflows.desk import Desk, instant
from optout.workflows.find import find_requests
from optout.workflows.record_answer import Paper, answered_message, keep_paper

_KINDS: Final = (
    Text("- They got your request, and will answer later."),
    Text("- They want something more from you before they go on."),
    Text("- They did it, or a part of it."),
    Text("- They say no, and why."),
    Text("- They send you what they hold about you."),
    Text("- Your letter came back."),
)


def keep_not_understood(desk: Desk, reference: str, papers: tuple[Paper, ...]) -> None:
    """Keep what came, and put it on the list of what is to do; nothing else changes."""
    requests = find_requests(desk, reference)
    message = answered_message(desk, requests[0])
    for paper in papers:
        keep_paper(desk, message, requests, paper)
    waits = {task.request_id for task in desk.vault.tasks.open() if _is_about_it(task)}
    if requests[0].id not in waits:
        desk.vault.tasks.add(
            Task(
                id=new_id(),
                kind=TaskKind.UNDERSTAND,
                request_id=requests[0].id,
                minutes=10,
                created_at=instant(desk.clock),
            )
        )


def _is_about_it(task: Task) -> bool:
    return task.kind is TaskKind.UNDERSTAND


def what_it_can_be(reference: str) -> Iterator[Text]:
    """Yield what such letters say, whom to ask, and what not to do meanwhile."""
    yield Text("Nothing was changed by it: the dates of your request go on.")
    yield Text("What companies write is mostly one of these:")
    yield from _KINDS
    yield Text(
        "Show it to a clinic, or to somebody you trust who reads English. Do it soon: a letter can "
        "name a last day."
    )
    yield Text("Until you know what it says, send them nothing.")
    yield Text("Never send them: {what}", what=NEVER_SEND)
    yield Text("One page for whoever helps you: optout report --for-helper")
    yield Text("When you know what it says: optout record {r}", r=reference)
