"""Make a message: what goes out once. Every one begins here, as a draft that nobody has seen."""

from __future__ import annotations

from collections.abc import Iterable

from optout.model.broker import Slug
from optout.model.request import Delivery, Message, MessageId, Purpose, RequestId, Said
from optout.model.subject import SubjectId
from optout.model.words import By, Right
from optout.vault.ids import new_id, new_reference
from optout.workflows.desk import Desk, instant


def new_message(
    desk: Desk,
    subject_id: SubjectId,
    broker: Slug,
    *,
    right: Right,
    by: By,
    key: str = "",
    request_ids: Iterable[RequestId] = (),
    purpose: Purpose = Purpose.REQUEST,
    said: Said | None = None,
    as_agent: bool = False,
) -> Message:
    """Return a new draft that goes by this channel; it is not kept yet."""
    return Message(
        id=MessageId(new_id()),
        reference=new_reference(),
        subject_id=subject_id,
        purpose=purpose,
        broker=broker,
        channel_right=right,
        by=by,
        channel_key=key,
        request_ids=tuple(request_ids),
        delivery=Delivery.DRAFT,
        said=said,
        as_agent=as_agent,
        created_at=instant(desk.clock),
    )
