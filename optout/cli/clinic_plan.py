"""`optout clinic plan` and `approve`: what to ask for many clients, looked at and approved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.commands import Commands
from optout.cli.desk import open_desk
from optout.cli.output import bullets, show, show_indented
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.i18n import _
from optout.model.broker import Slug
from optout.model.plan import Goal
from optout.model.words import By, Right
from optout.text import Counted, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from optout.workflows.clients import Client, LeftOut
    from optout.workflows.desk import Desk

app = Commands()

Clients = Annotated[
    list[str] | None,
    typer.Argument(metavar="CLIENT", help=_("Numbers (1-20,25), names, or all. Default: all.")),
]
To = Annotated[
    Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where files are written."))
]
As = Annotated[
    str, typer.Option("--as", metavar="NAME", help=_("Who you are: one of the office's people."))
]


@app.command(
    example="optout clinic plan --as Robin\n"
    "optout clinic plan 1-20,25 --answers table.csv --right opt-out --right delete\n"
    "optout clinic plan --answers-form table.csv"
)
def plan(
    clients: Clients = None,
    *,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="COMPANY", help=_("Plan for this company only.")),
    ] = None,
    right: Annotated[
        list[Right] | None,
        typer.Option(
            "--right", help=_("Ask this, in the order you name them. Default: the usual.")
        ),
    ] = None,
    goal: Annotated[
        Goal, typer.Option("--goal", help=_("Which companies come first."))
    ] = Goal.GOVERNMENT,
    by: Annotated[
        By, typer.Option("--by", help=_("Rather this way, where a company takes it."))
    ] = By.POST,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", metavar="FILE", help=_("Each client's five answers; they are not kept.")
        ),
    ] = None,
    answers_form: Annotated[
        Path | None,
        typer.Option(
            "--answers-form", metavar="FILE", help=_("Write an empty table for the answers.")
        ),
    ] = None,
    to: To = None,
    as_name: As = "",
) -> None:
    """Make one table of what to ask for many clients, and put it on their lists.

    The table (for a spreadsheet, and as a page) shows client, company, right and the exact kinds
    of facts; what is NEW to a company is marked. You put all of it on the lists by typing the
    count. Nothing is sent. Without a file, five questions are asked once for all clients: say yes
    only where it is true of every one of them.
    """
    from optout.workflows.clients import chosen_clients
    from optout.workflows.make_plan import Wish
    from optout.workflows.plan_many import (
        accept_many,
        plan_many,
        says_yes,
        who_can_be_planned,
        write_table,
    )

    desk = desk_of_office(as_name, answers_form.parent if answers_form else to)
    chosen = chosen_clients(desk, clients or ())
    if answers_form:
        _write_form(desk, chosen, answers_form.name)
        return
    wish = Wish(only=tuple(map(Slug, only or ())), goal=goal, prefer=by, rights=tuple(right or ()))
    for named in wish.only:
        desk.find_broker(named)  # an unknown name is told before any question
    able, left = who_can_be_planned(desk, chosen)
    show_left_out(left)
    planned = plan_many(desk, able, _answers(desk, chosen, able, answers), wish)
    show_left_out(planned.left_out)
    planned.left_out.extend(left)
    if not planned.requests:
        show(Text("Nothing new is to be asked for these clients. Nothing was put on a list."))
        return
    if not _looked_at(desk, write_table(desk, planned), lambda: says_yes(desk, planned)):
        show(Text("Nothing was put on any list, and nothing was sent."))
        return
    count, left = accept_many(desk, planned)
    show_left_out(left)
    show(
        Counted(
            "New on the lists: 1 request. Nothing was sent.",
            "New on the lists: {count} requests. Nothing was sent.",
            count=count,
        )
    )
    if _four_eyes(desk):
        show(Text("Next, another person looks at the letters: optout clinic approve --as NAME"))
    else:
        show(Text("Next: optout clinic approve"))


@app.command(
    example="optout clinic approve --as Sam\noptout clinic approve 1-20,25 --to ~/Documents"
)
def approve(
    clients: Clients = None,
    *,
    by: Annotated[
        By | None, typer.Option("--by", help=_("Only what goes this way: post, email or web."))
    ] = None,
    to: To = None,
    as_name: As = "",
) -> None:
    """Look through what waits for many clients, and say yes to all by typing their count.

    Letters, mails and forms. Each yes is kept for exactly one as it is in the table. With four
    eyes (optout clinic start --four-eyes) nobody says yes to what they put on the list. What only
    the person may attest or prove, and what goes to an office, is looked at one by one. Nothing is
    sent.
    """
    from optout.workflows.approve_many import (
        WAYS,
        approve_all,
        look_through,
        says_yes_to_letters,
        write_approval_table,
    )
    from optout.workflows.clients import chosen_clients

    desk = desk_of_office(as_name, to)
    if by and by not in WAYS:
        raise WrongUsage(
            Text("What goes another way than by post, mail or form is looked at one by one."),
            known=Text("Nothing was approved, and nothing was sent."),
        )
    ways = {by} if by else WAYS
    looked = look_through(desk, chosen_clients(desk, clients or ()), ways)
    show_left_out(looked.left_out)
    if looked.approved:
        show(Text("Approved before, and still the same: {count}.", count=looked.approved))
    if not looked.shown:
        show(Text("Nothing else waits for a yes."))
        return
    table = write_approval_table(desk, looked)
    if not _looked_at(desk, table, lambda: says_yes_to_letters(desk, looked)):
        show(Text("Nothing was approved, and nothing was sent."))
        return
    count, left = approve_all(desk, looked)
    show_left_out(left)
    by_post = sum(each.message.by is By.POST for each in looked.shown)
    show(Text("Approved: {count}.", count=count))
    if by_post:
        show(Text("The letters ({count}): optout clinic print", count=by_post))
    if by_post < len(looked.shown):
        rest = len(looked.shown) - by_post
        show(Text("The mails and forms ({count}): optout clinic file", count=rest))


def desk_of_office(as_name: str, to: Path | None) -> Desk:
    """Set out the desk for many clients; the history says who acts."""
    from optout.workflows.clients import check_actor, desk_for_many

    name = " ".join(as_name.split())
    if name:
        session().actor = name
    desk = desk_for_many(open_desk(to=to))
    check_actor(desk, name)
    return desk


def show_left_out(left: Sequence[LeftOut]) -> None:
    """Name every client and paper that was left out, each reason once; the rest went on."""
    if left:
        show(Text("Left out, with the reason ({count}):", count=len(left)))
    reasons: dict[str, list[LeftOut]] = {}
    for each in left:
        reasons.setdefault(sentence(each.why), []).append(each)
    for why, theirs in reasons.items():
        if len(theirs) == 1:
            bullets([theirs[0].said()])
            continue
        bullets([why])
        for each in theirs:
            show_indented("    ", each.who())


def _looked_at(desk: Desk, paths: tuple[Path, Path], says_yes: Callable[[], bool]) -> bool:
    """Show where the tables are, and ask; they name clients, so without a yes they go again."""
    show(Text("For a spreadsheet: {path}", path=paths[0]))
    show(Text("To read in a browser: {path}", path=paths[1]))
    show(Text("Both name clients. Delete them when they are looked at: optout exports --delete"))
    said = False
    try:
        said = says_yes()
    finally:
        if not said:
            _delete(desk, paths)
    return said


def _delete(desk: Desk, paths: tuple[Path, Path]) -> None:
    from optout.workflows.exports import delete_exports

    delete_exports(desk, paths)
    left = tuple(str(path) for path in paths if path.exists())
    if left:
        show(Text("These name clients, and are still there: {paths}", paths=left))
    else:
        show(Text("Both tables are deleted again: they name clients, and nobody said yes."))


def _write_form(desk: Desk, chosen: Sequence[Client], name: str) -> None:
    from optout.workflows.client_answers import questions_in_words, write_form

    path = write_form(desk, chosen, name)
    show(Text("Written: {path}", path=path))
    show(Text("Fill in yes, no or unknown; unknown counts as no. What the columns ask:"))
    bullets(questions_in_words())
    show(Text("It says a lot about people. Delete it after use: optout exports --delete"))


def _answers(
    desk: Desk, chosen: Sequence[Client], able: Sequence[Client], path: Path | None
) -> Mapping[int, Mapping[str, bool]]:
    from optout.workflows.client_answers import ask_for_all, read_answers

    if path is not None:
        return read_answers(path, chosen)
    same = ask_for_all(desk, able) if able else {}
    return {client.number: same for client in able}


def _four_eyes(desk: Desk) -> bool:
    from optout.workflows.clients import has_four_eyes

    return has_four_eyes(desk)
