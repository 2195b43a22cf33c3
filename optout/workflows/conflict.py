"""The conflict check: before an office sends anything, it looks whom it already acts for.

The program searches and shows; a person decides, and their word is written down. Without it
nothing of a client is prepared, approved or sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from optout.errors import NeedsPerson, Refused, WrongUsage
from optout.model.clinic import CheckResult, ConflictCheck, Party, PartyRole
from optout.model.secret import Personal, Secret
from optout.model.subject import Subject, SubjectId
from optout.rules.conflict_search import (
    Hit,
    Named,
    OfficeNames,
    Standing,
    client_named,
    client_names,
)
from optout.text import Text
from optout.vault.ids import new_id
from optout.workflows.clinic import NOTHING, check_responsible, clinic_of, the_clinic
from optout.workflows.exports import write_export

if TYPE_CHECKING:
    from optout.vault.vault import Vault
    from optout.workflows.desk import Desk

_SENT_NOTHING: Final = Text("Nothing was written or sent.")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Search(Personal):
    """What was searched for one client, and what is alike elsewhere."""

    subject: Subject
    names: tuple[Named, ...]
    hits: tuple[Hit, ...]


def check_conflict_checked(vault: Vault, subject: Subject) -> None:
    """Refuse to prepare anything for an office's client without a check of all names."""
    if clinic_of(vault) is None:
        return
    checks = vault.matters.checks(subject.id)
    why = _why_not(checks[-1] if checks else None, _names(vault, subject))
    if why is not None:
        number = list(vault.subjects.zones()).index(subject.id) + 1
        raise Refused(
            why,
            known=_SENT_NOTHING,
            hint=Text("Look, and write down what you find: optout clinic conflict {n}", n=number),
        )


def _why_not(check: ConflictCheck | None, names: Sequence[Named]) -> Text | None:
    if check is None:
        return Text("No conflict check is written down for this client.")
    if check.result is CheckResult.CONFLICT:
        return Text("A conflict of interest is written down for this client.")
    looked_for = {name.casefold() for name in check.names.reveal()}
    if any(named.name.casefold() not in looked_for for named in names):
        return Text("Since the conflict check a name was added, and nobody has looked for it.")
    return None


def unchecked(vault: Vault) -> Iterator[tuple[int, Subject, Text]]:
    """Yield every client whose check is missing, too old for its names, or found a conflict."""
    newest = vault.matters.newest_checks()
    parties = _by_subject(vault.matters.parties())
    for number, subject in enumerate(vault.subjects.list(), start=1):
        names = (*client_names(subject), *map(_named, parties.get(subject.id, ())))
        why = _why_not(newest.get(subject.id), names)
        if why is not None:
            yield number, subject, why


def _by_subject(parties: Iterable[Party]) -> dict[str, list[Party]]:
    found: dict[str, list[Party]] = {}
    for party in parties:
        found.setdefault(party.subject_id, []).append(party)
    return found


def _names(vault: Vault, subject: Subject) -> tuple[Named, ...]:
    return (*client_names(subject), *map(_named, vault.matters.parties(subject.id)))


def _named(party: Party) -> Named:
    return Named(
        subject_id=party.subject_id, standing=Standing(party.role.value), name=party.name.reveal()
    )


def _all_names(vault: Vault) -> Iterator[Named]:
    for subject_id, name in vault.subjects.names():
        yield client_named(subject_id, name)
    yield from map(_named, vault.matters.parties())


def search(vault: Vault, subject: Subject) -> Search:
    """Search a client's names, household and opponents in every other file of this folder."""
    the_clinic(vault)
    return _search(vault, subject, OfficeNames(_all_names(vault)))


def _search(vault: Vault, subject: Subject, office: OfficeNames) -> Search:
    names = _names(vault, subject)
    return Search(subject=subject, names=names, hits=tuple(office.hits(names)))


def add_parties(vault: Vault, subject_id: SubjectId, role: PartyRole, names: Iterable[str]) -> None:
    """Write down who else has to do with a client's file."""
    known = {
        (party.role, party.name.reveal().casefold()) for party in vault.matters.parties(subject_id)
    }
    written = (" ".join(name.split()) for name in names)
    wanted = {name.casefold(): name for name in written}
    vault.matters.add_parties(
        Party(id=new_id(), subject_id=subject_id, role=role, name=Secret(name))
        for key, name in wanted.items()
        if name and (role, key) not in known
    )


def record_check(
    desk: Desk, found: Search, result: CheckResult, *, by: str, note: str = ""
) -> ConflictCheck:
    """Write down what a person found; of hits, why they are none."""
    by = check_responsible(the_clinic(desk.vault), by)
    if result is CheckResult.CLEAR and found.hits and not note.strip():
        raise NeedsPerson(
            Text("Names in other files are alike. Say in a few words why this is no conflict."),
            known=NOTHING,
            hint=Text("Add it with: --note 'another family'"),
        )
    check = ConflictCheck(
        id=new_id(),
        subject_id=found.subject.id,
        on=desk.today(found.subject),
        by=by,
        names=Secret(tuple(dict.fromkeys(named.name for named in found.names))),
        hits=len(found.hits),
        result=result,
        note=Secret(note.strip()) if note.strip() else None,
    )
    desk.vault.matters.add_check(check)
    return check


def record_all_without_hits(desk: Desk, *, by: str) -> tuple[int, int]:
    """Search everybody who has no check; write down those of whom nothing is alike elsewhere.

    Return how many were written down, and how many are left to look at one by one. A person types
    the count: it is their word, for each of them.
    """
    by = check_responsible(the_clinic(desk.vault), by)
    newest = desk.vault.matters.newest_checks()
    waiting = [
        subject
        for _number, subject, _why in unchecked(desk.vault)
        if subject.id not in newest or newest[subject.id].result is not CheckResult.CONFLICT
    ]
    office = OfficeNames(_all_names(desk.vault))
    found = [_search(desk.vault, subject, office) for subject in waiting]
    clear = [each for each in found if not each.hits]
    if clear:
        _ask_count(desk, len(clear))
        with desk.vault.together():
            for each in clear:
                record_check(desk, each, CheckResult.CLEAR, by=by)
    return len(clear), len(found) - len(clear)


def _ask_count(desk: Desk, count: int) -> None:
    question = Text(
        "Clients of whom no name stands in another file: {count}. If the office's other lists show "
        "nothing either, type this number.",
        count=count,
    )
    if not desk.person.type_word(question, Text("{count}", count=count)):
        raise Refused(Text("You said no."), known=NOTHING)


def export_names(desk: Desk, path: Path, subjects: Sequence[Subject]) -> Path:
    """Write the names that another system must be searched for; the file is listed as exported."""
    the_clinic(desk.vault)
    if path.suffix.lower() != ".txt":
        raise WrongUsage(
            Text("The names are written as plain text."),
            known=NOTHING,
            hint=Text("Let the file's name end in .txt"),
        )
    names = dict.fromkeys(
        named.name for subject in subjects for named in _names(desk.vault, subject)
    )
    content = "".join(f"{name}\n" for name in names).encode("utf-8")
    return write_export(desk, path.name, "names", content)
