"""What a definition lets out: which field goes where, and what a change adds to that.

This is the line that a reviewer must see. Whatever a definition could do is told, not only what
it does: every host of `hosts` may get each field of every form, because the fence allows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from optout.catalog.asset_hosts import HostGroup
from optout.model.broker import Broker, Channel
from optout.model.fields import Field
from optout.model.words import By, Grade
from optout.rules.flows import fields_of_flow
from optout.rules.hosts import BadAddress, host_of
from optout.rules.search_fields import fields_of_search


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Sent:
    """One field that one channel may send to one place."""

    to: str  # a host, a mail address, the lines of an envelope, a phone number
    by: By
    field: Field


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Told:
    """One field that a channel says it discloses."""

    channel: str  # opt-out by web
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Everything that a definition lets out, or lets in."""

    sends: frozenset[Sent] = frozenset()
    hosts: frozenset[str] = frozenset()  # may receive personal data
    loads_from: frozenset[str] = frozenset()  # behind `assets`, host by host
    captcha: frozenset[str] = frozenset()  # behind `captcha`: may be posted to
    mail_domains: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    discloses: frozenset[Told] = frozenset()
    grade: frozenset[Grade] = frozenset()

    def without(self, other: Reach) -> Reach:
        """Return what is here and not there."""
        return Reach(
            **{f.name: getattr(self, f.name) - getattr(other, f.name) for f in fields(self)}
        )

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return any(getattr(self, f.name) for f in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change of one definition adds and takes away."""

    slug: str
    kind: Literal["new", "changed", "gone"]
    added: Reach
    removed: Reach


def reach_of(broker: Broker, groups: Mapping[str, HostGroup]) -> Reach:
    """Return everything that one definition lets out."""
    return Reach(
        sends=frozenset(
            (
                *(sent for channel in broker.channel for sent in _sends(broker, channel)),
                *_searched(broker),
            )
        ),
        hosts=frozenset(broker.hosts),
        loads_from=_hosts(broker.assets, groups),
        captcha=_hosts(broker.captcha, groups),
        mail_domains=frozenset(broker.mail_domains),
        channels=frozenset(name for channel in broker.channel for name in _names(channel)),
        discloses=frozenset(
            Told(channel=name, field=field)
            for channel in broker.channel
            for name in _names(channel)
            for field in channel.discloses
        )
        | frozenset(
            Told(channel="search", field=field)
            for field in (broker.search.discloses if broker.search else ())
        ),
        grade=frozenset({broker.grade}),
    )


def changes(before: Mapping[str, Reach], after: Mapping[str, Reach]) -> tuple[Change, ...]:
    """Return every company for which something more or less goes out, by short name."""
    found = []
    for slug in sorted(before.keys() | after.keys()):
        was, is_now = before.get(slug, Reach()), after.get(slug, Reach())
        change = Change(
            slug=slug,
            kind="new" if slug not in before else "gone" if slug not in after else "changed",
            added=is_now.without(was),
            removed=was.without(is_now),
        )
        if change.added or change.removed:
            found.append(change)
    return tuple(found)


def _sends(broker: Broker, channel: Channel) -> Iterator[Sent]:
    for by in channel.by:
        told = set(channel.discloses)
        if by is By.WEB and channel.flow in broker.flow:
            told |= set(fields_of_flow(broker.flow[channel.flow]))
        for to in _places(broker, channel, by):
            yield from (Sent(to=to, by=by, field=field) for field in told)


def _searched(broker: Broker) -> Iterator[Sent]:
    """Yield what a search gives away: looking tells a site whom one looks for."""
    fields = {*fields_of_search(broker), *(broker.search.discloses if broker.search else ())}
    for to in broker.hosts:
        yield from (Sent(to=to, by=By.WEB, field=field) for field in fields)


def _places(broker: Broker, channel: Channel, by: By) -> tuple[str, ...]:
    """Return where this way of asking may lead."""
    if by is By.WEB:
        return broker.hosts
    if by is By.PORTAL:
        return (_host(channel.url),)
    if by is By.EMAIL and channel.email is not None:
        return (channel.email.email,)
    if by is By.POST and channel.post is not None:
        return (", ".join(channel.post.lines),)
    return (channel.phone.number,) if by is By.PHONE and channel.phone is not None else ()


def _host(url: str) -> str:
    try:
        return host_of(url)
    except BadAddress:
        return url  # lint refuses it; a reviewer sees it as it stands


def _hosts(names: tuple[str, ...], groups: Mapping[str, HostGroup]) -> frozenset[str]:
    return frozenset(host for name in names if name in groups for host in groups[name].hosts)


def _names(channel: Channel) -> tuple[str, ...]:
    key = f" ({channel.key})" if channel.key else ""
    return tuple(f"{channel.right.value}{key} by {by.value}" for by in channel.by)
