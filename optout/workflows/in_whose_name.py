"""In whose name a letter goes: the client's own, or the office's as the agent they signed for.

The client's own is what every letter begins with. An office asks as agent only where somebody says
so for one signed paper, and each letter is tried whole before it changes: law, company, scope, day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from optout.errors import OptoutError, Refused, WrongUsage
from optout.model.clinic import Authorization
from optout.model.request import Delivery, Message, Purpose
from optout.text import Text
from optout.workflows.approve import prepare
from optout.workflows.authorizations import find_paper
from optout.workflows.clinic import NOTHING
from optout.workflows.desk import Desk, errand_for
from optout.workflows.leave_request import check_not_left

_UNSENT: Final = (Delivery.DRAFT, Delivery.READY, Delivery.FAILED)
Stays = tuple[Message, Text]


def ask_as_agent(desk: Desk, typed: str) -> tuple[list[Message], list[Stays]]:
    """Let what waits, and a signed paper covers, go in the office's name; say what cannot.

    Every earlier yes to it is void: what was approved named nobody but the client.
    """
    paper = _agents(find_paper(desk, typed))
    moved: list[Message] = []
    left: list[Stays] = []
    for message in _waiting(desk, paper, as_agent=False):
        changed = replace(message, as_agent=True, delivery=Delivery.DRAFT)
        try:
            errand = errand_for(desk, changed)
            check_not_left(errand)
            prepare(desk, errand)
        except OptoutError as error:
            left.append((message, error.what))
        else:
            moved.append(changed)
    if not moved:
        if not left:
            raise _nothing_waits()
        return [], left
    _ask(desk, paper, moved)
    _rewrite(desk, moved)
    return moved, left


def ask_in_own_name(desk: Desk, typed: str) -> tuple[list[Message], list[Stays]]:
    """Let what waits, and was to go in the office's name, go in the client's own name again."""
    paper = _agents(find_paper(desk, typed))
    moved = [
        replace(message, as_agent=False, delivery=Delivery.DRAFT)
        for message in _waiting(desk, paper, as_agent=True)
    ]
    if not moved:
        raise _nothing_waits()
    _rewrite(desk, moved)
    return moved, []


def _agents(paper: Authorization) -> Authorization:
    if not paper.agent:
        raise WrongUsage(
            Text("This paper is for letters in the client's own name. It makes nobody an agent."),
            known=NOTHING,
            hint=Text("For an agent: optout clinic authorize NUMBER --agent OFFICE --help"),
        )
    return paper


def _waiting(desk: Desk, paper: Authorization, *, as_agent: bool) -> Iterator[Message]:
    """Yield the client's unsent requests to the companies of the paper."""
    for message in desk.vault.messages.list(subject_id=paper.subject_id, deliveries=_UNSENT):
        asks = message.purpose is Purpose.REQUEST and message.request_ids
        if asks and message.broker in paper.brokers and message.as_agent is as_agent:
            yield message


def _nothing_waits() -> WrongUsage:
    return WrongUsage(
        Text("Nothing waits to be sent to the companies of this paper."),
        known=NOTHING,
        hint=Text("First put it on the list: optout plan --person NUMBER --only COMPANY --by post"),
    )


def _ask(desk: Desk, paper: Authorization, moved: list[Message]) -> None:
    """Say what it tells a company; the office says so for the client, knowingly."""
    companies = tuple(dict.fromkeys(desk.find_broker(each.broker).called() for each in moved))
    question = Text(
        "{companies} would read the name of {agent} beside the client's name, and answer to it. "
        "Does the client know that, and want it?",
        companies=companies,
        agent=paper.agent,
    )
    if not desk.person.confirm(question):
        raise Refused(Text("You said no."), known=NOTHING)


def _rewrite(desk: Desk, moved: list[Message]) -> None:
    with desk.vault.together():
        for message in moved:
            desk.vault.messages.rewrite(message)
