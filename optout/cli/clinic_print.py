"""`optout clinic print` and `posted`: the stack for the printer, and what went into the mail."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.clinic_plan import As, Clients, To, desk_of_office, show_left_out
from optout.cli.commands import Commands, Json
from optout.cli.output import emit, show, table
from optout.errors import WrongUsage
from optout.i18n import _
from optout.text import Counted, Text

if TYPE_CHECKING:
    from optout.workflows.desk import Desk
    from optout.workflows.print_run import PrintChoice

app = Commands()


@app.command(
    "print",
    example="optout clinic print --to ~/Documents\n"
    "optout clinic print --by recipient --labels 5160 --envelopes\n"
    "optout clinic print --again K7F3-Q2MX-1 --labels 5160",
)
def print_(
    clients: Clients = None,
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="client|recipient", help=_("What is sorted together."))
    ] = "client",
    to: To = None,
    envelopes: Annotated[
        bool, typer.Option("--envelopes", help=_("With #10 envelopes to print."))
    ] = False,
    labels: Annotated[
        str, typer.Option("--labels", metavar="5160|5163", help=_("With sheets of labels."))
    ] = "",
    skip_labels: Annotated[
        int,
        typer.Option("--skip-labels", metavar="N", help=_("So many of the first sheet are used.")),
    ] = 0,
    cover_sheets: Annotated[
        bool,
        typer.Option("--cover-sheets", help=_("With a sheet for the client before each letter.")),
    ] = False,
    certified: Annotated[
        bool, typer.Option("--certified", help=_("All go by certified mail. It is a choice."))
    ] = False,
    large_print: Annotated[
        bool, typer.Option("--large-print", help=_("Print in 14-point letters."))
    ] = False,
    one_sided: Annotated[
        bool,
        typer.Option("--one-sided", help=_("The printer prints one side only: no empty pages.")),
    ] = False,
    most: Annotated[
        int, typer.Option("--most", metavar="N", help=_("At most so many letters in one file."))
    ] = 500,
    again: Annotated[
        str,
        typer.Option("--again", metavar="STACK", help=_("Write a printed stack once more.")),
    ] = "",
    as_name: As = "",
) -> None:
    """Make one file for the printer of all approved letters, with separators and bookmarks.

    Before each group stands a sheet that says what each letter still needs; it stays in the
    office. Beside the file comes a mailing list to fill in and sign. Each letter is printed once:
    a run that is cut short goes on with the same command, and says what it found. Nothing is
    posted by this: say so afterwards with: optout clinic posted
    """
    from optout.workflows.print_run import (
        By,
        PrintChoice,
        check_choice,
        printing_alone,
        settle_cut_short,
    )

    if by not in set(By):
        raise WrongUsage(
            Text("--by takes client or recipient."), known=Text("Nothing was printed.")
        )
    if again and clients:
        raise WrongUsage(
            Text("--again writes the whole stack: name no clients with it."),
            known=Text("Nothing was printed."),
        )
    choice = PrintChoice(
        by=By(by),
        most=most,
        large_print=large_print,
        two_sided=not one_sided,
        cover_sheets=cover_sheets,
        envelopes=envelopes,
        labels=labels,
        skip_labels=skip_labels,
        certified=certified,
    )
    check_choice(choice)
    desk = desk_of_office(as_name, to)
    with printing_alone(desk):
        for text in settle_cut_short(desk):
            show(text)
        if again:
            _print_again(desk, again, choice)
        else:
            _print(desk, clients, choice)


def _print_again(desk: Desk, number: str, choice: PrintChoice) -> None:
    from optout.workflows.print_again import print_again

    again = print_again(desk, number, choice)
    path, *beside = again.paths
    show(
        Counted(
            "Written again: 1 letter. File: {path}",
            "Written again: {count} letters. File: {path}",
            count=again.letters,
            path=path,
        )
    )
    for each in beside:
        show(Text("- {path}", path=each))
    if again.left:
        show(Text("Left out, because they are posted or taken back: {count}", count=again.left))
    show_left_out(again.may_not)
    if again.may_not:
        show(Text("Take these out of the first print, too: they may not go any more."))
    if again.changed:
        show(
            Text(
                "Without envelope and label, because something in them has changed since: {count}. "
                "Write the address by hand, as it stands on the letter.",
                count=again.changed,
            )
        )
    show(Text("The first print may be in somebody's hands: post each letter once."))


def _print(desk: Desk, clients: list[str] | None, choice: PrintChoice) -> None:
    from optout.workflows.clients import chosen_clients
    from optout.workflows.print_run import Run, approved_letters, print_letters

    letters, left = approved_letters(desk, chosen_clients(desk, clients or ()), choice.by)
    show_left_out(left)
    if not letters:
        show(
            Text(
                "No approved letter waits to be printed. Look through them first: "
                "optout clinic approve"
            )
        )
        return
    run = Run()
    for stack in print_letters(desk, letters, choice, run):
        show(
            Counted(
                "Stack {number}: 1 letter.",
                "Stack {number}: {count} letters.",
                number=stack.number,
                count=stack.letters,
            )
        )
        for path in stack.paths:
            show(Text("- {path}", path=path))
    show_left_out(run.left_out)
    if run.stacks:
        show(
            Text(
                "Written down as printed, not as posted. When they are in the mail: optout clinic "
                "posted {number}",
                number=run.stacks[0].number,
            )
        )


@app.command(
    example="optout clinic posted\n"
    "optout clinic posted K7F3-Q2MX-1 --on 2026-11-24 --except 7KJW-T69H\n"
    "optout clinic posted --from mailing-K7F3-Q2MX-1.csv"
)
def posted(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="STACK|REF", help=_("Stacks, or references of letters.")),
    ] = None,
    *,
    on: Annotated[
        date | None, typer.Option("--on", metavar="DATE", help=_("The day you sent it."))
    ] = None,
    except_: Annotated[
        list[str] | None,
        typer.Option("--except", metavar="REF", help=_("Not this letter of the stack.")),
    ] = None,
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help=_("Read days and numbers from a mailing list.")
        ),
    ] = None,
    not_posted: Annotated[
        bool, typer.Option("--not-posted", help=_("They were not posted after all."))
    ] = False,
    as_name: As = "",
    json: Json = False,
) -> None:
    """Write down that a stack, or some letters of it, went into the mail.

    Without a name: shows every stack, how many of it are printed, and how many are posted. What
    was written down before stays as it is.
    """
    desk = desk_of_office(as_name, None)
    if not named and from_file is None:
        _show_stacks(desk, as_json=json)
        return
    _post(desk, named or [], from_file, except_ or [], on=on, not_posted=not_posted)


def _post(
    desk: Desk,
    named: list[str],
    path: Path | None,
    excepted: list[str],
    *,
    on: date | None,
    not_posted: bool,
) -> None:
    from optout.workflows.mailing_table import read_mailing_table
    from optout.workflows.post_many import lines_of, post_all

    if named and path is not None:
        raise WrongUsage(
            Text("Name stacks and letters, or give a file with --from: not both."),
            known=Text("Nothing was changed."),
        )
    lines = read_mailing_table(path) if path is not None else lines_of(desk, named, excepted)
    done = post_all(desk, lines, on=on, not_posted=not_posted)
    show_left_out(done.left_out)
    if done.taken_back:
        show(
            Counted(
                "Written down as not posted: 1 letter.",
                "Written down as not posted: {count} letters.",
                count=done.taken_back,
            )
        )
    if done.posted:
        show(
            Counted(
                "Written down as posted: 1 letter.",
                "Written down as posted: {count} letters.",
                count=done.posted,
            )
        )
    if done.before:
        show(
            Counted(
                "Written down before, and left as it was: 1 letter.",
                "Written down before, and left as it was: {count} letters.",
                count=done.before,
            )
        )
    if not (done.posted or done.taken_back or done.before or done.left_out):
        show(Text("Nothing in it says that a letter was posted. Nothing was changed."))
    if done.left_out:
        raise typer.Exit(1)


def _show_stacks(desk: Desk, *, as_json: bool) -> None:
    from optout.workflows.post_many import stacks

    found = stacks(desk)
    if as_json:
        emit(found)
        return
    if not found:
        show(Text("No stack was printed yet. Print one with: optout clinic print"))
        return
    table(
        (Text("Stack"), Text("Printed"), Text("Posted"), Text("Not posted yet")),
        ((each.number, each.printed, each.posted, each.waiting) for each in found),
    )
