"""Four eyes on a search: whoever first wants it does not say the last yes to it.

A search stands on no list. So what one person wants is kept by its number, the fingerprint of every
value and every site, and only somebody else's yes to that very number opens anything. It counts
once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from optout.errors import NeedsPerson
from optout.model.broker import Slug
from optout.model.subject import SubjectId
from optout.text import Text
from optout.workflows.clients import has_four_eyes
from optout.workflows.desk import Desk
from optout.workflows.four_eyes import are_one_person

_KEPT: Final = "search-wanted:"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSearch:
    """A search that one person of the office wants, and that waits for another one's yes."""

    subject_id: SubjectId
    by: str
    sites: tuple[Slug, ...]


def check_second_of_search(
    desk: Desk, subject_id: SubjectId, digest: str, sites: Sequence[Slug]
) -> None:
    """Pass where somebody else wanted exactly this; else keep who wants it, and raise."""
    if not has_four_eyes(desk):
        return
    me, first = desk.vault.actor, _who_wants(desk, subject_id, digest)
    if first and not are_one_person(desk, first, me):
        return
    wanted = {"digest": digest, "by": me, "sites": [*sites]}
    desk.vault.settings.set(f"{_KEPT}{subject_id}", json.dumps(wanted))
    raise NeedsPerson(
        Text("Four eyes: {name} wants this search, so another says yes.", name=me),
        known=Text("Nothing was opened, and nothing was sent."),
        hint=Text(
            "It waits for them in optout next. They look at the same, and say yes: optout "
            "scan {sites} --person NUMBER. Or by its number: --approve {digest}",
            sites=" ".join(sites),
            digest=digest,
        ),
    )


def wanted_searches(desk: Desk) -> Iterator[WantedSearch]:
    """Yield what waits for a second yes, of the clients whose files are open."""
    if not has_four_eyes(desk):
        return
    open_files = desk.vault.matters.open_files()
    for key, value in desk.vault.settings.beginning(_KEPT).items():
        subject_id, kept = SubjectId(key), json.loads(str(value or "{}"))
        if kept and subject_id in open_files:
            sites = tuple(map(Slug, kept["sites"]))
            yield WantedSearch(subject_id=subject_id, by=kept["by"], sites=sites)


def use_up(desk: Desk, subject_id: SubjectId) -> None:
    """Let two yeses count for one search only, and nothing wait after a no."""
    if desk.vault.settings.get(f"{_KEPT}{subject_id}"):
        desk.vault.settings.set(f"{_KEPT}{subject_id}", None)


def _who_wants(desk: Desk, subject_id: SubjectId, digest: str) -> str:
    kept = json.loads(str(desk.vault.settings.get(f"{_KEPT}{subject_id}") or "{}"))
    return str(kept["by"]) if kept.get("digest") == digest else ""
