"""Which forms staff may file while the client is not there: signed for, with no step of theirs.

What the client must swear, show or answer within hours waits for the client. Whether a form tells
more than they signed for is looked at when it is approved: here nothing is prepared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache, cached_property

from optout.errors import OptoutError
from optout.model.broker import Broker, Channel, Slug
from optout.model.clinic import Authorization, AuthorizationKind
from optout.model.request import Message, Purpose
from optout.model.subject import SubjectId
from optout.model.words import By, Right
from optout.rules.authorized import Wanted, why_not_allowed
from optout.rules.flows import confirmation_of
from optout.workflows.approve_many import what_only_they_do
from optout.workflows.desk import Desk
from optout.workflows.sessions import is_dead_by, next_session


class StaffAlone:
    """Answers it for every form of one docket; what all of them share is read once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._is_without_client = cache(self._look_at_form)

    def may_file(self, message: Message, asked: Sequence[Right], today: date) -> bool:
        """Say whether nobody but staff is needed for one form, up to its last button."""
        if message.by is not By.WEB or message.purpose is not Purpose.REQUEST:
            return False
        rights = tuple(asked)
        return self._is_without_client(
            message.broker, message.channel_right, message.channel_key, rights
        ) and self._is_signed(message, rights, today)

    def _look_at_form(self, slug: Slug, right: Right, key: str, asked: tuple[Right, ...]) -> bool:
        try:
            broker = self._desk.find_broker(slug)
        except OptoutError:
            return False
        channel = broker.find_channel(right, By.WEB, key)
        if channel is None:
            return False
        channels = [broker.find_channel(each, By.WEB, key) or channel for each in asked]
        return what_only_they_do(broker, channels, By.WEB) is None and not self._dies(
            broker, channel
        )

    def _dies(self, broker: Broker, channel: Channel) -> bool:
        """Say whether it mails a link or a code that is dead before clients come next."""
        flow = broker.flow.get(channel.flow)
        mail = confirmation_of(flow, 1) if flow else None
        if mail is None:
            return False
        until = self._desk.clock() + timedelta(hours=mail.within_hours)
        return is_dead_by(self._desk.day_here(until), self._session)

    @cached_property
    def _session(self) -> date:
        return next_session(self._desk)

    @cached_property
    def _papers(self) -> Mapping[SubjectId, Sequence[Authorization]]:
        found: dict[SubjectId, list[Authorization]] = {}
        for paper in self._desk.vault.authorizations.list():
            found.setdefault(paper.subject_id, []).append(paper)
        return found

    def _is_signed(self, message: Message, rights: tuple[Right, ...], today: date) -> bool:
        wanted = Wanted(
            subject_id=message.subject_id,
            kind=AuthorizationKind.OWN_NAME,
            broker=str(message.broker),
            rights=rights,
            fields=(),
            on=today,
        )
        return why_not_allowed(self._papers.get(message.subject_id, ()), wanted) is None
