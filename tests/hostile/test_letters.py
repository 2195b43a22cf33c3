"""Proves that a letter template can place values and nothing else (T6), and leaks nobody (T15)."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, TemplateError

from optout.catalog.laws import find_law
from optout.drafting import template as sandbox
from optout.drafting.letter import Ask, LetterInput, UnprintableValue, draft_letter
from optout.drafting.template import BadTemplate, check_template, letter_file, render_source
from optout.errors import OptoutError, WrongUsage
from optout.model.fields import Field
from optout.model.words import Right
from optout.shipped import shipped

KNOWN = frozenset({"full_name", "says", "several"})
VALUES: dict[str, str | bool] = {
    "full_name": "Jordan Q. Sample",
    "says": "Please.",
    "several": True,
}

ESCAPES = [
    "{{ full_name.upper() }}",  # measured: a method of a passed value runs in a plain sandbox
    "{{ full_name.__class__ }}",
    "{{ full_name.__class__.__mro__[1].__subclasses__() }}",
    "{{ full_name['__class__'] }}",
    "{{ full_name|attr('__class__') }}",
    "{{ full_name.format(full_name) }}",
    "{{ '{0.__class__}'.format(full_name) }}",
    "{{ '%s' % full_name }}",
    "{{ full_name|format }}",
    "{{ full_name|map('upper')|join }}",
    "{{ full_name|replace('a', 'b') }}",
    "{{ full_name|safe }}",
    "{{ full_name|tojson }}",
    "{{ full_name|string|list|length }}",
    "{{ full_name|wordwrap(1) }}",
    "{{ full_name|center(100000000) }}",
    "{{ full_name|indent(100000000) }}",
    "{{ lipsum() }}",
    "{{ lipsum.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner() }}",
    "{{ namespace() }}",
    "{{ range(10) }}",
    "{{ dict(a=1) }}",
    "{{ self }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ config }}",
    "{{ request }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ unknown }}",
    "{{ true.__class__ }}",
    "{{ none.__class__ }}",
    "{{ ().__class__ }}",
    "{{ [].append(1) }}",
    "{{ {}.update(a=1) }}",
    "{{ 'x' * 10**8 }}",
    "{{ 10**10**10 }}",
    "{{ 'x' ~ full_name }}",
    "{{ full_name + full_name }}",
    "{{ full_name[0] }}",
    "{{ full_name[::-1] }}",
    "{{ full_name if several else says }}",
    "{{ full_name is defined }}",
    "{{ full_name == 'x' }}",
    "{{ 'a' in full_name }}",
    "{% for c in full_name %}{{ c }}{% endfor %}",
    "{% for i in range(10**9) %}x{% endfor %}",
    "{% set full_name = 'Somebody Else' %}{{ full_name }}",
    "{% set ns = namespace(x=1) %}",
    "{% include 'frame.txt.j2' %}",
    "{% include '/etc/passwd' %}",
    "{% import 'frame.txt.j2' as f %}",
    "{% from 'frame.txt.j2' import x %}",
    "{% extends 'frame.txt.j2' %}",
    "{% block a %}x{% endblock %}",
    "{% macro m() %}x{% endmacro %}{{ m() }}",
    "{% call m() %}x{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with a = 1 %}{{ a }}{% endwith %}",
    "{% autoescape true %}x{% endautoescape %}",
    "{% do full_name.upper() %}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{% unknown_tag %}",
    "{{ full_name",
    "{% if several %}never closed",
    "{{ " + "(" * 3000 + "full_name" + ")" * 3000 + " }}",
    "{% if several %}" * 500 + "{% endif %}" * 500,
    "x" * (64 * 1024 + 1),
]
GOOD = [
    "{{ full_name }}",
    "{{ full_name|upper }}",
    "{% if several %}{{ full_name }}{% else %}{{ says }}{% endif %}",
    "{% if several and not says %}a{% elif full_name or says %}b{% endif %}",
    "{# a remark #}Plain words.",
    "{% raw %}{{ not a value }}{% endraw %}",
]


@pytest.mark.parametrize("payload", ESCAPES, ids=lambda payload: payload[:40])
def test_a_template_that_asks_for_more_is_refused(payload: str) -> None:
    with pytest.raises(BadTemplate) as caught:
        render_source(payload, VALUES)
    assert "Jordan" not in str(caught.value)
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("payload", GOOD)
def test_control_a_template_that_only_places_values_is_accepted(payload: str) -> None:
    check_template(payload, KNOWN)
    assert render_source(payload, VALUES)


def test_there_are_enough_payloads() -> None:
    assert len(set(ESCAPES)) >= 40


def test_control_a_plain_engine_runs_what_we_refuse() -> None:
    """The corpus has teeth: without our rules many of these do something."""
    ran = sum(1 for payload in ESCAPES if len(payload) < 100 and runs_in_a_plain_engine(payload))
    assert ran >= 15


def runs_in_a_plain_engine(payload: str) -> bool:
    if re.search(r"10\*\*|100000000|popen", payload):
        return True  # it runs, and fills the memory or starts a program: not here
    try:
        Environment(autoescape=True).from_string(payload).render(VALUES)
    except (TemplateError, TypeError, ValueError, AttributeError):
        return False
    return True


def test_what_one_template_writes_has_an_end() -> None:
    with pytest.raises(BadTemplate, match="too long"):
        render_source("{{ says }}" * 70, {**VALUES, "says": "x" * 1000})


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "../en/frame.txt.j2"),
        ("..", "README.md"),
        ("../../etc", "passwd"),
        ("en", "/etc/passwd"),
        ("en", "nothing.txt.j2"),
        ("e.n", "frame.txt.j2"),
        ("", "LICENSE"),
    ],
)
def test_no_file_outside_the_language_is_read(language: str, name: str) -> None:
    with pytest.raises(BadTemplate):
        letter_file(language, name)


def test_every_shipped_template_passes_the_same_check() -> None:
    """A template of ours is checked when it is used; here all of them, used or not."""
    checked = 0
    for file in (shipped("letters") / "en").glob("*.txt.j2"):
        source = file.read_text(encoding="utf-8")
        check_template(source, names_in(source), name=file.name)
        checked += 1
    assert checked >= 10


def names_in(source: str) -> set[str]:
    tags = re.findall(r"\{[{%](.*?)[%}]\}", source)
    return {word for tag in tags for word in re.findall(r"[a-z_]+", tag)}


def letter(**changes: object) -> LetterInput:
    whole: dict[str, object] = {
        "asks": (Ask(right=Right.DELETE, law=find_law("us-co-cpa")),),
        "broker_name": "Example Data, Inc.",
        "full_name": "Jordan Q. Sample",
        "state": "CO",
        "reference": "K7F3-Q2MX",
        "date": date(2026, 11, 23),
        "reply_email": "jordan.sample@example.com",
    }
    return LetterInput(**(whole | changes))  # type: ignore[arg-type]  # any field


VISIBLE = st.text(
    st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=16
).filter(lambda text: bool(text.strip()))
BRACES = st.sampled_from(
    ["{{ full_name }}", "{% if x %}", "{# x #}", "{{", "}}", "%}", "{0.__class__}", "$1", "\\1"]
)


@settings(max_examples=1000)
@given(parts=st.lists(st.one_of(VISIBLE, BRACES), min_size=1, max_size=3))
def test_a_value_comes_out_as_it_went_in(parts: list[str]) -> None:
    value = " ".join(parts).strip()
    drafted = draft_letter(letter(full_name=value, broker_name=value, products=(value,)))
    assert drafted.signature == value
    assert drafted.text.endswith(f"Sincerely,\n\n{value}\n")
    assert f"\nTo {value}:\n" in drafted.text
    assert f"Please search in: {value}\n" in drafted.text


def test_a_law_file_cannot_bring_a_template() -> None:
    from dataclasses import replace  # noqa: PLC0415 - one test needs it

    law = find_law("us-co-cpa")
    right = replace(law.rights[Right.DELETE], says=("{{ full_name.__class__ }} suppress",))
    hostile = replace(law, rights={Right.DELETE: right})
    text = draft_letter(letter(asks=(Ask(right=Right.DELETE, law=hostile),))).text
    assert "{{ full_name.__class__ }} suppress" in text


CONTROL_CHARACTERS = [
    "\n", "\r", "\t", "\x00", "\x1f1", "\x1f2", "\x1f3", "\x1b[2J", "\x7f", "\x85", "\u2028",
    "\u2029", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\U000e0041", "\ud800",
]  # fmt: skip
FIELDS = ["full_name", "broker_name", "reference", "reply_email", "listing_url"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("character", CONTROL_CHARACTERS, ids=ascii)
def test_a_value_with_an_invisible_character_is_refused(field: str, character: str) -> None:
    with pytest.raises(UnprintableValue):
        draft_letter(letter(**{field: f"Jordan{character}Sample"}))


@pytest.mark.parametrize("field", ["broker_lines", "reply_lines", "enclosures", "products"])
def test_a_list_with_an_invisible_character_is_refused(field: str) -> None:
    with pytest.raises(UnprintableValue):
        draft_letter(letter(**{field: ("good", "bad\x00")}))
    with pytest.raises(UnprintableValue):
        draft_letter(letter(values={Field.CITY: "Den\u202ever"}))


def test_a_value_far_too_long_is_refused() -> None:
    with pytest.raises(UnprintableValue):
        draft_letter(letter(full_name="x" * 10_000))


@pytest.mark.parametrize("state", ["ZZ", "Colorado", "co", "{{", "C"])
def test_a_state_that_is_none_is_refused(state: str) -> None:
    with pytest.raises(OptoutError):
        draft_letter(letter(state=state))
    with pytest.raises(WrongUsage):
        draft_letter(
            letter(state=state, asks=(Ask(right=Right.DELETE, law=find_law("voluntary")),))
        )


def test_a_letter_without_a_name_is_refused() -> None:
    with pytest.raises(OptoutError, match="name"):
        draft_letter(letter(full_name=" "))


def test_printing_a_letter_shows_no_value() -> None:
    given_letter = letter()
    drafted = draft_letter(given_letter)
    shown = f"{given_letter!r} {given_letter} {drafted!r} {drafted} {drafted.blocks[0]!r}"
    assert "Jordan" not in shown


def kept_letters() -> Iterator[tuple[str, str]]:
    folder = Path(__file__).parent.parent / "letters" / "golden"
    for file in sorted(folder.glob("*.txt")):
        yield file.stem, file.read_text(encoding="utf-8")


LEAKS = re.compile(
    r"\boptout\b|clinic|legal aid|immigra|visa\b|nationality|citizen|asylum|deport|refugee",
    re.IGNORECASE,
)


def test_no_kept_letter_tells_tool_clinic_or_status() -> None:
    letters = dict(kept_letters())
    assert len(letters) >= 30
    assert [name for name, text in letters.items() if LEAKS.search(text)] == []
    assert LEAKS.search("Sent for a client of an immigration clinic by optout.")


def test_no_source_of_letters_holds_such_words_where_it_is_printed() -> None:
    for file in (shipped("letters") / "en").iterdir():
        assert not LEAKS.search(file.read_text(encoding="utf-8")), file.name


@settings(max_examples=300)
@given(
    fields=st.sets(st.sampled_from([Field.STREET, Field.ZIP, Field.BIRTH_DATE, Field.PHONE])),
    marker=st.text(string.ascii_lowercase, min_size=12, max_size=16),
)
def test_only_what_was_given_is_in_the_letter(fields: set[Field], marker: str) -> None:
    """T14: a value reaches the letter only through `values`, and every given one does."""
    all_values = {field: f"{field.value}-{marker}" for field in Field}
    text = draft_letter(letter(values={f: v for f, v in all_values.items() if f in fields})).text
    assert {field for field in Field if f"{field.value}-{marker}" in text} == fields


def test_the_sandbox_holds_no_door() -> None:
    environment = sandbox._environment()  # noqa: SLF001 - the promise is about what is inside
    assert environment.loader is None
    assert environment.globals == {}
    assert environment.tests == {}
    assert set(environment.filters) == {"capitalize", "lower", "trim", "upper"}
    assert environment.extensions == {}
