"""Example pages changed in known ways, and what a definition's steps find on them then.

Each change is made in the page itself, after its own scripts, by `page_mutations.js`; the page
keeps the company's address and nothing is reached. What a repaired step leads to is told by the
identity of the element, not by its words: a repair that finds another box is wrong, however well
it reads.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from optout.browser.open_form import OpenForm, ask_of, open_form
from optout.browser.rehearsal import Rehearsal
from optout.browser.runner import run_leg
from optout.browser.window import Window
from optout.catalog import repair
from optout.catalog.asset_hosts import list_host_groups
from optout.catalog.brokers import DEFINITION, folder_of, list_brokers
from optout.catalog.examples import Answer, Examples, load_examples
from optout.model.broker import Broker, Source
from optout.model.change import ChangeKind, Compared
from optout.model.delivery import LegOutcome
from optout.model.flow import AskPerson, Choose, Flow, Open, Step
from optout.model.look import Look, Place
from optout.model.payload import Payload, Recipient
from optout.model.ports import Person
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.rules.flows import fields_of_leg
from optout.rules.form_changes import compare
from optout.rules.held_steps import looks_for_something, placed
from optout.rules.same_boxes import said
from tests.brokers.test_web_flows import VALUES

MUTATIONS = Path(__file__).with_name("page_mutations.js").read_text(encoding="utf-8")
NEW_PLACE = "/privacy/new-request-form"
FRAME_PLACE = "/framed-form"
CAPTCHAS = {n: g.hosts for n, g in list_host_groups().items() if g.kind == "captcha"}

# What each change has to be told as; any of several words is right.
EXPECTED: Mapping[str, frozenset[ChangeKind]] = {
    "label": frozenset({ChangeKind.LABEL}),
    "name": frozenset({ChangeKind.NAME}),
    "label-and-name": frozenset({ChangeKind.LABEL, ChangeKind.NAME}),
    "all-names": frozenset({ChangeKind.NAME}),
    "option-gone": frozenset({ChangeKind.OPTION_GONE}),
    "option-renamed": frozenset({ChangeKind.OPTION_RENAMED}),
    "required-box": frozenset({ChangeKind.REQUIRED_NEW}),
    "new-box": frozenset({ChangeKind.BOX_NEW}),
    "box-gone": frozenset({ChangeKind.BOX_GONE}),
    "captcha": frozenset({ChangeKind.CAPTCHA_NEW}),
    "button": frozenset({ChangeKind.BUTTON_WORDS}),
    "autocomplete": frozenset({ChangeKind.AUTOCOMPLETE}),
    "required": frozenset({ChangeKind.NOW_REQUIRED}),
    "split": frozenset({ChangeKind.SPLIT}),
    "steps": frozenset({ChangeKind.STEPS}),
    "kind-of-box": frozenset({ChangeKind.BOX_KIND}),
    "moved": frozenset({ChangeKind.MOVED}),
    "frame": frozenset({ChangeKind.FRAME}),
    "gone": frozenset({ChangeKind.GONE}),
    "login": frozenset({ChangeKind.LOGIN}),
    "wall": frozenset({ChangeKind.WALL}),
    "parked": frozenset({ChangeKind.GONE}),
}
COSMETIC = (
    "none",
    "c-classes",
    "c-style",
    "c-text",
    "c-space",
    "c-case",
    "c-attributes",
    "c-wrappers",
    "c-hidden",
    "c-newsletter",
    "c-search",
    "c-banner",
    "c-order",
    "c-icons",
)
# What the page alone cannot repair: what stands instead, or behind a button, is for a person.
FOR_PEOPLE = frozenset({"gone", "login", "wall", "parked", "steps", "kind-of-box", "required"})
OUTER = 2  # leg and step: a longer place stands inside a `when`
RELOADED = frozenset({"moved", "frame"})
# Where the page was not changed in place, its controls stand in their old order.
_WHERE = """(knows, asks) => asks.map((ask) => {
  const was = window.was ?? [...document.querySelectorAll(
    "input, select, textarea, button, [role=combobox], [role=button], a[href], h4")];
  const found = knows.look(document, ask);
  return found.length === 1 ? was.indexOf(found[0]) : -1 - found.length;
})"""
SOURCE = Source(key="PAGE261122", what="Its form", read_on=date(2026, 11, 22))
_CHANGE = f"""(knows, given) => {{
  if (document.querySelector("iframe")) return {{ told: null }};  // its form stands in the frame
  window.pristine ??= document.documentElement.cloneNode(true);
  document.documentElement.replaceWith(window.pristine.cloneNode(true));
  const change = {MUTATIONS.strip()};
  try {{
    change(given.kind, given.seed, null);
    return {{ told: window.told }};
  }} catch (error) {{
    return {{ told: null, error: `${{error.stack}}` }};
  }}
}}"""


@dataclass(frozen=True)
class Form:
    """One page of a company, and the flows that open it."""

    broker: Broker
    url: str
    names: tuple[str, ...]

    @property
    def flows(self) -> dict[str, Flow]:
        return {name: self.broker.flow[name] for name in self.names}

    @property
    def examples(self) -> Examples:
        return load_examples(folder_of(self.broker.slug) / "examples")

    @property
    def text(self) -> str:
        return (folder_of(self.broker.slug) / DEFINITION).read_text(encoding="utf-8")

    def __str__(self) -> str:
        return f"{self.broker.slug}:{self.names[0]}"


@cache
def forms() -> tuple[Form, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    brokers = {str(broker.slug): broker for broker in list_brokers() if broker.flow}
    for broker in brokers.values():
        for name, flow in broker.flow.items():
            url = next(step.url for step in flow.leg[0].steps if isinstance(step, Open))
            found.setdefault((broker.slug, url.partition("#")[0]), []).append(name)
    return tuple(Form(brokers[slug], url, tuple(names)) for (slug, url), names in found.items())


@dataclass(frozen=True)
class Case:
    """One page and one change of it."""

    form: Form
    kind: str
    seed: int

    def __str__(self) -> str:
        return f"{self.form} {self.kind} {self.seed}"


@dataclass
class Served:
    """The example, changed in one way; it answers for the company and for nobody else."""

    case: Case
    made_there: bool = False  # by the page itself as it loads, so that a run meets it changed

    def answer(self, method: str, url: str) -> Answer | None:
        form, kind = self.case.form, self.case.kind
        path = url.partition("?")[0]
        if kind == "moved" and path == form.url and method == "GET":
            return _html(f"<script>location.replace({NEW_PLACE!r})</script>")
        if kind == "moved" and path.endswith(NEW_PLACE):
            return self._page(form.examples.answer("GET", form.url))
        if kind == "frame" and path == form.url and method == "GET":
            return _html(
                f"<h1>Requests</h1><iframe src={FRAME_PLACE!r} width=900 height=2000></iframe>"
            )
        if kind == "frame" and path.endswith(FRAME_PLACE):
            return self._page(form.examples.answer("GET", form.url))
        return self._page(form.examples.answer(method, url))

    def _page(self, answer: Answer | None) -> Answer | None:
        if answer is None or not answer.media_type.startswith("text/html"):
            return answer
        kind = self.case.kind if self.made_there else "none"
        call = f"<script>({MUTATIONS.strip()})({kind!r}, {self.case.seed}, null)</script>"
        return replace(answer, content=answer.content + call.encode())


def _html(text: str) -> Answer:
    return Answer(media_type="text/html; charset=utf-8", content=f"<!doctype html>{text}".encode())


@dataclass
class Outcome:
    """What was told about one changed page, and whether the repair is right."""

    case: Case
    applied: bool = False
    told: Any = None
    compared: Compared = field(default_factory=Compared)
    broke: bool = False  # the definition as it was does not work on this page any more
    repaired: bool = False  # the mended one does
    same_to_the_letter: bool = True  # what a comparer that is too strict would go by
    why: str = ""
    mended: Broker | None = None

    @property
    def kinds(self) -> frozenset[ChangeKind]:
        return frozenset(change.kind for change in self.compared.changes)

    @property
    def found(self) -> bool:
        return bool(self.kinds & EXPECTED[self.case.kind])


@contextmanager
def _opened(case: Case, window: Window) -> Iterator[OpenForm]:
    with (
        Rehearsal(case.form.broker.hosts, Served(case).answer) as fence,
        open_form(case.form.url, fence=fence, window=window, captchas=CAPTCHAS) as opened,
    ):
        yield opened


class Laboratory:
    """One browser in which changed pages are looked at, one after another on an open page.

    The page is put back to what it was between two changes, which a reload would do as well, but
    a hundred times slower.
    """

    def __init__(self, window: Window) -> None:
        self.window = window

    def run(self, cases: Sequence[Case], *, at_once: int = 3) -> list[Outcome]:
        """Run all cases; those whose change does not fit their page are left out."""
        by_form: dict[str, list[Case]] = {}
        for case in cases:
            by_form.setdefault(str(case.form), []).append(case)
        with ThreadPoolExecutor(at_once) as pool:
            found = [
                each for several in pool.map(self._of_form, by_form.values()) for each in several
            ]
        return [outcome for outcome in found if outcome.applied]

    def _of_form(self, cases: Sequence[Case]) -> list[Outcome]:
        form = cases[0].form
        found = []
        with _opened(Case(form, "none", 0), self.window) as page:
            change(page, Case(form, "none", 0))
            opened = OpenForm(page.page, page.page.read())
            before, meant = opened.look(form.flows), _where(opened, form.flows)
            for case in cases:
                if case.kind not in RELOADED:
                    told = change(page, case)
                    now = OpenForm(page.page, page.page.read())
                    found.append(_judged(Outcome(case, told is not None, told), now, before, meant))
        for case in cases:
            if case.kind in RELOADED and _fits_reload(case, before):
                with _opened(case, self.window) as opened:
                    found.append(_judged(Outcome(case, applied=True), opened, before, meant))
        return found


def rehearsed(found: Outcome, window: Window) -> LegOutcome:
    """Run the mended definition on the changed page, up to the last button."""
    broker = found.mended
    assert broker is not None
    leg = broker.flow[found.case.form.names[0]].leg[0]
    payload = Payload(
        message_id=MessageId("m-1"),
        subject_id=SubjectId("s-1"),
        recipient=Recipient(name=broker.name, hosts=broker.hosts),
        values={each: Secret(VALUES[each]) for each in fields_of_leg(leg)},
        definition_sha256=broker.sha256,
    )
    with Rehearsal(broker.hosts, Served(found.case, made_there=True).answer) as fence:
        return run_leg(
            leg,
            payload,
            fence=fence,
            window=window,
            person=cast("Person", None),  # nobody is needed
            before_submit=lambda: pytest.fail("a rehearsal stops before submit"),
            rehearse=True,
            assisted=False,
        )


def _fits_reload(case: Case, before: Look) -> bool:
    framed = bool(before.page and before.page.frames)
    return bool(before.page and before.page.boxes) and not (framed and case.kind == "frame")


def _judged(
    outcome: Outcome, opened: OpenForm, before: Look, meant: Mapping[tuple[str, Place], int]
) -> Outcome:
    if not outcome.applied:
        return outcome
    form = outcome.case.form
    now = opened.look(form.flows)
    outcome.same_to_the_letter = before.page == now.page
    outcome.compared = compare(form.flows, before, now, opened=form.url, hosts=form.broker.hosts)
    mends = [mend for each in outcome.compared.changes for mend in each.mends]
    mended = repair.mend(form.text, mends, SOURCE)
    outcome.mended = broker = mended.broker or form.broker
    flows = {name: broker.flow[name] for name in form.names}
    trial = Trial(outcome, opened, meant)
    outcome.broke = bool(trial.wrong(form.flows, form.broker))
    outcome.why = trial.wrong(flows, broker)
    outcome.repaired = not outcome.why
    return outcome


def change(opened: OpenForm, case: Case) -> Any:  # noqa: ANN401 - as the page tells it
    """Put the page back and change it; return what was done, None where it does not fit."""
    found = opened.page.read_by(_CHANGE, {"kind": case.kind, "seed": case.seed})
    errors = [each.told["error"] for each in found if each.told.get("error")]
    assert not errors, (str(case), errors)
    told = [each.told["told"] for each in found if each.told["told"] is not None]
    return told[0] if told else None


def _where(opened: OpenForm, flows: Mapping[str, Flow]) -> dict[tuple[str, Place], int]:
    """Return the number of the element that each step leads to; below 0 where it is not one."""
    wanted = [
        (name, place, step)
        for name, flow in flows.items()
        for place, step in placed(flow)
        if place[0] == 0 and looks_for_something(step)
    ]
    read = opened.page.read_by(_WHERE, [dict(ask_of(step).asked()) for *_, step in wanted])
    found: dict[tuple[str, Place], int] = {}
    for at, (name, place, step) in enumerate(wanted):
        frame = step.in_frame or ""
        told = [
            each.told[at] for each in read if (each.frame == frame or (frame and frame in each.url))
        ]
        found[name, place] = max(told, default=-1)
    return found


@dataclass
class Trial:
    """One changed page, on which a definition is tried."""

    outcome: Outcome
    opened: OpenForm
    meant: Mapping[tuple[str, Place], int]

    @property
    def kind(self) -> str:
        return self.outcome.case.kind

    @property
    def lost(self) -> set[int]:
        """The elements that are not there any more."""
        return {self.outcome.told["box"]} if self.kind in {"box-gone", "split"} else set()

    def wrong(self, flows: Mapping[str, Flow], broker: Broker) -> str:
        """Return what is wrong with a definition on this page, "" where it does what was meant."""
        return self._elements(flows) or self._said(flows, broker)

    def _elements(self, flows: Mapping[str, Flow]) -> str:
        # What stands inside a `when`, such as a banner's button, is pressed only if it is there.
        wanted = Counter(
            at for (_flow, place), at in self.meant.items() if at >= 0 and len(place) == OUTER
        )
        for at in self.lost:
            del wanted[at]
        there = Counter(
            at
            for (_flow, place), at in _where(self.opened, flows).items()
            if at >= 0 and len(place) == OUTER
        )
        if wanted - there:
            return f"not found any more: {[*(wanted - there)]}"
        if any(there[at] > wanted[at] for at in there if at in wanted):
            return "two steps find one element"
        parts = len(set(there) - set(wanted))
        return "a step finds what was not meant" if parts and self.kind != "split" else ""

    def _said(self, flows: Mapping[str, Flow], broker: Broker) -> str:
        steps = [step for flow in flows.values() for _place, step in placed(flow)]
        asked = [step for step in steps if isinstance(step, AskPerson)]
        told = self.outcome.told
        ways: dict[str, Callable[[], bool]] = {
            "box-gone": lambda: not self._still_there(flows),
            "required-box": lambda: sum(told["words"] in each.say for each in asked) == len(flows),
            "captcha": lambda: (
                bool(broker.captcha) and any(each.reason == "captcha" for each in asked)
            ),
            "option-renamed": lambda: not _chosen(steps, told["old"]),
            "option-gone": lambda: not _chosen(steps, told["words"]),
            "split": lambda: not self._is_used() or not self._still_there(flows),
            "moved": lambda: all(NEW_PLACE in s.url for s in steps if isinstance(s, Open)),
        }
        is_right = ways.get(self.kind, lambda: True)
        return "" if is_right() else f"{self.kind}: the definition does not say so"

    def _is_used(self) -> bool:
        return bool(self.lost & set(self.meant.values()))

    def _still_there(self, flows: Mapping[str, Flow]) -> bool:
        """Say whether a step that looked for what is lost is in the flows still."""
        old = self.outcome.case.form.broker.flow
        gone = [key for key, at in self.meant.items() if at in self.lost]
        return any(
            dict(placed(old[name]))[place] in [step for _place, step in placed(flows[name])]
            for name, place in gone
        )


def _chosen(steps: Sequence[Step], option: str) -> bool:
    return any(isinstance(each, Choose) and said(each.option) == said(option) for each in steps)


def cases_of(kinds: Sequence[str], seeds: Sequence[int], *, every: int = 1) -> list[Case]:
    """Return the cases of these kinds; of `every` so many only one, chosen by its seed."""
    found = [Case(form, kind, seed) for seed in seeds for kind in kinds for form in forms()]
    return [case for case in found if random.Random(str(case)).randrange(every) == 0]
