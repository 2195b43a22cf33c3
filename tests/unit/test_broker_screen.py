"""Proves that every company fits one screen, and that nothing that must be said is left out."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace

import pytest

from optout.catalog.families import find_family
from optout.cli import main as shell
from optout.cli.broker_screen import ROWS, WIDTH, screen, show_screen
from optout.cli.session import session
from optout.i18n import in_language
from optout.model.broker import Broker
from optout.model.words import By, Grade
from tests.unit.families import BY_SLUG, SHIPPED

MOST_LINES, COLUMNS = 24, 80


@pytest.fixture(params=["terminal", "plain"])
def plain(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    is_plain: bool = request.param == "plain"
    monkeypatch.setattr(session(), "plain", is_plain)
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    return is_plain


def said_of(broker: Broker, capsys: pytest.CaptureFixture[str]) -> str:
    show_screen(broker, find_family(broker))
    return capsys.readouterr().out


def rows(said: str) -> int:
    return sum(len(textwrap.wrap(line, COLUMNS - 1) or [""]) for line in said.splitlines())


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("slug", list(BY_SLUG))
def test_every_company_fits_one_screen(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    broker = BY_SLUG[slug]
    said = said_of(broker, capsys)
    flat = " ".join(said.split())
    assert rows(said) <= MOST_LINES - 1  # one stays for what is typed next
    assert broker.name in flat
    assert "never tried on the live site" in flat
    assert f"optout broker show {slug}" in flat
    ways = [channel for channel in broker.channel if By.NONE not in channel.by]
    if ways:
        assert "What to do:" in flat
        assert flat.count("They learn: ") >= min(2, len({channel.right for channel in ways}))
        assert "min. Rests on: " in flat
    else:
        assert "What can be done: " in flat


def test_on_a_terminal_no_line_is_wider_than_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(session(), "plain", False)
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    for broker in SHIPPED:
        said = said_of(broker, capsys)
        assert max(map(len, said.splitlines())) <= COLUMNS
        assert len(said.splitlines()) < MOST_LINES
        assert f"optout broker show {broker.slug}" in " ".join(said.split())  # never broken
        wanted = [row for line in screen(broker, find_family(broker)) for row in line.rows(WIDTH)]
        assert said.splitlines() == wanted, broker.slug


@pytest.mark.usefixtures("plain")
def test_what_sold_to_whom_is_never_cut_to_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for broker in SHIPPED:
        told = broker.declared
        flat = " ".join(said_of(broker, capsys).split())
        if told and told.sold_to_federal_government:
            assert "federal government" in flat, broker.slug
        if told and any(count.received for count in told.counts.values()):
            assert "checked by nobody; your state may differ" in flat, broker.slug
        assert not re.search(r"own count[^.]*%", flat), broker.slug
        assert "Your state has no privacy law" not in flat, broker.slug


def test_what_to_watch_out_for_is_told_or_counted(capsys: pytest.CaptureFixture[str]) -> None:
    bare = 0
    for broker in SHIPPED:
        said = said_of(broker, capsys)
        ways = [channel for channel in broker.channel if By.NONE not in channel.by]
        if any(channel.pitfalls or channel.will_not_reach for channel in ways):
            assert "Watch out:\n- " in said, broker.slug
        else:
            assert "Watch out:" not in said, broker.slug
            bare += 1
    assert bare > 0  # the control: some have no way at all, and so nothing to watch


def test_a_longer_definition_is_cut_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    spokeo = BY_SLUG["spokeo"]
    first = replace(spokeo.channel[0], pitfalls=tuple(f"Warning {n}" for n in range(60)))
    long = replace(spokeo, channel=(first, *spokeo.channel[1:]), sells_to="A sentence. " * 90)
    said = said_of(long, capsys)
    assert rows(said) <= ROWS
    assert "more: add --all" in said
    assert "A sentence. …" in said
    assert "Warning 59" not in said


def test_a_checked_company_says_the_day_and_a_local_one_whose_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spokeo = BY_SLUG["spokeo"]
    seen = replace(spokeo, grade=Grade.VERIFIED, verified_on=spokeo.sources[0].read_on, local=True)
    said = said_of(seen, capsys)
    assert "never tried on the live site" not in said
    assert spokeo.sources[0].read_on.isoformat() in said
    assert "your own file, not ours" in said
    assert "your own file" not in said_of(spokeo, capsys)


def test_in_spanish_it_fits_too(capsys: pytest.CaptureFixture[str]) -> None:
    with in_language("es"):
        for broker in SHIPPED:
            said = said_of(broker, capsys)
            assert "¿Comprobado? nunca se probó en el sitio real" in " ".join(said.split())
            assert rows(said) <= ROWS, broker.slug


def test_the_screen_is_the_same_at_every_width() -> None:
    broker = BY_SLUG["lexisnexis-risk"]
    lines = screen(broker, find_family(broker))
    assert sum(len(line.rows(WIDTH)) for line in lines) <= ROWS


def test_all_of_it_stands_behind_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(["broker", "show", "lexisnexis-risk", "--all"]) == 0
    whole = capsys.readouterr().out
    for fact in (*BY_SLUG["lexisnexis-risk"].facts, *BY_SLUG["lexisnexis-risk"].unknown):
        assert fact in whole
    assert len(whole.splitlines()) > MOST_LINES
