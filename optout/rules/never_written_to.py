"""Offices to which nothing at all is drafted: DHS and everything below it (SAFETY 3).

Judged by the words a person types, however they spell it. A body of the catalog is held to the
same rule by its name.
"""

from __future__ import annotations

import re
from typing import Final

from optout.errors import Refused
from optout.rules.spelled import spelled
from optout.text import Text

# Each is a whole word or a run of words, once dots are gone and everything is in small letters.
_SHORT: Final = frozenset(
    {"ice", "dhs", "cbp", "uscis", "usice", "ero", "hsi", "tsa", "usbp", "lamigra", "migra"}
)
# The old name of the service. A company may be called Acme Ins, so it must stand alone.
_INS: Final = "ins"
_BESIDE_INS: Final = frozenset({"us", "usa", "u", "s", "united", "states", "former", "old"})
_NAMES: Final = (
    "homeland security",
    "immigration and customs",
    "immigration customs enforcement",
    "customs and border",
    "customs border protection",
    "border patrol",
    "border protection",
    "citizenship and immigration",
    "citizenship immigration services",
    "immigration and naturalization",
    "immigration enforcement",
    "enforcement and removal",
    "transportation security administration",
    "seguridad nacional",
    "control de inmigracion",
)
# Beginnings that stand together in no other name: Immig. & Customs Enf.
_CUT_SHORT: Final = (("immig", "custom"), ("homeland", " sec"), ("citizenship", "immig"))


class NeverWrittenTo(Refused):
    """Nothing is drafted to this office, whoever asks."""


def is_never_written_to(typed: str) -> bool:
    """Say whether the words name DHS, ICE, CBP, USCIS or another part of that department."""
    words = [word for word in _plain(typed) if word != "the"]
    joined, run = " ".join(words), "".join(words)
    return (
        bool(_SHORT & frozenset(words))
        or _is_ins(words)
        or any(f" {name} " in f" {joined} " for name in _NAMES)
        or any(name.replace(" ", "") in run for name in _NAMES)
        or any(all(map(joined.__contains__, stems)) for stems in _CUT_SHORT)
    )


def _is_ins(words: list[str]) -> bool:
    """Say whether INS stands alone, or with a word about immigration: then it is the service."""
    others = [word for word in words if word != _INS and word not in _BESIDE_INS]
    if _INS not in words:
        return False
    return not others or any(word.startswith(("immigra", "inmigra")) for word in others)


def check_may_be_written_to(typed: str) -> None:
    """Raise `NeverWrittenTo` for such an office."""
    if is_never_written_to(typed):
        raise NeverWrittenTo(
            Text(
                "Nothing is written to DHS, ICE, CBP or USCIS with this program, for anybody. A "
                "paper there can give them a current address and a place of birth."
            ),
            known=Text("Nothing was written or sent."),
            hint=Text("Talk to a lawyer or an accredited representative first."),
        )


def _plain(typed: str) -> list[str]:
    """Return the words in small letters, without accents and dots: I.C.E. is ice, & is and."""
    return re.findall(r"[a-z0-9]+", spelled(typed.replace("&", " and ")))
