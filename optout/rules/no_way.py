"""Where nothing can be asked, or should not be by a plan: what a definition says to do instead."""

from __future__ import annotations

from optout.model.broker import Broker
from optout.model.words import By
from optout.text import Text, as_written


def told_instead(broker: Broker) -> Text | None:
    """Return what can be done where no way leads anywhere; None where something can be asked."""
    if not all(By.NONE in channel.by for channel in broker.channel):
        return None
    words = next((channel.instead for channel in broker.channel if channel.instead), "")
    if words and broker.government:
        return Text(
            "Asking it puts your name and address into government files, so no plan does that. "
            "{words}",
            words=as_written(words),
        )
    return as_written(words) if words else None


def is_elsewhere(broker: Broker, state: str) -> bool:
    """Say whether this is a public body of other states: unnamed, nobody there is told of it."""
    serves = {code for channel in broker.channel for code in channel.states}
    return broker.government and bool(serves) and state not in serves
