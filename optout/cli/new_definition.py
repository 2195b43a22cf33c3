"""`optout broker new`: a definition drafted from a company's form."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from optout.cli import ctrl_c, output
from optout.cli.session import session
from optout.text import Text

if TYPE_CHECKING:
    from optout.browser.fence import Fence


def draft(url: str, *, slug: str, into: Path | None, practice: bool) -> None:
    """Read the form, ask, write, and say what lint still finds."""
    from optout.browser.window import Window
    from optout.catalog.lint_catalog import lint_company
    from optout.cli.definitions import show_findings
    from optout.workflows.new_definition import Wish, new_definition
    from optout.workflows.places import definitions_folder

    here = session()
    folder = into.expanduser().absolute() if into else definitions_folder()
    open_fence = _fence(url, practice=practice)
    with ctrl_c.told(Text("Nothing was written or sent.")):
        made = new_definition(
            Wish(url=url, into=folder, slug=slug, on=here.clock().date()),
            person=here.person(),
            window=Window.for_person(),
            open_fence=open_fence,
        )
    output.show(Text("Written: {path}", path=f"{made}/"))
    linted = lint_company(made, on=here.clock().date())
    show_findings([linted])
    named = made.name if into is None else str(made)
    output.show(Text("Read it, mend it, then: optout broker lint {name}", name=named))
    output.show(Text("And see whether its form takes it: optout broker try {name}", name=named))
    if practice:
        output.show(Text("This was practice: delete the folder when you are done."))
    if any(not finding.warning for finding in linted.findings):
        raise typer.Exit(1)


def _fence(url: str, *, practice: bool) -> Callable[[Collection[str]], Fence]:
    """Return what puts the fence up: around the real page, or with nothing behind it at all."""
    if practice:
        from optout.sample.practice_form import check_practice, practice_fence

        check_practice(url)
        return practice_fence
    from optout.workflows.fences import reading_fence

    return reading_fence
