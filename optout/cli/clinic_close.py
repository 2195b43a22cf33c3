"""`optout clinic close`, `hold` and `erase`: the end of work for a client, and of their file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from optout.cli.clinic_plan import As, To, desk_of_office
from optout.cli.commands import Commands, Json
from optout.cli.output import bullets, emit, show
from optout.errors import Refused, WrongUsage
from optout.i18n import _
from optout.rules.days import in_words
from optout.text import Text
from optout.workflows.erase_file import ErasureGround

if TYPE_CHECKING:
    from optout.vault.erase import Erased
    from optout.workflows.clients import Client
    from optout.workflows.close_file import Ending
    from optout.workflows.desk import Desk

app = Commands()

One = Annotated[
    str, typer.Argument(metavar="CLIENT", help=_("A number from: optout person list, or a name."))
]
Maybe = Annotated[
    str, typer.Argument(metavar="[CLIENT]", help=_("A number from: optout person list, or a name."))
]


@app.command(
    example="optout clinic close 3 --to ~/Documents --keep-until 2033-11-30\n"
    "optout clinic close 3 --reopen"
)
def close(
    client: One,
    *,
    to: To = None,
    keep_until: Annotated[
        date | None,
        typer.Option(
            "--keep-until",
            metavar="DATE",
            help=_("Until when the file is kept; else as the office set."),
        ),
    ] = None,
    reopen: Annotated[bool, typer.Option("--reopen", help=_("Open a closed file again."))] = False,
    as_name: As = "",
) -> None:
    """End the work for a client, and write out their file for them.

    What was not sent comes off the list, and nothing new can be planned or sent. The file is a zip
    with a report to read, the same for programs, every letter and answer, and their fingerprints.
    It holds no notes of the office and no conflict checks; what companies wrote is in it as they
    wrote it. The client's facts stay in the locked folder, to read.
    """
    from optout.workflows.close_file import close_file, look_at_ending, reopen_file

    desk = desk_of_office(as_name, to)
    chosen = _one(desk, client)
    if reopen:
        reopen_file(desk, chosen)
        show(Text("Open again. Make a new plan: what came off the list stays off it."))
        return
    ending = look_at_ending(desk, chosen)
    _show_ending(ending)
    _ask_to_close(desk, chosen)
    done = close_file(desk, ending, keep_until=keep_until)
    if done.again:
        show(Text("It was closed before. The client's file was written once more."))
    else:
        show(
            Text(
                "Closed. Letters, mails and forms off the list: {left}. Tasks settled: {tasks}.",
                left=done.left,
                tasks=done.tasks,
            )
        )
    _show_kept(done.keep_until)
    show(Text("The client's file: {path}", path=done.path))
    show(Text("Papers and answers in it: {count}.", count=done.proofs))
    show(
        Text(
            "It is not locked: whoever opens it reads all that companies wrote. Give it to the "
            "client alone, then: optout exports --delete"
        )
    )


def _ask_to_close(desk: Desk, chosen: Client) -> None:
    if desk.vault.matters.get(chosen.subject.id).closed_on is None:
        question = Text("Close the file of {name}?", name=chosen.name)
        known = Text("The file is still open.")
    else:
        question = Text("It is closed. Write the file of {name} once more?", name=chosen.name)
        known = Text("Nothing was written.")
    if not desk.person.confirm(question):
        raise Refused(Text("You said no."), known=known)


def _show_kept(until: date | None) -> None:
    if until is not None:
        show(Text("Kept until {day}.", day=in_words(until)))
    else:
        show(Text("Nobody said until when it is kept. Say it with --keep-until DATE, or for all:"))
        show("  optout clinic start --keep-years N")


def _show_ending(ending: Ending) -> None:
    show(Text("Not sent, and would come off the list: {count}", count=len(ending.unsent)))
    if not ending.dates:
        show(Text("No date of a company is open."))
        return
    show(Text("These dates are kept, but from now on nobody here watches them:"))
    bullets(
        Text("{day}: {company}, {r}", day=day, company=company, r=reference)
        for day, company, reference in ending.dates
    )


@app.command(example="optout clinic hold\noptout clinic hold 3\noptout clinic hold 3 --release")
def hold(
    client: Maybe = "",
    *,
    release: Annotated[bool, typer.Option("--release", help=_("End the hold."))] = False,
    as_name: As = "",
    json: Json = False,
) -> None:
    """Say that nothing of a client may be erased, or that it may again.

    Without a name: whose files are held.
    """
    desk = desk_of_office(as_name, None)
    if not client:
        _show_held(desk, as_json=json)
        return
    chosen, held = _one(desk, client), not release
    if release and not desk.person.confirm(
        Text("Did your lawyer say that the hold on {name} is over?", name=chosen.name)
    ):
        raise Refused(Text("You said no."), known=Text("The hold stays."))
    desk.vault.matters.hold(chosen.subject.id, held=held)
    show(
        Text("Held: nothing of {name} can be erased.", name=chosen.name)
        if held
        else Text("No hold on {name} any more.", name=chosen.name)
    )
    if held:
        show(Text("Delete no file, no backup and no mail about this client either."))


def _show_held(desk: Desk, *, as_json: bool) -> None:
    from optout.workflows.erase_file import held_clients

    found = held_clients(desk)
    if as_json:
        emit([each.name for each in found])
    elif not found:
        show(Text("No file is held."))
    else:
        bullets(each.name for each in found)


@app.command(
    example='optout clinic erase 3 --ground period-over --lawyer "Sam Example"\noptout clinic erase'
)
def erase(
    client: Maybe = "",
    *,
    ground: Annotated[ErasureGround | None, typer.Option("--ground", help=_("Why."))] = None,
    lawyer: Annotated[
        str, typer.Option("--lawyer", metavar="NAME", help=_("Which lawyer decided it."))
    ] = "",
    to: To = None,
    as_name: As = "",
    json: Json = False,
) -> None:
    """Erase a client from the locked folder, on a ground, by a lawyer's decision.

    Not while a hold is on the file, and not while it is open, except where the client asked for it
    in writing: then it first says what still runs. “Delivered” and “told” count only where the
    client's file or the closing letter was written. A receipt without any client's name stays. Then
    it says which backups and files still hold the client. Without a name: shows all receipts.
    """
    from optout.workflows.erase_file import check_may_erase, erase_file, receipts

    desk = desk_of_office(as_name, to)
    if not client:
        found = tuple(receipts(desk))
        if json:
            emit(found)
        elif not found:
            show(Text("Nobody was erased from this folder."))
        else:
            bullets(each.said() for each in found)
        return
    if ground is None:
        raise WrongUsage(
            Text("Say why, with --ground: {grounds}", grounds=", ".join(ErasureGround)),
            known=Text("Nothing was erased."),
        )
    chosen = _one(desk, client)
    check_may_erase(desk, chosen, ground, lawyer)
    receipt, erased = erase_file(desk, chosen, ground, lawyer)
    show(receipt.said())
    if to is not None:
        from optout.workflows.erase_file import write_receipt

        show(Text("Written: {path}", path=write_receipt(desk, receipt)))
    _show_outside(erased)


def _show_outside(erased: Erased) -> None:
    for backup in erased.backups:
        show(backup.said())
    _show_files(erased)
    show(Text("The numbers of other clients may have changed: optout person list"))
    show(Text("The office's other programs, paper, mails and worn-out disks can still hold them."))


def _show_files(erased: Erased) -> None:
    """Name the files that may still hold them, and the command that deletes these."""
    from optout.workflows.exports import by_folder

    there, gone = (by_folder(erased.exports, there=there) for there in (True, False))
    if there:
        show(Text("May still be in these files. Delete them: optout exports --delete"))
        bullets(Text("{folder}: {names}", folder=folder, names=names) for folder, names in there)
    if gone:
        show(Text("And in these, which were moved, or deleted without this program:"))
        bullets(Text("{folder}: {names}", folder=folder, names=names) for folder, names in gone)


def _one(desk: Desk, typed: str) -> Client:
    from optout.workflows.clients import NOTHING_DONE, chosen_clients

    found = chosen_clients(desk, (typed,))
    if len(found) != 1:
        raise WrongUsage(Text("One client at a time."), known=NOTHING_DONE)
    return found[0]
