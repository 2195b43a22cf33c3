"""Which fields and proofs one way of asking really needs: never more than the page insists on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from optout.model.broker import Broker, Channel
from optout.model.fields import Field
from optout.model.flow import AskPerson, Flow
from optout.model.words import By
from optout.rules.flows import fields_of_leg, optional_fields, steps_of

_STATES: Final = frozenset({Field.STATE, Field.STATE_NAME})


def fields_needed(
    broker: Broker,
    channel: Channel,
    by: By,
    *,
    return_address: bool = True,
    abroad: bool = False,
    by_agent: bool = False,
) -> tuple[Field, ...]:
    """Return the fields that asking this way gives away, in the closed list's order.

    A form gives what its flow must fill; boxes marked optional stay empty. A mail gives its
    sender, a letter its return address, or the e-mail of somebody who has no such address. A
    letter or mail of somebody abroad names no state; a form that asks for one cannot be filled.
    An agent's letter is answered to the agent, so it tells no address to answer the person at.
    """
    flow = broker.flow.get(channel.flow)
    if by is By.WEB and flow is not None:
        return _in_order(_flow_needs(flow))
    no_state = _STATES if abroad else frozenset()
    if by is By.EMAIL:
        return _in_order({*channel.discloses, Field.EMAIL} - {Field.REPLY_ADDRESS} - no_state)
    if by is By.POST and by_agent:
        return _in_order(_without_senders(channel) - no_state)
    if by is By.POST:
        sender = Field.REPLY_ADDRESS if return_address else Field.EMAIL
        return _in_order({*_without_senders(channel), sender} - no_state)
    return _in_order(_without_senders(channel))


def wants_proof(broker: Broker, channel: Channel, by: By) -> bool:
    """Say whether a form asks the person to show or write who they are, beside what is filled."""
    flow = broker.flow.get(channel.flow)
    if by is not By.WEB or flow is None:
        return False
    steps = (step for leg in flow.leg for step in steps_of(leg))
    return any(isinstance(step, AskPerson) and step.reason == "identity" for step in steps)


def _flow_needs(flow: Flow) -> frozenset[Field]:
    legs = ((frozenset(fields_of_leg(leg)), optional_fields(leg)) for leg in flow.leg)
    return frozenset(field for used, spare in legs for field in used - spare)


def _without_senders(channel: Channel) -> set[Field]:
    """Return what a channel needs beside a sender: it lists senders for its mails and letters."""
    spare = set()
    if By.EMAIL in channel.by:
        spare.add(Field.EMAIL)
    if By.POST in channel.by:
        spare.add(Field.REPLY_ADDRESS)
    return {*channel.discloses} - spare


def _in_order(fields: Collection[Field]) -> tuple[Field, ...]:
    return tuple(field for field in Field if field in fields)
