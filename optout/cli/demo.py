"""`optout demo`: the whole road on practice companies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optout.cli.commands import Commands
from optout.cli.output import show, show_indented
from optout.cli.status import show_standings
from optout.i18n import _
from optout.text import Text

app = Commands()


@app.command(example="optout demo\noptout demo --to ~/optout-demo")
def demo(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help=_("Where papers are written."))
    ] = None,
) -> None:
    """Watch everything happen on made-up companies, in a minute. Nothing leaves this machine."""
    from optout.sample.demo import walk

    show(Text("A practice run. The person and the companies are made up; nothing leaves here."))
    walked = walk(lambda text: show_indented("  ", text), to=to)
    show()
    show_standings(walked.standings)
    show(Text("Papers and pictures: {folder}", folder=walked.folder))
    for paper in walked.papers:
        show_indented("  ", paper.name)
    if walked.without_sandbox:
        show(
            Text(
                "You are root, so the browser ran without its own sandbox. Do not do that with "
                "real companies."
            )
        )
    show(Text("The locked folder of this practice run is already gone."))
    show(Text("Begin for real with: {command}", command=_this_program()))


def _this_program() -> str:
    """Return what to type here: a checkout's program is not on the path."""
    import os
    import shutil
    import sys
    from pathlib import Path

    beside = Path(sys.executable).with_name("optout")
    if shutil.which("optout") or not beside.exists():
        return "optout"
    return os.path.relpath(beside)
