"""Run one leg of a flow: fill what was approved, read it back, press once, say what was seen.

How single steps are done stands in walking.py. Nothing here knows the vault: `before_submit` is the
one call that makes the intention durable, exactly once, right before the button is pressed or the
window is given to somebody who will press it.

    before that call     anything that fails, Ctrl-C included   NOT_SENT, with the step
    after it             `expect` seen                          CONFIRMED
                         refused by the network, for certain    NOT_SENT
                         anything else                          UNKNOWN
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from optout.browser import (
    capture,
    entering,
    handing_over,
    hands_off,
    looking,
    submitting,
)
from optout.browser.fence import Fence
from optout.browser.naming import names_another
from optout.browser.step_names import called
from optout.browser.stops import NotFound, Stop
from optout.browser.submitting import Seen
from optout.browser.walking import NeedsWindow, Walk
from optout.browser.window import Window
from optout.errors import OptoutError, Refused
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import (
    AskPerson,
    Capture,
    ConfirmEmail,
    Expect,
    Leg,
    Open,
    ReadCode,
    Step,
    Submit,
)
from optout.model.payload import Payload
from optout.model.ports import Acted, HandOver, Person, Remaining
from optout.model.secret import Secret
from optout.rules.flows import steps_of
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.text import Text

__all__ = ["Window", "run_leg"]

T = TypeVar("T")
GRACE_SECONDS: Final = 10.0  # a step's own limit is checked inside; this one is the net below
UNTOLD_SECONDS: Final = 60.0  # for what no step sets a limit
AFTER_DENIAL_SECONDS: Final = 2.0  # they say they did not press: is there a success all the same?
_GO: Final = Text("go")
_LOGIN: Final = Text("The page wants you to log in first. The program never does that for you.")


def run_leg(
    leg: Leg,
    payload: Payload,
    *,
    fence: Fence,
    window: Window,
    person: Person,
    before_submit: Callable[[], None],
    rehearse: bool,
    assisted: bool,
    link: str = "",
    code: Secret[str] | None = None,
    number: int = 1,
    masked: bool = False,
) -> LegOutcome:
    """Deliver one leg at most once, and say how it ended.

    `number` names the leg in messages; `masked` makes the capture unreadable, for bug reports.
    """
    _check_agrees(fence, payload)
    run = _Run(
        leg=leg,
        payload=payload,
        fence=fence,
        window=window,
        person=person,
        values=payload.values,
        recognize=payload.recognize,
        listing=payload.row.reveal() if payload.row else None,
        before_submit=before_submit,
        rehearse=rehearse,
        assisted=assisted,
        link=link,
        code=code,
        number=number,
        masked=masked,
    )
    with nullcontext() if window.is_open else window:
        return run.outcome()


def _check_agrees(fence: Fence, payload: Payload) -> None:
    """Refuse a fence that is wider than what the person was shown."""
    if all(host_allowed(host, payload.recipient.hosts) for host in fence.hosts):
        return
    raise Refused(
        Text("The sites of this form are not the ones that you approved."),
        known=Text("Nothing was sent."),
        hint=Text("Look at the request again, and approve it again."),
    )


@dataclass(kw_only=True)  # no slots: Playwright notes on an object which of its methods listen
class _Run(Walk):
    """One call of `run_leg`."""

    leg: Leg
    payload: Payload
    before_submit: Callable[[], None]
    assisted: bool
    link: str
    code: Secret[str] | None
    number: int
    may_be_sent: bool = False  # `before_submit` was called
    person_submitted: bool = False
    stopped: bool = False
    left_empty: tuple[str, ...] = ()
    leads_to: str = ""
    steps_done: int = 0
    filled: dict[Field, None] = field(default_factory=dict)

    # ---- the whole ----

    def outcome(self) -> LegOutcome:
        """Run; where it turns out that a person must act, run again with a window."""
        must_act = self.assisted or any(map(self.needs_person, steps_of(self.leg)))
        wanted = self.window.to_watch if self.rehearse else must_act
        self.visible = wanted and self.window.can_show()
        return self.with_window_if_needed(self._in_context)

    def _in_context(self) -> LegOutcome:
        self.at = self._name_of(self.leg.steps[0], 1)
        try:
            outcome = self._run()
            self._let_watch()
            return outcome
        finally:
            if self.visit:
                self.filled.update(self.visit.filled)
            self.end()

    def _run(self) -> LegOutcome:
        try:
            self.begin()
            return self._steps()
        except Stop as stop:
            return self._stopped(stop.why)
        except KeyboardInterrupt:
            if self.may_be_sent:
                raise
            self.stopped = True
            return self._end(LegEnd.NOT_SENT, Text("You stopped it before anything was sent."))

    def _let_watch(self) -> None:
        """Keep the window of a rehearsal open until somebody has seen enough."""
        if not (self.rehearse and self.visible):
            return
        with self.ctrl_c.as_usual(), suppress(OptoutError):  # nobody there to look
            self.person.confirm(Text("Look at the page. Close it now?"), default=True)

    def _steps(self) -> LegOutcome:
        steps = tuple(self.leg.steps)
        if isinstance(steps[0], ConfirmEmail) and steps[0].expect:
            return self._open_link(steps[0], steps[1:])
        cut = next((i for i, step in enumerate(steps) if isinstance(step, Submit)), len(steps))
        submit, after = next(iter(steps[cut:]), None), steps[cut + 1 :]
        if not isinstance(submit, Submit):
            raise Stop(Text("The definition does not say which button sends the form."))
        self.here.submit = submit
        for at, step in enumerate(steps[:cut]):
            try:
                self.do(step, self._name_of(step, at + 1), submit)
            except Stop as stop:
                return self._go_on_by_hand(self._explained(stop), steps[at:cut], submit, after)
            self.steps_done = at + 1
        self.at = self._name_of(submit, cut + 1)
        return self._submit(submit, after)

    # ---- steps before submit ----

    def acting(self, step: Step) -> Coroutine[Any, Any, None]:
        """Return what does this step: here also what begins a later leg."""
        if isinstance(step, ConfirmEmail):
            return entering.go_to(self.here, self._link(step), step.within_seconds)
        if isinstance(step, ReadCode):
            return entering.open_and_fill_code(self.here, step, self._code())
        return super().acting(step)

    def after_acting(self, step: Step) -> None:
        """Shut the fence of a rehearsal once its page is there."""
        if isinstance(step, Open | ConfirmEmail):
            self._shut_if_rehearsing()

    def _link(self, step: ConfirmEmail) -> str:
        """Return the person's link if it leads to the broker, and to nobody else."""
        try:
            host = host_of(self.link)
        except BadAddress as error:
            raise Stop(error.what) from None
        if not (host_allowed(host, step.hosts) and host_allowed(host, self.fence.hosts)):
            raise Stop(Text("The link does not lead to this company. It was not opened."))
        return self.link

    def _code(self) -> Secret[str]:
        if self.code is None:
            raise Stop(Text("The code that you received is missing."))
        return self.code

    def _shut_if_rehearsing(self) -> None:
        """On a live page a rehearsal goes on behind a shut fence: nothing typed can leave."""
        if not self.rehearse:
            return
        if self.fence.shuts_when_loaded:
            self.wait(entering.load_whole(self.here))
        if self.fence.shuts_when_loaded or self.fence.proxy.connected_outside:
            self.fence.shut()

    # ---- submit ----

    def _submit(self, step: Submit, after: Sequence[Step]) -> LegOutcome:
        try:
            button = None
            hands_off.check_step(step, step)
            if not self._is_by_hand(step):
                button = self.wait(submitting.find_button(self.here, step), step.within_seconds)
            noted = self.wait(submitting.check_ready(self.here, step), step.within_seconds)
        except Stop as stop:
            return self._go_on_by_hand(self._explained(stop), (), step, after)
        self.check_anomaly()
        if self.rehearse:
            self.left_empty = self.wait(looking.empty_boxes(self.here), step.within_seconds)
            if button is not None:
                self.leads_to = self.wait(submitting.where_it_leads(button))
            return self._end(LegEnd.REHEARSED, None)
        if button is None:
            return self._let_person_submit(self._by_hand_alone(step), step, after)
        if self.assisted and self.visible:
            return self._let_person_submit(handing_over.to_submit(step.press), step, after)
        if self.assisted and not self._person_says_go():
            return self._end(LegEnd.NOT_SENT, Text("You did not say go. Nothing was sent."))
        self.wait(submitting.check_right_row(self.here, step, button), step.within_seconds)
        self._now_it_counts()
        self.wait(submitting.press(button, step.within_seconds), step.within_seconds)
        return self._conclude(step, after, noted, step.within_seconds)

    def _is_by_hand(self, step: Submit) -> bool:
        """Say whether no button of ours sends this: in a row, only without a listing."""
        return bool(step.say) and not (step.in_row and self.listing is not None)

    def _now_it_counts(self) -> None:
        """Make the intention durable. If that fails, nothing is pressed."""
        self.before_submit()
        self.may_be_sent = True

    def _by_hand_alone(self, step: Submit) -> HandOver:
        """Ask for what only a person can do, and what sends the form by itself."""
        if not self.visible and self.window.can_show():
            raise NeedsWindow
        picture = b"" if self.visible else self.wait(capture.take(self.here.page))
        return handing_over.to_send(step.say, self.here, visible=self.visible, picture=picture)

    def _person_says_go(self) -> bool:
        hand_over = handing_over.to_look(self.here, self.wait(capture.take(self.here.page)))
        try:
            looked = self.act_by_hand(hand_over) is not Acted.DID_NOT
            with self.ctrl_c.as_usual():
                return looked and self.person.type_word(Text("Type “go” to send this form."), _GO)
        except OptoutError as error:  # nobody there to say go
            raise Stop(error.what) from None

    def _explained(self, stop: Stop) -> Stop:
        """Say what kind of page it is, where that is why a step found nothing on it."""
        if isinstance(stop, NotFound) and self.wait(looking.wants_login(self.here)):
            return NotFound(_LOGIN)
        return stop

    def _go_on_by_hand(
        self, stop: Stop, left: Sequence[Step], submit: Submit, after: Sequence[Step]
    ) -> LegOutcome:
        """Give the person the window with all that is missing, or say where it stopped."""
        if self.rehearse or not stop.person_can_go_on or not self.window.can_show():
            raise stop
        if not self.visible:
            raise NeedsWindow
        remaining = handing_over.remaining_values(self.here, left)
        hand_over = handing_over.to_finish(stop.why, submit.press, remaining)
        return self._let_person_submit(hand_over, submit, after)

    def _let_person_submit(
        self, hand_over: HandOver, step: Submit, after: Sequence[Step]
    ) -> LegOutcome:
        self.wait(submitting.check_forms_lead_home(self.here))
        noted = self.wait(submitting.before(self.here, step))
        self._expect_hand_typed(hand_over.remaining)
        self._now_it_counts()
        acted = self.act_by_hand(hand_over)
        self.person_submitted = True
        seconds = AFTER_DENIAL_SECONDS if acted is Acted.DID_NOT else step.within_seconds
        return self._conclude(step, after, noted, seconds, denied=acted is Acted.DID_NOT)

    def _expect_hand_typed(self, remaining: Sequence[Remaining]) -> None:
        """Count what the person is about to type as seen: too much, never too little."""
        for one in remaining:
            self.here.will_type(one.value.reveal(), one.field)

    # ---- a link whose opening is all there is ----

    def _open_link(self, step: ConfirmEmail, after: Sequence[Step]) -> LegOutcome:
        """Open the mailed link as what files: the person said yes to it when they pasted it."""
        link = self._link(step)
        if self.rehearse:
            return self._end(LegEnd.REHEARSED, None)
        taken = Submit(expect=step.expect, refuse=step.refuse, within_seconds=step.within_seconds)
        noted = self.wait(submitting.before(self.here, taken))
        self._now_it_counts()
        try:
            self.wait(entering.go_to(self.here, link, step.within_seconds), step.within_seconds)
        except Stop as stop:
            if submitting.certainly_not_sent(self.here, noted):
                return self._end(LegEnd.NOT_SENT, stop.why)
            raise
        return self._conclude(taken, after, noted, step.within_seconds)

    # ---- after submit ----

    def _conclude(
        self,
        step: Submit,
        after: Sequence[Step],
        noted: submitting.Before,
        seconds: float,
        *,
        denied: bool = False,
    ) -> LegOutcome:
        """Say what the page showed: success only if all of it says success."""
        visit = self.here
        asks, rest = _split_after(after)
        try:
            for later in asks:
                self._do_after(later)
        except Stop as stop:
            return self._end(LegEnd.UNKNOWN, stop.why)
        seen = self.wait(submitting.look_for_success(visit, step, noted, seconds), seconds)
        if seen is Seen.SUCCESS:
            return self._confirmed(step, rest)
        if denied and seen is Seen.NOTHING:
            return self._end(LegEnd.NOT_SENT, Text("You did not press the button."))
        picture = self._take_stuck_picture()
        unseen = seen is Seen.NOTHING and not self.person_submitted
        if unseen and submitting.certainly_not_sent(visit, noted):
            why = Text("The site did not take the connection.")
            return self._end(LegEnd.NOT_SENT, why, picture)
        ended = self._end(LegEnd.UNKNOWN, _WHY_UNKNOWN[seen], picture)
        return replace(ended, refused=seen is Seen.REFUSAL)

    def _confirmed(self, step: Submit, rest: Sequence[Step]) -> LegOutcome:
        reference = self.wait(submitting.reference(self.here, step))
        try:
            for later in rest:
                self._do_after(later)
        except Stop as stop:
            return self._end(LegEnd.UNKNOWN, stop.why, reference=reference)
        if self.wait(names_another(self.here)):
            return self._end(
                LegEnd.UNKNOWN,
                Text("The confirmation seems to name somebody else."),
                reference=reference,
            )
        return self._end(LegEnd.CONFIRMED, None, reference=reference)

    def _do_after(self, step: Step) -> None:
        if isinstance(step, AskPerson):
            self.wait(looking.settle(self.here, step.within_seconds), step.within_seconds)
            self.ask(step)
        elif isinstance(step, Capture):
            self.take_picture()
        elif isinstance(step, Expect):
            self.wait(looking.expect(self.here, step), step.within_seconds)
        else:
            raise Stop(Text("The definition has a step where it cannot be."))

    # ---- ends ----

    def _stopped(self, why: Text) -> LegOutcome:
        return self._end(LegEnd.UNKNOWN if self.may_be_sent else LegEnd.NOT_SENT, why)

    def _end(
        self, end: LegEnd, why: Text | None, picture: bytes = b"", *, reference: str = ""
    ) -> LegOutcome:
        self.ctrl_c.hear_no_more()
        if self.visit:
            self.filled.update(self.visit.filled)
        return LegOutcome(
            end=end,
            why=why,
            step=self.at,
            reference=reference,
            capture=picture or self._last_picture(end),
            filled=tuple(self.filled),
            anomaly=bool(self.fence.anomalies),
            person_submitted=self.person_submitted,
            left_empty=self.left_empty,
            steps_done=self.steps_done,
            given_on=self.told,
            leads_to=self.leads_to,
            stopped=self.stopped,
        )

    def _last_picture(self, end: LegEnd) -> bytes:
        if self.visit is None or self.visit.page.is_closed():
            return self.picture
        if self.masked:
            return self.wait(capture.take_masked(self.visit.page))
        if self.picture and end is LegEnd.CONFIRMED:
            return self.picture
        return self.wait(capture.take(self.visit.page))

    def _take_stuck_picture(self) -> bytes:
        return b"" if self.masked else self.wait(capture.take_stuck(self.here.page))

    # ---- small ----

    def _name_of(self, step: Step, at: int) -> str:
        version = f", definition {self.payload.definition_sha256[:12]}"
        known = version if self.payload.definition_sha256 else ""
        return f"leg {self.number}, step {at} ({called(step)}){known}"


_WHY_UNKNOWN: Final = {
    Seen.NOTHING: Text("The page did not show that it took the request."),
    Seen.REFUSAL: Text("The page says that it did not take the request."),
    Seen.WALL: Text("The page asks for an account or a payment instead of confirming."),
    Seen.ELSEWHERE: Text("The site sent us to somebody else."),
}


def _split_after(after: Sequence[Step]) -> tuple[Sequence[Step], Sequence[Step]]:
    """Split the later steps: up to the last thing a person must do, and what follows success."""
    asks = [i for i, step in enumerate(after) if isinstance(step, AskPerson)]
    cut = asks[-1] + 1 if asks else 0
    return after[:cut], after[cut:]
