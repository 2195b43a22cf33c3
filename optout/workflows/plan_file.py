"""Write the plan as one page to print. It leaves the locked folder, so it is listed there."""

from __future__ import annotations

from pathlib import Path

from optout.drafting.plan_page import plan_pdf
from optout.i18n import language
from optout.model.plan import Plan
from optout.model.subject import Subject
from optout.rules.days import in_words
from optout.vault.ids import new_reference
from optout.workflows.desk import Desk
from optout.workflows.exports import check_place, write_export


def write_plan(
    desk: Desk, subject: Subject, plan: Plan, name: str, *, large_print: bool = False
) -> Path:
    """Write the page for its owner only; return where it is. It names nobody.

    Without a name of the person's choosing, the file's name says nothing.
    """
    page = plan_pdf(
        plan,
        made_on=in_words(desk.today(subject)),
        language=language(),
        large_print=large_print,
    )
    check_place(desk, len(page))
    return write_export(
        desk, name or f"paper-{new_reference()}.pdf", "plan", page, place_is_checked=True
    )
