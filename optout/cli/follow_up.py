"""`optout follow-up`: what comes after silence or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show, table
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.request import Purpose, Reason
from optout.model.words import Right
from optout.text import Text
from optout.words import word

if TYPE_CHECKING:
    from optout.model.request import Message
    from optout.model.subject import SubjectId
    from optout.workflows.course import NextStep
    from optout.workflows.follow_up import FollowedUp

app = Commands()


@app.command(
    "follow-up",
    example="optout follow-up\noptout follow-up --json\noptout follow-up K7F3-Q2MX\n"
    "optout follow-up K7F3-Q2MX --right delete --reason not-all",
)
def follow_up(
    reference: Annotated[
        str, typer.Argument(metavar="REF", help=_("A reference, from: optout status"))
    ] = "",
    *,
    person: Annotated[
        str, typer.Option("--person", metavar="NUMBER", help=_("Only what is about this person."))
    ] = "",
    right: Annotated[
        Right | None,
        typer.Option("--right", metavar="RIGHT", help=_("Which, if the letter asks for several.")),
    ] = None,
    reason: Annotated[
        list[Reason] | None,
        typer.Option("--reason", metavar="WHY", help=_("Why you appeal; else you are asked.")),
    ] = None,
    json: Json = False,
) -> None:
    """See what is due after silence or a refusal; with REF, put that letter on your list.

    A reminder, an appeal or a complaint is only drafted here. You look at it and send it with:
    optout file. A complaint goes to a government office, so you are asked first.
    """
    from optout.workflows import follow_up as work
    from optout.workflows.desk import the_subject
    from optout.workflows.whose_answer import names_here

    desk = open_desk()
    if reference:
        if person:
            raise WrongUsage(
                Text("REF names one request already, so --person goes without it."),
                known=Text("Nothing was changed."),
            )
        done = work.follow_up(desk, reference, right=right, reasons=tuple(reason or ()))
        _show_drafted(done, as_json=json)
        return
    if right or reason:
        raise WrongUsage(
            Text("--right and --reason go with a reference."), known=Text("Nothing was changed.")
        )
    found = work.steps_due(desk, the_subject(desk, person) if person else None)
    names = names_here(desk)
    if json:
        emit([step_as_json(each, names) for each in found])
        return
    _show_due(found, names)


def _show_due(found: tuple[NextStep, ...], names: Mapping[SubjectId, str]) -> None:
    if not found:
        show(Text("Nothing is due now. See who must answer until when: optout due"))
        return
    table(
        (
            Text("Reference"),
            *((Text("Client"),) if names else ()),
            Text("Company"),
            Text("Asked"),
            Text("Next step"),
            Text("Why, and what to do"),
            Text("Until"),
        ),
        (
            (
                each.reference,
                *((names[each.request.subject_id],) if names else ()),
                each.company,
                word(each.request.right),
                each.named(),
                each.said(),
                each.rung.by,
            )
            for each in found
        ),
    )
    show(Text("You can leave each of them. Nothing is sent by itself."))


def step_as_json(each: NextStep, names: Mapping[SubjectId, str] | None = None) -> dict[str, object]:
    """Return one step with stable keys."""
    waiting = each.waiting
    return {
        "reference": each.reference,
        **({"client": names[each.request.subject_id]} if names else {}),
        "request": each.request.reference,
        "broker": each.request.broker,
        "right": each.request.right,
        "law": each.request.law,
        "step": each.rung.purpose,
        "ground": each.rung.ground,
        "why": each.rung.why,
        "do": each.do(),
        "basis": each.rung.basis,
        "by": each.rung.by,
        "first": each.rung.first,
        "on_the_list": waiting.reference if waiting else "",
    }


def _show_drafted(done: FollowedUp, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "drafted": [_message_as_json(each) for each in done.drafted],
                "on_the_list": [_message_as_json(each) for each in done.waiting],
            }
        )
        return
    for message in done.drafted:
        if message.purpose is Purpose.COMPLAINT:
            show(
                Text(
                    "On your list: a complaint. No office was told anything. Look at it, and "
                    "decide again: optout file {r}",
                    r=message.reference,
                )
            )
            continue
        show(
            Text(
                "On your list: {what}, by {by}. Nothing was sent. Look at it: optout file {r}",
                what=word(message.purpose),
                by=word(message.by),
                r=message.reference,
            )
        )
    for message in done.waiting:
        show(
            Text(
                "This was on your list already: {what}. Look at it: optout file {r}",
                what=word(message.purpose),
                r=message.reference,
            )
        )


def _message_as_json(message: Message) -> dict[str, object]:
    return {
        "reference": message.reference,
        "step": message.purpose,
        "broker": message.broker,
        "by": message.by,
        "delivery": message.delivery,
    }
