"""Send what is on the list another way: only what was not delivered, and after a new look at it.

Not delivered is certain of what waits, of what the person says they did not send, and of what a
run stopped before its last button. Where there is any doubt, that doubt is settled first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.plan import Plan, PlanLine
from optout.model.request import (
    Delivery,
    Message,
    Presence,
    Request,
    RequestId,
    Status,
)
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules.ways import BY_WORDS
from optout.text import Text
from optout.words import word
from optout.workflows.accept_plan import take_off_the_list, together
from optout.workflows.desk import Desk, carrier
from optout.workflows.make_plan import Wish, offered, plan_for, taken_lines
from optout.workflows.new_message import new_message
from optout.workflows.plan_offer import lines_offer

Asked = tuple[Slug, Right]

_STUCK: Mapping[Delivery, Text] = {
    Delivery.HANDED_OVER: Text(
        "{right} ({r}): it is written already, to go by {by}. If you sent it: optout letter post "
        "{r}. If you did not, say so, then ask for the other way again: optout letter post {r} "
        "--not-sent"
    ),
    Delivery.SENT: Text("{right} ({r}): it was sent by {by}. Nothing is sent twice: optout due"),
    Delivery.UNKNOWN: Text(
        "{right} ({r}): it went by {by}, and we do not know whether it arrived. Find out first: "
        "optout reconcile {r}"
    ),
}
_LISTED = Text("On your list already: {right} ({r}), by {by}. Look at it: optout file {r}")
_ALREADY = Text("{right} ({r}): it goes by {by} already. Look at it: optout file {r}")
_SEEN = Text(
    "{right} ({r}): it was tried by {by} and not filed, but they may have seen what was typed. "
    "Another way does not take that back."
)
_TOGETHER = Text(
    "{right} ({r}): it was tried by {by} together with the rest of {r}, and what was given belongs "
    "to all of it. So all of it goes another way, or all of it stays."
)
_RUNNING = Text("{right} ({r}): it is being sent by {by} right now. Look later: optout status")
_ANSWERED = Text("{right} ({r}): they answered it, so nothing is asked again: optout status")
_UNDELIVERED = frozenset({Delivery.DRAFT, Delivery.READY, Delivery.FAILED})


GO_SO = Text("Nothing is sent yet. Which of them shall go this way instead?")
GO_SO_BY_NUMBER = Text(
    "Nothing is sent yet. Which of them shall go this way instead? All (a), some by number (such "
    "as 1,3), or none (n)"
)


class NothingMoved(Refused):
    """Everything on the list stays as it is, for reasons that were told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One request on the list, with the newest message that asks it."""

    request: Request
    message: Message
    left: Message | None = None  # carried it, or what confirms it, and may have arrived

    @property
    def asked(self) -> Asked:
        """Return what names it in a plan."""
        return (self.request.broker, self.request.right)

    @property
    def may_move(self) -> bool:
        """Say whether it was certainly not delivered."""
        return self.left is None and self.request.status is Status.OPEN

    def why_not(self) -> Text:
        """Say what stands against another way, and what to do."""
        if self.left is None:
            return self._told(_ANSWERED)
        return self._told(_STUCK.get(self.left.delivery, _RUNNING))

    def said(self) -> Text:
        """Say that it is on the list, and by which way it goes."""
        return self._told(_LISTED)

    def goes_so_already(self) -> Text:
        """Say that it will go by the wished way anyhow."""
        return self._told(_ALREADY)

    def was_seen(self) -> Text | None:
        """Say what the company may have seen of it, if it was tried."""
        return self._told(_SEEN) if self.message.seen_by_broker else None

    def belongs_together(self) -> Text:
        """Say that all of what was tried goes another way, or none of it."""
        return self._told(_TOGETHER)

    def _told(self, text: Text) -> Text:
        return Text(
            text.template,
            right=word(self.request.right),
            r=self.message.reference,
            by=word(self.message.by),
        )


def on_the_list(desk: Desk, subject: Subject, companies: Sequence[Slug]) -> tuple[Listed, ...]:
    """Return what is asked of these companies already and not settled."""
    requests = [
        request
        for request in desk.vault.requests.list(
            subject_id=subject.id, statuses=(Status.OPEN, Status.IN_PROGRESS)
        )
        if request.broker in companies
    ]
    carried = desk.vault.messages.for_requests([request.id for request in requests])
    return tuple(
        Listed(
            request=request,
            message=carrier(carried[request.id]),
            left=_may_have_arrived(desk, carried[request.id]),
        )
        for request in requests
        if carried[request.id]
    )


def _may_have_arrived(desk: Desk, carried: Sequence[Message]) -> Message | None:
    """Return the newest message that left, or is leaving, and did not come back."""
    for message in reversed(carried):
        if message.delivery not in _UNDELIVERED and not _came_back(desk, message):
            return message
    return None


def _came_back(desk: Desk, message: Message) -> bool:
    attempt = desk.vault.outbox.last_attempt(message.id)
    return attempt is not None and attempt.came_back


def move_with_person(
    desk: Desk, subject: Subject, wish: Wish, *, about: Collection[RequestId] = ()
) -> tuple[Message, ...]:
    """Offer the other way for what is on the list; return the messages as they stand then.

    `about`: these requests alone, where the company is asked for more. Raises NothingMoved where
    nothing can be; every reason was told before. Raises Refused where only a part was taken of
    what was tried as one.
    """
    assert wish.prefer  # somebody named a way
    listed = [
        each
        for each in on_the_list(desk, subject, wish.only)
        if not about or each.request.id in about
    ]
    elsewhere = [each for each in listed if each.message.by is not wish.prefer]
    for each in listed:
        if text := _first_told(each, wish.prefer):
            desk.person.tell(text)
    movable = {each.asked: each for each in elsewhere if each.may_move}
    made = _planned_anew(desk, subject, wish, movable)
    lines = [line for line in made.lines if line.by is wish.prefer]
    lines = [line for line in lines if (line.broker, line.right) in movable]
    for text in _stay(movable, made, wish.prefer):
        desk.person.tell(text)
    torn = _torn(desk, lines, movable)
    for each in torn:
        desk.person.tell(each.belongs_together())
    lines = [line for line in lines if movable[(line.broker, line.right)] not in torn]
    if not lines:
        if not elsewhere:
            return ()
        raise NothingMoved(
            Text("Nothing on your list was changed."),
            known=Text("Nothing was sent."),
            hint=Text("See: optout status"),
        )
    desk.person.tell(Text("This is on your list to go another way. It can go like this instead:"))
    typed = offered(desk.person, lines_offer(lines, GO_SO, GO_SO_BY_NUMBER), wish.take)
    taken = taken_lines(desk.person, lines, typed)
    for each in _torn(desk, taken, movable):
        raise Refused(
            each.belongs_together(),
            known=Text("Nothing on your list was changed, and nothing was sent."),
            hint=Text("Take all of {r}, or nothing of it.", r=each.message.reference),
        )
    return _move(desk, subject, taken, movable)


def still_to_ask(desk: Desk, subject: Subject, wish: Wish) -> frozenset[Slug]:
    """Return the companies that could be asked for more than what is on the list."""
    known = dict.fromkeys(wish.only, Presence.EVIDENCE)  # whatever the five answers will be
    made = plan_for(desk, subject, {}, wish, known=known) if wish.only else Plan()
    return frozenset(line.broker for line in made.lines)


def _torn(
    desk: Desk, lines: Sequence[PlanLine], movable: Mapping[Asked, Listed]
) -> tuple[Listed, ...]:
    """Return what was tried together and would not travel together.

    What was given in a try hangs on its message: a request that left it would forget that.
    """
    torn: list[Listed] = []
    for group in together(lines, lines):
        listed = [movable[(line.broker, line.right)] for line in group]
        here = {each.request.id for each in listed}
        torn += [
            each
            for each in listed
            if not here.issuperset(each.message.request_ids)
            and desk.vault.outbox.last_attempt(each.message.id)
        ]
    return tuple(torn)


def _first_told(each: Listed, wished: By) -> Text | None:
    if each.message.by is wished:
        return each.goes_so_already()
    return each.was_seen() if each.may_move else each.why_not()


def _planned_anew(
    desk: Desk, subject: Subject, wish: Wish, movable: Mapping[Asked, Listed]
) -> Plan:
    """Plan these requests once more, by the way that is wished; the questions were asked before."""
    known = {each.request.broker: each.request.presence for each in movable.values()}
    if not movable:
        return Plan()
    return plan_for(
        desk,
        subject,
        {},
        replace(wish, wide=False, only=tuple(known)),
        known=known,
        insist=[slug for slug, presence in known.items() if presence is Presence.UNLIKELY],
        rights={each.request.right for each in movable.values()},
        afresh=movable.keys(),
    )


def _stay(movable: Mapping[Asked, Listed], made: Plan, wished: By) -> Iterator[Text]:
    """Yield why something stays as it is: the wished way is not open for it."""
    lines = {(line.broker, line.right): line for line in made.lines}
    for asked, each in movable.items():
        line = lines.get(asked)
        if line is not None and line.by is wished:
            continue
        closed = [
            other
            for other in (line.other_ways if line else ())
            if other.values.get("way") == BY_WORDS[wished]
        ]
        closed += [
            left.text
            for left in made.leave_alone
            if (left.broker, left.right) == asked and not line
        ]
        yield Text(
            "{right} ({r}): it stays as it is, by {by}. {why}",
            right=word(each.request.right),
            r=each.message.reference,
            by=word(each.message.by),
            why=closed[0] if closed else Text("{way}: no way is known.", way=BY_WORDS[wished]),
        )


def _move(
    desk: Desk, subject: Subject, taken: Sequence[PlanLine], movable: Mapping[Asked, Listed]
) -> tuple[Message, ...]:
    """Write it down in one commit: the new way, the law it may name, and no yes to it."""
    moved: list[Message] = []
    with desk.vault.together():
        for line in taken:
            request = movable[(line.broker, line.right)].request
            if request.law != line.law.law.id or request.law_sha256 != line.law.law.sha256:
                desk.vault.requests.ask_under(request.id, line.law.law.id, line.law.law.sha256)
        for group in together(taken, taken):
            listed = [movable[(line.broker, line.right)] for line in group]
            moved += _carry_together(desk, subject, group, listed)
    return tuple(moved)


def _carry_together(
    desk: Desk, subject: Subject, group: Sequence[PlanLine], listed: Sequence[Listed]
) -> Iterator[Message]:
    """Put these requests into one message, and yield it.

    A message that was tried before keeps its own proof, so it stays a message of its own.
    """
    way, wanted = group[0], {each.request.id for each in listed}
    sources = {each.message.id: desk.vault.messages.get(each.message.id) for each in listed}
    whole = [each for each in sources.values() if wanted.issuperset(each.request_ids)]
    alone = [each for each in whole if desk.vault.outbox.last_attempt(each.id)]
    for message in alone:
        yield _rewritten(desk, message, way, message.request_ids)
        wanted.difference_update(message.request_ids)
    ids = tuple(each.request.id for each in listed if each.request.id in wanted)
    joined = [each for each in whole if each not in alone]
    for message in sources.values():
        if message not in alone and message not in joined[:1]:
            take_off_the_list(desk, message, ids)
    if joined:
        yield _rewritten(desk, joined[0], way, ids)
    elif ids:
        added = _with_way(_message(desk, subject, way), way, ids)
        desk.vault.messages.add(added)
        yield added


def _rewritten(desk: Desk, message: Message, way: PlanLine, ids: tuple[RequestId, ...]) -> Message:
    changed = _with_way(message, way, ids)
    desk.vault.messages.rewrite(changed)
    return changed


def _with_way(message: Message, way: PlanLine, ids: tuple[RequestId, ...]) -> Message:
    assert way.channel  # what is on a list has one
    return replace(
        message,
        by=way.by,
        channel_right=way.right,
        channel_key=way.channel.key,
        request_ids=ids,
        delivery=Delivery.DRAFT,
        leg=0,
        as_agent=message.as_agent and way.by is By.POST,  # an agent's letter is the only kind
    )


def _message(desk: Desk, subject: Subject, way: PlanLine) -> Message:
    return new_message(desk, subject.id, way.broker, right=way.right, by=way.by)
