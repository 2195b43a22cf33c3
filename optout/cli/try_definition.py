"""`optout broker try`: a definition run with an invented person, and what it would send where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from optout.cli import ctrl_c, output
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.model.words import Right
from optout.text import Text, as_written
from optout.words import word

if TYPE_CHECKING:
    from optout.browser.window import Window
    from optout.model.flow import Step
    from optout.workflows.try_definition import Tried


def show_try(company: str, right: Right | None, *, live: bool, visible: bool, json: bool) -> None:
    """Try every form, show each as soon as it is done; exit 1 where one stopped."""
    from optout.catalog.brokers import typed_folder
    from optout.sample.people import JORDAN
    from optout.workflows.try_definition import try_definition

    folder = typed_folder(company)
    done: list[Tried] = []
    stopped = Text("Nothing was written, and nothing that was typed left this computer.")
    with ctrl_c.told(stopped), _window(visible=visible) as window:
        for tried in try_definition(
            folder,
            JORDAN,
            right=right,
            on=session().clock().date(),
            window=window,
            person=session().person(),
            live=live,
        ):
            done.append(tried)
            if not json:
                _show(tried)
    if json:
        output.emit([_for_programs(tried) for tried in done])
    if not all(tried.works for tried in done):
        raise typer.Exit(1)


def _window(*, visible: bool) -> Window:
    from optout.browser.window import Window

    window = Window(may_show=visible, to_watch=visible)
    if visible and not window.can_show():
        raise WrongUsage(
            Text("There is no screen to show a window on."), hint=Text("Try it without --visible.")
        )
    return window


def _show(tried: Tried) -> None:
    output.show(
        Text(
            "{company}: {right}, by {by}, with Jordan Q. Sample, who does not exist",
            company=tried.broker.called(),
            right=word(tried.channel.right),
            by=word(tried.by),
        )
    )
    output.show()
    output.table(
        (Text("Where"), Text("What"), Text("Value")),
        ((each.to, word(each.field), each.value.reveal()) for each in tried.given()),
    )
    if tried.outcome is not None:
        output.table(
            (Text("Step"), Text("What it does"), Text("Here")),
            (
                (number + 1, _called(step), tried.state_of(number))
                for number, step in enumerate(tried.steps)
            ),
        )
    output.facts(_facts(tried))
    output.show(tried.left())
    output.show()


def _facts(tried: Tried) -> Iterator[tuple[Text, Text | str | None]]:
    outcome = tried.outcome
    yield Text("How it went"), tried.said()
    yield Text("Perhaps because"), tried.why_perhaps()
    if outcome is None:
        return
    yield Text("The last button's form leads to"), outcome.leads_to
    yield Text("Boxes left empty"), ", ".join(outcome.left_empty)
    for say in tried.for_you():
        yield Text("A person does this by hand"), as_written(say)
    if tried.assumed():
        yield Text("Steps that nobody saw on the live page"), str(tried.assumed())
    if tried.later_forms:
        yield Text("Later forms, not tried: a mail or code comes first"), str(tried.later_forms)


def _called(step: Step) -> str:
    from optout.browser.step_names import called

    place = getattr(step, "label", "") or getattr(step, "url", "") or getattr(step, "text", "")
    unseen = " (nobody saw this)" if step.assumed else ""
    return f"{called(step)}: {place}{unseen}" if place else f"{called(step)}{unseen}"


def _for_programs(tried: Tried) -> dict[str, object]:
    outcome = tried.outcome
    return {
        "company": tried.broker.slug,
        "right": tried.channel.right,
        "by": tried.by,
        "flow": tried.channel.flow if outcome else "",
        "live": tried.live,
        "given": [
            {"to": each.to, "field": each.field, "value": each.value.reveal()}
            for each in tried.given()
        ],
        "leads_to": outcome.leads_to if outcome else "",
        "steps": [
            {
                "number": number + 1,
                "do": step.do,
                "what": _called(step),
                "assumed": step.assumed,
                "here": tried.state_of(number).english(),
            }
            for number, step in enumerate(tried.steps)
        ],
        "left_empty": outcome.left_empty if outcome else (),
        "by_hand": tried.for_you(),
        "later_forms": tried.later_forms,
        "end": outcome.end if outcome else None,
        "step": outcome.step if outcome else "",
        "why": outcome.why if outcome else None,
        "works": tried.works,
        "left_this_computer": "the page was loaded" if tried.live and outcome else "nothing",
    }
