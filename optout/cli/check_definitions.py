"""`optout broker check`: what changed on the pages, what it means, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import typer

from optout.cli import ctrl_c, output
from optout.cli.plain import one_line, sentence
from optout.cli.session import session
from optout.errors import WrongUsage
from optout.shipped import in_checkout, shipped
from optout.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from optout.model.change import Change
    from optout.workflows.check_forms import Checked, PageChecked, SavedPage

CHANGED: Final = 1
NOT_SEEN: Final = 3  # only a person can go on
_TOLD: Final = 3  # steps named one by one; the others are counted


def check(
    slugs: Sequence[str], *, saved: SavedPage | None, write: bool, json: bool, seconds: float
) -> None:
    """Print what changed for each company; exit 1 if anything did, 3 if something was not seen."""
    from optout.browser.window import Window
    from optout.workflows.check_forms import check_forms

    chosen = _chosen(slugs, saved, write=write)
    on = session().clock().date()
    done: list[Checked] = []
    with ctrl_c.told(Text("Nothing was written or sent.")), Window.hidden() as window:
        for checked in check_forms(chosen, window=window, on=on, saved=saved, seconds=seconds):
            done.append(checked)
            if not json:
                _show(checked)
    if json:
        output.emit([_for_programs(checked) for checked in done])
    else:
        _sum_up(done)
    if write:
        _write(done, live=saved is None)
    if any(checked.is_changed or _cannot_be_used(checked) for checked in done):
        raise typer.Exit(CHANGED)
    if any(checked.not_reached for checked in done):
        raise typer.Exit(NOT_SEEN)


def _cannot_be_used(checked: Checked) -> bool:
    """Say whether the definition is what is wrong, and not that nothing could be looked at."""
    from optout.catalog.findings import BadDefinition

    return isinstance(checked.problem, BadDefinition)


def _chosen(slugs: Sequence[str], saved: SavedPage | None, *, write: bool) -> Sequence[str]:
    if saved is not None and len(slugs) != 1:
        raise WrongUsage(
            Text("A saved page belongs to one company."),
            hint=Text("Name it: optout broker check COMPANY --page FILE"),
        )
    if write and not (in_checkout() and session().terminal.is_there()):
        raise WrongUsage(
            Text(
                "Definitions are written in a checkout of the program, by somebody at a keyboard."
            ),
            hint=Text("Without --write you see the proposal all the same."),
        )
    from optout.catalog.brokers import folder_of, list_brokers

    if slugs:
        for slug in slugs:
            folder_of(slug, samples=True)  # a misspelt name is told before anything is opened
        return slugs

    problems: list[object] = []
    known = list_brokers(problems=problems)  # type: ignore[arg-type]  # only counted here
    named = [broker.slug for broker in known if broker.flow]
    unreadable = sorted(
        path.parent.name
        for path in shipped("brokers").glob("*/broker.toml")
        if path.parent.name not in {broker.slug for broker in known}
    )
    return [*named, *(unreadable if problems else ())]


# ---- for people ----


def _show(checked: Checked) -> None:
    if checked.problem is not None:
        output.show(Text("{company}: could not be checked.", company=checked.slug))
        told = sentence(checked.problem.what).split("\n")
        output.show("\n".join(f"  {line}" for line in told))
        if checked.problem.hint:
            output.show_indented("  → ", checked.problem.hint)
        return
    if not checked.pages:
        output.show(Text("{company}: has no web form; letters only.", company=checked.slug))
        return
    for page in checked.pages:
        _show_page(checked, page)
    _show_repair(checked)


def _show_page(checked: Checked, page: PageChecked) -> None:
    verdict = (
        Text("not seen")
        if page.not_reached
        else Text("changed")
        if page.is_changed
        else Text("nothing changed, as far as it can be seen")
    )
    output.show(
        Text(
            "{company} ({flows}): {verdict}",
            company=checked.slug,
            flows=", ".join(page.flows),
            verdict=verdict,
        )
    )
    output.show_indented("  ", one_line(page.url))
    if page.not_reached:
        output.show_indented(
            "  ", Text("The page could not be reached: {why}", why=page.not_reached)
        )
        return
    for change in page.compared.changes:
        _show_change(change)
    if not page.has_example:
        output.show_indented(
            "  ", Text("There is no example to compare with: only the steps were.")
        )
    if any(change.stops and not change.mends for change in page.compared.changes):
        output.show_indented("  ", Text('Until somebody mended it, write: grade = "suspended"'))
    _show_steps(page)


def _show_change(change: Change) -> None:
    mark = "  ! " if change.stops else "  - "
    output.show_indented(mark, change.what)
    output.show_indented("      ", change.means)
    if change.look and not change.mends:
        output.show_indented("      ", Text("We are not sure what to write instead: look."))


def _show_steps(page: PageChecked) -> None:
    found, not_seen = page.compared.found, page.compared.not_seen
    output.show_indented("  ", Text("Steps that find their place: {count}", count=len(found)))
    if not_seen:
        named = ", ".join(one_line(step, limit=80) for step in not_seen[:_TOLD])
        rest = ", …" if len(not_seen) > _TOLD else ""
        output.show_indented(
            "  ",
            Text(
                "Steps not seen, because they come after something is pressed, chosen or mailed: "
                "{count} ({named}{rest})",
                count=len(not_seen),
                named=named,
                rest=rest,
            ),
        )


def _show_repair(checked: Checked) -> None:
    if checked.mended is not None and checked.mended.left_out:
        count = len(checked.mended.left_out)
        output.show(
            Text(
                "The program could not write this many of them into the file: {count}", count=count
            )
        )
    written = "".join(_diffs(checked))
    if not written:
        return
    output.show(Text("What we would write:"))
    for line in written.splitlines():
        print(_as_it_is(line))
    output.show(
        Text(
            "The example page still shows the form as it was: mend it too, then: optout broker "
            "try {slug}",
            slug=checked.slug,
        )
    )


def _as_it_is(line: str) -> str:
    """Keep each space of a diff, so that it can be applied; nothing that moves a cursor stays."""
    return "".join(char if char.isprintable() else "?" for char in line)


def _diffs(checked: Checked) -> Iterator[str]:
    where = f"brokers/{checked.slug}"
    for mended, name in (
        (checked.mended, f"{where}/broker.toml"),
        (checked.mended_pages, f"{where}/examples/pages.toml"),
    ):
        if mended is not None and mended.is_changed:
            yield mended.diff(name)


def _sum_up(done: Sequence[Checked]) -> None:
    changed = sum(checked.is_changed for checked in done)
    not_seen = sum(checked.not_reached for checked in done)
    forms = [checked for checked in done if checked.pages and not checked.not_reached]
    if len(done) > 1:
        output.show(
            Text(
                "Looked at: {count}. Changed: {changed}. Could not be looked at: {not_seen}.",
                count=len(forms),
                changed=changed,
                not_seen=not_seen,
            )
        )


# ---- writing ----


def _write(done: Sequence[Checked], *, live: bool) -> None:
    for checked in done:
        if checked.problem is None and checked.pages:
            _write_one(checked, live=live)


def _write_one(checked: Checked, *, live: bool) -> None:
    from optout.catalog.brokers import folder_of
    from optout.workflows.check_forms import write_mended

    person = session().person()
    wrote = False
    if any(_diffs(checked)):
        question = Text("Write this into {company}'s definition?", company=checked.slug)
        wrote = person.confirm(question)
        if wrote:
            folder: Path = folder_of(checked.slug, samples=True)
            write_mended(checked, folder)
            person.tell(
                Text(
                    "Written. Whether it counts as checked stays as it was. Now the example page: "
                    "name its boxes as the live page does, then: optout broker try {slug}",
                    slug=checked.slug,
                )
            )
    if live and not checked.not_reached and (wrote or not checked.is_changed):
        _tell_grade(checked)


def _tell_grade(checked: Checked) -> None:
    """Ask whether a person looked: only that makes a form verified, and only a person writes it."""
    person = session().person()
    question = Text(
        "Did you look at each box of {company} yourself, in an ordinary browser, today?",
        company=checked.slug,
    )
    if not person.confirm(question):
        person.tell(Text("Then it stays what it is: a program read the page, and nobody looked."))
        return
    day = session().clock().date().isoformat()
    person.tell(
        Text(
            'Then write into brokers/{slug}/broker.toml: grade = "verified" and verified_on = '
            "{day}, with a source for that look, and no step that is assumed. Ask a maintainer "
            "who looked too to put {slug} into the list of what was looked at (EARNED): until "
            "then lint refuses it.",
            slug=checked.slug,
            day=day,
        )
    )


# ---- for programs ----


def _for_programs(checked: Checked) -> dict[str, object]:
    return {
        "company": checked.slug,
        "problem": checked.problem.what if checked.problem else None,
        "has_form": bool(checked.pages) or checked.problem is not None,
        "changed": checked.is_changed,
        "not_seen": checked.not_reached,
        "pages": [_page_for_programs(page) for page in checked.pages],
        "diff": "".join(_diffs(checked)),
    }


def _page_for_programs(page: PageChecked) -> dict[str, object]:
    return {
        "url": page.url,
        "flows": list(page.flows),
        "not_reached": page.not_reached,
        "has_example": page.has_example,
        "changes": [
            {
                "kind": change.kind,
                "what": change.what,
                "means": change.means,
                "stops": change.stops,
                "look": change.look,
                "mended": bool(change.mends),
            }
            for change in page.compared.changes
        ],
        "found": list(page.compared.found),
        "steps_not_seen": list(page.compared.not_seen),
    }
