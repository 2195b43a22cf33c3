"""Families of companies: who owns whom, whom one request may clear, and who has to be asked apart.

A parent is written at the daughter; that a request clears somebody else is written at whoever is
asked, and only from a source. A daughter that no source says is cleared is asked, or looked at,
on her own: to belong together clears nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from optout.model.broker import Broker, Slug
from optout.model.words import Right
from optout.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """What a family needs to know of one company; one that is only named as owner has no name."""

    slug: Slug
    name: str = ""
    parent: str = ""
    clears: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One company in the drawing of a family."""

    kin: Kin
    depth: int
    is_last: tuple[bool, ...]  # for each depth above and its own: does nobody follow there?
    cleared_by: tuple[Slug, ...]  # a request to these may clear it
    shares: tuple[str, ...]  # hosts that it has together with the company one looks at


def kin_of(broker: Broker) -> Kin:
    """Return what a family needs to know of this company."""
    return Kin(
        slug=broker.slug,
        name=broker.called(),
        parent=broker.parent,
        clears=broker.clears,
        hosts=broker.hosts,
    )


def in_a_family(brokers: Iterable[Broker]) -> tuple[Kin, ...]:
    """Return everybody who has an owner, owns somebody here, clears somebody or is cleared."""
    everyone = tuple(kin_of(broker) for broker in brokers)
    named = {slug for kin in everyone for slug in (kin.parent, *kin.clears)}
    return tuple(kin for kin in everyone if kin.parent or kin.clears or kin.slug in named)


def family_of(broker: Broker, others: Iterable[Kin]) -> tuple[Branch, ...]:
    """Return the family around one company, owners first; nothing where it stands alone."""
    by_slug = {kin.slug: kin for kin in others} | {broker.slug: kin_of(broker)}
    clearers = _clearers(by_slug.values())
    tree = _Tree(by_slug, clearers, broker)
    branches = tuple(tree.drawn(tree.top(), (True,), frozenset()))
    return branches if len(branches) > 1 else ()


def told_of_brands(broker: Broker, right: Right) -> Iterator[Text]:
    """Yield what one request here should clear, and what has to be looked at apart."""
    if right not in {Right.OPT_OUT, Right.DELETE, Right.SUPPRESS}:
        return
    if broker.covers:
        yield Text(
            "As sources say, one request here counts for all of these: {brands}. Look at them"
            " afterwards.",
            brands=broker.covers,
        )
    if broker.apart:
        yield Text(
            "Look at these yourself: they may not go with this request: {brands}.",
            brands=broker.apart,
        )


def _clearers(everyone: Iterable[Kin]) -> Mapping[Slug, tuple[Slug, ...]]:
    found: dict[Slug, tuple[Slug, ...]] = {}
    for kin in everyone:
        for slug in map(Slug, kin.clears):
            found[slug] = (*found.get(slug, ()), kin.slug)
    return found


@dataclass(frozen=True, slots=True)
class _Tree:
    """One family, walked from its top; a circle ends where it would begin again."""

    by_slug: Mapping[Slug, Kin]
    clearers: Mapping[Slug, tuple[Slug, ...]]
    seen_from: Broker

    def top(self) -> Slug:
        """Return who stands above everybody, though there may be no entry for it."""
        here, seen = self.seen_from.slug, {self.seen_from.slug}
        while (above := self._above(here)) and above not in seen:
            seen.add(above)
            here = above
        return here

    def _above(self, slug: Slug) -> Slug | None:
        """Return the owner, else whoever clears it."""
        kin = self.by_slug.get(slug)
        if kin and kin.parent:
            return Slug(kin.parent)
        return next(iter(self.clearers.get(slug, ())), None)

    def drawn(
        self, slug: Slug, is_last: tuple[bool, ...], above: Collection[Slug]
    ) -> Iterator[Branch]:
        """Yield a company, then everybody below it."""
        kin = self.by_slug.get(slug) or Kin(slug=slug)
        below = [
            each for each in sorted(self.by_slug) if self._above(each) == slug and each != slug
        ]
        below = [each for each in below if each not in above]
        yield Branch(
            kin=kin,
            depth=len(is_last) - 1,
            is_last=is_last,
            cleared_by=self.clearers.get(slug, ()),
            shares=self._shared(kin),
        )
        for each in below:
            yield from self.drawn(each, (*is_last, each == below[-1]), {*above, slug})

    def _shared(self, kin: Kin) -> tuple[str, ...]:
        own = self.seen_from.hosts
        return tuple(host for host in kin.hosts if host in own and kin.slug != self.seen_from.slug)
