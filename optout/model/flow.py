"""A browser flow as data: a closed vocabulary of steps, grouped into legs.

A flow has one or more legs; each leg presses exactly one `submit`. Elements are found by the
label a person sees, then by `into` (a CSS selector, or XPath beginning with `/` or `(`). Each
step names the `source` it was read from, or says that it is `assumed`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from optout.model.fields import Field
from optout.model.reading import Reading

How = Literal["select", "radio", "listbox", "autocomplete"]
AskReason = Literal["captcha", "identity", "upload", "doubt", "terms", "choice"]
Compares = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    source: str = ""  # key of the definition's `sources`
    assumed: bool = False  # nobody saw this element; lint counts these
    within_seconds: int = 15
    in_frame: str | None = None  # host of the frame that holds the element


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(_Step):
    """Load a page of the broker. `{field}` places personal data in the address.

    `{city|hyphenated}` changes the value on its way; rules/open_address.py knows the changes.
    """

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
    """Press a button that files nothing (Next, Search). It may still disclose.

    `in_row`: only inside the row of the listing that is being removed, among the rows that an
    `extract` before it in this leg reads. Not exactly one such row: nothing is pressed. Without
    a listing the person finds their row and presses (`say`), until `done_when` shows.
    """

    do: Literal["press"] = "press"
    press: str = ""  # the words on the button
    into: str = ""
    every: bool = False  # all that fit, one after the other: “more” in each row
    in_row: bool = False  # only inside the row of the listing that is being removed
    say: str = ""  # with `in_row`: what the person does where no listing is known
    done_when: str = ""  # with `say`: selector that shows once the person did it


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
    address: str = ""  # a part of the page's own address
    shows: Field | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(_Step):
    """Wait until the page shows this text or element, or its address holds these words."""

    do: Literal["wait_for"] = "wait_for"
    text: str = ""
    element: str = ""
    address: str = ""  # a part of the page's own address


@dataclass(frozen=True, slots=True, kw_only=True)
class When(_Step):
    """Do the inner steps only if the page shows this text or element, or a value is so."""

    do: Literal["when"] = "when"
    text: str = ""
    element: str = ""
    address: str = ""  # a part of the page's own address
    field: Field | None = None  # instead: only if this value of the person `compares` with `than`
    compares: Compares = "="
    than: str = ""  # numbers are compared as numbers, words without regard to capitals
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract(_Step):
    """Read the rows of a page of results: the last step of a search, or before a press `in_row`.

    A page that shows neither rows nor its own sign that it has none is not understood: that never
    means “not listed”.
    """

    do: Literal["extract"] = "extract"
    rows: str  # selector of one row
    none: str = ""  # selector of what the page shows only when it has nobody
    none_text: str = ""  # or the words for that
    next: str = ""  # words or selector of the link or button to the next page
    pages: int = 1  # so many pages at most
    read: dict[str, Reading] = field(default_factory=dict)  # name, age, places, relatives …


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
    url: str = ""  # the page on which it is typed: a later leg begins without one
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
    in_row: bool = False  # only inside the row of the listing that is being removed


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
    | Extract
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """After how many days a site is looked at again; what is left out is as everywhere.

    Every look tells the site the name once more: a definition can only make it rarer.
    """

    after_request: int | None = None  # from a request to the first look: 3 to 365
    while_there: int | None = None  # from look to look while the record is shown: 7 to 365
    after_removal: int | None = None  # from look to look once it is gone: 30 to 365
    after_error: int | None = None  # after a look that nobody understood: 2 to 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How a people-search site is asked for somebody. It files nothing, but it discloses."""

    steps: tuple[Step, ...]  # the last one is the one `extract`; no submit, no mailed link
    discloses: tuple[Field, ...] = ()  # exactly what the steps use
    looks: Looks | None = None  # when it is looked at again, where that is rarer than usual
