"""Try a web form on its example page: every value is filled, nothing leaves this machine."""

from __future__ import annotations

from dataclasses import dataclass

from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.errors import Refused
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.flow import AskPerson, Press
from optout.model.words import By
from optout.rules.flows import steps_of
from optout.text import Text
from optout.words import word
from optout.workflows.approve import Prepared, prepare
from optout.workflows.desk import Desk, open_errand
from optout.workflows.exports import save_picture

_OTHER_WAYS = (By.POST, By.EMAIL, By.PORTAL, By.PHONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What would be sent, and how the example page took it."""

    prepared: Prepared
    outcome: LegOutcome | None  # None: a letter, a call or a portal has no page to try
    picture: str = ""

    def said(self) -> Text:
        """Say how the rehearsal went."""
        if self.outcome is None:
            return Text(
                "There is no form to try, because this goes by {by}. You see above what it would "
                "say. Nothing was sent.",
                by=word(self.prepared.errand.message.by),
            )
        if self.outcome.end is LegEnd.REHEARSED:
            return Text(
                "Everything could be filled in. It stopped before the last button. This was an "
                "example page on this computer: nothing was sent."
            )
        return Text(
            "It stopped at {step}: {why} This was an example page: nothing was sent.",
            step=self.outcome.step,
            why=self.outcome.why or Text("?"),
        )

    def left_empty(self) -> tuple[str, ...]:
        """Return the boxes of the page that stay empty on purpose, by their labels."""
        return self.outcome.left_empty if self.outcome else ()

    def if_it_insists(self) -> Text | None:
        """Say what a person does where the real page wants what was left empty."""
        if not self.left_empty():
            return None
        broker, right = self.prepared.errand.broker, self.prepared.errand.channel.right
        others = [by for each in broker.channel if each.right is right for by in each.by]
        other = next((by for by in _OTHER_WAYS if by in others), None)
        way_on = (
            Text("Then ask another way: optout plan --only {c} --by {by}", c=broker.slug, by=other)
            if other
            else Text(
                "Then see what else can be asked, and how: optout broker show {c}", c=broker.slug
            )
        )
        return Text(
            "The real page may not let you go on without some of them. The program never types a "
            "Social Security, licence or other identity number. If the page insists, stop there: "
            "nothing is sent then. {way_on}",
            way_on=way_on,
        )

    def for_you(self) -> tuple[str, ...]:
        """Return what only the person can do on the real page; a rehearsal leaves it out."""
        leg = self.prepared.leg
        if self.outcome is None or leg is None:
            return ()
        said = (step.say for step in steps_of(leg) if isinstance(step, AskPerson | Press))
        return tuple(say for say in said if say)

    @property
    def exit_code(self) -> int:
        """Return 0 where it went as far as it can, 1 where the example page stopped it."""
        return 0 if self.outcome is None or self.outcome.end is LegEnd.REHEARSED else 1

    def command(self) -> str:
        """Return the command that sends exactly this."""
        reference = self.prepared.errand.message.reference
        return f"optout file {reference} --approve {self.prepared.digest}"

    def as_json(self) -> dict[str, object]:
        """Return what a program needs to approve exactly this."""
        return {
            "reference": self.prepared.errand.message.reference,
            "broker": self.prepared.errand.broker.slug,
            "by": self.prepared.errand.message.by,
            "recipient": self.prepared.payload.recipient,
            "text": self.prepared.payload.body.reveal() if self.prepared.payload.body else None,
            "notes": self.prepared.sheet.warnings,
            "fields": [
                {"field": shown.field, "value": shown.value.reveal(), "newness": shown.newness}
                for shown in self.prepared.sheet.values
            ],
            "rehearsal": self.outcome.end if self.outcome else None,
            "step": self.outcome.step if self.outcome else "",
            "left_empty": self.left_empty(),
            "picture": self.picture,
            "digest": self.prepared.digest,
        }


def rehearse(desk: Desk, reference: str, *, with_picture: bool = True) -> Rehearsed:
    """Fill the example page and stop before submit; for other ways, only show the values."""
    errand = open_errand(desk, reference)
    prepared = prepare(desk, errand)
    if errand.message.by is not By.WEB or prepared.leg is None:
        return Rehearsed(prepared=prepared, outcome=None)
    if errand.message.leg:
        raise Refused(
            Text("Only the first form can be tried; the second opens from a mailed link."),
            known=Text("Nothing was sent."),
        )
    with desk.rehearsal_for(errand.broker) as fence:
        outcome = run_leg(
            prepared.leg,
            prepared.payload,
            fence=fence,
            window=Window.hidden(),
            person=desk.person,
            before_submit=_never,
            rehearse=True,
            assisted=False,
        )
    picture = str(save_picture(desk, outcome.capture)) if with_picture and outcome.capture else ""
    return Rehearsed(prepared=prepared, outcome=outcome, picture=picture)


def _never() -> None:
    message = "a rehearsal stops before submit"
    raise AssertionError(message)
