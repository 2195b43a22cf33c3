"""Try a definition with an invented person: what would be sent where, without any locked folder.

On its example pages nothing is reached at all. On the live page the fence shuts once the page has
loaded: new connections are refused and open ones cut before anything is typed (SECURITY 6.6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from optout.browser.fence import Fence
from optout.browser.rehearsal import Rehearsal
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.catalog.brokers import DEFINITION, load_broker
from optout.catalog.checks.examples import ID as NO_EXAMPLE
from optout.catalog.examples import PAGES_FILE, NoExample, load_examples
from optout.catalog.files import label_of
from optout.catalog.findings import BadDefinition
from optout.catalog.lint import lint_folder
from optout.catalog.reach import reach_of
from optout.errors import Refused, WrongUsage
from optout.model.broker import Broker, Channel
from optout.model.delivery import LegEnd, LegOutcome
from optout.model.fields import Field
from optout.model.flow import AskPerson, Leg, Open, Press, Step, Submit
from optout.model.payload import Payload, Recipient
from optout.model.ports import Person
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.model.words import By, Right
from optout.rules.disclosure import values_for
from optout.rules.flows import fields_of_leg, fields_shown, steps_of
from optout.rules.used_fields import fields_needed
from optout.text import Text
from optout.words import word
from optout.workflows.fences import fence_for

LISTING: Final = "https://{host}/jordan-sample/p1234567"
LiveFence = Callable[[Broker], Fence]


def live_fence(broker: Broker) -> Fence:
    """Return the real fence of a company, which shuts once the page has loaded."""
    return fence_for(broker, shuts_when_loaded=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One value that would go to one place."""

    to: str  # a host, a mail address, the lines of an envelope, a phone number
    field: Field
    value: Secret[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One way of asking, and what became of it with the invented person."""

    broker: Broker
    channel: Channel
    by: By
    values: Mapping[Field, Secret[str]]
    live: bool = False
    outcome: LegOutcome | None = None  # None: no form; a letter, mail, call or portal

    @property
    def leg(self) -> Leg | None:
        """Return the form that was tried."""
        return self.broker.flow[self.channel.flow].leg[0] if self.outcome else None

    @property
    def steps(self) -> Sequence[Step]:
        """Return its steps, in their order."""
        return self.leg.steps if self.leg else ()

    @property
    def later_forms(self) -> int:
        """Return how many forms come later, from a mail: they are not tried."""
        return len(self.broker.flow[self.channel.flow].leg) - 1 if self.outcome else 0

    def given(self) -> tuple[Given, ...]:
        """Return what would go where: of a form what was really entered, page by page."""
        if self.outcome:
            places = self.outcome.given_on
        else:
            alone = replace(self.broker, channel=(self.channel,))
            sends = sorted(reach_of(alone, {}).sends)
            places = tuple((sent.to, sent.field) for sent in sends if sent.by is self.by)
        return tuple(
            Given(to=to, field=field, value=self.values[field])
            for to, field in places
            if field in self.values
        )

    def state_of(self, number: int) -> Text:
        """Say what became of one step."""
        assert self.outcome is not None
        step, done = self.steps[number], self.outcome.steps_done
        if isinstance(step, Submit) and self.outcome.end is LegEnd.REHEARSED:
            return Text("not pressed")
        if number < done:
            return Text("yours") if _is_yours(step) else Text("done")
        return Text("stopped here") if number == done else Text("not reached")

    def for_you(self) -> tuple[str, ...]:
        """Return what a person would do by hand."""
        asked = steps_of(self.leg) if self.leg else iter(())
        said = (step.say for step in asked if isinstance(step, AskPerson | Press | Submit))
        return tuple(say for say in said if say)

    def assumed(self) -> int:
        """Return how many steps nobody saw on the live page."""
        return sum(step.assumed for step in steps_of(self.leg)) if self.leg else 0

    def said(self) -> Text:
        """Say how it went."""
        if self.outcome is None:
            return Text("There is no form to try: this goes by {by}.", by=word(self.by))
        if self.outcome.end is LegEnd.REHEARSED:
            return Text("Everything could be filled in. It stopped before the last button.")
        why = self.outcome.why or Text("?")
        return Text("It stopped at {step}: {why}", step=self.outcome.step, why=why)

    def left(self) -> Text:
        """Say what left this computer."""
        if not self.live or self.outcome is None:
            return Text("Nothing left this computer.")
        if not self.outcome.steps_done:
            return Text("Nothing that was typed left this computer.")
        return Text(
            "The live page was loaded; then every connection was cut. Nothing that was typed left "
            "this computer."
        )

    def why_perhaps(self) -> Text | None:
        """Say what stops most forms on a live page: it is cut off."""
        if not self.live or self.works or not (self.outcome and self.outcome.steps_done):
            return None
        return Text(
            "A live page loads nothing more once it is cut off. What comes after a button, or "
            "after a choice that loads something, can be tried on the example only."
        )

    @property
    def works(self) -> bool:
        """Say whether it went as far as it can."""
        return self.outcome is None or self.outcome.end is LegEnd.REHEARSED


def try_definition(
    folder: Path,
    subject: Subject,
    *,
    right: Right | None,
    on: date,
    window: Window,
    person: Person,
    live: bool = False,
    fence_of: LiveFence = live_fence,
) -> Iterator[Tried]:
    """Yield how each web form of a definition went, or what its letters would carry."""
    broker = load_broker(folder / DEFINITION)
    channels = _channels(broker, right)
    forms = [channel for channel in channels if _has_form(broker, channel)]
    if live:
        _check_may_load(folder, broker, forms)
    trying = _Trying(broker, folder, subject, on, window, person, live, fence_of)
    if not forms:
        yield from map(trying.letter, channels)
    seen: set[str] = set()
    for channel in forms:
        if channel.flow not in seen:  # two rights may share a form
            seen.add(channel.flow)
            yield trying.form(channel)


def _channels(broker: Broker, right: Right | None) -> tuple[Channel, ...]:
    found = tuple(channel for channel in broker.channel if right in {None, channel.right})
    if all(By.NONE in channel.by for channel in broker.channel):
        raise WrongUsage(
            Text("Nothing can be asked of {company}.", company=broker.called()),
            hint=Text(
                "See what is true, and what can be done: optout broker show {c}", c=broker.slug
            ),
        )
    if not found:
        raise WrongUsage(
            Text("{company} cannot be asked for that.", company=broker.called()),
            hint=Text("See what can be asked: optout broker show {c}", c=broker.slug),
        )
    return found


def _has_form(broker: Broker, channel: Channel) -> bool:
    flow = broker.flow.get(channel.flow)
    return By.WEB in channel.by and flow is not None and bool(flow.leg) and bool(flow.leg[0].steps)


def _check_may_load(folder: Path, broker: Broker, forms: Sequence[Channel]) -> None:
    """Refuse a live page that lint would refuse, or whose address itself gives something away."""
    if not forms:
        raise WrongUsage(
            Text("There is no web form here, so there is no live page to open."),
            hint=Text("Without --live it shows what would be written, and where it goes."),
        )
    wrong = [each for each in lint_folder(folder) if not each.warning and each.check != NO_EXAMPLE]
    if wrong:
        raise BadDefinition(label_of(folder / DEFINITION), wrong)
    steps = (s for channel in forms for s in steps_of(broker.flow[channel.flow].leg[0]))
    if any(isinstance(step, Open) and step.reveals for step in steps):
        raise Refused(
            Text("The address of this page carries a person's values: opening it sends them."),
            known=Text("Nothing was opened or sent."),
            hint=Text("Try it on its example: optout broker try {c}", c=broker.slug),
        )


@dataclass(frozen=True, slots=True)
class _Trying:
    broker: Broker
    folder: Path
    subject: Subject
    on: date
    window: Window
    person: Person
    live: bool
    fence_of: LiveFence

    def letter(self, channel: Channel) -> Tried:
        by = channel.by[0]
        fields = fields_needed(self.broker, channel, by)
        return Tried(
            broker=self.broker, channel=channel, by=by, values=self._values(fields), live=self.live
        )

    def form(self, channel: Channel) -> Tried:
        leg = self.broker.flow[channel.flow].leg[0]
        values = self._values(fields_of_leg(leg))
        payload = Payload(
            message_id=MessageId("sample-message"),
            subject_id=self.subject.id,
            recipient=Recipient(name=self.broker.name, hosts=self.broker.hosts),
            values=values,
            recognize=self._values(fields_shown(leg)),
            definition_sha256=self.broker.sha256,
        )
        with self._fence() as fence:
            outcome = run_leg(
                leg,
                payload,
                fence=fence,
                window=self.window,
                person=self.person,
                before_submit=_never,
                rehearse=True,
                assisted=False,
            )
        return Tried(
            broker=self.broker,
            channel=channel,
            by=By.WEB,
            values=values,
            live=self.live,
            outcome=outcome,
        )

    def _fence(self) -> Fence:
        if self.live:
            return self.fence_of(self.broker)
        if not (self.folder / "examples" / PAGES_FILE).is_file():
            raise NoExample(
                Text("There is no example page to try this form on."),
                known=Text("Nothing was opened or sent."),
                hint=Text("Save its page into examples/, or look at the live one with --live."),
            )
        return Rehearsal(self.broker.hosts, load_examples(self.folder / "examples").answer)

    def _values(self, fields: Sequence[Field]) -> Mapping[Field, Secret[str]]:
        listing = LISTING.format(host=next(iter(self.broker.hosts), "example.com"))
        return values_for(self.subject, fields, on=self.on, listing_url=listing)


def _is_yours(step: Step) -> bool:
    """Say whether a person does this: there is no listing whose row could be pressed in."""
    return isinstance(step, AskPerson) or (isinstance(step, Press) and step.in_row)


def _never() -> None:
    message = "a definition that is tried is never sent"
    raise AssertionError(message)
