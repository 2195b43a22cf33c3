"""A key kept between two commands counts for its folder only, and only while its slot does."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from optout.cli import shell
from optout.cli.shell import QUIET, Quiet
from optout.model.secret import Secret
from optout.vault.folder import VaultFolder
from optout.vault.kept_key import KeptKey
from optout.vault.slots import write_keyring_card
from tests.conftest import SetClock

KEY = bytes(range(32))


@pytest.fixture
def place(tmp_path: Path) -> VaultFolder:
    there = VaultFolder(path=tmp_path / "locked", vault_id="0" * 32, generation="key-00000000")
    there.make()
    (there.slots / "one.json").touch()
    return there


@pytest.fixture
def kept(place: VaultFolder) -> KeptKey:
    made = KeptKey(place.path)
    made.keep(place, ("one", Secret(KEY)))
    return made


def test_it_is_kept_for_its_own_folder_and_no_other(kept: KeptKey, place: VaultFolder) -> None:
    assert kept.way_in(place) == ("one", Secret(KEY))
    other = replace(place, path=place.path.with_name("other"))
    assert kept.way_in(other) is None
    kept.keep(other, ("two", Secret(bytes(32))))
    assert kept.way_in(place) == ("one", Secret(KEY))


def test_a_changed_key_and_a_removed_slot_end_it(kept: KeptKey, place: VaultFolder) -> None:
    assert kept.way_in(replace(place, generation="key-00000001")) is None
    (place.slots / "one.json").unlink()
    assert kept.way_in(place) is None


def test_the_key_stores_key_counts_while_the_key_store_opens_it(place: VaultFolder) -> None:
    kept = KeptKey(place.path)
    kept.keep(place, ("", Secret(KEY)))
    assert kept.opens_alone()
    (place.slots / "one.json").unlink()
    assert kept.way_in(place) is None
    write_keyring_card(place.slots, "store")
    assert kept.way_in(place) is not None


def test_what_is_forgotten_is_referred_to_by_nothing(kept: KeptKey, place: VaultFolder) -> None:
    def keys() -> int:
        gc.collect()  # what an earlier test left lying about is none of this one
        return sum(isinstance(each, Secret) and each == Secret(KEY) for each in gc.get_objects())

    before = keys()
    assert before >= 1, "the control"
    kept.forget()
    assert (kept.is_there(), kept.way_in(place), keys()) == (False, None, before - 1)


@pytest.mark.parametrize(
    ("by_date", "by_running", "is_long"),
    [
        (0.0, 0.0, False),
        (899.0, 899.0, False),
        (900.0, 1.0, True),  # the laptop slept
        (-3600.0, 900.0, True),  # the date was set back
        (-3600.0, 899.0, False),
    ],
)
def test_quiet_is_counted_by_the_clock_that_went_further(
    by_date: float, by_running: float, *, is_long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    went = [0.0]
    monkeypatch.setattr(shell, "running_time", lambda: went[0])
    clock = SetClock()
    quiet = Quiet(clock)
    clock.forward(seconds=by_date)
    went[0] = by_running
    assert quiet.is_long() is is_long
    quiet.touch()
    assert not quiet.is_long()


def test_fifteen_minutes_it_is() -> None:
    assert timedelta(minutes=15) == QUIET
