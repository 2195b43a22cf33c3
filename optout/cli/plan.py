"""`optout plan`: what to ask of whom, and what to leave alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, show
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.broker import Slug
from optout.model.plan import Goal
from optout.model.request import Message
from optout.model.words import By
from optout.text import Text

if TYPE_CHECKING:
    from optout.model.subject import Subject
    from optout.workflows.desk import Desk
    from optout.workflows.make_plan import Wish

app = Commands()


@app.command(
    example="optout plan\n"
    "optout plan --only appriss-insights --take 1,3\n"
    "optout plan --only appriss-insights --by post\n"
    "optout plan --explain lexisnexis-risk\n"
    "optout plan --json"
)
def plan(
    *,
    person: Annotated[
        str, typer.Option("--person", metavar="NUMBER", help=_("Which person, if several."))
    ] = "",
    wide: Annotated[
        bool, typer.Option("--wide", help=_("Also companies that may not know you. Asks first."))
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="COMPANY", help=_("Plan for this company only.")),
    ] = None,
    goal: Annotated[
        Goal, typer.Option("--goal", help=_("Which companies come first."))
    ] = Goal.GOVERNMENT,
    by: Annotated[
        By | None,
        typer.Option("--by", help=_("Rather this way. With --only: also what is on your list.")),
    ] = None,
    take: Annotated[
        str,
        typer.Option(
            "--take", metavar="NUMBERS", help=_("Put these lines on the list: 1,3 or 2-4 or all.")
        ),
    ] = "",
    explain: Annotated[
        str, typer.Option("--explain", metavar="COMPANY", help=_("Only this company, in full."))
    ] = "",
    json: Json = False,
) -> None:
    """Say what to ask of whom, in which order, why, on which law, and giving away what.

    Asks five questions whose answers are not kept. Leaving a company alone is an answer too.
    Nothing is sent: you look at each request again before it goes, with: optout file
    """
    from optout.rules.picking import check_pick
    from optout.workflows.desk import the_subject
    from optout.workflows.make_plan import Wish, ask_questions, plan_for, plan_with_person
    from optout.workflows.move_request import on_the_list
    from optout.workflows.show_plan import explain as explained

    desk = open_desk()
    subject = the_subject(desk, person)
    wish = Wish(wide=wide, only=tuple(map(Slug, only or ())), goal=goal, prefer=by, take=take)
    for named in (*wish.only, *([explain] if explain else [])):
        desk.find_broker(named)  # an unknown name is told before any question
    check_pick(take)
    if not (json or explain):
        if by and only:
            wish = _moved_first(desk, subject, wish)
        if wish.only or not only:
            _say_kept(plan_with_person(desk, subject, wish))
        return
    if wide or only or take:
        raise WrongUsage(
            Text("--wide, --only and --take ask you first or change your list, so they go alone."),
            known=Text("Nothing was changed."),
        )
    answers = ask_questions(desk)
    made = plan_for(desk, subject, answers, wish)
    if json:
        emit(made)
        return
    # What is no part of the usual plan still has its answer: as if it had been named.
    alone = replace(wish, only=(Slug(explain),))
    texts = tuple(explained(made, explain)) or tuple(
        explained(plan_for(desk, subject, answers, alone), explain)
    )
    for text in texts:
        show(text)
    for each in on_the_list(desk, subject, (Slug(explain),)):
        show(each.said())


def _moved_first(desk: Desk, subject: Subject, wish: Wish) -> Wish:
    """Send another way what is on the list; return the wish for what is not on it yet."""
    from optout.workflows.move_request import (
        NothingMoved,
        move_with_person,
        on_the_list,
        still_to_ask,
    )

    there = {each.request.broker for each in on_the_list(desk, subject, wish.only)}
    if not there:
        return wish
    more = still_to_ask(desk, subject, wish)
    left = tuple(slug for slug in wish.only if slug in more or slug not in there)
    named = tuple(slug for slug in wish.only if slug in there)
    try:
        moved = move_with_person(desk, subject, replace(wish, only=named))
    except NothingMoved:
        if not left:
            raise
        moved = ()
    if moved:
        show(
            Text(
                "Changed on your list: {requests}. What you said yes to before does not count any "
                "more. Look at the new page: optout file {first}",
                requests=sum(len(message.request_ids) for message in moved),
                first=moved[0].reference,
            )
        )
    else:
        show(Text("Nothing on your list was changed, and nothing was sent."))
    if not (moved and left and wish.take):
        return replace(wish, only=left)
    show(
        Text(
            "Your --take {numbers} picked from the list above. For what is not on your list yet, "
            "you are asked anew.",
            numbers=wish.take,
        )
    )
    return replace(wish, only=left, take="")


def _say_kept(messages: tuple[Message, ...]) -> None:
    """Say what is on the list now: several requests can travel in one letter, mail or form."""
    if not messages:
        show(Text("Nothing was put on your list, and nothing was sent."))
        return
    show(
        Text(
            "New on your list: {requests} (to send in forms, mails and letters: {messages}). "
            "Nothing was sent. Look at the first one: optout file {first}",
            requests=sum(len(message.request_ids) for message in messages),
            messages=len(messages),
            first=messages[0].reference,
        )
    )
