"""Proves what a plan shows, writes and asks before anything is put on a list."""

from __future__ import annotations

import json
import re
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from optout.catalog.brokers import find_broker
from optout.errors import Refused
from optout.model.broker import Slug
from optout.model.words import BrokerKind
from optout.text import Text
from optout.workflows.desk import Desk
from optout.workflows.make_plan import Wish, plan_with_person
from tests.e2e.command_line import CommandLine, Ran
from tests.e2e.test_plan_walk import JORDAN, made_for

README = Path(__file__).parents[2] / "README.md"
YES = "y\n" * 5
NO = "n\n"
TWR = "equifax-work-number"


def made(folder: Path, state: str) -> CommandLine:
    return made_for({**JORDAN, "state": state}, folder)


@pytest.fixture(scope="module")
def colorado(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return made(tmp_path_factory.mktemp("colorado"), "CO")


@pytest.fixture(scope="module")
def california(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return made(tmp_path_factory.mktemp("california"), "CA")


def well(ran: Ran) -> Ran:
    assert ran.code == 0, ran.said
    return ran


def plan_of(there: CommandLine, *words: str, typed: str = YES) -> Any:  # noqa: ANN401 - JSON
    return well(there.run("plan", *words, "--json", typed=typed)).json()


# The page


def test_the_page_is_written_for_its_owner_and_listed(
    colorado: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "paper.pdf"
    ran = well(colorado.run("plan", "--pdf", str(file), typed=YES))
    assert "Anyone who opens the file can read it" in ran.out
    assert "optout exports --delete" in ran.out
    assert len(PdfReader(file).pages) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(file) in json.dumps(colorado.run("exports", "--json").json())
    assert colorado.run("status", "--json").json() == []  # nothing was put on the list


def test_into_a_folder_goes_a_file_whose_name_says_nothing(
    colorado: CommandLine, tmp_path: Path
) -> None:
    well(colorado.run("plan", "--pdf", str(tmp_path), "--large-print", typed=YES))
    (file,) = tmp_path.iterdir()
    assert re.fullmatch(r"paper-[0-9A-Z]{4}-[0-9A-Z]{4}\.pdf", file.name)
    assert len(PdfReader(file).pages) > 1


def test_a_file_of_somebodys_own_is_left_as_it_is(colorado: CommandLine, tmp_path: Path) -> None:
    mine = tmp_path / "mine.pdf"
    mine.write_text("mine", "utf-8")
    ran = colorado.run("plan", "--pdf", str(mine), typed=YES)
    assert ran.code != 0
    assert "it is not from here" in ran.err
    assert mine.read_text("utf-8") == "mine"


def test_a_cloud_folder_is_asked_about_first(colorado: CommandLine, tmp_path: Path) -> None:
    cloud = tmp_path / "Dropbox"
    cloud.mkdir()
    ran = colorado.run("plan", "--pdf", str(cloud / "paper.pdf"), typed=f"{YES}n\n")
    assert ran.code != 0
    assert "copied to the cloud" in ran.said
    assert list(cloud.iterdir()) == []
    well(colorado.run("plan", "--pdf", str(cloud / "paper.pdf"), typed=f"{YES}y\n"))
    assert len(list(cloud.iterdir())) == 1


@pytest.mark.parametrize("other", [["--json"], ["--explain", TWR], ["--take", "1"], ["--wide"]])
def test_the_page_goes_alone(colorado: CommandLine, tmp_path: Path, other: list[str]) -> None:
    ran = colorado.run("plan", "--pdf", str(tmp_path / "paper.pdf"), *other)
    assert ran.code == 2, ran.said
    assert "Five questions" not in ran.said
    assert list(tmp_path.iterdir()) == []


# For programs


def documented() -> dict[str, set[str]]:
    """Return the keys that README.md promises, by where they stand."""
    text = (
        README.read_text("utf-8").partition("The plan for programs")[2].partition("</details>")[0]
    )
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| ")]
    return {
        where.replace("`", "").strip(): set(
            re.findall(r"`([a-z_]+)`", re.sub(r"\([^)]*\)", "", keys))
        )
        for where, keys in rows[1:]
    }


def test_the_plan_for_programs_has_every_key_that_is_promised(california: CommandLine) -> None:
    promised = documented()
    assert set(promised) == {
        *("the plan", "each of lines", "law", "each of fields", "each of leave_alone"),
    }
    found = plan_of(california, typed=f"{YES}y\n")
    assert found["format"] == "optout-plan-1"
    assert promised["the plan"] <= set(found)
    for line in found["lines"]:
        assert promised["each of lines"] <= set(line)
        assert promised["law"] <= set(line["law"])
        assert {"id", "name", "citation"} <= set(line["law"]["law"])
        assert all(promised["each of fields"] <= set(each) for each in line["fields"])
    for left in found["leave_alone"]:
        assert promised["each of leave_alone"] <= set(left)
    assert {line["kind"] for line in found["lines"]} == {"guided", "request"}


# What is asked first


def test_somebody_in_california_may_say_no_to_its_list_and_is_planned_without(
    california: CommandLine, colorado: CommandLine
) -> None:
    asked = "Do you want DROP in your plan?"
    with_it = california.run("plan", "--json", typed=f"{YES}y\n")
    assert asked in with_it.err
    assert "Login.gov" in with_it.err
    lines = with_it.json()["lines"]
    assert (lines[0]["broker"], lines[0]["kind"]) == ("california-drop", "guided")
    assert "have acted by about" in " ".join(lines[0]["why"])
    without = plan_of(california, typed=f"{YES}{NO}")
    named = california.run("plan", "--json", "--without-drop", typed=YES)
    assert asked not in named.err
    assert named.json() == without
    rights = {(line["broker"], line["right"]) for line in without["lines"]}
    assert ("lexisnexis-risk", "delete") in rights
    assert ("lexisnexis-risk", "delete") not in {(x["broker"], x["right"]) for x in lines}
    assert "california-drop" not in {broker for broker, _right in rights}
    elsewhere = colorado.run("plan", "--json", typed=YES)
    assert asked not in elsewhere.err


def test_the_plan_on_the_screen_asks_about_it_too_and_heeds_the_answer(
    california: CommandLine,
) -> None:
    yes = well(california.run("plan", typed=f"{YES}y\nn\n")).said
    assert "Open https://privacy.ca.gov/drop/ in your own browser." in yes
    assert "through the state's gateway or Login.gov, which the federal government runs" in yes
    no = well(california.run("plan", typed=f"{YES}{NO}n\n")).said
    assert "Open https://privacy.ca.gov/drop/" not in no
    both = california.run("plan", "--with-drop", "--without-drop")
    assert both.code == 2
    assert "say the opposite" in both.err


def test_rights_are_asked_in_the_order_they_are_named(
    colorado: CommandLine, tmp_path: Path
) -> None:
    there = copied(colorado, tmp_path)
    words = ("--right", "delete", "--right", "access", "--only", "lexisnexis-risk")
    ran = well(there.run("plan", *words, "--take", "all", typed=YES))
    assert "After a deletion a company has nothing left to show you" in ran.said
    requests = there.run("status", "--json").json()
    assert [each["right"] for each in requests] == ["delete", "access"]


def copied(there: CommandLine, folder: Path) -> CommandLine:
    shutil.copytree(there.vault, folder / "locked")
    (folder / "locked").chmod(0o700)
    return there.but(folder=folder)


def test_a_company_beyond_the_usual_plan_is_explained_too(colorado: CommandLine) -> None:
    found = plan_of(colorado)
    assert len(found["lines"]) == 15
    assert found["held_back"] > 0
    beyond = "relx-lexisnexis"
    ran = well(colorado.run("plan", "--explain", beyond, typed=YES))
    assert "It gathers files about people and sells them: work, name." in ran.out
    assert "It sells to: Declared to California" in ran.out
    assert "Their count: Of" in ran.out


def test_each_company_is_told_with_what_it_is_and_each_request_with_its_count(
    colorado: CommandLine,
) -> None:
    said = well(colorado.run("plan", typed=f"{YES}n\n")).said
    assert "It gathers files about people and sells them: home address, jail records" in said
    assert "It sells jail and court records: jail records, name, court records." in said
    assert "checked by nobody; your state may differ" in said
    assert "Sister companies filed the same figures: it is a group figure." in said


# Beyond the usual companies


class Typist:
    """Somebody who types one word and reads what is told."""

    def __init__(self, typed: str) -> None:
        self._typed, self.told = typed, list[str]()

    def type_word(self, question: Text, word: Text) -> bool:
        self.told.append(str(question))
        return self._typed == str(word)

    def tell(self, text: Text) -> None:
        self.told.append(str(text))


def desk_of(person: Typist) -> Any:  # noqa: ANN401 - half a desk
    lexis = find_broker("lexisnexis-risk")
    beyond = [
        replace(
            lexis,
            slug=Slug(f"c{number}"),
            kind=kind,
            in_default_plan=False,
            declared=lexis.declared if number == 0 else None,
        )
        for number, kind in enumerate(
            [BrokerKind.MARKETING, BrokerKind.PEOPLE_SEARCH, BrokerKind.MARKETING]
        )
    ]

    class HalfADesk:
        list_brokers = staticmethod(lambda: (lexis, *beyond))
        find_broker = staticmethod(find_broker)
        today = staticmethod(lambda _subject: datetime(2026, 11, 22, tzinfo=UTC).date())

    half = HalfADesk()
    half.person = person  # type: ignore[attr-defined] # set once
    return half


@pytest.mark.parametrize("typed", ["", "y", "no"])
def test_beyond_the_usual_it_says_how_many_and_which_and_wants_a_typed_yes(
    typed: str,
) -> None:
    person = Typist(typed)
    desk: Desk = desk_of(person)
    from optout.sample.people import JORDAN as subject  # noqa: PLC0415, N811

    with pytest.raises(Refused, match="Left alone"):
        plan_with_person(desk, subject, Wish(wide=True))
    (gate,) = person.told
    assert "there are 3 more: marketing data (2), people-search site (1)." in gate
    assert "1 sell to government; where such a company may not know you, it is still left" in gate
    assert "will learn your name" in gate
