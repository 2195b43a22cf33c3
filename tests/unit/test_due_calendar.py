"""Proves that the calendar file is read by others, moves its dates, and tells nobody anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from optout.drafting.due_calendar import Entry, due_calendar
from optout.errors import Refused
from optout.workflows.desk import Desk
from optout.workflows.due_file import write_calendar
from optout.workflows.send_paper import mark_sent
from optout.workflows.standing import dues
from tests.conftest import World
from tests.unit.test_after_filing import BY_POST, Says, in_their_hands
from tests.unit.test_after_filing import desk as _desk
from tests.unit.test_after_filing import person as _person

desk, person = _desk, _person  # the same desk

AT = datetime(2026, 11, 23, 18, tzinfo=UTC)
TWO = (
    Entry(key="r1 response", reference="K7F3-Q9MX", on=date(2027, 1, 7)),
    Entry(key="r2 response", reference="C4DW-H6PT", on=date(2027, 2, 1)),
)


def entries(content: bytes) -> list[Any]:
    return Calendar.from_ical(content).walk("VEVENT")


@pytest.fixture
def posted(world: World, desk: Desk) -> Desk:
    mark_sent(desk, in_their_hands(world).reference)
    return desk


def test_each_date_is_an_all_day_entry_that_keeps_nobody_busy(posted: Desk) -> None:
    found = dues(posted)
    there = entries(write_calendar(posted, found, "dates.ics").read_bytes())
    assert [one.decoded("dtstart") for one in there] == [each.deadline.due_on for each in found]
    assert all(one.decoded("dtend") - one.decoded("dtstart") == timedelta(days=1) for one in there)
    assert {str(one["transp"]) for one in there} == {"TRANSPARENT"}


def test_an_entry_says_the_reference_and_nothing_else(posted: Desk, person: Says) -> None:
    found = dues(posted)
    content = write_calendar(posted, found, "dates.ics").read_text("utf-8").lower()
    assert found[0].reference.lower() in content
    name = posted.vault.subjects.list()[0].label.reveal()
    told = [name, *found[0].company.split(), BY_POST, found[0].request.right, "optout", "privacy"]
    assert [word for word in told if word.lower() in content] == []
    leaky = due_calendar([replace(TWO[0], reference=f"{found[0].company} {name}")], written_at=AT)
    assert name in leaky.decode()  # the look would find it


def test_a_second_file_moves_a_date_and_adds_none() -> None:
    moved = (replace(TWO[0], on=date(2027, 2, 21)), TWO[1])
    first, second = (entries(due_calendar(each, written_at=AT)) for each in (TWO, moved))
    assert [one["uid"] for one in first] == [one["uid"] for one in second]
    assert len({one["uid"] for one in first}) == 2
    assert first[0].decoded("dtstart") < second[0].decoded("dtstart")


def test_the_same_dates_give_the_same_bytes() -> None:
    assert due_calendar(TWO, written_at=AT) == due_calendar(TWO, written_at=AT)


def test_a_file_of_somebody_elses_is_left_as_it_is(posted: Desk, tmp_path: Path) -> None:
    theirs = tmp_path / "out" / "family.ics"
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("birthdays", "utf-8")
    with pytest.raises(Refused, match="not from here"):
        write_calendar(posted, dues(posted), theirs.name)
    assert theirs.read_text("utf-8") == "birthdays"
    assert posted.vault.exports.list() == ()
    ours = write_calendar(posted, dues(posted), "dates.ics")
    assert write_calendar(posted, dues(posted), "dates.ics") == ours  # our own may be renewed


def test_the_file_is_the_owners_and_is_listed(posted: Desk) -> None:
    path: Path = write_calendar(posted, dues(posted), "dates.ics")
    assert path.stat().st_mode & 0o077 == 0
    assert [one.what for one in posted.vault.exports.list()] == ["dates"]
