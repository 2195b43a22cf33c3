"""Why a look at a people-search site said nothing about the person. Never told as “not listed”."""

from __future__ import annotations

from typing import Final

from optout.errors import OptoutError
from optout.model.search import Given
from optout.text import Text

_NOTHING_GIVEN: Final = Text(
    "This does not mean that you are not listed. Nothing was typed or sent."
)
_GIVEN: Final = Text(
    "This does not mean that you are not listed. The site was told what you had approved; no"
    " request was sent."
)
_LOOK: Final = Text("Open the page in your own browser and look at it.")


class NotLooked(OptoutError):
    """Nobody can say whether the person is listed there.

    `given` is what the site was told, `picture` what it showed (a JPEG, or b""), `step` where it
    stopped.
    """

    def __init__(
        self,
        what: Text,
        *,
        hint: Text = _LOOK,
        given: Given = (),
        picture: bytes = b"",
        step: str = "",
    ) -> None:
        """Say first of all that this is no answer."""
        super().__init__(what, known=_GIVEN if given else _NOTHING_GIVEN, hint=hint)
        self.given = given
        self.picture = picture
        self.step = step


class PageNotUnderstood(NotLooked):
    """A page shows neither rows nor its own sign that it has none."""


class BotWall(NotLooked):
    """The page wants to know whether a person is there, and nobody could show it one."""

    exit_code = 3


class SessionExpired(NotLooked):
    """The site forgot the visit in the middle of it."""


class SearchStopped(NotLooked):
    """A step did not work, or the site did not answer."""


class StoppedByPerson(SearchStopped):
    """The person said stop: nobody else is told anything either."""
