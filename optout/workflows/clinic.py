"""Whether this folder is an office's, and the settings that make it one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.clinic import Clinic
from optout.text import Text
from optout.workflows.second_person import note_change

if TYPE_CHECKING:
    from optout.vault.settings import Value
    from optout.vault.vault import Vault

_OFFICE: Final = "clinic.office"
_RESPONSIBLE: Final = "clinic.responsible"
_FOUR_EYES: Final = "clinic.four-eyes"
_KEEPS_YEARS: Final = "clinic.keeps-years"
_FEWEST_FOR_FOUR_EYES: Final = 2
_MOST_YEARS: Final = 99
NOTHING: Final = Text("Nothing was changed.")
CHANGED: Final = "office.changed"  # in the history, with the names of the settings


def clinic_of(vault: Vault) -> Clinic | None:
    """Return the office whose folder this is; None: it is somebody's own."""
    office = vault.settings.get(_OFFICE)
    if not office:
        return None
    return Clinic(
        office=str(office),
        responsible=tuple(json.loads(str(vault.settings.get(_RESPONSIBLE, "[]")))),
        four_eyes=bool(vault.settings.get(_FOUR_EYES, default=False)),
        keeps_years=int(vault.settings.get(_KEEPS_YEARS) or 0),
    )


def the_clinic(vault: Vault) -> Clinic:
    """Return the office whose folder this is, or say how to make it one."""
    found = clinic_of(vault)
    if found is None:
        raise NeedsPerson(
            Text("This folder is not set up for an office yet."),
            known=NOTHING,
            hint=Text("Set it up once with: optout clinic start"),
        )
    return found


def start_clinic(
    vault: Vault,
    office: str,
    responsible: Sequence[str],
    *,
    four_eyes: bool,
    keeps_years: int = 0,
) -> Clinic:
    """Make the folder an office's, or change its settings; a key store never opens one."""
    if vault.keys.uses_keyring():
        raise Refused(
            Text("This folder opens with the key store of this computer. An office's must not."),
            known=NOTHING,
            hint=Text("First: optout vault key add-passphrase, then: optout vault lock"),
        )
    clinic = _checked(office, responsible, four_eyes=four_eyes, keeps_years=keeps_years)
    wanted: dict[str, Value] = {
        _OFFICE: clinic.office,
        _RESPONSIBLE: json.dumps(clinic.responsible),
        _FOUR_EYES: clinic.four_eyes,
        _KEEPS_YEARS: clinic.keeps_years,
    }
    with vault.together():
        was_on = bool(vault.settings.get(_FOUR_EYES, default=False))
        changed = {each: to for each, to in wanted.items() if vault.settings.get(each) != to}
        if was_on != clinic.four_eyes:
            note_change(vault, four_eyes=clinic.four_eyes)
        if changed:  # who turned four eyes off is seen later
            vault.settings.set_together(changed, CHANGED, *changed)
    return clinic


def _checked(
    office: str, responsible: Sequence[str], *, four_eyes: bool, keeps_years: int
) -> Clinic:
    office = " ".join(office.split())
    people = tuple(dict.fromkeys(" ".join(each.split()) for each in responsible if each.strip()))
    if not office or not people:
        raise WrongUsage(
            Text("An office has a name, and at least one person who answers for its clients."),
            known=NOTHING,
        )
    if four_eyes and len(people) < _FEWEST_FOR_FOUR_EYES:
        raise WrongUsage(
            Text("Four eyes need two people: one prepares, another approves."), known=NOTHING
        )
    if not 0 <= keeps_years <= _MOST_YEARS:
        raise WrongUsage(
            Text(
                "A file is kept for 1 to {most} years; 0 says that nobody decided it.",
                most=_MOST_YEARS,
            ),
            known=NOTHING,
        )
    return Clinic(office=office, responsible=people, four_eyes=four_eyes, keeps_years=keeps_years)


def check_responsible(clinic: Clinic, name: str) -> str:
    """Return a responsible person as the office writes them, or name those there are."""
    wanted = " ".join(name.split()).casefold()
    for each in clinic.responsible:
        if each.casefold() == wanted:
            return each
    raise WrongUsage(
        Text("{name} is not one of the people of this office.", name=name.strip()),
        known=NOTHING,
        hint=Text(
            "There are: {names}. Change them with: optout clinic start", names=clinic.responsible
        ),
    )
