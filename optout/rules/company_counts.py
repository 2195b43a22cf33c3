"""What a company filed about its own answers, shown with everything that limits it (SAFETY 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from optout.model.broker import Broker, RequestCount, Slug
from optout.model.words import Right
from optout.text import Text

# Below this a share of a hundred says nothing.
LEAST_FOR_A_SHARE: Final = 20
GroupFigures = frozenset[tuple[Slug, Right]]


def group_figures(brokers: Iterable[Broker]) -> GroupFigures:
    """Return which filings repeat another company's figures exactly: one count for a group."""
    same: dict[tuple[object, ...], list[tuple[Slug, Right]]] = defaultdict(list)
    for broker in brokers:
        if broker.declared is None:
            continue
        for right, count in broker.declared.counts.items():
            if count.received >= LEAST_FOR_A_SHARE:
                key = (broker.declared.year, right, *_figures(count))
                same[key].append((broker.slug, right))
    return frozenset(each for alike in same.values() if len(alike) > 1 for each in alike)


def counts_text(broker: Broker, right: Right, groups: GroupFigures) -> Text | None:
    """Return the company's own count for a right, or None if it filed none."""
    declared = broker.declared
    count = declared.counts.get(right) if declared else None
    if declared is None or count is None:
        return None
    return Text(
        "{figures} {share}This is the company's own count, filed for {year}, checked by nobody;"
        " your state may differ.",
        figures=_sentence(count),
        share=_share(broker, count, is_group=(broker.slug, right) in groups),
        year=declared.year,
    )


def figures_of(counts: Text) -> Text:
    """Return a count without its caution, where several stand under one."""
    return Text("{figures} {share}", figures=counts.values["figures"], share=counts.values["share"])


def caution_of(counts: Text) -> Text:
    """Return what limits every count of a company, to be said once."""
    return Text(
        "These counts are the company's own, filed for {year}, checked by nobody; your state may"
        " differ.",
        year=counts.values["year"],
    )


def _sentence(count: RequestCount) -> Text:
    figures = {
        "received": f"{count.received:,}",
        "granted": f"{count.granted:,}",
        "denied": f"{count.denied:,}",
    }
    if not count.granted_in_part:
        return Text(
            "Of {received} requests the company says it complied with {granted} and refused"
            " {denied}.",
            **figures,
        )
    return Text(
        "Of {received} requests the company says it complied with {granted}, with {part} in part,"
        " and refused {denied}.",
        part=f"{count.granted_in_part:,}",
        **figures,
    )


def _share(broker: Broker, count: RequestCount, *, is_group: bool) -> Text | str:
    """Return a percentage where it means something, else why there is none, else nothing."""
    if is_group:
        return Text("Sister companies filed the same figures: it is a group figure. ")
    if _is_exempt(broker):
        return Text("Part of what it sells is exempt from these requests. ")
    if count.received < LEAST_FOR_A_SHARE:
        return ""
    return Text(
        "That is {percent} in a hundred complied with in full. ",
        percent=100 * count.granted // count.received,
    )


def _is_exempt(broker: Broker) -> bool:
    """Say whether credit-report or bank privacy law takes a part of its products out."""
    declared = broker.declared
    filed = (declared.glba, declared.fcra) if declared else ()
    return bool(broker.cra) or any(text and not _is_no(text) for text in filed)


def _is_no(text: str) -> bool:
    return text.strip().casefold() in {"no", "none", "0%", "0 %", "0"}


def _figures(count: RequestCount) -> tuple[int, int, int, int]:
    return (count.received, count.granted, count.granted_in_part, count.denied)
