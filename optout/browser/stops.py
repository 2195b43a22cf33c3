"""Why a run cannot go on: caught by the runner, never seen by anybody else."""

from __future__ import annotations

from optout.text import Text


class Stop(Exception):
    """A step that did not work. Its text names no value and nothing that a page said."""

    def __init__(self, why: Text, *, person_can_go_on: bool = False) -> None:
        """`person_can_go_on`: a person with the window in front of them could do it by hand."""
        super().__init__(why.template)
        self.why = why
        self.person_can_go_on = person_can_go_on


class NotFound(Stop):
    """An element, or the place for a value, is not on the page as described."""

    def __init__(self, why: Text) -> None:
        """Leave it to a person, who sees what a selector does not."""
        super().__init__(why, person_can_go_on=True)
