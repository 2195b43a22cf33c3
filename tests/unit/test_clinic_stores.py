"""What an office keeps about a client comes back as it went in, and goes when the client goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from optout.errors import WrongUsage
from optout.model.clinic import (
    Allowed,
    Authorization,
    AuthorizationKind,
    AuthorizationState,
    CheckResult,
    ConflictCheck,
    Party,
    PartyRole,
)
from optout.model.fields import Field
from optout.model.record import EvidenceKind
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.model.words import Right
from optout.vault.ids import new_id
from optout.vault.open import RuleBroken
from tests.conftest import sample_subject

if TYPE_CHECKING:
    from optout.vault.vault import Vault
    from tests.conftest import World

DAY = date(2026, 11, 23)
TABLES = ("party", "conflict_check", "authorization", "imported")


def client(vault: Vault, given: str = "Casey") -> SubjectId:
    subject = sample_subject(given)
    vault.subjects.add(subject)
    return subject.id


def party(subject_id: SubjectId, name: str = "Robin Example") -> Party:
    return Party(id=new_id(), subject_id=subject_id, role=PartyRole.HOUSEHOLD, name=Secret(name))


def check(subject_id: SubjectId, result: CheckResult = CheckResult.CLEAR) -> ConflictCheck:
    return ConflictCheck(
        id=new_id(),
        subject_id=subject_id,
        on=DAY,
        by="Robin Example",
        names=Secret(("Casey Sample", "Núñez")),
        hits=2,
        result=result,
        note=Secret("not the same Núñez"),
    )


def paper(subject_id: SubjectId) -> Authorization:
    return Authorization(
        id=new_id(),
        subject_id=subject_id,
        kind=AuthorizationKind.AGENT,
        reference="K7F3-Q9MX",
        agent="Example Legal Aid",
        scope=(
            Allowed(broker="transunion", right=Right.OPT_OUT, fields=(Field.FULL_NAME,)),
            Allowed(broker="equifax", right=Right.DELETE, fields=()),
        ),
        written_on=DAY,
        expires_on=date(2027, 5, 31),
    )


def test_a_file_keeps_its_number_and_who_answers_for_it(world: World) -> None:
    vault = world.vault
    who = client(vault)
    assert vault.matters.get(who).number == ""
    vault.matters.change(who, number="2026-014", responsible="Robin Example")
    found = vault.matters.get(who)
    assert (found.number, found.responsible) == ("2026-014", "Robin Example")
    assert found in vault.matters.list()
    with pytest.raises(WrongUsage):
        vault.matters.change(SubjectId("nobody"), number="1", responsible="")


def test_parties_and_checks_come_back(world: World) -> None:
    matters = world.vault.matters
    who, other = client(world.vault), client(world.vault, "Jordan")
    someone = party(who)
    matters.add_parties((someone, party(other, "Sam Example")))
    assert matters.parties(who) == (someone,)
    assert len(matters.parties()) == 2
    first, second = check(who), check(who, CheckResult.CONFLICT)
    matters.add_check(first)
    matters.add_check(second)
    assert matters.checks(who) == (first, second)
    assert dict(matters.newest_checks()) == {who: second}
    matters.remove_party(someone.id)
    assert matters.parties(who) == ()
    with pytest.raises(WrongUsage):
        matters.remove_party(someone.id)


def test_a_paper_is_written_signed_and_taken_back_once(world: World) -> None:
    vault = world.vault
    who = client(vault)
    one = paper(who)
    vault.authorizations.add(one)
    assert vault.authorizations.get(one.id) == one
    assert one.state(DAY) is AuthorizationState.UNSIGNED
    scan = vault.evidence.store(who, EvidenceKind.SIGNED, "application/pdf", b"%PDF scan")
    vault.authorizations.sign(one.id, on=DAY, scan=scan)
    signed = replace(one, signed_on=DAY, evidence_id=scan.id, document_sha256=scan.sha256)
    assert vault.authorizations.for_subject(who) == (signed,)
    assert signed.state(date(2027, 5, 31)) is AuthorizationState.SIGNED
    assert signed.state(date(2027, 6, 1)) is AuthorizationState.EXPIRED
    with pytest.raises(WrongUsage):
        vault.authorizations.sign(one.id, on=DAY, scan=scan)
    vault.authorizations.revoke(one.id, on=DAY)
    vault.authorizations.revoke(one.id, on=date(2026, 12, 1))
    (gone,) = vault.authorizations.list()
    assert gone.revoked_on == DAY
    assert gone.state(DAY) is AuthorizationState.REVOKED


def test_nobody_signs_with_another_persons_scan(world: World) -> None:
    vault = world.vault
    who, other = client(vault), client(vault, "Jordan")
    one = paper(who)
    vault.authorizations.add(one)
    theirs = vault.evidence.store(other, EvidenceKind.SIGNED, "application/pdf", b"%PDF")
    with pytest.raises(RuleBroken):
        vault.authorizations.sign(one.id, on=DAY, scan=theirs)
    assert vault.authorizations.get(one.id).signed_on is None


def test_all_of_it_is_erased_with_the_client(world: World) -> None:
    vault = world.vault
    who, other = client(vault), client(vault, "Jordan")
    for each in (who, other):
        vault.matters.add_parties((party(each),))
        vault.matters.add_check(check(each))
        vault.authorizations.add(replace(paper(each), reference=f"of {each}"))
        vault.matters.add_imported({f"row of {each}": each})
    assert dict(vault.matters.imported([f"row of {who}", "another row"])) == {f"row of {who}": who}
    vault.subjects.forget(who)
    for table in TABLES:
        rows = vault.db.rows(f'SELECT subject_id FROM "{table}"')
        assert [row["subject_id"] for row in rows] == [other], table
