"""A law's file was mended: which dates would be others now, and what the person decides.

A stored date never moves by itself. It is counted again from what was written down (when the
request arrived, what was answered, when an appeal left), and only a difference in the days is
shown: a comment or a better citation asks nobody anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from optout.errors import OptoutError, WrongUsage
from optout.model.broker import Broker
from optout.model.law import Law
from optout.model.record import Answer, Correspondence, Deadline, DeadlineKind, StoredDeadline
from optout.model.request import Message, Reference, Request
from optout.model.subject import Subject
from optout.rules.ladder import Followed
from optout.workflows.clocks import appeal_clocks, clocks_of
from optout.workflows.course import appeal_of
from optout.workflows.desk import Desk, reference_of
from optout.workflows.follow_up import tell_what_is_needless
from optout.workflows.record_answer import EVENT_OF

# What a law's file decides. The rest is ours, or the company's own.
_BY_LAW: Final = frozenset(
    {
        DeadlineKind.ACKNOWLEDGE,
        DeadlineKind.OPT_OUT,
        DeadlineKind.RESPONSE,
        DeadlineKind.EXTENDED_RESPONSE,
        DeadlineKind.APPEAL_DECISION,
    }
)
_MAY_GO: Final = _BY_LAW | {DeadlineKind.APPEAL_BY}
_NO_DATE: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """One date that would be another, counted by the law's file as it is now."""

    request: Request
    reference: Reference  # the one that the company sees
    company: str
    law: Law
    kind: DeadlineKind
    old: StoredDeadline | None  # None: no such date was set
    new: Deadline | None  # None: no such date is set any more


def mended_dates(desk: Desk) -> tuple[Mended, ...]:
    """Return every open date that differs, unless the person decided to keep it so."""
    entries = desk.vault.deadlines.due_before(date.max)
    requests = desk.vault.requests.get_many(entry.request_id for entry in entries)
    laws = desk.laws() if requests else {}
    changed = [
        request
        for request in requests.values()
        if request.law in laws and request.law_sha256 != laws[request.law].sha256
    ]
    return tuple(mended for mended in _differences(desk, changed) if not _was_kept(desk, mended))


def take_new(desk: Desk, mended: Mended) -> None:
    """Let the date count that the file sets now."""
    desk.vault.mended_dates.replace(mended.request.id, mended.old, mended.new)
    tell_what_is_needless(desk, [mended.request.id])


def keep_old(desk: Desk, mended: Mended) -> None:
    """Let the stored date count; the same difference is not asked about again."""
    desk.vault.settings.set(_name(mended), _day(mended.new))


def _was_kept(desk: Desk, mended: Mended) -> bool:
    return desk.vault.settings.get(_name(mended)) == _day(mended.new)


def _name(mended: Mended) -> str:
    return f"date-kept:{mended.request.id}:{mended.kind}"


def _day(deadline: Deadline | None) -> str:
    return deadline.due_on.isoformat() if deadline else _NO_DATE


def _differences(desk: Desk, requests: Sequence[Request]) -> Iterator[Mended]:
    """Yield what differs, request by request, with a handful of questions for all of them."""
    ids = [request.id for request in requests]
    if not ids:
        return
    stored = desk.vault.deadlines.for_requests(ids)
    came = desk.vault.correspondence.for_requests(ids)
    carried = desk.vault.messages.for_requests(ids)
    find = cache(desk.find_broker)
    for request in requests:
        try:
            broker = find(request.broker)
        except OptoutError:  # gone from the catalog: its dates stay as they are
            continue
        asked = _Asked(
            request=request,
            subject=desk.vault.subjects.get(request.subject_id),
            broker=broker,
            came=came.get(request.id, ()),
            carried=carried[request.id],
        )
        now = _counted_now(desk, asked)
        for kind, old, new in _compared(desk, asked, stored.get(request.id, ()), now):
            yield Mended(
                request=request,
                reference=reference_of(request, carried[request.id]),
                company=broker.called(),
                law=desk.law(request.law),
                kind=kind,
                old=old,
                new=new,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One request with everything that its dates are counted from."""

    request: Request
    subject: Subject
    broker: Broker
    came: Sequence[Correspondence]
    carried: Sequence[Message]


def _compared(
    desk: Desk,
    asked: _Asked,
    stored: Iterable[StoredDeadline],
    now: Mapping[DeadlineKind, Deadline],
) -> Iterator[tuple[DeadlineKind, StoredDeadline | None, Deadline | None]]:
    live = [entry for entry in stored if not entry.withdrawn]
    for entry in live:
        kind = entry.deadline.kind
        if entry.met or (kind not in now and kind not in _MAY_GO):
            continue
        new = now.get(kind)
        if new is None or new.due_on != entry.deadline.due_on:
            yield kind, entry, new
    today = desk.today(asked.subject)
    known = {entry.deadline.kind for entry in live}
    for kind, new in now.items():
        if kind in _BY_LAW - known and new.due_on >= today:
            yield kind, None, new


def _counted_now(desk: Desk, asked: _Asked) -> Mapping[DeadlineKind, Deadline]:
    """Return the dates by the file as it is now, each counted as it was when it was stored."""
    received = desk.vault.deadlines.received_on(asked.request.id)
    if received is None:
        return {}
    found: dict[DeadlineKind, Deadline] = {}
    try:
        for clock in _replayed(desk, asked, received):
            found.setdefault(clock.kind, clock)
    except WrongUsage:  # the file gives this right no more, or not on that day: it sets no date
        return {}
    return found


def _replayed(desk: Desk, asked: _Asked, received: date) -> Iterator[Deadline]:
    subject, request = asked.subject, asked.request
    appeal = appeal_of(desk, request)
    yield from clocks_of(desk, subject, asked.broker, request, received)
    for entry in asked.came:
        event, on = EVENT_OF.get(entry.answer), entry.received_on
        if event and not (appeal and _is_about(appeal, entry)):
            start = min(received, on)  # an answer shows that the letter came sooner
            yield from clocks_of(desk, subject, asked.broker, request, start, **{event: on})
    if appeal:
        notices = [entry.received_on for entry in asked.came if _is_about(appeal, entry)]
        extended_on = max(notices[0], appeal.received_on) if notices else None
        yield from appeal_clocks(
            desk, subject, request, appeal.received_on, extended_on=extended_on
        )


def _is_about(appeal: Followed, entry: Correspondence) -> bool:
    """Say whether this is a notice that the appeal takes longer."""
    return entry.answer is Answer.EXTENDED and entry.received_on >= appeal.sent_on
