"""What a company may want before it goes on, and what a person should never send it (SAFETY 2)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from optout.model.law import Law
from optout.model.record import Wanted
from optout.model.words import Right
from optout.text import Text

NEVER_SEND: Final = Text(
    "A Social Security number. A visa, an A-number or any other immigration paper. A passport or "
    "a consular card. Another person's name."
)

_ADVICE: Final[Mapping[Wanted, Text]] = MappingProxyType(
    {
        Wanted.ID_COPY: Text(
            "If you send a copy of an ID at all: a state ID or driver license, with everything "
            "covered but your name and an address that they already have. A passport or a "
            "consular card tells your nationality. You can ask for another way to show who you are."
        ),
        Wanted.SSN: Text(
            "Do not send it. Write that you do not give it, and ask for another way to show who "
            "you are. Only for a copy of your own credit-report file can it be needed. Then you "
            "write it on the paper by hand, and it is never kept here."
        ),
        Wanted.FACE: Text(
            "Do not send a picture or video of your face: they could keep it. Ask for another way."
        ),
        Wanted.ADDRESS_PROOF: Text(
            "Only for an address that they already have. Cover everything but your name, the "
            "address and the date. If you use a substitute address, send nothing with the real one."
        ),
        Wanted.NOTARY: Text(
            "A notary public confirms that you signed, and is not a lawyer. Ask first whether a "
            "signed letter is enough, and who pays."
        ),
        Wanted.ACCOUNT: Text(
            "An account can tell them more about you. Ask to go on by mail or e-mail without one."
        ),
        Wanted.MORE_FACTS: Text(
            "Give only what they already have about you. What is new to them, they can keep."
        ),
        Wanted.OTHER: Text("Read it slowly. Give only what they already have about you."),
    }
)


def advice_on(wanted: Wanted | None, law: Law, right: Right) -> tuple[Text, ...]:
    """Return what to think of before answering; the law's own word first, where it has one."""
    advice = (_ADVICE[wanted or Wanted.OTHER],)
    if right is Right.OPT_OUT and law.opt_out_may_authenticate is False:
        asks_none = Text(
            "{law} lets them ask for no proof of who you are when you tell them to stop selling. "
            "You can write them that.",
            law=law.name,
        )
        return (asks_none, *advice)
    return advice
