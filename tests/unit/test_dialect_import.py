"""DuckDuckGo's definitions turned into a person's own: nothing lost, nothing invented."""

from __future__ import annotations

import json
import os
import tomllib
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from optout.catalog.brokers import find_broker, find_retired, list_brokers
from optout.catalog.dialect import DEEPEST, LARGEST, parse_dialect, tag_of
from optout.catalog.dialect_broker import Family, turned
from optout.catalog.findings import BadDefinition
from optout.catalog.own_definitions import KEPT
from optout.cli import main as shell
from optout.model import dialect
from optout.model.broker import Broker, Slug
from optout.model.fields import Field
from optout.model.flow import (
    AskPerson,
    ConfirmEmail,
    Extract,
    Fill,
    Looks,
    Press,
    Step,
    Submit,
    WaitFor,
    When,
)
from optout.model.subject import Share
from optout.model.words import By, Right
from optout.rules.dialect import placed_actions
from optout.rules.dialect_flow import KNOWN_BOXES
from optout.rules.flows import steps_of
from optout.rules.listings_to_ask import as_planned
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.import_dialects import ImportedDialects, import_dialects
from optout.workflows.make_plan import Wish, plan_for
from optout.workflows.places import own_definitions
from optout.workflows.plan_scan import plan_scan, scan_texts, sites_of
from optout.workflows.set_out import set_out
from tests.conftest import World, sample_subject

ON = date(2026, 11, 22)
SITE = "people.example.com"
AGAIN = {"retryError": 48, "confirmOptOutScan": 72, "maintenanceScan": 120, "maxAttempts": -1}
READING = {
    "name": {"selector": "h2", "beforeText": ","},
    "age": {"selector": ".age", "afterText": "/age:?/i"},
    "alternativeNamesList": {"selector": "li", "findElements": True, "separator": ","},
    "addressCityStateList": {"selector": "p", "city": {"selector": "b"}, "state": None},
    "addressFull": {"selector": "address"},
    "phone": {"selector": "a", "attribute": "title"},
    "relativesList": None,
    "email": {"selector": "i"},
    "profileUrl": {"identifierType": "hash", "identifier": "x", "source": "url"},
}


def scan(*more: dict[str, Any]) -> dict[str, Any]:
    return {
        "stepType": "scan",
        "scanType": "templatedUrl",
        "actions": [
            {"actionType": "navigate", "id": "1", "url": f"https://{SITE}/${{firstName}}/"},
            *more,
            {
                "actionType": "extract",
                "selector": ".row",
                "noResultsSelector": "//h1[@id='none']",
                "profile": READING,
            },
        ],
    }


def opt_out(*actions: dict[str, Any], kind: str = "formOptOut") -> dict[str, Any]:
    return {"stepType": "optOut", "optOutType": kind, "actions": list(actions)}


def definition(*stages: dict[str, Any], site: str = SITE, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "name": "Example People",
        "url": site,
        "version": "0.1.0",
        "addedDatetime": 1768780800000,
        "optOutUrl": f"https://{site}/opt-out",
        "steps": deepcopy(list(stages)),
        "schedulingConfig": AGAIN,
        "removedAt": None,
        **changes,
    }


OPEN = {"actionType": "navigate", "url": f"https://{SITE}/opt-out"}
SUCCESS = {
    "actionType": "expectation",
    "expectations": [{"type": "text", "selector": "body", "expect": "Your request was received"}],
}
SEND = {"actionType": "click", "elements": [{"type": "button", "selector": "#send"}]}


def fill(*types: str, **more: object) -> dict[str, Any]:
    elements = [{"type": each, "selector": f"#b{at}", **more} for at, each in enumerate(types)]
    return {"actionType": "fillForm", "selector": "form", "elements": elements}


def form(*actions: dict[str, Any]) -> dict[str, Any]:
    return definition(scan(), opt_out(OPEN, *actions, SEND, SUCCESS))


def write(folder: Path, name: str, content: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def brought_in(tmp_path: Path, *definitions: dict[str, Any]) -> ImportedDialects:
    files = [write(tmp_path / "in", f"{at}.json", each) for at, each in enumerate(definitions)]
    return import_dialects(files, folder=tmp_path / "own", on=ON)


def company(content: dict[str, Any], *, said: str = "") -> Broker:
    read = parse_dialect(json.dumps(content).encode(), "x.json")
    result = turned(read, Family(), on=ON)
    told = " ".join(finding.english() for finding in result.findings)
    assert said in told
    assert result.broker is not None, told
    return result.broker


def steps(broker: Broker) -> list[Step]:
    return [step for leg in broker.flow["opt-out"].leg for step in steps_of(leg)]


# ---- nothing is lost ----

EVERY = definition(
    scan(
        {
            "actionType": "condition",
            "expectations": [{"type": "element", "selector": ".c", "failSilently": True}],
            "actions": [
                {"actionType": "getCaptchaInfo", "selector": ".g", "captchaType": "image"},
                {"actionType": "solveCaptcha", "selector": ".g"},
                {
                    "actionType": "expectation",
                    "expectations": [{"type": "url", "expect": "/x"}],
                    "actions": [{"actionType": "scroll", "selector": "p"}],
                },
            ],
        },
    ),
    opt_out(
        OPEN,
        {"actionType": "generateEmail", "dataSource": "userProfile"},
        fill(*sorted(KNOWN_BOXES), min=1, max="9", format="YYYY"),
        {
            "actionType": "click",
            "retry": {"environment": "web", "interval": {"ms": 10}, "maxAttempts": 3},
            "choices": [
                {
                    "condition": {"left": "${age}", "operation": ">=", "right": "45"},
                    "elements": [{"type": "button", "selector": ".yes"}],
                }
            ],
            "default": None,
        },
        {
            "actionType": "click",
            "elements": [
                {
                    "type": "button",
                    "selector": "button",
                    "multiple": 1,
                    "failSilently": True,
                    "parent": {"profileMatch": {"selector": ".row", "profile": READING}},
                }
            ],
        },
        {"actionType": "getEmailData", "pollingTime": 3, "extract": ["verificationCode"]},
        {"actionType": "emailConfirmation", "pollingTime": 30},
    ),
    mirrorSites=[
        {"name": "M", "url": "m.example.org", "addedAt": 1, "removedAt": None, "optOutUrl": ""}
    ],
    parent="parent.example.org",
)


def as_written(value: object) -> object:
    """Return what was read as it would stand in their file, without what says nothing."""
    if isinstance(value, tuple):
        return [as_written(each) for each in value]
    if isinstance(value, dict):
        return {key: as_written(each) for key, each in value.items()}
    names = getattr(type(value), "__dataclass_fields__", None)
    if names is None:
        return value
    from optout.catalog.dialect import written  # noqa: PLC0415

    return {
        written(name): as_written(getattr(value, name))
        for name, each in names.items()
        if getattr(value, name) != each.default and getattr(value, name) not in ({}, ())
    }


def sparse(value: object) -> object:
    """Return a file without what says nothing: empty, null, or the same as nothing said."""
    if isinstance(value, list):
        return [sparse(each) for each in value]
    if not isinstance(value, dict):
        return True if value == 1 and isinstance(value, bool) else value
    return {key: sparse(each) for key, each in value.items() if each not in ("", [], {}, -1)}


def test_every_kind_of_step_and_every_key_is_carried() -> None:
    read = parse_dialect(json.dumps(EVERY).encode(), "x.json")
    assert read.unknown == ()
    kinds = {type(action) for _where, action in placed_actions(read.definition)}
    assert kinds == set(get_args(dialect.Action))
    assert {tag_of(kind) for kind in kinds} == {
        *("navigate", "extract", "expectation", "condition", "click", "fillForm", "scroll"),
        *("getCaptchaInfo", "solveCaptcha", "emailConfirmation", "generateEmail"),
        "getEmailData",
    }
    told, wanted = as_written(read.definition), sparse(EVERY)
    assert _without_types(told) == _without_nulls(wanted)


def _without_types(value: object) -> object:
    return json.loads(json.dumps(_without_nulls(value)))


def _without_nulls(value: object) -> object:
    """Drop what both sides may leave out; `actionType` is the class itself once it is read."""
    if isinstance(value, list):
        return [_without_nulls(each) for each in value]
    if isinstance(value, dict):
        return {
            key: _without_nulls(each)
            for key, each in value.items()
            if each is not None and key != "actionType"
        }
    return value


def test_remarks_are_no_findings_and_unknown_keys_are_kept_and_told() -> None:
    odd = form()
    odd["_comment"] = odd["steps"][0]["actions"][0]["_comment"] = "a remark"
    assert parse_dialect(json.dumps(odd).encode(), "x").unknown == ()
    odd["newUnknownProperty"] = 1
    odd["steps"][0]["actions"][1]["profile"]["name"]["wobble"] = "x"
    places = [finding.where for finding in parse_dialect(json.dumps(odd).encode(), "x").unknown]
    assert sorted(places) == ["newUnknownProperty", "steps[0].actions[1].profile.name.wobble"]


def test_a_click_tells_no_default_from_null() -> None:
    click = {"actionType": "click", "choices": []}
    for more, wanted in (({}, dialect.NOT_SAID), ({"default": None}, None)):
        read = parse_dialect(json.dumps(definition(opt_out({**click, **more}))).encode(), "x")
        (action,) = read.definition.steps[0].actions
        assert isinstance(action, dialect.Click)
        assert action.default is wanted


# ---- what it becomes ----


def test_a_form_becomes_a_flow_that_passes_every_check() -> None:
    broker = company(form(fill("firstName", "middleName", "email", "profileUrl", "birthYear")))
    (channel,) = broker.channel
    assert channel.by == (By.WEB,)
    fills = [step for step in steps(broker) if isinstance(step, Fill)]
    assert [step.field for step in fills] == [
        *(Field.FIRST_NAME, Field.MIDDLE_NAME, Field.EMAIL, Field.LISTING_URL, Field.BIRTH_DATE),
    ]
    assert [step.optional for step in fills] == [False, True, False, False, False]
    assert fills[-1].format == "YYYY"
    assert fills[0].into == ":is(form) :is(#b0)"
    assert set(channel.discloses) == {step.field for step in fills}
    submit = next(step for step in steps(broker) if isinstance(step, Submit))
    assert (submit.into, submit.expect) == ("#send", "Your request was received")


@pytest.mark.parametrize(
    "kind",
    [
        "$generated_zip_code$",
        "$generated_street_address$",
        "$generated_phone_number$",
        "$generated_random_number$",
        "$generated_dob$",
        "$file_id$",
    ],
)
def test_invented_data_is_never_sent_but_asked(kind: str) -> None:
    broker = company(form(fill("email", kind)), said="We never send invented data")
    asks = [step for step in steps(broker) if isinstance(step, AskPerson)]
    assert len(asks) == 1
    assert "Nothing is invented for you" in asks[0].say
    assert [step.field for step in steps(broker) if isinstance(step, Fill)] == [Field.EMAIL]
    assert any("invented" in pitfall for pitfall in broker.channel[0].pitfalls)
    assert "generated" not in str(broker.flow)


def test_invented_data_in_a_search_is_told_too() -> None:
    searched = definition(scan(fill("$generated_zip_code$")), opt_out(kind="parentSiteOptOut"))
    company(searched, said="steps[0].actions[1].elements[0]: We never send invented data")


def test_robot_checks_are_the_persons_business() -> None:
    waits = "//input[@name='cf-turnstile-response' and @value != '']"
    broker = company(
        form(
            {"actionType": "getCaptchaInfo", "selector": "#g-recaptcha"},
            {"actionType": "solveCaptcha", "selector": "#g-recaptcha"},
            {
                "actionType": "expectation",
                "expectations": [{"type": "element", "selector": waits}],
            },
        )
    )
    asks = [step for step in steps(broker) if isinstance(step, AskPerson)]
    assert [step.reason for step in asks] == ["captcha"]  # one check is asked for once
    assert asks[0].done_when == waits  # and this shows that it was done
    assert set(broker.captcha) == {"google-recaptcha", "cloudflare-turnstile"}


def test_a_check_that_only_appears_is_asked_for_where_it_is_solved() -> None:
    appears = {
        "actionType": "expectation",
        "expectations": [{"type": "element", "selector": "#g-recaptcha"}],
    }
    solve = {"actionType": "solveCaptcha", "selector": "#g-recaptcha"}
    broker = company(form(appears, fill("email"), solve))
    assert [step.do for step in steps(broker)] == ["open", "fill", "ask_person", "submit"]
    unsolved = company(form(appears, fill("email")))  # the control
    assert [step.do for step in steps(unsolved)] == ["open", "ask_person", "fill", "submit"]


def test_a_condition_a_silent_click_and_a_wait_stay_what_they_are() -> None:
    inner = {"actionType": "click", "elements": [{"type": "button", "selector": ".agree-x"}]}
    broker = company(
        form(
            {
                "actionType": "condition",
                "expectations": [{"type": "element", "selector": ".//p", "parent": ".c"}],
                "actions": [{**inner, "elements": [{"type": "button", "selector": ".next"}]}],
            },
            {
                "actionType": "click",
                "elements": [{"type": "button", "selector": ".close", "failSilently": True}],
            },
            {
                "actionType": "expectation",
                "expectations": [{"type": "element", "selector": ".main"}],
            },
        )
    )
    first, second = (step for step in steps(broker) if isinstance(step, When))
    assert first.element.startswith("//*[contains(")
    assert first.element.endswith("//p")
    assert isinstance(first.steps[0], Press)
    assert second.element == ".close"
    assert any(isinstance(step, WaitFor) and step.element == ".main" for step in steps(broker))


def test_a_mailed_link_a_code_and_ones_own_row() -> None:
    row = {"profileMatch": {"selector": ".row", "profile": READING}}
    broker = company(
        definition(
            scan(),
            opt_out(
                OPEN,
                {"actionType": "generateEmail"},
                fill("email"),
                SEND,
                {"actionType": "getEmailData", "extract": ["verificationCode"]},
                {
                    "actionType": "expectation",
                    "expectations": [{"type": "element", "selector": "#code"}],
                },
                fill("verificationCode"),
                {
                    "actionType": "click",
                    "elements": [{"type": "button", "selector": ".b", "parent": row}],
                },
                SUCCESS,
                {"actionType": "emailConfirmation", "pollingTime": 30},
                {
                    "actionType": "expectation",
                    "expectations": [
                        {"type": "text", "selector": "h1", "expect": "Verification complete"}
                    ],
                },
            ),
        ),
    )
    one, two = (leg.steps for leg in broker.flow["opt-out"].leg)
    # The code is typed while its page waits; the press in the row is what files.
    assert [step.do for step in one] == [
        "open", "fill", "press", "wait_for", "ask_person", "extract", "submit"
    ]  # fmt: skip
    extract, submit = one[-2:]
    assert isinstance(extract, Extract)
    assert (extract.rows, extract.read["name"].selector) == (".row", "h2")
    assert isinstance(submit, Submit)
    assert (submit.into, submit.in_row) == (".b", True)
    assert "in the row that is yours" in submit.say  # for whom no listing is known of
    assert isinstance(two[0], ConfirmEmail)
    assert two[0].expect == "Verification complete"
    assert broker.channel[0].confirmation == "email-link"


def test_where_a_flow_cannot_say_it_a_person_goes_through_it() -> None:
    hard = (
        opt_out({**OPEN, "url": f"https://{SITE}/${{wobble}}"}, fill("email"), SEND, SUCCESS),
        opt_out(OPEN, fill("email"), SEND),  # no word of success
        opt_out(OPEN, fill("email"), SEND, SUCCESS, fill("city")),
        opt_out(OPEN, fill("fullName"), SEND, {**SUCCESS, "expectations": [{"type": "odd"}]}),
        opt_out({**SEND, "elements": [{"selector": "{a}"}]}, SUCCESS),
    )
    for stage in hard:
        broker = company(definition(scan(), stage))
        assert broker.channel[0].by == (By.PORTAL,)
        assert broker.flow == {}
        assert broker.channel[0].guide


def test_a_select_is_chosen_from_and_what_nobody_knows_is_asked() -> None:
    odd = form(fill("state"), fill("wobble"))
    odd["steps"][1]["actions"][1]["elements"][0]["selector"] = "select[name='s']"
    odd["steps"][0]["actions"][0]["url"] = f"https://{SITE}/${{city|wobble}}"
    broker = company(odd, said="We do not know this change of a value: wobble")
    assert [step.do for step in steps(broker)] == ["open", "choose", "ask_person", "submit"]


# ---- the folder ----


def test_families_mirrors_schedules_and_the_retired(tmp_path: Path) -> None:
    mirrors = [
        {"name": "Still There", "url": "m.example.org", "addedAt": 1, "removedAt": None},
        {"name": "Long Gone", "url": "g.example.org", "addedAt": 1, "removedAt": 1000},
    ]
    parent = definition(scan(), opt_out(OPEN, SEND, SUCCESS), name="Mother", mirrorSites=mirrors)
    at_parent = opt_out(kind="parentSiteOptOut")
    child = definition(
        at_parent, site="child.example.net", parent=SITE, name="Child", removedAt=None
    )
    gone = definition(at_parent, site="gone.example.net", parent=SITE, removedAt=1763742029895)
    done = brought_in(tmp_path, child, gone, parent)
    assert [(each.taken, each.retired) for each in done.files] == [
        (True, False),
        (True, True),
        (True, False),
    ]
    own = (tmp_path / "own",)
    mother = find_broker("people-example-com", folders=own)
    daughter = find_broker("child-example-net", folders=own)
    assert mother.local
    assert mother.clears == ("child-example-net",)
    assert mother.apart == ("Still There (m.example.org)",)
    assert any("72 hours" in fact and "120 hours" in fact for fact in mother.facts)
    assert mother.search is not None
    assert mother.search.looks == Looks(
        after_request=3, while_there=7, after_removal=30, after_error=2
    )
    assert daughter.parent == "people-example-com"
    assert daughter.channel[0].by == (By.NONE,)
    assert "Mother" in daughter.channel[0].instead
    retired = find_retired("gone-example-net", folder=own[0])
    assert retired is not None
    assert retired.retired_on == date(2025, 11, 21)
    assert [each.slug for each in list_brokers(folders=own)] == [
        "child-example-net",
        "people-example-com",
    ]
    kept = own[0] / KEPT / "gone-example-net.json"
    assert json.loads(kept.read_text()) == gone  # the history stays


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        (AGAIN, Looks(after_request=3, while_there=7, after_removal=30, after_error=2)),
        # Two of theirs are slower.
        (
            {"retryError": 72, "confirmOptOutScan": 96, "maintenanceScan": 240},
            Looks(after_request=4, while_there=10, after_removal=30, after_error=3),
        ),
        ({"maintenanceScan": 24 * 60}, Looks(while_there=60, after_removal=60)),
        ({"retryError": 1e300, "confirmOptOutScan": 0.5}, Looks(after_request=3, after_error=30)),
        ({"retryError": -5, "maxAttempts": 3}, None),
        (None, None),
    ],
)
def test_their_hours_become_our_days_and_never_more_often(
    tmp_path: Path, hours: dict[str, float] | None, days: Looks | None
) -> None:
    (one,) = brought_in(tmp_path, form() | {"schedulingConfig": hours or {}}).files
    assert one.taken, one.findings
    kept = find_broker("people-example-com", folders=(tmp_path / "own",))
    assert kept.search is not None
    assert kept.search.looks == days


def test_a_parent_learns_of_daughters_that_come_later(tmp_path: Path) -> None:
    brought_in(tmp_path, form())
    child = definition(opt_out(kind="parentSiteOptOut"), site="c.example.net", parent=SITE)
    brought_in(tmp_path, child)
    mother = find_broker("people-example-com", folders=(tmp_path / "own",))
    assert mother.clears == ("c-example-net",)


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_the_same_again_changes_nothing_even_on_another_day(tmp_path: Path) -> None:
    assert brought_in(tmp_path, form(), EVERY | {"url": "every.example.net"}).wrote
    before = snapshot(tmp_path / "own")
    files = sorted((tmp_path / "in").iterdir())
    again = import_dialects(files, folder=tmp_path / "own", on=date(2028, 11, 22))
    assert not again.wrote
    assert snapshot(tmp_path / "own") == before
    changed = form() | {"version": "0.2.0"}
    assert brought_in(tmp_path, changed).wrote  # the control


def test_a_half_written_import_is_mended_by_the_next(tmp_path: Path) -> None:
    brought_in(tmp_path, form())
    whole = snapshot(tmp_path / "own").keys()
    (tmp_path / "own" / "people-example-com" / "broker.toml").unlink()
    brought_in(tmp_path, form())
    assert snapshot(tmp_path / "own").keys() == whole
    assert not list((tmp_path / "own").rglob("*.part"))


def test_ones_own_definition_is_never_touched(tmp_path: Path) -> None:
    mine = tmp_path / "own" / "people-example-com" / "broker.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    (one,) = brought_in(tmp_path, form()).files
    assert not one.taken
    assert "A definition of your own" in one.findings[0].english()
    assert mine.read_text() == "mine"
    assert not (tmp_path / "own" / KEPT).exists()


def test_the_licence_stays_beside_the_files(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    assert not brought_in(tmp_path, form()).licence
    (source / "LICENSE").write_text("Apache License, Version 2.0")
    (source / "NOTICE").write_text("Copyright of theirs")
    assert brought_in(tmp_path, form()).licence
    kept = tmp_path / "own" / KEPT
    assert (kept / "LICENSE").read_text() == "Apache License, Version 2.0"
    assert "Copyright of theirs" in (kept / "NOTICE").read_text()
    assert "Apache License" in (kept / "NOTICE").read_text()
    toml = (tmp_path / "own" / "people-example-com" / "broker.toml").read_text()
    assert "Apache-2.0" in toml
    assert tomllib.loads(toml)["slug"] == "people-example-com"


# ---- hostile files ----


def deep() -> dict[str, Any]:
    inner: dict[str, Any] = SEND
    for _ in range(DEEPEST):
        inner = {"actionType": "condition", "expectations": [], "actions": [inner]}
    return definition(opt_out(inner))


HOSTILE: dict[str, Any] = {
    "an unknown kind of step": form({"actionType": "launchMissiles", "id": "1"}),
    "a step that says nothing": form({"id": "1"}),
    "a path as site": form() | {"url": "../../etc/passwd"},
    "a script as site": form() | {"url": "javascript:alert(1)"},
    "an address as site": form() | {"url": "127.0.0.1"},
    "a script to open": form({"actionType": "navigate", "url": "javascript:alert(1)"}),
    "a file to open": form({"actionType": "navigate", "url": "file:///etc/passwd"}),
    "a place as host": form({"actionType": "navigate", "url": "https://${city}.evil.test/"}),
    "nothing to open": form({"actionType": "navigate"}),
    "a number as name": form() | {"name": 7},
    "an invisible name": form() | {"name": "Ex\u202eample"},
    "a name from elsewhere": form() | {"name": "Ех\u0430mple"},
    "nested too deeply": deep(),
    "a pattern that is none": definition(
        {**scan(), "actions": [{"actionType": "extract", "selector": "p", "profile": {
            "name": {"selector": "p", "afterText": "/(/"}}}]}
    ),
    "a list": [],
    "nothing": {},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_file_is_told_and_the_others_are_taken(name: str, tmp_path: Path) -> None:
    good = definition(scan(), opt_out(OPEN, SEND, SUCCESS), site="good.example.net")
    good["steps"][0]["actions"][0]["url"] = "https://good.example.net/"
    good["steps"][1]["actions"][0]["url"] = "https://good.example.net/"
    bad, fine = brought_in(tmp_path, HOSTILE[name], good).files
    assert not bad.taken
    assert bad.findings
    assert fine.taken
    assert sorted(path.name for path in (tmp_path / "own").iterdir()) == [
        KEPT,
        "good-example-net",
    ]
    assert not (tmp_path / "etc").exists()


def test_where_it_is_wrong_is_told(tmp_path: Path) -> None:
    (bad,) = brought_in(tmp_path, HOSTILE["an unknown kind of step"]).files
    (finding,) = bad.findings
    assert finding.where == "steps[1].actions[1]"
    assert "launchMissiles" in finding.english()


def test_names_that_climb_end_as_text(tmp_path: Path) -> None:
    evil = {"name": '../../x"; evil = "', "version": '"]\n[evil]\nx = "'}
    (one,) = brought_in(tmp_path, form() | evil).files
    assert one.taken
    broker = find_broker("people-example-com", folders=(tmp_path / "own",))
    assert broker.name == evil["name"]
    assert evil["version"] in broker.sources[0].what
    assert {path.name for path in tmp_path.iterdir()} == {"in", "own"}


def test_files_that_are_none(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "big.json").write_bytes(b" " * (LARGEST + 1))
    (source / "deep.json").write_text("[" * 100_000)
    (source / "latin.json").write_bytes(b'{"name": "\xe9"}')
    (source / "many.json").write_text(json.dumps({"steps": [0] * 100_000}))
    (source / "link.json").symlink_to("/etc/passwd")
    files = [*sorted(source.iterdir()), source / "nowhere.json"]
    done = import_dialects(files, folder=tmp_path / "own", on=ON)
    assert len(done.files) == 6
    assert not any(each.taken for each in done.files)
    assert all(each.findings for each in done.files)
    assert not (tmp_path / "own").exists()


def test_each_that_cannot_be_read_is_named_with_what_to_do(tmp_path: Path) -> None:
    source = tmp_path / "in"
    write(source, "good.json", form())
    write(source, "step.json", HOSTILE["an unknown kind of step"])
    (source / "list.json").write_text(json.dumps([form()]))
    (source / "latin.json").write_bytes(b'{"name": "\xe9"}')
    (source / "cut.json").write_text('{"name":')
    (source / "link.json").symlink_to(source / "good.json")
    files = [source, source / "nowhere.json"]
    done = {each.file: each for each in import_dialects(files, folder=tmp_path, on=ON).files}
    assert {name for name, each in done.items() if each.taken} == {"good.json"}
    does = {
        name: each.findings[0].suggest.english()
        for name, each in done.items()
        if each.findings and each.findings[0].suggest
    }
    assert does == {
        "step.json": "This site waits until optout knows that step. The other sites do not wait.",
        "list.json": "Save each definition of the list in a file of its own.",
        "latin.json": "In your editor, save it with encoding “UTF-8” (without BOM).",
        "cut.json": "Get the file anew: it is cut short, changed, or something else.",
        "nowhere.json": "Check its name and place.",
        "link.json": "Put the file itself in its place.",
    }


def test_what_is_wrong_is_said_once(tmp_path: Path) -> None:
    (one,) = brought_in(tmp_path, form() | {"url": "people.test"}).files
    assert not one.taken
    said = [each.english() for each in one.findings]
    assert sorted(said) == sorted(set(said))


def test_a_site_is_not_left_unseen_for_a_year(tmp_path: Path) -> None:
    rare = {"retryError": 24 * 400, "maintenanceScan": 240}
    (one,) = brought_in(tmp_path, form() | {"schedulingConfig": rare}).files
    assert "unseen for longer" in " ".join(each.english() for each in one.findings)
    (one,) = brought_in(tmp_path, form() | {"schedulingConfig": AGAIN}).files  # control
    assert "unseen for longer" not in " ".join(each.english() for each in one.findings)


def test_fifty_megabytes_are_refused_unread(tmp_path: Path) -> None:
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    (one,) = import_dialects([big], folder=tmp_path / "own", on=ON).files
    assert "at most" in one.findings[0].english()


def test_one_site_twice_is_taken_once(tmp_path: Path) -> None:
    one, two = brought_in(tmp_path, form(), form()).files
    assert (one.taken, two.taken) == (True, False)


def test_parse_refuses_what_no_definition_is() -> None:
    with pytest.raises(BadDefinition):
        parse_dialect(b"\x00", "x")
    with pytest.raises(BadDefinition):
        parse_dialect(b'{"name": NaN}', "x")


# ---- the command ----


def test_as_a_person_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    if not own_definitions().is_relative_to(tmp_path):
        pytest.skip("this system keeps a person's files elsewhere")
    source = tmp_path / "in"
    write(source, "a.json", form(fill("$generated_zip_code$")))
    write(source, "b.json", HOSTILE["an unknown kind of step"])
    gone = definition(opt_out(kind="parentSiteOptOut"), site="gone.example.net", removedAt=1)
    write(source, "c.json", gone)

    def said(*words: str, code: int = 0) -> str:
        assert shell.main(["broker", *words]) == code
        told = capsys.readouterr()
        return " ".join((told.out + told.err).split())

    told = said("import", "duckduckgo", str(source))
    assert "Files with definitions: 3" in told
    assert "We never send invented data, as their program would: ZIP code." in told
    assert "b.json: not taken" in told
    assert "Their LICENSE did not lie beside them" in told
    assert "optout plan --only people-example-com --right opt-out" in told
    assert "more often than we do: 1. Each look tells the site your name again" in told
    assert "every 7 days while you are shown, and every 30 once you are gone" in told
    assert "nothing was changed" in said("import", "duckduckgo", str(source))
    listed = json.loads(said("list", "--json"))
    assert [each["slug"] for each in listed if each["local"]] == ["people-example-com"]
    assert "Your own files among them, not ours: 1" in said("list", "--name", "example people")
    shown = said("show", "people-example-com")
    assert "this description is your own file, not ours" in shown
    assert "from DuckDuckGo's definition" in shown
    assert "is gone" in said("show", "gone-example-net", code=2)
    whole = json.loads(said("import", "duckduckgo", str(source / "a.json"), "--json"))
    assert whole["definitions"][0]["slug"] == "people-example-com"
    said("import", "duckduckgo", str(source / "b.json"), code=1)
    said("import", "lists", "a.csv", "b.csv", code=2)
    said("import", "duckduckgo", str(tmp_path / "home"), code=2)


@pytest.mark.parametrize(("hours", "sooner"), [(AGAIN, True), ({"maintenanceScan": 900}, False)])
def test_why_we_look_more_rarely_is_told_where_we_do(
    tmp_path: Path, hours: dict[str, float], *, sooner: bool
) -> None:
    (one,) = brought_in(tmp_path, form() | {"schedulingConfig": hours}).files
    assert one.looks_sooner is sooner


def test_a_file_of_ones_own_is_searched_and_asked_only_when_it_is_named(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    if not own_definitions().is_relative_to(tmp_path):
        pytest.skip("this system keeps a person's files elsewhere")
    import_dialects([write(tmp_path, "a.json", form())], folder=own_definitions(), on=ON)
    desk = set_out(world.vault, ScriptedPerson(), world.clock, tmp_path)
    subject = sample_subject()
    asks = tuple(replace(fact, share=Share.ASK) for fact in subject.identifiers)
    subject = replace(subject, identifiers=asks)
    world.vault.subjects.add(subject)
    slug = Slug("people-example-com")
    (own,) = sites_of(desk, [slug])
    assert own.local
    assert slug not in {each.slug for each in sites_of(desk, [])}
    said = [text.english() for text in scan_texts(plan_scan(desk, subject, [own], answers={}))]
    assert any("nobody else has checked it" in each for each in said)
    named = plan_for(desk, subject, {}, Wish(only=(slug,), rights=(Right.OPT_OUT,)))
    assert {line.broker for line in named.lines} == {slug}
    told = as_planned(own)  # what the screens say after `optout plan --only`
    assert told == f"{slug} --right opt-out"
    assert not plan_for(desk, subject, {}, Wish(only=(slug,))).lines  # control: it needs the right
    for wish in (Wish(), Wish(wide=True)):
        assert slug not in {line.broker for line in plan_for(desk, subject, {}, wish).lines}


@pytest.mark.skipif(
    not os.environ.get("OPTOUT_DUCKDUCKGO"), reason="names no folder with their definitions"
)
def test_their_own_files(tmp_path: Path) -> None:
    """OPTOUT_DUCKDUCKGO names a folder with their files, which are not part of this project."""
    done = import_dialects([Path(os.environ["OPTOUT_DUCKDUCKGO"])], folder=tmp_path / "own", on=ON)
    assert all(each.taken for each in done.files)
    problems: list[BadDefinition] = []
    found = list_brokers(folders=(tmp_path / "own",), problems=problems)
    assert not problems
    assert len(found) == sum(not each.retired for each in done.files)
    for broker in found:
        find_broker(broker.slug, folders=(tmp_path / "own",))
