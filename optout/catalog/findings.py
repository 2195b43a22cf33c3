"""What is wrong with a definition or a law file, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from optout.catalog.characters import shown
from optout.errors import Refused
from optout.text import Text

MOST_TOLD: Final = 100  # in one error; `findings` keeps them all


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where it is, what is wrong, and what to write instead."""

    where: str  # channel[2].discloses, or "" for the whole file
    what: Text
    suggest: Text | None = None
    check: str = "schema"  # id of the check that found it
    line: int | None = None
    warning: bool = False  # worth knowing; nothing is refused for it

    def said(self) -> Text:
        """Return the finding as one line."""
        line = Text("line {line}", line=self.line) if self.line else ""
        place = tuple(part for part in (shown(self.where, 120), line) if part)
        told = {"place": place or Text("whole file"), "what": self.what, "check": self.check}
        if self.suggest:
            return Text("{place}: {what} → {repair} [{check}]", repair=self.suggest, **told)
        return Text("{place}: {what} [{check}]", **told)

    def english(self) -> str:
        """Return the finding as one line, in English."""
        return self.said().english()


class BadDefinition(Refused):
    """A broker's definition or a law's file cannot be used; all its findings are told at once."""

    def __init__(self, file: str, findings: Sequence[Finding]) -> None:
        """Keep every finding: a volunteer mends them all in one go."""
        self.file = file
        self.findings = tuple(findings)
        told = Text(
            "{file} cannot be used, things to mend: {count}",
            file=shown(file, 200),
            count=len(self.findings),
        )
        for finding in self.findings[:MOST_TOLD]:
            # A line of its own in the template: a screen takes line ends out of every value.
            told = Text("{before}\n  {finding}", before=told, finding=finding.said())
        super().__init__(
            Text("{before}\n  …", before=told) if len(self.findings) > MOST_TOLD else told,
            known=Text("Nothing was sent. The other definitions still work."),
        )
