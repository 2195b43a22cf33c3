"""A host that no definition names: whatever arrives here has leaked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from optout.sample.received import What
from optout.sample.web import ELSEWHERE, Call, Company, Reply


@dataclass(slots=True)
class Elsewhere(Company):
    """Writes down everything, and answers as the company that was meant."""

    name: ClassVar[str] = "Somewhere else"
    host: ClassVar[str] = ELSEWHERE

    def respond(self, call: Call) -> Reply:
        """Take whatever comes."""
        self.ledger.add(What.STRAY, {"path": call.path, **call.query, **dict(call.form)})
        text = "Your request was received."
        return self.page("notice.html", page="done", title="Welcome", text=text)
