"""Proves that the list of companies is filtered and ordered as asked, on a phone as on a desk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from optout.cli import main as shell
from optout.cli.broker_list import Sort, show_list
from optout.cli.registry import list_entries
from optout.cli.session import session
from optout.model.words import Holding
from tests.unit.families import SHIPPED


def listed(capsys: pytest.CaptureFixture[str], *wishes: str) -> list[dict[str, Any]]:
    assert shell.main(["broker", "list", "--json", *wishes]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def slugs(found: Sequence[dict[str, Any]]) -> list[str]:
    return [str(each["slug"]) for each in found]


def test_everything_that_is_held_has_to_be_held(capsys: pytest.CaptureFixture[str]) -> None:
    everyone = listed(capsys)
    jail = listed(capsys, "--holds", "jail")
    both = listed(capsys, "--holds", "jail", "--holds", "vehicle")
    assert 0 < len(both) < len(jail) < len(everyone)
    assert all({"jail", "vehicle"} <= set(each["holds"]) for each in both)
    assert listed(capsys, "--holds", "plates", "--kind", "credit-bureau") == []


@pytest.mark.parametrize("sort", list(Sort))
def test_an_order_loses_nobody_and_is_the_same_each_time(
    sort: Sort, capsys: pytest.CaptureFixture[str]
) -> None:
    found = listed(capsys, "--sort", sort.value)
    assert sorted(slugs(found)) == [broker.slug for broker in SHIPPED]
    assert slugs(listed(capsys, "--sort", sort.value)) == slugs(found)


def test_each_order_puts_first_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [each["requests"] or 0 for each in listed(capsys, "--sort", "requests")]
    assert asked == sorted(asked, reverse=True)
    assert asked[0] > 1_000_000
    danger = [each["sells_to_government"] for each in listed(capsys, "--sort", "danger")]
    assert danger == sorted(danger, reverse=True)
    assert danger[0] is True
    names = [each["short_name"].casefold() for each in listed(capsys, "--sort", "company")]
    assert names == sorted(names)
    assert names != [each["short_name"].casefold() for each in listed(capsys)]  # the control


@pytest.mark.parametrize(
    ("wish", "nearby"),
    [
        (("--holds", "home"), "home_address"),
        (("--sort", "size"), "requests"),
        (("--kind", "bureau"), "credit-bureau"),
        (("--right", "forget"), "delete"),
        (("--by", "fax"), "post"),
        (("--grade", "good"), "tested"),
    ],
)
def test_a_word_that_is_no_filter_is_answered_with_those_that_are(
    wish: tuple[str, str], nearby: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.main(["broker", "list", *wish]) == 2
    said = capsys.readouterr().err
    assert repr(wish[1]) in said
    assert nearby in said
    assert "Traceback" not in said


def test_the_registry_says_what_it_cannot_answer(capsys: pytest.CaptureFixture[str]) -> None:
    for wish in (("--holds", "jail"), ("--sort", "danger")):
        assert shell.main(["broker", "list", "--registry", *wish]) == 2
        assert "The lists do not say that." in capsys.readouterr().err
    assert shell.main(["broker", "list", "--registry", "--sells-to-government"]) == 0
    assert "Companies: " in capsys.readouterr().out


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_registry_fits_a_phone_too(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(session(), "plain", False)
    monkeypatch.setenv("COLUMNS", str(width))
    list_entries(to_government=True, country="", name="", json=False)
    lines = capsys.readouterr().out.partition("Companies: ")[0].splitlines()
    assert max(map(len, lines)) <= width
    assert any("the federal government" in " ".join(pair) for pair in pairwise(lines))


def test_nothing_found_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(["broker", "list", "--name", "nobody-of-that-name"]) == 0
    assert "No company here fits all of that." in capsys.readouterr().out
    assert shell.main(["broker", "list", "--name", "Accurint"]) == 0
    assert "lexisnexis-risk" in capsys.readouterr().out  # the control: products count as names


@pytest.mark.parametrize("width", [40, 50, 60, 80, 100, 140])
def test_the_list_is_a_table_on_every_screen_and_breaks_no_word(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(session(), "plain", False)
    monkeypatch.setenv("COLUMNS", str(width))
    show_list(SHIPPED)
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= width
    assert {str(broker.slug) for broker in SHIPPED} <= set(said.split())
    assert "─────" in said
    assert f"Companies: {len(SHIPPED)}" in said
    assert said.count("never tried") == 1  # said once, for all of them


def test_without_a_terminal_it_is_one_fact_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main(["broker", "list", "--plain", "--holds", Holding.PLATES.value]) == 0
    said = capsys.readouterr().out
    assert "short name: drn-motorola\ncompany: DRN" in said
    assert "─" not in said
