"""What is known of one company: looked up in its definition, telling it nothing."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from optout.model.broker import Broker, Channel
from optout.model.words import By
from optout.rules.arrange import most_dangerous_first
from optout.rules.no_way import told_instead
from optout.text import Text, as_written
from optout.web.keeper import Keeper
from optout.web.shown import show
from optout.words import word, words


def company(request: Request, keeper: Keeper) -> Response:
    """Show what a company holds and sells, and how it can be asked."""
    found = keeper.read(lambda desk: desk.find_broker(request.path_params["company"]))
    shown = {"broker": found, "facts": tuple(_facts(found)), "ways": tuple(_ways(found))}
    return show(request, keeper, "company.html", shown)


def _facts(broker: Broker) -> Iterator[Text]:
    yield Text("{what}: {value}", what=Text("What it is"), value=word(broker.kind))
    held = words(most_dangerous_first(broker.holds))
    yield Text("{what}: {value}", what=Text("They hold"), value=held)
    if broker.sells_to:
        yield Text("It sells to: {who}", who=as_written(broker.sells_to))
    yield from map(as_written, filter(None, (broker.legal_status, *broker.facts)))
    if instead := told_instead(broker):
        yield instead


def _ways(broker: Broker) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    """Yield each way to ask, and what to know before it."""
    for channel in broker.channel:
        if By.NONE in channel.by:
            continue
        by = words(channel.by)
        yield Text("{what}: {value}", what=word(channel.right), value=by), tuple(_to_know(channel))


def _to_know(channel: Channel) -> Iterator[Text]:
    known = (channel.will_not_reach, *channel.harder_afterwards, *channel.pitfalls)
    yield from map(as_written, filter(None, known))
