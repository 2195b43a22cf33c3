"""Sample Risk Data: a wizard with two silent traps, as one large company's form once had.

Typing a name or an address is not enough: only what "Add Person" and "Add Address" took is filed.
Without them the form files an empty request, and still shows a confirmation number.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import count, zip_longest
from typing import ClassVar, Final

from optout.sample.markup import render
from optout.sample.received import What
from optout.sample.states import state_options
from optout.sample.switches import Switch
from optout.sample.web import ELSEWHERE, Call, Company, Reply

SLUG: Final = "sample-risk-data"

# What a box is called in the page, and the field it stands for.
_ROWS: Final = {
    "first": "first_name",
    "middle": "middle_name",
    "last": "last_name",
    "street": "street",
    "city": "city",
    "state": "state",
    "zip": "zip",
}
_PERSON: Final = ("first", "middle", "last")


def _by_field(call: Call) -> dict[str, str]:
    """Name what was filed as the model does; a second row gets ".2" after its fields."""
    values: dict[str, str] = {}
    for box, name in _ROWS.items():
        for row, value in zip(count(1), call.every(box), strict=False):
            values[name if row == 1 else f"{name}.{row}"] = value
    plain = ("email", "postal", "trap", "newsletter")
    return values | {name: call.one(name) for name in (*plain, "reason")}


def _people(call: Call) -> str:
    rows = zip_longest(*(call.every(box) for box in _PERSON), fillvalue="")
    return ", ".join(" ".join(part for part in row if part) for row in rows)


@dataclass(slots=True)
class RiskData(Company):
    """The company with the wizard."""

    name: ClassVar[str] = "Sample Risk Data"
    host: ClassVar[str] = "sample-risk-data.test"
    front: ClassVar[str] = "/opt-out"
    filing: ClassVar[tuple[str, ...]] = ("/opt-out/request",)

    def respond(self, call: Call) -> Reply:
        """Show the wizard, note its steps, take its request."""
        match call.method, call.path:
            case "GET", "/opt-out":
                return self._wizard()
            case "POST", "/opt-out/step":
                return self._step(call)
            case "POST", "/opt-out/request":
                return self._request(call)
            case _:
                return self.not_found()

    def _wizard(self) -> Reply:
        changed = Switch.CHANGED_FORM in self.switches
        label = "Electronic post" if changed else "E-mail address"
        return self.page(
            "wizard.html",
            page="wizard",
            states=state_options(names=False),
            email_id="contact-mail" if changed else "email",
            email_label=label,
            drops="yes" if Switch.DROPS_VALUE in self.switches else "",
            trap=self.fragment(Switch.HONEYPOT, render("trap.html", email_label=label)),
            twin=self.fragment(Switch.DUPLICATE, render("twin.html", email_label=label)),
            spy=self.fragment(Switch.KEYSTROKE_SPY, render("spy.js.html", elsewhere=ELSEWHERE)),
        )

    def _step(self, call: Call) -> Reply:
        typed = {_ROWS.get(name, name): value for name, value in call.form}
        self.ledger.add(What.STEP, typed)
        return Reply("noted", content_type="text/plain")

    def _request(self, call: Call) -> Reply:
        if Switch.REFUSES in self.switches:
            return self.refusal()
        self.ledger.add(What.REQUEST, _by_field(call))
        return self.confirmation(
            "wizard_result.html",
            person=_people(call),
            confirmation=str(secrets.randbelow(90_000_000) + 10_000_000),
        )
