"""A browser flow as data: a closed vocabulary of steps, grouped into legs.

A flow has one or more legs; each leg presses exactly one `submit`. Elements are found by the
label a person sees, then by `into` (a CSS selector, or XPath beginning with `/` or `(`). Each
step names the `source` it was read from, or says that it is `assumed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from optout.model.fields import Field

How = Literal["select", "radio", "listbox", "autocomplete"]
AskReason = Literal["captcha", "identity", "upload", "doubt", "terms", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    source: str = ""  # key of the definition's `sources`
    assumed: bool = False  # nobody saw this element; lint counts these
    within_seconds: int = 15
    in_frame: str | None = None  # host of the frame that holds the element


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(_Step):
    """Load a page of the broker. `{field}` places personal data in the address."""

    do: Literal["open"] = "open"
    url: str
    reveals: bool = False  # required where the address carries personal data


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill(_Step):
    """Type one field into one visible box."""

    do: Literal["fill"] = "fill"
    field: Field
    label: str = ""
    into: str = ""
    format: str = ""  # dates: "MM/DD/YYYY", or a part: "YYYY"; phones: "digits" or "dashes"
    optional: bool = False  # leave empty when the person has no such value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(_Step):
    """Choose one option, by its words (`option`) or by a field's value (`field`)."""

    do: Literal["choose"] = "choose"
    label: str = ""
    into: str = ""
    option: str = ""
    field: Field | None = None
    how: How = "select"
    format: str = ""  # a part of a birth date, however it is written: "MMMM", "DD", "YYYY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(_Step):
    """Tick one box. Boxes that accept terms or attest something are `ask_person`."""

    do: Literal["check"] = "check"
    label: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(_Step):
    """Press a button that files nothing (Next, Search). It may still disclose."""

    do: Literal["press"] = "press"
    press: str = ""  # the words on the button
    into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRow(_Step):
    """Press an Add button and prove that what was typed since the last one is now in `proof`."""

    do: Literal["add_row"] = "add_row"
    press: str = ""
    into: str = ""
    proof: str
    proves: tuple[Field, ...] = ()  # only these stand in the row, where the page mends the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect(_Step):
    """Stop unless the page shows this text, this element, or this field's value."""

    do: Literal["expect"] = "expect"
    text: str = ""
    element: str = ""
    shows: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(_Step):
    """Wait until the page shows this text or element."""

    do: Literal["wait_for"] = "wait_for"
    text: str = ""
    element: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class When(_Step):
    """Do the inner steps only if the page shows this text or element."""

    do: Literal["when"] = "when"
    text: str = ""
    element: str = ""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPerson(_Step):
    """Hand the window to the person: captcha, identity check, upload, terms, a doubt."""

    do: Literal["ask_person"] = "ask_person"
    reason: AskReason
    say: str  # what to do, in plain words
    minutes: int = 1
    done_when: str = ""  # selector that appears, or whose value is filled, once it is done


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmEmail(_Step):
    """Begin a later leg by opening the link from the broker's mail, pasted by the person.

    Where opening it is all there is, `expect` says what only success shows, and no submit follows.
    """

    do: Literal["confirm_email"] = "confirm_email"
    hosts: tuple[str, ...]
    within_hours: int
    expect: str = ""
    refuse: tuple[str, ...] = ()  # with `expect`: words that mean "not confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCode(_Step):
    """Begin a later leg by typing the code that the person received."""

    do: Literal["read_code"] = "read_code"
    label: str = ""
    into: str = ""
    within_hours: int = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(_Step):
    """Keep a picture of the page as evidence."""

    do: Literal["capture"] = "capture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(_Step):
    """Press the one button that files the request; success is only what `expect` shows."""

    do: Literal["submit"] = "submit"
    press: str = ""
    into: str = ""
    say: str = ""  # no button: what the person does, such as a robot check that sends the form
    expect: str
    expect_element: str = ""
    refuse: tuple[str, ...] = ()  # words that mean "not filed", e.g. "we could not process"
    reference: str = ""  # selector of the broker's reference number


Step = (
    Open
    | Fill
    | Choose
    | Check
    | Press
    | AddRow
    | Expect
    | WaitFor
    | When
    | AskPerson
    | ConfirmEmail
    | ReadCode
    | Capture
    | Submit
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One stretch of a flow, ending in its one submit; each leg is delivered once."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The legs that file one right at one broker."""

    leg: tuple[Leg, ...]  # named as in the TOML: [[flow.opt-out.leg]]
