"""A definition in DuckDuckGo's words, kept as it is written there: their steps, not ours.

Names are theirs in our spelling (`noResultsSelector` is `no_results_selector`). A selector is
XPath if it is `.` or begins with `//`, `./` or `(`; anything else is CSS.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from optout.model.reading import Reading

Profile = dict[str, Reading | None]
"""What is read from a row, by name; None: not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileMatch:
    """The row that is the person's own; nothing outside of it is touched."""

    selector: str
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRow:
    """A parent that is the person's own row."""

    profile_match: ProfileMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often a step is tried again, and where."""

    environment: str = ""
    interval: dict[str, float] = field(default_factory=dict)
    max_attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Action:
    id: str = ""
    data_source: str = ""
    retry: Retry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigate(_Action):
    """Load an address, with personal data put in."""

    action_type: Literal["navigate"] = "navigate"
    url: str
    age_range: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract(_Action):
    """Read the rows of a page of results."""

    action_type: Literal["extract"] = "extract"
    selector: str
    no_results_selector: str = ""
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One thing that must be so: an element, words, or an address."""

    type: str
    selector: str = ""
    expect: str = ""
    parent: str | MatchedRow = ""
    fail_silently: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation(_Action):
    """All must hold; then what hangs on it is done at once."""

    action_type: Literal["expectation"] = "expectation"
    expectations: tuple[Expected, ...]
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(_Action):
    """If all hold, what hangs on it comes next; else it is passed over."""

    action_type: Literal["condition"] = "condition"
    expectations: tuple[Expected, ...]
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """One element to click."""

    type: str = ""
    selector: str
    parent: str | MatchedRow = ""
    multiple: bool = False
    fail_silently: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two texts, compared as texts."""

    left: str
    operation: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """What is clicked if something holds."""

    condition: Compared
    elements: tuple[Pressed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What is clicked if nothing of it holds."""

    elements: tuple[Pressed, ...] = ()


NOT_SAID = Otherwise()
"""There is no `default`: then it is an error that nothing holds. `null` passes it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Click(_Action):
    """Click elements, or those of the first choice that holds."""

    action_type: Literal["click"] = "click"
    elements: tuple[Pressed, ...] = ()
    choices: tuple[OneOf, ...] = ()
    default: Otherwise | None = NOT_SAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box of a form, and what goes in."""

    type: str
    selector: str
    min: int | str | None = None
    max: int | str | None = None
    format: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillForm(_Action):
    """Fill the boxes of a form."""

    action_type: Literal["fillForm"] = "fillForm"
    selector: str
    elements: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnCaptcha(_Action):
    """Learn which robot check it is."""

    action_type: Literal["getCaptchaInfo"] = "getCaptchaInfo"
    selector: str
    captcha_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveCaptcha(_Action):
    """Have the robot check solved; with us, by the person."""

    action_type: Literal["solveCaptcha"] = "solveCaptcha"
    selector: str
    captcha_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfirmation(_Action):
    """Wait for the mailed link, open it, and go on from there."""

    action_type: Literal["emailConfirmation"] = "emailConfirmation"
    polling_time: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateEmail(_Action):
    """Take a new mail address."""

    action_type: Literal["generateEmail"] = "generateEmail"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitCode(_Action):
    """Wait for a mailed code."""

    action_type: Literal["getEmailData"] = "getEmailData"
    polling_time: float = 0
    extract: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scroll(_Action):
    """Bring an element to the middle of the window."""

    action_type: Literal["scroll"] = "scroll"
    selector: str


Action = (
    Navigate
    | Extract
    | Expectation
    | Condition
    | Click
    | FillForm
    | LearnCaptcha
    | SolveCaptcha
    | EmailConfirmation
    | GenerateEmail
    | AwaitCode
    | Scroll
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stretch of a definition: the scan, or the opt-out."""

    step_type: str
    scan_type: str = ""
    opt_out_type: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """Another site of the same company, never looked at by itself. Times in milliseconds."""

    name: str
    url: str
    added_at: int = 0
    removed_at: int | None = None
    opt_out_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Hours until the next look. `max_attempts` -1: no limit."""

    retry_error: float = 0
    confirm_opt_out_scan: float = 0
    maintenance_scan: float = 0
    max_attempts: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One whole definition of theirs."""

    name: str
    url: str
    version: str = ""
    parent: str = ""
    added_datetime: int = 0
    opt_out_url: str = ""
    mirror_sites: tuple[Mirror, ...] = ()
    removed_at: int | None = None
    scheduling_config: Schedule = field(default_factory=Schedule)
    steps: tuple[Stage, ...]
