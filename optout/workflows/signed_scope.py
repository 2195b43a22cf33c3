"""What a client's consent lists, line by line: a company, a request, and the facts it tells.

The lines to sign are made of what waits for this client, as each yes would show it. The consent is
printed from the lines that were kept, and the same lines are what may be sent: nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from optout.drafting.papers import Asked, Given
from optout.errors import OptoutError, WrongUsage
from optout.model.broker import Broker
from optout.model.clinic import Allowed, Authorization
from optout.model.fields import Field
from optout.model.payload import Newness
from optout.model.request import Delivery, Message, Presence, Purpose
from optout.model.secret import Personal, Secret
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules.disclosure import newness_of_each, values_for
from optout.rules.used_fields import fields_needed
from optout.text import Text
from optout.workflows.approve import Prepared, prepare, presence_of
from optout.workflows.authorizations import Scope
from optout.workflows.clinic import NOTHING
from optout.workflows.desk import Desk, errand_for
from optout.workflows.given import given_to
from optout.workflows.leave_request import was_left
from optout.workflows.plan_scan import searches_at

_WAITING: Final = (Delivery.DRAFT, Delivery.READY, Delivery.FAILED)
_TO_SIGN: Final = frozenset(Purpose) - {Purpose.COMPLAINT}  # a public body: asked by itself


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Waiting(Personal):
    """One message that waits, and every fact that it tells until it is through."""

    prepared: Prepared
    values: Mapping[Field, Secret[str]]

    @property
    def message(self) -> Message:
        return self.prepared.errand.message

    @property
    def rights(self) -> tuple[Right, ...]:
        return tuple(request.right for request in self.prepared.errand.requests)

    def lines(self, looks: Collection[Field] = ()) -> Iterator[Allowed]:
        """Yield what has to be signed for it, with what a search there `looks` for."""
        for right in self.rights:
            yield _line(str(self.prepared.errand.broker.slug), right, {*self.values, *looks})


_Untold = tuple[Message, Text]


def scope_of(
    desk: Desk,
    subject: Subject,
    until: date,
    *,
    companies: Collection[str] = (),
    rights: Collection[Right] = (),
    fields: Collection[Field] = (),
) -> Scope:
    """Return what a client shall sign: what waits for them, or the part of it that is named.

    What does not wait can be signed for, too, where company, request and facts are all named.
    """
    waiting, untold = _waiting(desk, subject, _TO_SIGN, as_agent=False)
    slugs = tuple(dict.fromkeys(str(desk.find_broker(each).slug) for each in companies))
    found = _joined(
        line
        for each in waiting
        for line in each.lines(_told_by_search(desk, subject, each.prepared.errand.broker))
        if (not slugs or line.broker in slugs) and (not rights or line.right in rights)
    )
    if fields:
        named = ((broker, right) for broker in slugs for right in rights)
        pairs = dict.fromkeys([*found, *named])
        found = {pair: _line(*pair, fields) for pair in pairs}
    left = tuple(_not_on_it(*each) for each in untold if not slugs or each[0].broker in slugs)
    if not found:
        raise _nothing_to_sign(left, named=bool(slugs))
    lines = sorted(found.values(), key=lambda line: _place(desk, line))
    return Scope(lines=tuple(lines), until=until, left=left)


def _place(desk: Desk, line: Allowed) -> tuple[str, int]:
    """Return where a line stands: by company, requests in one order, so papers read alike."""
    return desk.find_broker(line.broker).called(), tuple(Right).index(line.right)


def _told_by_search(desk: Desk, subject: Subject, broker: Broker) -> tuple[Field, ...]:
    """Return what a search there tells of this person: an office looks before and after."""
    if broker.search is None:
        return ()
    # They say yes or no to each of these facts, so none is left out as new to the company.
    searches, _why = searches_at(desk, subject, broker, Presence.LIKELY)
    return _in_order({field for each in searches for field in each.values.values})


def _joined(lines: Iterable[Allowed]) -> dict[tuple[str, Right], Allowed]:
    """Return one line for each company and request: one of it may be a reminder by post."""
    found: dict[tuple[str, Right], Allowed] = {}
    for line in lines:
        pair = (line.broker, line.right)
        earlier = found.get(pair, line)
        found[pair] = _line(*pair, {*earlier.fields, *line.fields})
    return found


def _line(broker: str, right: Right, fields: Collection[Field]) -> Allowed:
    return Allowed(broker=broker, right=right, fields=_in_order(fields))


def _in_order(fields: Collection[Field]) -> tuple[Field, ...]:
    return tuple(field for field in Field if field in fields)


def _nothing_to_sign(left: Sequence[Text], *, named: bool) -> WrongUsage:
    if left:
        return WrongUsage(Text("There is nothing to sign yet. {why}", why=left[0]), known=NOTHING)
    if named:
        return WrongUsage(
            Text("No such request to this company waits, so say what it may be told."),
            known=NOTHING,
            hint=Text(
                "As in: --company COMPANY --right RIGHT --tells full_name. Or first: optout clinic "
                "plan"
            ),
        )
    return WrongUsage(
        Text("Nothing waits to be sent for this client, so say what they allow."),
        known=NOTHING,
        hint=Text(
            "Name it: --company COMPANY --right RIGHT --tells WHAT, or first: optout clinic plan"
        ),
    )


def listed(
    desk: Desk, subject: Subject, paper: Authorization
) -> tuple[tuple[Asked, ...], tuple[Text, ...]]:
    """Return each line of a paper with the facts of today, and what waits and is not on it."""
    waiting, untold = _waiting(desk, subject, _TO_SIGN, as_agent=False)
    groups: dict[tuple[str, tuple[Field, ...]], list[Right]] = {}
    for line in paper.scope:
        groups.setdefault((line.broker, line.fields), []).append(line.right)
    rows = tuple(
        _row(desk, subject, waiting, broker, rights=tuple(rights), fields=fields)
        for (broker, fields), rights in groups.items()
    )
    return rows, tuple(_beyond(paper, waiting, untold))


def _row(
    desk: Desk,
    subject: Subject,
    waiting: Sequence[_Waiting],
    slug: str,
    *,
    rights: tuple[Right, ...],
    fields: tuple[Field, ...],
) -> Asked:
    for each in waiting:
        if each.message.broker == slug and set(rights) & set(each.rights):
            told = {**_values(desk, subject, fields), **each.values}
            row = _asked(desk, each.prepared, {field: told[field] for field in fields}, rights)
            return replace(row, looks=_looks(desk, subject, each.prepared.errand.broker, fields))
    broker = desk.find_broker(slug)
    earlier = given_to(desk, subject.id, broker)
    return Asked(
        company=broker.called(),
        rights=rights,
        by=_first_way(broker, rights[0]),
        given=tuple(
            Given(field=field, value=value.reveal(), new=field not in earlier)
            for field, value in _values(desk, subject, fields).items()
        ),
        looks=_looks(desk, subject, broker, fields),
    )


def _looks(
    desk: Desk, subject: Subject, broker: Broker, fields: Collection[Field]
) -> tuple[Field, ...]:
    """Return what a search tells, where this line covers all of it."""
    told = _told_by_search(desk, subject, broker)
    return told if set(told) <= set(fields) else ()


def _values(desk: Desk, subject: Subject, fields: Collection[Field]) -> dict[Field, Secret[str]]:
    """Return the value of each field; one that is not known is a line to fill by hand."""
    known = values_for(subject, fields, on=desk.today(subject))
    return {field: known.get(field, Secret("")) for field in fields}


def _first_way(broker: Broker, right: Right) -> By:
    ways = (by for channel in broker.channel if channel.right is right for by in channel.by)
    return next(ways, By.POST)


def _beyond(
    paper: Authorization, waiting: Sequence[_Waiting], untold: Sequence[_Untold]
) -> Iterator[Text]:
    lines = {(line.broker, line.right): set(line.fields) for line in paper.scope}
    for each in waiting:
        if any(
            not set(line.fields) <= lines.get((line.broker, line.right), set())
            or (line.broker, line.right) not in lines
            for line in each.lines()
        ):
            why = Text(
                "It is more than what was written down to be signed: {r}. A paper with all that "
                "waits: optout clinic authorize NUMBER --until {until}",
                r=paper.reference,
                until=paper.expires_on,
            )
            yield _not_on_it(each.message, why)
    yield from (_not_on_it(*each) for each in untold)


def _not_on_it(message: Message, why: Text) -> Text:
    return Text("Not on this paper: {reference}. {why}", reference=message.reference, why=why)


def waiting_asks(desk: Desk, subject: Subject) -> tuple[tuple[Asked, ...], tuple[Text, ...]]:
    """Return what waits for a yes of this person, as the yes itself would show it."""
    waiting, untold = _waiting(desk, subject, {Purpose.REQUEST})
    rows = tuple(_asked(desk, each.prepared, each.values, each.rights) for each in waiting)
    left = tuple(_not_on_it(*each) for each in untold)
    if not rows and not left:
        left = (Text("Nothing is on the list yet, so its lines are blank. First: optout plan"),)
    return rows, left


def _waiting(
    desk: Desk, subject: Subject, purposes: Collection[Purpose], *, as_agent: bool = True
) -> tuple[tuple[_Waiting, ...], tuple[_Untold, ...]]:
    """Return what waits for this person, and what cannot be told yet, with the reason."""
    found, untold = [], []
    for message in desk.vault.messages.list(subject_id=subject.id, deliveries=_WAITING):
        if message.purpose not in purposes or (message.as_agent and not as_agent):
            continue
        try:
            errand = errand_for(desk, message)
            if not was_left(message, errand.requests):
                found.append(_told(desk, prepare(desk, errand, for_signing=True)))
        except OptoutError as error:
            untold.append((message, error.what))
    return tuple(found), tuple(untold)


def _told(desk: Desk, prepared: Prepared) -> _Waiting:
    """Add what a form asks for later on, behind a link in a mail: one yes is for all of it."""
    errand = prepared.errand
    shown = prepared.payload.values
    later: tuple[Field, ...] = ()
    if errand.message.by is By.WEB:
        every = fields_needed(errand.broker, errand.channel, By.WEB)
        later = tuple(field for field in every if field not in shown)
    known = values_for(errand.subject, later, on=desk.today(errand.subject))
    return _Waiting(prepared=prepared, values={**shown, **known})


def _asked(
    desk: Desk,
    prepared: Prepared,
    values: Mapping[Field, Secret[str]],
    rights: tuple[Right, ...],
) -> Asked:
    errand = prepared.errand
    newness = dict(prepared.newness)
    later = [field for field in values if field not in newness]
    if later:
        newness |= newness_of_each(
            errand.subject,
            errand.broker,
            later,
            presence=presence_of(desk, errand),
            earlier=given_to(desk, errand.subject.id, errand.broker),
            on=desk.today(errand.subject),
        )
    return Asked(
        company=errand.broker.called(),
        rights=rights,
        by=errand.message.by,
        given=tuple(
            Given(field=field, value=value.reveal(), new=newness[field] is Newness.NEW)
            for field, value in values.items()
        ),
    )
