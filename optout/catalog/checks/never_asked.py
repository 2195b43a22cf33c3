"""Social Security numbers, papers and immigration status are never typed into any box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.findings import Finding
from optout.model.broker import Broker
from optout.model.flow import Check, Choose, Fill, Open, ReadCode, Step
from optout.text import Text

ID: Final = "never-asked"
WHY: Final = "We never type an SSN or ITIN, and never say anything about immigration status."

_NEVER: Final = re.compile(
    r"""
    ssn | social[\W_]*security | \bitin\b | tax[\W_]*(payer[\W_]*)?id | national[\W_]*id
    | passport | driv\w*[\W_]*licen[cs]e | \bdl[\W_]*(no|num) | dlnumber | licen[cs]e[\W_]*(no|num)
    | alien | a[\W_]number | uscis | \bvisa\b | immigra | citizen | nationality
    | (country|place)[\W_]*of[\W_]*birth | ethnic | \brace\b | religio
    """,
    re.IGNORECASE | re.VERBOSE,
)


def run(broker: Broker, _setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each step that would touch such a box."""
    for placed in walk_steps(broker):
        if any(_NEVER.search(text) for text in _words(placed.step)):
            yield Finding(
                placed.where,
                Text("This box asks for something that is never typed."),
                Text("Leave it empty; if the page insists, use `ask_person` with reason identity."),
            )


def _words(step: Step) -> tuple[str, ...]:
    if isinstance(step, Choose):
        return (step.label, step.into, step.option)
    if isinstance(step, Fill | Check | ReadCode):
        return (step.label, step.into)
    return (step.url,) if isinstance(step, Open) else ()
