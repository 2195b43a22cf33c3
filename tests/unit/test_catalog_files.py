"""Reading a definition: strict, closed, every mistake of a file at once, with its repair."""

from __future__ import annotations

import dataclasses
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optout.catalog.characters import FORBIDDEN_IN_VALUE, shown
from optout.catalog.files import LARGEST, load_file, load_text
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.lines import line_of
from optout.catalog.schema import hints_of, validator_for
from optout.model.broker import Broker
from optout.model.fields import Field
from optout.model.flow import Choose, Fill, Open, Submit
from optout.model.law import Law
from optout.model.words import By, Right
from optout.shipped import shipped
from optout.text import Text

SHIPPED = sorted(shipped("brokers").glob("*/broker.toml"))
GOOD = """
slug = "example-people"
name = "Example People"
kind = "people-search"
holds = ["name"]
hosts = ["people.example.com"]
grade = "drafted"

[declared]
year = 2026
[declared.counts.opt-out]
received = 3
granted = 2
denied = 1
mean_days = 1

[[channel]]
right = "opt-out"
by = ["web"]
basis = ["policy"]
flow = "opt-out"
discloses = ["full_name"]
eligible = "anyone"
confidence = "one-source"
sources = ["SEEN"]

[[flow.opt-out.leg]]
steps = [
  { do = "open", url = "https://people.example.com/optout" },
  { do = "fill", field = "full_name", label = "Name" },
  { do = "choose", option = "Yes", label = "Sure?", how = "radio" },
  { do = "submit", press = "Send", expect = "Request received" },
]

[[sources]]
key = "SEEN"
what = "The page"
read_on = 2026-11-02
"""


def findings(text: str) -> list[Finding]:
    with pytest.raises(BadDefinition) as caught:
        load_text(text.encode(), Broker)
    return list(caught.value.findings)


def the_only(text: str) -> Finding:
    (found,) = findings(text)
    return found


def test_a_definition_becomes_the_model_with_tuples_enums_and_steps() -> None:
    broker = load_text(GOOD.encode(), Broker)
    assert broker.hosts == ("people.example.com",)
    channel = broker.channel[0]
    assert (channel.right, channel.by, channel.discloses) == (
        Right.OPT_OUT,
        (By.WEB,),
        (Field.FULL_NAME,),
    )
    assert [type(step) for step in broker.flow["opt-out"].leg[0].steps] == [
        Open,
        Fill,
        Choose,
        Submit,
    ]
    assert broker.declared is not None
    assert broker.declared.counts[Right.OPT_OUT].mean_days == 1
    assert broker.sources[0].read_on == date(2026, 11, 2)
    assert broker.sha256 == ""


def test_all_mistakes_of_a_file_come_at_once_in_the_order_of_the_file() -> None:
    text = (
        GOOD.replace('kind = "people-search"', 'kind = "people-serch"')
        .replace('hosts = ["people.example.com"]', 'hosts = "people.example.com"')
        .replace('do = "fill", field', 'do = "fil", field')
        .replace('how = "radio"', 'how = "dial"')
        .replace("read_on = 2026-11-02", 'read_on = "2026-11-02"')
    )
    found = findings(text)
    lines = [finding.line for finding in found]
    assert len(found) == 5
    assert lines == sorted(lines, key=lambda line: line or 0)
    assert [finding.where for finding in found] == [
        "kind",
        "hosts",
        "flow.opt-out.leg[0].steps[1]",
        "flow.opt-out.leg[0].steps[2].how",
        "sources[0].read_on",
    ]
    for finding in found:
        assert finding.line is not None
        assert finding.suggest is not None


@pytest.mark.parametrize(
    ("old", "new", "where", "suggests"),
    [
        ('kind = "people-search"', 'kind = "people-serch"', "kind", "people-search"),
        ('grade = "drafted"', 'grad = "drafted"', "grad", "grade"),
        ('discloses = ["full_name"]', 'discloses = ["fullname"]', "discloses[0]", "full_name"),
        ('do = "fill"', 'do = "type"', "steps[1]", "open, fill"),
        ("counts.opt-out", "counts.optout", "counts.optout", "opt-out"),
        ("received = 3", 'received = "3"', "received", "without quotes"),
        ("year = 2026", "year = 2026.5", "year", "without quotes"),
        ('slug = "example-people"', 'slug = "Example People"', "slug", "small letters"),
        ('discloses = ["full_name"]', 'discloses = ["ssn"]', "discloses[0]", "ask_person"),
        ('grade = "drafted"', 'grade = "drafted"\nlocal = true', "local", "Delete"),
    ],
)
def test_each_mistake_names_its_place_and_its_repair(
    old: str, new: str, where: str, suggests: str
) -> None:
    assert old in GOOD
    found = [finding for finding in findings(GOOD.replace(old, new)) if where in finding.where]
    assert found
    assert suggests in str(found[0].suggest)


def test_a_missing_key_says_which() -> None:
    found = the_only(GOOD.replace('name = "Example People"\n', ""))
    assert found.where == "name"
    assert "missing" in str(found.what)


def test_a_number_is_not_text_and_text_is_not_a_number() -> None:
    assert the_only(GOOD.replace('name = "Example People"', "name = 3")).where == "name"
    assert the_only(GOOD.replace("denied = 1", "denied = true")).where.endswith("denied")
    assert the_only(GOOD.replace("mean_days = 1", "mean_days = nan")).where.endswith("mean_days")


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (GOOD.encode("utf-16"), "encoding"),
        (b"\xef\xbb\xbf" + GOOD.encode(), "encoding"),
        (GOOD.replace("Example People", "Señora").encode("latin-1"), "encoding"),
        (GOOD.encode() + b"# " + b"x" * LARGEST, "size"),
        (b"a = [" * 5000, "toml"),
        (b"a." * 30_000 + b"a = 1", "toml"),
        (b"a = " + b"9" * 5000, "toml"),
        (b"a = 1\na = 2", "toml"),
        (b"= 1", "toml"),
        (b"a = \x00", "toml"),
    ],
)
def test_what_is_not_a_text_file_of_ordinary_size_is_said_in_words(
    content: bytes, check: str
) -> None:
    with pytest.raises(BadDefinition) as caught:
        load_text(content, Broker)
    assert caught.value.findings[0].check == check


def test_broken_toml_names_the_line() -> None:
    found = the_only(GOOD.replace('grade = "drafted"', 'grade = "drafted'))
    assert found.line == GOOD[: GOOD.index("grade")].count("\n") + 1


def test_a_finding_repeats_no_control_character_and_no_long_text() -> None:
    text = GOOD.replace('kind = "people-search"', 'kind = "\\u001b[31mred' + "x" * 500 + '"')
    for finding in findings(text):
        assert finding.english().isprintable()
        assert len(finding.english()) < 900


def test_an_error_says_that_nothing_was_sent_and_counts_the_findings() -> None:
    with pytest.raises(BadDefinition, match="things to mend: 1") as caught:
        load_text(GOOD.replace("name =", "nam =").replace("nam =", "name = 3 #").encode(), Broker)
    assert caught.value.known == Text("Nothing was sent. The other definitions still work.")
    assert caught.value.exit_code == 1


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    with pytest.raises(BadDefinition, match="cannot be read"):
        load_file(tmp_path / "broker.toml", Broker)
    with pytest.raises(BadDefinition, match="ordinary file"):
        load_file(tmp_path, Broker)


def refused(content: bytes) -> tuple[Finding, ...] | None:
    """The findings of a file, or None if it is good; anything else raised fails the test."""
    try:
        load_text(content, Broker)
    except BadDefinition as bad:
        return bad.findings
    return None


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_our_error(content: bytes) -> None:
    assert refused(content)


PIECES = st.sampled_from(
    [
        *GOOD.splitlines(),
        "[[channel]]",
        "[channel.post]",
        "steps = [",
        "]",
        "{ do = 'fill' },",
        "\t",
    ]
)


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=30))
def test_no_heap_of_its_own_lines_raises_anything_but_our_error(lines: list[str]) -> None:
    for finding in refused("\n".join(lines).encode()) or ():
        assert finding.english().isprintable()


def test_the_schema_knows_every_field_of_the_model_and_no_other() -> None:
    for root in (Broker, Law):
        assert validator_for(root) is validator_for(root)
        names = {field.name for field in dataclasses.fields(root)}
        assert names - set(hints_of(root)) <= {"sha256", "local"}


def every_path(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place that a parsed file has."""
    paths = [path] if path else []
    if isinstance(value, list):
        return paths + [p for at, one in enumerate(value) for p in every_path(one, (*path, at))]
    if isinstance(value, dict):
        return paths + [p for key, one in value.items() for p in every_path(one, (*path, key))]
    return paths


@pytest.mark.parametrize("text", [GOOD, *(path.read_text("utf-8") for path in SHIPPED)])
def test_the_line_of_a_place_holds_its_name(text: str) -> None:
    lines = text.splitlines()
    paths = every_path(tomllib.loads(text))
    assert len(paths) > 40
    for path in paths:
        line = line_of(text, path)
        assert line is not None
        if isinstance(path[-1], str):
            assert path[-1] in lines[line - 1], path
    headers = [at for at, line in enumerate(lines, start=1) if line == "[[channel]]"]
    assert [line_of(text, ("channel", at)) for at in range(len(headers))] == headers


def test_the_line_of_something_that_is_not_there_is_its_nearest_neighbour() -> None:
    assert line_of(GOOD, ("channel", 0, "nothing")) == line_of(GOOD, ("channel", 0))
    assert line_of(GOOD, ("nothing",)) is None
    assert line_of("", ("slug",)) is None


def test_strings_that_look_like_toml_do_not_move_the_lines() -> None:
    text = (
        'a = "x = [ # ]"\nb = """\n[[c]]\nd = 1\n"""\n\n[[c]] # [[c]]\nd = \'\'\'\n{\'\'\'\ne = 2\n'
    )
    assert line_of(text, ("b",)) == 2
    assert line_of(text, ("c", 0)) == 7
    assert line_of(text, ("c", 0, "e")) == 10


@given(st.text(max_size=200))
def test_text_from_a_file_is_shown_without_anything_a_terminal_could_obey(text: str) -> None:
    line = shown(text)
    assert not FORBIDDEN_IN_VALUE.search(line)
    assert "\n" not in line
    assert len(line) <= 60
