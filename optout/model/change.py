"""What changed on a company's page since its form was written down, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from optout.model.look import Place
from optout.text import Text


class ChangeKind(StrEnum):
    """One way in which a page can differ."""

    GONE = "page-gone"
    NO_FORM = "no-form"  # nothing to fill is there
    LOGIN = "login"
    WALL = "robot-wall"  # a page that looks at the visitor, instead of the form
    MOVED = "moved"
    MOVED_AWAY = "moved-away"  # to a host that the definition does not name
    STEPS = "more-pages"  # the form is spread over several pages now
    FRAME = "frame"
    LABEL = "label"
    NAME = "name"  # what the definition's selector looks at: id or name
    AUTOCOMPLETE = "autocomplete"
    BOX_KIND = "box-kind"
    BOX_GONE = "box-gone"
    BOX_NEW = "new-box"
    REQUIRED_NEW = "new-required-box"
    NOW_REQUIRED = "now-required"
    SPLIT = "split-box"
    OPTION_GONE = "option-gone"
    OPTION_RENAMED = "option-renamed"
    OPTION_NEW = "new-option"
    BUTTON_WORDS = "button-words"
    BUTTON_GONE = "button-gone"
    CAPTCHA_NEW = "captcha-new"
    CAPTCHA_GONE = "captcha-gone"
    NOT_FOUND = "not-found"  # a step finds nothing, or several places, and nothing says why
    WRONG_PLACE = "wrong-place"  # a step leads to another box than before


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """Another value for one key of a step: "" takes the key out."""

    flow: str
    place: Place
    key: str  # label, into, press, option, in_frame, url, element
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """A step that is written before another, or instead of it."""

    flow: str
    before: Place
    keys: Mapping[str, str] = field(default_factory=dict)
    instead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropStep:
    """A step that is taken out."""

    flow: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCaptcha:
    """A robot check that the definition has to name, from asset-hosts.toml."""

    group: str


Mend = Rewrite | NewStep | DropStep | AddCaptcha


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different, in words; `mends` are what to write where we are sure."""

    kind: ChangeKind
    what: Text
    means: Text
    stops: bool = False  # a filing would stop, or go wrong, as the definition stands
    mends: tuple[Mend, ...] = ()
    look: bool = False  # not sure: a person has to look


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One page held against the flows that open it."""

    changes: tuple[Change, ...] = ()
    found: tuple[str, ...] = ()  # steps that still find exactly their place
    not_seen: tuple[str, ...] = ()  # steps behind something pressed, chosen or mailed
