"""Boxes that agree, consent or attest are ticked by the person, in the page's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.flow import AskPerson, Check, Choose, Fill, Press, Submit
from optout.text import Text

ID: Final = "asked-of-people"
WHY: Final = "Only a person may agree to terms, sign, or say under penalty of perjury."

_AGREES: Final = re.compile(
    r"""
    \bi\s+(have\s+read|agree|accept|consent|certify|attest|declare|swear|affirm|confirm|authori[sz]e)
    | \bterms\b | \bconsent | perjury | \battest | \bcertif(y|ication) | \bswear\b
    | \bsignature\b | \backnowledge | privacy\s+policy | captcha | not\s+a\s+robot
    | i\s+am\s+(the|this)\s+person | \bcheckbox_tou | toucheckbox | hereby
    """,
    re.IGNORECASE | re.VERBOSE,
)


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each such box that a step would tick, and for untold attestations."""
    for placed in walk_steps(broker):
        if any(_AGREES.search(words) for words in _words(placed.step)):
            yield Finding(
                placed.where,
                Text("Only the person may do this."),
                Text("Make it an `ask_person` step, reason “terms” or “captcha”."),
            )
    for index, channel in enumerate(broker.channel):
        flow = broker.flow.get(channel.flow)
        legs = flow.leg if flow else ()
        asks = (step for leg in legs for step in leg.steps if isinstance(step, AskPerson))
        if not channel.attests and any(step.reason == "terms" for step in asks):
            yield Finding(
                f"channel[{index}].attests",
                Text("The flow asks the person to agree, but `attests` does not say to what."),
                Text("Copy the page's own words into `attests`."),
            )


def _words(step: object) -> tuple[str, ...]:
    if isinstance(step, Check | Fill):
        return (step.label, step.into)
    if isinstance(step, Choose):
        return (step.label, step.into, step.option)
    if isinstance(step, Press):
        return (step.press, step.into)
    return (step.press,) if isinstance(step, Submit) else ()
