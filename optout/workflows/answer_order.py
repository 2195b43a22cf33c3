"""Hold an answer against what is written down about its request, before it is kept."""

from __future__ import annotations

from datetime import date

from optout.model.record import Answer
from optout.model.request import Delivery, Purpose, Request
from optout.rules.answer_order import check_answer_order
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
