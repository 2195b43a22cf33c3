"""`optout plan`: what to ask of whom, and what to leave alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands, Json
from optout.cli.desk import open_desk
from optout.cli.output import emit, jsonable, show
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.broker import Slug
from optout.model.plan import Goal
from optout.model.request import Message
from optout.model.words import By, Right
from optout.text import Text

if TYPE_CHECKING:
    from optout.model.plan import Plan
    from optout.model.subject import Subject
    from optout.workflows.desk import Desk
    from optout.workflows.make_plan import Wish

app = Commands()


@app.command(
    example="optout plan\n"
    "optout plan --only appriss-insights --take 1,3\n"
    "optout plan --only appriss-insights --by post\n"
    "optout plan --explain lexisnexis-risk\n"
    "optout plan --only lexisnexis-risk --right access --right delete\n"
    "optout plan --pdf ~/Documents/page.pdf --large-print\n"
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
    right: Annotated[
        list[Right] | None,
        typer.Option(
            "--right", help=_("Ask this, in the order you name them. Default: the usual.")
        ),
    ] = None,
    with_drop: Annotated[
        bool, typer.Option("--with-drop", help=_("With California's own list (DROP)."))
    ] = False,
    without_drop: Annotated[
        bool,
        typer.Option("--without-drop", help=_("Without California's own list. Default: ask.")),
    ] = False,
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
    pdf: Annotated[
        Path | None,
        typer.Option("--pdf", metavar="FILE", help=_("Write the plan as one page to print.")),
    ] = None,
    large_print: Annotated[
        bool, typer.Option("--large-print", help=_("Print in 14-point letters."))
    ] = False,
    json: Json = False,
) -> None:
    """Say what to ask of whom, in which order, why, on which law, and giving away what.

    Asks five questions whose answers are not kept. Leaving a company alone is an answer too.
    Nothing is sent: you look at each request again before it goes, with: optout file
    """
    from optout.rules.picking import check_pick
    from optout.workflows.desk import the_subject
    from optout.workflows.make_plan import Wish, plan_with_person

    _check_goes_alone(changes=bool(wide or only or take), json=json, explain=explain, pdf=pdf)
    desk = open_desk(to=_folder_of(pdf))
    subject = the_subject(desk, person)
    wish = Wish(
        wide=wide,
        only=tuple(map(Slug, only or ())),
        goal=goal,
        prefer=by,
        take=take,
        rights=tuple(right or ()),
        drop=_chosen_drop(with_drop=with_drop, without_drop=without_drop),
    )
    for named in (*wish.only, *([explain] if explain else [])):
        desk.find_broker(named)  # an unknown name is told before any question
    check_pick(take)
    if json or explain or pdf:
        _look(desk, subject, wish, explain=explain, pdf=pdf, large_print=large_print)
        return
    if by and only and not right:
        wish = _moved_first(desk, subject, wish)
    if wish.only or not only:
        _say_kept(plan_with_person(desk, subject, wish))


def _chosen_drop(*, with_drop: bool, without_drop: bool) -> bool | None:
    """Return what was said of California's list; None asks."""
    if with_drop and without_drop:
        raise WrongUsage(
            Text("--with-drop and --without-drop say the opposite: only one of them goes."),
            known=Text("Nothing was changed."),
        )
    return with_drop if with_drop or without_drop else None


def _folder_of(pdf: Path | None) -> Path | None:
    """Return where the page goes: a folder gets a file whose name says nothing."""
    return pdf if pdf is None or pdf.expanduser().is_dir() else pdf.parent


def _check_goes_alone(*, changes: bool, json: bool, explain: str, pdf: Path | None) -> None:
    if pdf and (json or explain):
        raise WrongUsage(
            Text("--pdf writes a file, and --json and --explain print: only one of them goes."),
            known=Text("Nothing was written."),
        )
    if changes and (json or explain or pdf):
        raise WrongUsage(
            Text("--wide, --only and --take ask you first or change your list, so they go alone."),
            known=Text("Nothing was changed."),
        )


def _look(
    desk: Desk, subject: Subject, wish: Wish, *, explain: str, pdf: Path | None, large_print: bool
) -> None:
    """Show or write the plan and change nothing on the list."""
    from optout.workflows.make_plan import ask_questions, decide_drop, plan_for
    from optout.workflows.move_request import on_the_list
    from optout.workflows.show_plan import explain as explained
    from optout.workflows.show_plan import is_about

    answers = ask_questions(desk)
    wish = decide_drop(desk, subject, wish)
    made = plan_for(desk, subject, answers, wish)
    if pdf:
        from optout.workflows.plan_file import write_plan

        name = "" if pdf.expanduser().is_dir() else pdf.name
        path = write_plan(desk, subject, made, name, large_print=large_print)
        show(Text("Written: {path}", path=path))
        show(
            Text("Anyone who opens the file can read it. Delete it later: optout exports --delete")
        )
        return
    if not explain:
        emit(plan_as_json(made))
        return
    slug = Slug(explain)
    if not is_about(made, slug):  # it is in no usual plan, or beyond the fifteen requests
        made = plan_for(desk, subject, answers, replace(wish, only=(slug,)))
    for text in explained(made, explain):
        show(text)
    for each in on_the_list(desk, subject, (slug,)):
        show(each.said())


def plan_as_json(made: Plan) -> dict[str, object]:
    """Return a plan for programs: the keys that README.md names stay as they are."""
    shown = jsonable(made)
    assert isinstance(shown, dict)
    return {"format": "optout-plan-1", **shown}


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
