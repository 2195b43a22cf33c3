"""What is written of a definition is read back as the same definition."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optout.catalog.brokers import list_brokers
from optout.catalog.files import load_text
from optout.catalog.findings import BadDefinition
from optout.catalog.write_definition import definition_text
from optout.model.broker import Broker
from optout.model.words import Right
from optout.rules.box_meaning import right_of
from optout.rules.drafted_names import name_in, right_in, slug_of


@pytest.mark.parametrize("broker", list_brokers(), ids=lambda broker: str(broker.slug))
def test_every_definition_comes_back_as_it_was(broker: Broker) -> None:
    read = load_text(definition_text(broker).encode(), Broker)
    assert read == replace(broker, sha256="", local=False)


def test_comments_stand_above_and_before_the_steps() -> None:
    (broker, *_rest) = [one for one in list_brokers() if one.flow]
    text = definition_text(broker, above=["For whom"], flows=["Left empty: Phone"])
    assert text.startswith("# For whom\nslug = ")
    assert text.index("# Left empty: Phone") < text.index("[[flow.")
    assert load_text(text.encode(), Broker).slug == broker.slug


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x85", "\x0b"])
def test_a_comment_stays_on_its_line_whatever_its_words(end: str) -> None:
    (broker, *_rest) = [one for one in list_brokers() if one.flow]
    hostile = f'Company{end}[[channel]]{end}right = "access"{end}\u202ename = "x"'
    text = definition_text(broker, above=[hostile], flows=[hostile])
    plain = definition_text(broker, above=["Company"], flows=["Company"])
    assert len(text.splitlines()) == len(plain.splitlines())
    read = load_text(text.encode(), Broker)
    assert read == replace(broker, sha256="", local=False)
    with_words = f"# {hostile}\n{definition_text(broker)}"  # control: what it would have done
    if end in {"\n", "\r\n"}:
        with pytest.raises(BadDefinition):
            load_text(with_words.encode(), Broker)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Your Privacy Choices | Example Data Co", "Example Data Co"),
        ("Example Data Co - Opt Out", "Example Data Co"),
        ("Opt-Out Request Form", ""),
        ("Example One | Example Two", ""),
        ("", ""),
    ],
)
def test_a_name_is_taken_from_a_title_only_where_it_shows_one(title: str, name: str) -> None:
    assert name_in(title) == name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Example Data Co, Inc.", "example-data-co"),
        ("Señor Datos, S.A.", "senor-datos"),
        ("A&B Search LLC", "a-b-search"),
        ("!!!", ""),
    ],
)
def test_a_short_name_is_made_of_plain_letters(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("Delete my personal information", Right.DELETE),
        ("Do not sell or share my personal information", Right.OPT_OUT),
        ("Opt out and delete", Right.OPT_OUT),
        ("Know or delete", None),
        ("Tell me what you have about me", Right.ACCESS),
        ("Please select", None),
    ],
)
def test_an_option_means_one_right_or_none(words: str, right: Right | None) -> None:
    assert right_of(words) is right
    assert right_in([words, words]) is right
    assert right_in(["Delete", "Correct"]) is None
