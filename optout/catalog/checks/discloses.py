"""`discloses` is the promise people approve: exactly what the flow and the letter use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.findings import Finding
from optout.model.broker import Broker, Channel
from optout.model.fields import Field
from optout.model.words import By
from optout.rules.flows import fields_of_flow
from optout.text import Text

ID: Final = "discloses"
WHY: Final = "People approve what `discloses` names; nothing else may reach the company."

# What a letter or mail cannot do without. Whatever else it says stands in the channel too.
LETTER_NEEDS: Final = {
    By.EMAIL: frozenset({Field.FULL_NAME, Field.EMAIL}),
    By.POST: frozenset({Field.FULL_NAME, Field.REPLY_ADDRESS}),
}
# A letter writes the whole name and the state's two letters; the parts are for forms.
FORM_ONLY: Final = frozenset(
    {Field.FIRST_NAME, Field.MIDDLE_NAME, Field.LAST_NAME, Field.STATE_NAME}
)


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each field that is used and not named, or named and not used."""
    for index, channel in enumerate(broker.channel):
        where = f"channel[{index}].discloses"
        if len(set(channel.discloses)) != len(channel.discloses):
            yield Finding(where, Text("A field is named twice."))
        if By.WEB in channel.by:
            yield from _form(where, broker, channel)
        for by, needs in LETTER_NEEDS.items():
            if by in channel.by:
                yield from _letter(where, by, needs, channel)
        if channel.by == (By.NONE,) and channel.discloses:
            yield Finding(where, Text("Nothing is sent here, so nothing is disclosed."))


def _form(where: str, broker: Broker, channel: Channel) -> Iterator[Finding]:
    flow = broker.flow.get(channel.flow)
    if flow is None:
        return  # another check says so
    used, named = set(fields_of_flow(flow)), set(channel.discloses)
    if used != named:
        yield Finding(
            where,
            Text("The flow uses {used}.", used=_listed(used) or "nothing"),
            Text("Write: discloses = [{fields}]", fields=_quoted(used)),
        )
    if {By.EMAIL, By.POST} & set(channel.by):
        yield Finding(
            where,
            Text("A form and a letter give away different things."),
            Text("Make two channels of this right, the second with a `key`."),
        )


def _letter(where: str, by: By, needs: frozenset[Field], channel: Channel) -> Iterator[Finding]:
    named = set(channel.discloses)
    if needs - named:
        yield Finding(
            where,
            Text(
                "By {way} a company also learns {fields}.",
                way=by.value,
                fields=_listed(needs - named),
            ),
            Text("Write: discloses = [{fields}]", fields=_quoted(named | needs)),
        )
    if named & FORM_ONLY and By.WEB not in channel.by:
        yield Finding(
            where,
            Text("A letter writes the whole name and the state's letters."),
            Text("Write full_name and state."),
        )


def _listed(fields: Collection[Field]) -> str:
    return ", ".join(field.value for field in Field if field in fields)


def _quoted(fields: Collection[Field]) -> str:
    return ", ".join(f'"{field.value}"' for field in Field if field in fields)
