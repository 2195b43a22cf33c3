"""`optout doctor`: what is wrong on this computer, each with the command that mends it."""

from __future__ import annotations

from typing import Annotated

import typer

from optout.cli import output
from optout.cli.commands import Commands, Json
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.i18n import _
from optout.text import Text
from optout.workflows.check_computer import WORDS, Check, Here, State, check_computer

app = Commands()


@app.command(example="optout doctor\noptout doctor --json\noptout doctor --share")
def doctor(
    *,
    json: Json = False,
    share: Annotated[
        bool,
        typer.Option("--share", help=_("Only what you can show to somebody who helps you.")),
    ] = False,
    counts: Annotated[
        bool,
        typer.Option("--counts", help=_("With --share: open the folder, and count what is in it.")),
    ] = False,
) -> None:
    """Look at browser, key store, disk, folder, clock and catalog: what is wrong, what mends it.

    Nothing is changed and nothing is sent. No passphrase is needed, but for --counts. What
    --share prints holds no name, no address, no company, no path and no date of yours.
    """
    if counts and not share:
        raise WrongUsage(Text("--counts goes with --share."))
    here = Here(folder=session().vault_folder(), clock=session().clock)
    found = check_computer(here)
    if share:
        _show_report(here, found, json=json, counts=counts)
    elif json:
        output.emit(found)
    else:
        _show(found)
    if any(check.state is State.BAD for check in found):
        raise typer.Exit(1)


def _show(found: list[Check]) -> None:
    for check in found:
        output.facts([(WORDS[check.state], check.said)])
        if check.mend is not None:
            output.show_indented("  → ", check.mend)


def _show_report(here: Here, found: list[Check], *, json: bool, counts: bool) -> None:
    from optout.workflows.help_report import count, help_report, report_lines

    report = help_report(here, found, count(session().unlock()) if counts else None)
    if json:
        output.emit(report)
    else:
        for line in report_lines(report):
            output.show(line)
