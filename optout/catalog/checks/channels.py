"""Each channel is whole: it can be found again, has its flow or guide, and says its limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker, Channel
from optout.model.flow import ConfirmEmail
from optout.model.words import By, Eligible, Right
from optout.rules.states import is_state
from optout.text import Text

ID: Final = "channels"
WHY: Final = "A plan can only be as honest as the channel it is made from."

CONFIRMATIONS: Final = ("none", "reference", "email-link", "email-code", "email-reply", "letter")
OF_REPORTS: Final = frozenset({Right.FILE_DISCLOSURE, Right.DISPUTE, Right.FREEZE})
ROLES: Final = ("", "nationwide", "nationwide-specialty", "agency")


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each channel that a plan could not use or would misread."""
    yield from _unique(broker)
    used = {channel.flow for channel in broker.channel}
    for name in broker.flow:
        if name not in used:
            yield Finding(f"flow.{name}", Text("No channel uses this flow."))
    if broker.cra not in ROLES:
        yield Finding(
            "cra", Text("Not a known role."), Text("Known: {words}.", words=_words(ROLES))
        )
    for index, channel in enumerate(broker.channel):
        where = f"channel[{index}]"
        yield from _ways(where, broker, channel)
        yield from _limits(where, channel)
        yield from _products(where, channel)


def _unique(broker: Broker) -> Iterator[Finding]:
    names = Counter(
        (channel.right, channel.key, by) for channel in broker.channel for by in channel.by
    )
    for (right, _key, by), count in names.items():
        if count > 1:
            yield Finding(
                "channel",
                Text("Two channels for {right} by {by} cannot be told apart.", right=right, by=by),
                Text("Give the second one a `key`."),
            )
    if not broker.channel:
        yield Finding("channel", Text("There is no way to ask this company anything."))


def _ways(where: str, broker: Broker, channel: Channel) -> Iterator[Finding]:
    if not channel.by or (By.NONE in channel.by and len(channel.by) > 1):
        yield Finding(f"{where}.by", Text("Say how to ask; “none” stands alone."))
    if (By.WEB in channel.by) != bool(channel.flow):
        yield Finding(f"{where}.flow", Text("A flow goes with the way “web”, and only with it."))
    if channel.flow and channel.flow not in broker.flow:
        yield Finding(
            f"{where}.flow",
            Text("There is no such flow in this file."),
            Text("Write [[flow.{name}.leg]] below.", name=channel.flow),
        )
    if By.PORTAL in channel.by and not (channel.guide and channel.url):
        yield Finding(
            f"{where}.guide",
            Text("A page that people fill by hand needs its address and a guide."),
            Text("Add `url`, and `guide`: where to click and what to write."),
        )
    if By.NONE in channel.by and not channel.instead:
        yield Finding(f"{where}.instead", Text("Say what can be done instead."))
    yield from _confirmation(where, broker, channel)


def _confirmation(where: str, broker: Broker, channel: Channel) -> Iterator[Finding]:
    if channel.confirmation not in CONFIRMATIONS:
        yield Finding(
            f"{where}.confirmation",
            Text("Not a known way to confirm."),
            Text("Known: {words}.", words=_words(CONFIRMATIONS)),
        )
    flow = broker.flow.get(channel.flow)
    steps = (step for leg in (flow.leg if flow else ()) for step in leg.steps)
    mailed = any(isinstance(step, ConfirmEmail) for step in steps)
    if mailed and channel.confirmation != "email-link":
        yield Finding(
            f"{where}.confirmation",
            Text("The flow waits for a mailed link."),
            Text('Write: confirmation = "email-link"'),
        )


def _limits(where: str, channel: Channel) -> Iterator[Finding]:
    if not channel.will_not_reach:
        yield Finding(
            f"{where}.will_not_reach", Text("Say in one sentence what this does not reach.")
        )
    if not channel.who_may_ask and By.NONE not in channel.by:
        yield Finding(f"{where}.who_may_ask", Text("Say who may ask."))
    asked = any(conflict.ask for conflict in channel.conflict)
    if channel.eligible is Eligible.UNCLEAR and By.NONE not in channel.by and not asked:
        yield Finding(
            f"{where}.eligible",
            Text("It is unclear whom this serves, but nobody is asked."),
            Text("Add a [[channel.conflict]] about eligibility, with `ask`."),
        )
    if (channel.answers_in_days is None) != (not channel.answers_basis):
        yield Finding(f"{where}.answers_basis", Text("Days and where they come from go together."))
    for index, state in enumerate(channel.states):
        if not is_state(state):
            yield Finding(f"{where}.states[{index}]", Text("There is no such state."))
    if channel.minutes < 1:
        yield Finding(f"{where}.minutes", Text("Nothing takes less than a minute."))


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(word for word in words if word)


def _products(where: str, channel: Channel) -> Iterator[Finding]:
    """Find what a letter must not name: what its channel does not reach, and asides of ours."""
    for index, product in enumerate(channel.products):
        named = re.search(rf"\b{re.escape(product)}\b", channel.will_not_reach, re.IGNORECASE)
        if named and channel.right in OF_REPORTS:
            yield Finding(
                f"{where}.products[{index}]",
                Text("The letter asks to search what this channel says it does not reach."),
            )
        if re.search(r"\([^)]* ", product):  # one word in brackets is a short name
            yield Finding(
                f"{where}.products[{index}]",
                Text("A letter prints this: the product's name alone, no explanation."),
            )
