"""What a letter asks a company to search, by name: what each of its requests names, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from optout.model.broker import Channel


def products_to_search(channels: Sequence[Channel]) -> tuple[str, ...]:
    """Return the products that every channel of one letter names.

    A product that may be asked about but not deleted from (a service that warns victims) is
    named only in a letter that asks nothing else.
    """
    if not channels:
        return ()
    first, *others = channels
    return tuple(
        product for product in first.products if all(product in each.products for each in others)
    )
