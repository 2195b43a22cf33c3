"""How far a way of asking was tried: earned by live use, never claimed."""

from __future__ import annotations

from optout.model.broker import Broker
from optout.model.words import By, Grade
from optout.text import Text


def how_checked(broker: Broker, by: By) -> Text:
    """Say how far this way can be trusted, in the words of the plan and of the sheet."""
    if broker.sample:
        return Text("This is a practice company. Nothing real is behind it.")
    if broker.grade is Grade.TESTED:
        return Text("A real request went through this way.")
    if broker.grade is Grade.VERIFIED and broker.verified_on:
        return Text("A person saw the live page on {day}.", day=broker.verified_on.isoformat())
    if by is By.WEB:
        return Text("This form was never tried on the live site.")
    return Text("This way was never tried for real.")
