"""A page's form as a person sees it, before anything is typed: what `broker new` drafts from.

`broker check` compares two of them. Nothing here was typed, chosen or sent: it is only read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BoxKind(StrEnum):
    """What a person does with a box."""

    TEXT = "text"  # one line or several, also e-mail, telephone and numbers
    DATE = "date"  # the browser's own calendar
    SELECT = "select"
    LISTBOX = "listbox"  # a list that the page draws itself
    RADIO = "radio"  # one group of them is one box
    CHECKBOX = "checkbox"
    FILE = "file"
    PASSWORD = "password"  # noqa: S105 - a kind of box


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a list, or one radio button."""

    words: str  # as a person reads them
    value: str = ""  # as the form sends it
    into: str = ""  # radio buttons: its own selector


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One place that takes an answer. Hidden ones, traps, site search and newsletters are none."""

    kind: BoxKind
    labels: tuple[str, ...] = ()  # words tied to it: label, aria-label, legend; the nearest first
    beside: str = ""  # words that belong to it only by where they stand
    hint: str = ""  # the grey words inside it
    name: str = ""
    id: str = ""
    autocomplete: str = ""
    type: str = ""  # the page's own: "email", "tel", "number", "date"
    into: str = ""  # a selector that finds exactly this one in its frame
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    frame: str = ""  # host of the frame it stands in; "" is the page itself
    group: tuple[str, ...] = ()  # those of the labels that belong to several boxes together
    section: str = ""  # the nearest heading above it
    before: str = ""  # the nearest words between the box before and this one, tied to nothing
    called: str = ""  # words by which a run finds exactly this box; "" where none do
    help: str = ""  # further words tied to it: a description, a title
    longest: int = 0  # at most so many characters; 0 is as many as one likes

    @property
    def label(self) -> str:
        """Return the words that a person would call it by."""
        return next(iter(self.labels), "") or self.beside or self.hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to press that belongs to the form."""

    words: str
    into: str = ""
    sends: bool = False  # the form's own submit button
    frame: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """What one page shows of a form."""

    url: str  # where it ended up, after redirects; without its query
    title: str = ""
    headings: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()  # in the order of the page
    buttons: tuple[Button, ...] = ()
    captchas: tuple[str, ...] = ()  # names of asset-hosts.toml, or "unknown"
    frames: tuple[str, ...] = ()  # hosts of the frames that hold boxes
    frame_urls: tuple[str, ...] = ()  # and their addresses, without their queries
    hosts: tuple[str, ...] = ()  # every host the page asked for something
    refused: tuple[str, ...] = ()  # those of them that the fence did not let it reach
    refused_frames: tuple[str, ...] = ()  # hosts of frames that therefore stayed empty
    wanted_to_send: bool = False  # it tried to post something while it loaded, and was refused
    sends_to: tuple[str, ...] = ()  # hosts that the form's own address names
    left_alone: int = 0  # hidden boxes, traps, site search and newsletters that were passed over
