"""Hold an answer against what is written down about its request, before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from optout.errors import Refused
from optout.model.record import Answer
from optout.model.request import Delivery, Purpose, Request
from optout.rules.answer_order import check_answer_order
from optout.rules.days import in_words
from optout.text import Text
from optout.words import word
from optout.workflows.desk import Desk, reference_of


def check_can_answer(desk: Desk, request: Request, answer: Answer, on: date) -> None:
    """Raise where this answer cannot have come on that day; nothing is changed."""
    if answer is Answer.RETURNED:
        return
    carried = desk.vault.messages.for_request(request.id)
    came = desk.vault.correspondence.for_requests((request.id,))
    check_answer_order(
        answer,
        on,
        came.get(request.id, ()),
        reference=reference_of(request, carried),
        appealed=any(
            each.purpose is Purpose.APPEAL and each.delivery is Delivery.SENT for each in carried
        ),
    )


def check_not_written_twice(
    desk: Desk, requests: Sequence[Request], answer: Answer, on: date, *, named: str, reference: str
) -> None:
    """Ask, where the same answer of the same day is written down: it may be the same letter.

    Who wants two things in one mail wrote two answers: `named` tells which.
    """
    came = desk.vault.correspondence.for_requests([each.id for each in requests])
    there = any(
        each.answer is answer
        and each.received_on == on
        and (answer is not Answer.NEEDS_MORE or each.exemption == named)
        for several in came.values()
        for each in several
    )
    if not there:
        return
    told = Text(
        "This answer is written down already: {answer}, on {day}.",
        answer=word(answer),
        day=in_words(on),
    )
    if not desk.person.confirm(
        Text("{told} Did they write the same a second time that day?", told=told), default=False
    ):
        raise Refused(
            told,
            known=Text("Nothing was changed."),
            hint=Text(
                "If another answer came, or on another day, give that one. What is there: optout "
                "status {r}",
                r=reference,
            ),
        )
