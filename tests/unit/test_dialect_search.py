"""The scan of an imported definition becomes a search: everything in it is said, or told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from optout.catalog.brokers import load_broker
from optout.catalog.dialect import parse_dialect
from optout.catalog.dialect_broker import Family, Turned, turned
from optout.catalog.lint import lint
from optout.catalog.write_definition import definition_text
from optout.model.fields import Field
from optout.model.flow import AskPerson, Extract, Open, Press, Search, WaitFor, When
from optout.rules.dialect_search import without_too_many
from optout.rules.foreign_address import our_address
from optout.rules.foreign_selectors import in_row, only

ON = date(2026, 11, 22)
SITE = "people.example.com"
READING = {"name": {"selector": "h2"}, "age": {"selector": ".age"}, "profileUrl": {"selector": "a"}}


def scanned(*actions: dict[str, Any], **extract: object) -> Turned:
    reads = {
        "actionType": "extract",
        "selector": ".row",
        "noResultsSelector": "#none",
        "profile": READING,
    }
    begins = {"actionType": "navigate", "url": f"https://{SITE}/${{firstName}}"}
    stage = {
        "stepType": "scan",
        "scanType": "templatedUrl",
        "actions": [begins, *actions, {**reads, **extract}],
    }
    whole = {"name": "Example People", "url": SITE, "steps": [stage]}
    return turned(parse_dialect(json.dumps(whole).encode(), "x.json"), Family(), on=ON)


def search_of(*actions: dict[str, Any], **extract: object) -> Search:
    broker = scanned(*actions, **extract).broker
    assert broker is not None
    assert broker.search is not None
    assert not [each for each in lint(broker) if not each.warning]
    return broker.search


def said(result: Turned) -> str:
    return " ".join(each.what.english() for each in result.findings)


def test_an_address_with_something_nobody_keeps_is_none_of_ours() -> None:
    assert our_address(f"https://{SITE}/${{shoeSize}}") == ""
    assert "more about a person" in said(
        result := scanned({"actionType": "navigate", "url": f"https://{SITE}/${{shoeSize}}"})
    )
    assert result.broker is not None
    assert result.broker.search is None


def test_a_search_says_what_it_gives_and_how_rows_are_read() -> None:
    box = {"type": "age", "selector": "#age"}
    form = {"actionType": "fillForm", "selector": "form", "elements": [box]}
    search = search_of(form)
    assert search.discloses == (Field.FIRST_NAME, Field.AGE)
    first, last = search.steps[0], search.steps[-1]
    assert isinstance(first, Open)
    assert (first.url, first.reveals) == (f"https://{SITE}/{{first_name|capitalize}}", True)
    assert isinstance(last, Extract)
    assert (last.rows, last.none, sorted(last.read)) == (
        ".row",
        "#none",
        ["age", "name", "profile_url"],
    )
    lists = [step.steps[0].do for step in search.steps if isinstance(step, When)]
    assert lists == ["choose", "fill"]  # whichever the page has


def test_a_choice_hangs_on_the_age_and_the_last_resort_on_none_of_them() -> None:
    def button(selector: str) -> list[dict[str, str]]:
        return [{"type": "button", "selector": selector}]

    def choice(operation: str, right: str, selector: str) -> dict[str, Any]:
        held = {"left": "${age}", "operation": operation, "right": right}
        return {"condition": held, "elements": button(selector)}

    chooses = {
        "actionType": "click",
        "choices": [choice(">=", "65", "#old"), choice(">", "44", "#middle")],
        "default": {"elements": button("#young")},
    }
    outer = [step for step in search_of(chooses).steps if isinstance(step, When)]
    assert [(step.field, step.compares, step.than) for step in outer] == [
        (Field.AGE, ">=", "65"),
        (Field.AGE, "<", "65"),
    ]
    (old,) = outer[0].steps
    middle, young = outer[1].steps
    assert isinstance(old, Press)
    assert isinstance(middle, When)
    assert isinstance(young, When)
    assert (middle.compares, young.compares) == (">", "<=")
    assert [
        step.into for step in (old, *middle.steps, *young.steps) if isinstance(step, Press)
    ] == [
        "#old",
        "#middle",
        "#young",
    ]
    odd = {**chooses, "choices": [choice("~", "65", "#old")]}
    assert any(isinstance(step, AskPerson) for step in search_of(odd).steps)  # the control


def test_what_may_be_missing_is_passed_over_and_all_of_several_are_pressed() -> None:
    quiet = {"type": "element", "selector": ".maybe", "failSilently": True}
    more = {"type": "button", "selector": ".more", "multiple": True, "failSilently": True}
    search = search_of(
        {"actionType": "expectation", "expectations": [quiet]},
        {"actionType": "click", "elements": [more]},
    )
    assert [step.do for step in search.steps] == ["open", "when", "extract"]
    (when,) = (step for step in search.steps if isinstance(step, When))
    (press,) = when.steps
    assert isinstance(press, Press)
    assert press.every


def test_a_condition_of_several_parts_and_an_address_to_wait_for() -> None:
    parts = [
        {"type": "element", "selector": "#a"},
        {"type": "text", "selector": "body", "expect": "Choose one"},
        {"type": "url", "expect": "/choose"},
    ]
    press = {"actionType": "click", "elements": [{"type": "button", "selector": "#go"}]}
    search = search_of(
        {"actionType": "condition", "expectations": parts, "actions": [press]},
        {"actionType": "expectation", "expectations": [{"type": "url", "expect": "/rows"}]},
    )
    outer, waits = search.steps[1:3]
    assert isinstance(outer, When)
    assert isinstance(waits, WaitFor)
    (middle,) = outer.steps
    assert isinstance(middle, When)
    (inner,) = middle.steps
    assert isinstance(inner, When)
    assert (outer.element, middle.text, inner.address) == ("#a", "Choose one", "/choose")
    assert isinstance(inner.steps[0], Press)
    assert waits.address == "/rows"


def test_a_code_in_a_search_is_typed_by_the_person() -> None:
    search = search_of(
        {"actionType": "generateEmail"},
        {
            "actionType": "fillForm",
            "selector": "form",
            "elements": [{"type": "email", "selector": "#m"}],
        },
        {"actionType": "click", "elements": [{"type": "button", "selector": "#go"}]},
        {"actionType": "getEmailData", "extract": ["verificationCode"]},
        {
            "actionType": "fillForm",
            "selector": "form",
            "elements": [{"type": "verificationCode", "selector": "#c"}],
        },
    )
    assert [step.do for step in search.steps] == ["open", "fill", "press", "ask_person", "extract"]
    assert Field.EMAIL in search.discloses


def test_too_many_results_are_never_nobody() -> None:
    both = "//div[contains(text(), 'unable to find')]|//h2[contains(text(), 'too many results')]"
    assert without_too_many(both) == "//div[contains(text(), 'unable to find')]"
    assert without_too_many("//h2[.='Too many results']") == ""
    assert without_too_many("//p[.='a|b']") == "//p[.='a|b']"
    result = scanned(noResultsSelector=both)
    assert "does not" in said(result)


def test_a_search_that_a_file_cannot_hold_is_told_and_the_rest_is_taken() -> None:
    result = scanned(selector="//li[.='María']")
    assert result.broker is not None
    assert result.broker.search is None
    assert "selector in plain ASCII" in said(result)
    assert not result.refused


def test_no_rows_no_search() -> None:
    stage = {"stepType": "scan", "actions": [{"actionType": "navigate", "url": f"https://{SITE}/"}]}
    whole = {"name": "Example People", "url": SITE, "steps": [stage]}
    result = turned(parse_dialect(json.dumps(whole).encode(), "x.json"), Family(), on=ON)
    assert "nobody can be searched for" in said(result)


def test_a_search_survives_its_file(tmp_path: Any) -> None:  # noqa: ANN401 - pytest's path
    result = scanned(
        profile={
            **READING,
            "addressCityStateList": {
                "selector": "li",
                "findElements": True,
                "city": {"selector": "b"},
                "state": {"selector": "i"},
            },
            "relativesList": {"selector": "p", "separator": "•"},
        }
    )
    assert result.broker is not None
    file = tmp_path / result.slug / "broker.toml"
    file.parent.mkdir()
    file.write_text(definition_text(result.broker), encoding="utf-8")
    assert load_broker(file).search == result.broker.search


def test_selectors_stay_inside_their_row_and_their_kind() -> None:
    assert in_row("//button") == ".//button"
    assert in_row(".btn") == ".btn"
    assert only("//x[@id='a']", "select") == "(//x[@id='a'])[self::select]"
    assert only("#a", "input") == "input:is(#a)"
