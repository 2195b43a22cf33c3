"""What cannot be is refused at the command line, with words and exit code 2; nothing is lost."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from optout.catalog import laws as law_files
from optout.catalog import shipped_law
from optout.catalog.brokers import find_broker
from optout.cli import main as shell
from optout.cli import record as record_command
from optout.model.record import Answer
from optout.model.request import Message, Status
from optout.model.words import Right
from optout.sample.people import JORDAN
from optout.shipped import shipped
from optout.workflows.desk import Desk, errand_for
from optout.workflows.outside_companies import finding_both
from optout.workflows.record_answer import record_answer
from optout.workflows.request_to import ToAsk, request_with_person
from optout.workflows.send_paper import hand_over_paper, mark_sent
from tests.conftest import World, desk_without_browser

if TYPE_CHECKING:
    from pathlib import Path


DUE = ("law", "due", "--law", "us-co-cpa", "--right", "delete", "--received", "2026-11-02")
SECTION = 'cite = "Colo. Rev. Stat. § 6-1-1306(2)(a)"\n'


def refused(capsys: pytest.CaptureFixture[str], *words: str, code: int = 2) -> str:
    assert shell.main(list(words)) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("us-co-cap", "us-co-cpa"),
        ("US-CO-CPA", "us-co-cpa"),
        ("eu-gdrp", "eu-gdpr"),
        ("gdpr", "eu-gdpr, uk-gdpr"),
        ("ccpa", "us-ca-ccpa"),
        ("Colorado", "us-co-cpa"),
        ("Virginia", "us-va-vcdpa"),
    ],
)
def test_a_law_that_is_none_offers_near_ones(
    typed: str, offered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("law", "show", typed), (*DUE, "--law", typed)):
        said = refused(capsys, *words)
        assert "There is no law with that id." in said
        assert "Did you mean" in said
        assert offered in said


@pytest.mark.parametrize("typed", ["zzz", "", "../us-co-cpa", "us-co-cpa.toml", "x" * 300])
def test_a_law_that_is_near_none_is_refused_all_the_same(
    typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There is no law with that id." in refused(capsys, "law", "show", typed)
    assert "There is no law with that id." in refused(capsys, *DUE, "--law", typed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("--denied-on", "2026-10-01"), "the refusal (2026-10-01) would come before the receipt"),
        (("--extended-on", "2026-10-01"), "would come before the receipt of the request"),
        (("--appealed-on", "2026-10-01"), "the appeal (2026-10-01) would come before"),
        (
            ("--denied-on", "2026-12-10", "--appealed-on", "2026-12-01"),
            "the appeal (2026-12-01) would come before the refusal (2026-12-10)",
        ),
        (
            ("--denied-on", "2026-11-10", "--extended-on", "2026-11-20"),
            "the refusal (2026-11-10) would come before the notice",
        ),
        (("--received", "2023-06-30"), "in force only from 2023-07-01"),
        (("--right", "freeze"), "does not give the right “freeze”"),
        (("--received", "2026-02-30"), "is not a date"),
        (("--right", "fly"), "is not one of"),
        (("--state", "XX"), "is not a state's two letters"),
    ],
)
def test_dates_that_cannot_be_are_refused_by_the_calculator(
    changed: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in refused(capsys, *DUE, *changed)
    assert shell.main(list(DUE)) == 0  # the control


def test_a_day_that_has_not_come_is_counted_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    later = date.today() + timedelta(days=400)  # noqa: DTZ011 - only far enough away
    assert shell.main([*DUE, "--received", later.isoformat(), "--json"]) == 0
    assert "has not come yet" in capsys.readouterr().err
    assert shell.main([*DUE, "--received", "2024-11-04", "--json"]) == 0
    assert "has not come yet" not in capsys.readouterr().err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a copy of the letters in the place of the shipped ones, for the program to read."""
    root = tmp_path / "letters"
    shutil.copytree(shipped("letters") / "laws", root / "laws")
    for module in (law_files, shipped_law):
        monkeypatch.setattr(module, "shipped", lambda _name: root)
    law_files._cached.cache_clear()  # noqa: SLF001 - paths of before
    return root / "laws"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (SECTION, "", "`cite` is missing"),
        (SECTION, 'cite = ""\n', "A term needs the section that sets it."),
        ("length = 45\n", 'length = "45"\n', "length"),
        ("length = 45\n", "length = 45\nlenght = 46\n", "lenght"),
        ("length = 45\n", "length = \n", "not TOML"),
        ('unit = "days"', 'unit = "moons"', "unit"),
        ('id = "us-co-cpa"\n', 'id = "us-co-cpa"\nnickname = "CPA"\n', "nickname"),
        ("in_force_from = 2023-07-01", 'in_force_from = "July 2023"', "in_force_from"),
    ],
)
def test_a_law_file_with_a_mistake_is_told_with_its_line(
    folder: Path, before: str, after: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "us-co-cpa.toml"
    whole = file.read_text("utf-8")
    if "unit" in before:
        before, after = "length = 45\n", f"length = 45\n{after}\n"
    mended = (
        whole.replace(before, after, 1)
        if "cite" not in before
        else whole.replace(
            f"[rights.delete.answer]\nlength = 45\n{before}",
            f"[rights.delete.answer]\nlength = 45\n{after}",
        )
    )
    assert mended != whole
    file.write_text(mended, "utf-8")
    for command in (("law", "show", "us-co-cpa"), DUE):
        said = refused(capsys, *command)
        assert "us-co-cpa.toml cannot be used" in said
        assert "line " in said
        assert words in said
    assert shell.main(["law", "show", "us-va-vcdpa"]) == 0  # the others still work
    capsys.readouterr()
    assert shell.main(["law", "list"]) == 0
    listed = capsys.readouterr()
    assert "us-va-vcdpa" in listed.out
    assert "us-co-cpa.toml cannot be used" in listed.err
    file.write_text(whole, "utf-8")
    assert shell.main(list(DUE)) == 0  # the control


@pytest.fixture
def desk(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    world.vault.subjects.add(JORDAN)
    desk = desk_without_browser(world, tmp_path, find_broker=finding_both(world.vault, find_broker))
    monkeypatch.setattr(record_command, "open_desk", lambda: desk)
    return desk


@pytest.fixture
def message(desk: Desk) -> Message:
    wanted = ToAsk(
        to="privacy@acme-data.example.com", company="Acme", rights=(Right.DELETE,), find_by=()
    )
    (message,) = request_with_person(desk, JORDAN, wanted)
    return message


@pytest.fixture
def sent(desk: Desk, message: Message) -> Message:
    hand_over_paper(desk, errand_for(desk, message))
    mark_sent(desk, message.reference)
    return message


def state_of(desk: Desk) -> tuple[object, ...]:
    """Return what a refusal must leave alone."""
    (request,) = desk.vault.requests.list()
    return (
        request,
        desk.vault.deadlines.for_request(request.id),
        desk.vault.correspondence.for_requests((request.id,)),
    )


def test_an_answer_before_anything_was_sent_is_refused(
    desk: Desk, message: Message, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state_of(desk)
    said = refused(capsys, "record", message.reference, "denied", code=1)
    assert "was never sent" in said
    assert state_of(desk) == before


def test_days_before_sending_and_days_to_come_are_refused(
    desk: Desk, sent: Message, capsys: pytest.CaptureFixture[str]
) -> None:
    before, today = state_of(desk), desk.today(JORDAN)
    early = (today - timedelta(days=1)).isoformat()
    late = (today + timedelta(days=1)).isoformat()
    ref = sent.reference
    assert "before the request was sent" in refused(capsys, "record", ref, "denied", "--on", early)
    assert "has not come yet" in refused(capsys, "record", ref, "denied", "--on", late)
    assert "is not a date" in refused(capsys, "record", ref, "denied", "--on", "2026-02-30")
    assert "no request with that reference" in refused(capsys, "record", "ZZZZ-ZZZZ", "denied")
    assert "is not one of" in refused(capsys, "record", ref, "maybe")
    assert state_of(desk) == before
    assert shell.main(["record", ref, "denied", "--on", today.isoformat()]) == 0  # the control


def test_an_appeal_is_not_refused_before_anything_was(
    desk: Desk, sent: Message, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state_of(desk)
    said = refused(capsys, "record", sent.reference, "appeal-denied")
    assert "No refusal and no appeal" in said
    assert f"optout record {sent.reference} denied" in said
    assert state_of(desk) == before
    assert shell.main(["record", sent.reference, "denied"]) == 0
    assert shell.main(["record", sent.reference, "appeal-denied"]) == 0  # the control


def test_a_notice_that_it_takes_longer_does_not_follow_a_decision(
    desk: Desk, sent: Message, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    day = desk.today(JORDAN)
    world.clock.now += timedelta(days=9)
    record_answer(desk, sent.reference, Answer.DENIED, on=day + timedelta(days=5))
    before = state_of(desk)
    said = refused(capsys, "record", sent.reference, "extended")
    assert "comes before a decision" in said
    for answer in ("extended", "acknowledged", "needs-more"):
        early = (day + timedelta(days=2)).isoformat()
        words = ("record", sent.reference, answer, "--on", early)
        wants = ("--wants", "id-copy") if answer == "needs-more" else ()
        assert "changes nothing any more" in refused(capsys, *words, *wants)
    early = (day + timedelta(days=2)).isoformat()
    said = refused(capsys, "record", sent.reference, "appeal-denied", "--on", early)
    assert "is before they refused" in said
    assert state_of(desk) == before
    assert shell.main(["record", sent.reference, "acknowledged"]) == 0  # the control: later
    (request,) = desk.vault.requests.list()
    assert request.status is Status.IN_PROGRESS


def test_before_a_decision_a_notice_moves_the_date(desk: Desk, sent: Message) -> None:
    assert shell.main(["record", sent.reference, "extended"]) == 0
    assert shell.main(["record", sent.reference, "denied"]) == 0
    (request,) = desk.vault.requests.list()
    assert request.status is Status.DENIED
