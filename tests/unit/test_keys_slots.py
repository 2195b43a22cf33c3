"""Proves who can open a vault, who cannot, and that nobody locks themselves out by mistake."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.errors import NeedsPerson, Refused, VaultDamaged, VaultLocked, WrongUsage
from optout.model.secret import Secret
from optout.vault import slots
from optout.vault.create import create_vault
from optout.vault.folder import NoVault, is_vault, read_folder
from optout.vault.locks import FileLock
from optout.vault.passphrase import (
    SHORTEST,
    WORDS,
    check_passphrase,
    propose_passphrase,
    proposed_bits,
)
from optout.vault.recovery import new_recovery_code, read_recovery_code
from optout.vault.slots import SlotKind, new_key, slot_ids, try_slot, write_slot
from optout.vault.unlock import unlock, unlock_with_key
from tests.conftest import PASSPHRASE, SetClock

if TYPE_CHECKING:
    from optout.vault.vault import Vault
    from tests.conftest import World

Made = tuple[Path, Secret[bytes], Secret[str]]


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make guessing cheap where its cost is not what is tested."""
    monkeypatch.setattr(slots, "COST", 2**10)


def opened(folder: Path, typed: Secret[str] | None) -> Vault:
    ask = (lambda: typed) if typed else None
    return unlock(folder, clock=SetClock(), actor="person", passphrase=ask)


def test_the_passphrase_and_the_recovery_code_open_a_vault(made_once: Made) -> None:
    folder, key, code = made_once
    for typed in (PASSPHRASE, code, Secret(code.reveal().lower().replace("-", " "))):
        with opened(folder, typed) as vault:
            assert vault.key == key


@pytest.mark.parametrize(
    "typed", ["", "a long and made-up passphrasE", "0000-0000-0000-0000-0000-0000-0000"]
)
def test_anything_else_opens_nothing_and_says_nothing_more(made_once: Made, typed: str) -> None:
    with pytest.raises(VaultLocked) as caught:
        opened(made_once[0], Secret(typed))
    assert str(caught.value).startswith("This passphrase does not open the locked folder.")
    assert not typed or typed not in str(caught.value)


def test_without_a_terminal_a_vault_stays_locked(made_once: Made) -> None:
    with pytest.raises(VaultLocked, match="--passphrase-fd"):
        opened(made_once[0], None)


def test_where_no_vault_is_the_way_on_is_init(tmp_path: Path) -> None:
    with pytest.raises(NoVault, match="optout init"):
        opened(tmp_path, PASSPHRASE)


def test_the_derivation_is_as_slow_as_promised(made_once: Made) -> None:
    folder = read_folder(made_once[0]).slots
    cards = [json.loads(path.read_bytes()) for path in folder.glob("*.json")]
    assert {card["kind"] for card in cards} == {"passphrase", "recovery"}
    for card in cards:
        assert (card["kdf"], card["n"], card["r"], card["p"]) == ("scrypt", 2**17, 8, 1)
        assert len(card["salt"]) == 32
    assert len({card["salt"] for card in cards}) == 2


@pytest.mark.parametrize(
    "change",
    [{"n": 2}, {"n": 2**30}, {"n": 3 * 2**17}, {"kdf": "none"}, {"salt": "zz"}, {"n": "x"}],
)
def test_a_card_that_is_not_ours_is_refused(
    tmp_path: Path, cheap: None, change: dict[str, object]
) -> None:
    write_slot(tmp_path, "0" * 32, SlotKind.PASSPHRASE, PASSPHRASE, new_key())
    card = tmp_path / f"{'0' * 32}.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | change))
    with pytest.raises(VaultDamaged):
        try_slot(tmp_path, "0" * 32, PASSPHRASE)


def test_a_letter_typed_on_another_keyboard_is_the_same_letter(tmp_path: Path, cheap: None) -> None:
    key = new_key()
    typed = "contraseña de muñoz"
    composed, split = (unicodedata.normalize(form, typed) for form in ("NFC", "NFD"))
    assert composed != split
    write_slot(tmp_path, "0" * 32, SlotKind.PASSPHRASE, Secret(composed), key)
    assert try_slot(tmp_path, "0" * 32, Secret(f"{split}\n")) == key
    assert try_slot(tmp_path, "0" * 32, Secret(f"{split} ")) is None


@pytest.mark.parametrize("short", ["", "a" * (SHORTEST - 1), " " * 40, "elf signs   \n"])
def test_a_short_passphrase_is_refused(short: str) -> None:
    with pytest.raises(WrongUsage, match="12"):
        check_passphrase(Secret(short))


@pytest.mark.parametrize(
    "fine", ["a" * SHORTEST, "四字熟語四字熟語四字熟語", "correct horse ñandú"]
)
def test_there_are_no_other_rules(fine: str) -> None:
    check_passphrase(Secret(fine))


def test_a_proposal_holds_at_least_64_bits() -> None:
    assert proposed_bits() >= 64
    made = {propose_passphrase().reveal() for _ in range(200)}
    assert len(made) == 200
    for words in made:
        check_passphrase(Secret(words))
        assert len(words.split()) == WORDS
        assert words.isascii()


def test_recovery_codes_survive_a_hand_that_copies_them() -> None:
    code = new_recovery_code()
    assert len(code.reveal().replace("-", "")) == 28
    sloppy = code.reveal().lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_recovery_code(Secret(f" {sloppy}\n")) == code
    assert read_recovery_code(Secret(code.reveal()[:-1])) is None
    assert read_recovery_code(Secret(PASSPHRASE.reveal())) is None


@settings(max_examples=200)
@given(place=st.integers(0, 27), letter=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_nearly_every_slip_of_the_pen_is_noticed(place: int, letter: str) -> None:
    code = "3YKC-GNK5-B4SA-XBCP-MA0H-3WD3-TTRH".replace("-", "")
    slipped = code[:place] + letter + code[place + 1 :]
    assert read_recovery_code(Secret(code)) is not None
    if slipped != code and place < 26:
        # One in 1,024 slips gives the same two letters; none of these does.
        assert read_recovery_code(Secret(slipped)) is None


def test_a_second_person_can_be_let_in_and_out_again(world: World, cheap: None) -> None:
    added = world.vault.keys.add_passphrase(Secret("another passphrase"), "Alex")
    assert [slot.label for slot in world.vault.keys.list()] == ["", "", "Alex"]
    world.vault.close()
    with opened(world.vault.folder, Secret("another passphrase")) as vault:
        vault.keys.remove(added.id)
    with pytest.raises(VaultLocked):
        opened(world.vault.folder, Secret("another passphrase"))
    opened(world.vault.folder, PASSPHRASE).close()


def test_the_last_way_in_is_never_taken_away(world: World, cheap: None) -> None:
    (own,) = [slot for slot in world.vault.keys.list() if slot.kind is SlotKind.PASSPHRASE]
    with pytest.raises(NeedsPerson):
        world.vault.keys.remove(own.id)
    # With the recovery code typed back, it can go.
    code = world.vault.keys.add_recovery_code()
    with pytest.raises(WrongUsage):
        world.vault.keys.confirm_recovery_code(new_recovery_code())
    with pytest.raises(NeedsPerson):
        world.vault.keys.remove(own.id)
    world.vault.keys.confirm_recovery_code(Secret(code.reveal().lower()))
    world.vault.keys.remove(own.id)
    assert [slot.kind for slot in world.vault.keys.list()] == [SlotKind.RECOVERY]
    with pytest.raises(NeedsPerson):
        world.vault.keys.remove(world.vault.keys.list()[0].id)
    world.vault.close()
    opened(world.vault.folder, code).close()


def test_a_new_recovery_code_ends_the_old_one(world: World, made_once: Made, cheap: None) -> None:
    world.vault.keys.add_recovery_code()
    world.vault.close()
    assert len(slot_ids(world.vault.place.slots, SlotKind.RECOVERY)) == 1
    with pytest.raises(VaultLocked):
        opened(world.vault.folder, made_once[2])


def test_a_change_of_key_keeps_what_was_typed_and_drops_the_rest(world: World, cheap: None) -> None:
    subject = world.person()
    old_key, old_generation = world.key, world.vault.place.base
    world.vault.keys.add_passphrase(Secret("the colleague's own"), "Alex")
    rotated = world.vault.keys.rotate([PASSPHRASE])
    assert {slot.label for slot in rotated.dropped} == {"Alex", ""}
    assert rotated.recovery_code
    assert not old_generation.exists()
    with opened(world.vault.folder, PASSPHRASE) as vault:
        assert vault.key != old_key
        assert vault.subjects.list() == (subject,)
        assert vault.audit().events
    opened(world.vault.folder, rotated.recovery_code).close()
    with pytest.raises(VaultLocked):
        opened(world.vault.folder, Secret("the colleague's own"))


def test_a_recovery_code_typed_at_a_change_of_key_stays(
    world: World, made_once: Made, cheap: None
) -> None:
    rotated = world.vault.keys.rotate([PASSPHRASE, made_once[2]])
    assert (rotated.recovery_code, rotated.dropped) == (None, ())
    opened(world.vault.folder, made_once[2]).close()


def test_a_change_of_key_needs_a_passphrase_that_opens(world: World, made_once: Made) -> None:
    for typed in ([Secret("not the passphrase")], [made_once[2]], []):
        with pytest.raises(Refused):
            world.vault.keys.rotate(typed)
    assert [path.name for path in world.vault.folder.glob("key-*")] == [
        world.vault.place.generation
    ]
    assert world.reopen().audit()


def test_a_change_of_key_waits_for_no_other_window(world: World) -> None:
    other = unlock(
        world.vault.folder, clock=world.clock, actor="person", passphrase=lambda: PASSPHRASE
    )
    with pytest.raises(Refused, match="Another window"):
        world.vault.keys.rotate([PASSPHRASE])
    other.close()
    assert world.vault.subjects.list() == ()  # still open and usable


def test_a_window_that_missed_a_change_of_key_closes_instead_of_writing_to_the_old_one(
    world: World, monkeypatch: pytest.MonkeyPatch, cheap: None
) -> None:
    late = unlock_with_key(
        read_folder(world.vault.folder), world.key, clock=world.clock, actor="person"
    )
    take = FileLock.take

    def refused(lock: FileLock, *, shared: bool = False, seconds: float = 0) -> bool:
        """Be refused the lock, and lose the shared one, while the other window changes the key."""
        if shared:
            return take(lock, shared=shared, seconds=seconds)
        lock.release()
        monkeypatch.undo()
        monkeypatch.setattr(slots, "COST", 2**10)
        world.vault.keys.rotate([PASSPHRASE])
        return False

    monkeypatch.setattr(FileLock, "take", refused)
    with pytest.raises(Refused, match="Another window"):
        late.subjects.forget(world.person().id)
    with pytest.raises(Refused):
        late.subjects.list()
    with opened(world.vault.folder, PASSPHRASE) as vault:
        assert len(vault.subjects.list()) == 1


@pytest.mark.parametrize("what", ["a file", "a full folder", "a vault"])
def test_creating_never_touches_what_is_there(tmp_path: Path, made_once: Made, what: str) -> None:
    place = {"a file": tmp_path / "one", "a full folder": tmp_path, "a vault": made_once[0]}[what]
    (tmp_path / "one").write_text("mine")
    before = sorted(path.name for path in place.parent.iterdir())
    with pytest.raises(Refused):
        create_vault(place, clock=SetClock(), actor="p", passphrase=PASSPHRASE, use_keyring=False)
    assert (tmp_path / "one").read_text() == "mine"
    assert sorted(path.name for path in place.parent.iterdir()) == before


def test_creating_needs_a_way_in_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for passphrase, expected in ((None, Refused), (Secret("short"), WrongUsage)):
        with pytest.raises(expected):
            create_vault(
                tmp_path / "v",
                clock=SetClock(),
                actor="p",
                passphrase=passphrase,
                use_keyring=False,
            )
    assert list(tmp_path.iterdir()) == []


def test_a_creation_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("optout.vault.create.write_slot", full)
    with pytest.raises(Refused, match="No space left"):
        create_vault(
            tmp_path / "v", clock=SetClock(), actor="p", passphrase=PASSPHRASE, use_keyring=False
        )
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_may_become_a_vault(tmp_path: Path, cheap: None) -> None:
    (tmp_path / "v").mkdir()
    made = create_vault(
        tmp_path / "v", clock=SetClock(), actor="p", passphrase=PASSPHRASE, use_keyring=False
    )
    made.vault.close()
    assert is_vault(tmp_path / "v")
    assert made.recovery_code.reveal() not in repr(made)
