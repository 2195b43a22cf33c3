"""What `optout broker import duckduckgo` says, and how a person's own definitions are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from optout.cli import output
from optout.cli.plain import sentence
from optout.cli.session import session
from optout.text import Text

if TYPE_CHECKING:
    from optout.catalog.findings import Finding
    from optout.workflows.import_dialects import ImportedDialects, ImportedOne

MOST_TOLD: Final = 12


def import_files(files: Sequence[Path], *, json: bool) -> None:
    """Import definitions of DuckDuckGo's, and say what each became and what is lost."""
    from optout.workflows.import_dialects import import_dialects
    from optout.workflows.places import own_definitions

    on = session().clock().date()
    done = import_dialects(files, folder=own_definitions(), on=on)
    if json:
        output.emit(_as_json(done))
    else:
        _show(done)
    if not any(each.taken for each in done.files):
        raise typer.Exit(1)


def _show(done: ImportedDialects) -> None:
    taken = [each for each in done.files if each.taken]
    ways = Counter("retired" if each.retired else each.by[0] for each in taken)
    output.show(Text("Files with definitions: {count}", count=len(done.files)))
    output.bullets(_counted(ways, len(done.files) - len(taken)))
    if searched := sum(each.searched for each in taken):
        output.show(Text("Of these, can be searched for you: {count}", count=searched))
    if sooner := sum(each.looks_sooner for each in taken):
        output.show(_why_rarer(sooner))
    for each in done.files:
        _show_findings(each)
    if not taken and not done.wrote:
        output.show(Text("Nothing was taken over, and nothing was changed."))
    elif not done.wrote:
        output.show(Text("The same as before: nothing was changed."))
    else:
        output.show(Text("Written: {path}", path=f"{done.folder}/"))
    if taken:
        output.show(
            Text(
                "They are your own files, not ours, and nobody here tried them. No plan and no "
                "scan takes one by itself, only when you name it."
            )
        )
        output.bullets(_what_now(taken))
        if not done.licence:
            output.show(
                Text(
                    "They stay DuckDuckGo's, under Apache-2.0. Their LICENSE did not lie beside "
                    "them: add it before you pass any of this on."
                )
            )


def _what_now(taken: Sequence[ImportedOne]) -> Iterator[Text]:
    """Yield commands that work, each with one of them."""
    one = next((e for e in taken if e.searched), next((e for e in taken if not e.retired), None))
    if one is None:
        return
    yield Text("To see what one would learn: optout broker show {slug}", slug=one.slug)
    if one.searched:
        yield Text("To look for you there; it asks before: optout scan {slug}", slug=one.slug)
    if asked := next((e for e in taken if {"web", "portal"} & {*e.by}), None):
        yield Text(
            "To ask it to remove you: optout plan --only {slug} --right opt-out", slug=asked.slug
        )


def _why_rarer(count: int) -> Text:
    from optout.rules.listing_life import USUAL

    return Text(
        "Sites where DuckDuckGo's program would look again more often than we do: {count}. Each "
        "look tells the site your name again, so we look every {shown} days while you are shown, "
        "and every {gone} once you are gone. Their hours are kept in the file.",
        count=count,
        shown=USUAL.while_there,
        gone=USUAL.after_removal,
    )


def _counted(ways: Counter[str], not_taken: int) -> Iterator[str]:
    for name, words in (
        ("web", Text("with a form that the program fills in while you watch")),
        ("portal", Text("with a form that you fill in yourself, as it says")),
        ("none", Text("asked at the company they belong to")),
        ("retired", Text("retired: kept to be looked up, never asked")),
    ):
        if ways[name]:
            yield f"{ways[name]} {sentence(words)}"
    if not_taken:
        yield f"{not_taken} {sentence(Text('not taken: see below'))}"


def _show_findings(each: ImportedOne) -> None:
    if not each.findings:
        return
    name = f"{each.file}: {each.name} ({each.slug})" if each.taken else each.file
    output.show(Text("{name}: not taken", name=name) if not each.taken else name)
    told = each.findings[:MOST_TOLD]
    output.bullets(map(_said, told))
    if len(each.findings) > MOST_TOLD:
        output.show(Text("and {count} more: add --json", count=len(each.findings) - MOST_TOLD))


def _said(found: Finding) -> str:
    """Return where something is wrong, what it is, and what to do where anybody can."""
    line = sentence(Text("line {line}", line=found.line)) if found.line else ""
    place = found.where or line
    said = f"{place}: {sentence(found.what)}" if place else sentence(found.what)
    return f"{said} → {sentence(found.suggest)}" if found.suggest else said


def _as_json(done: ImportedDialects) -> dict[str, object]:
    return {
        "folder": str(done.folder),
        "wrote": done.wrote,
        "licence": done.licence,
        "definitions": [
            {
                "file": each.file,
                "slug": each.slug,
                "name": each.name,
                "taken": each.taken,
                "retired": each.retired,
                "by": each.by,
                "searched": each.searched,
                "looks_sooner": each.looks_sooner,
                "changed": each.changed,
                "findings": [
                    {
                        "where": f.where,
                        "line": f.line,
                        "what": f.what.english(),
                        "suggest": f.suggest.english() if f.suggest else None,
                        "warning": f.warning,
                    }
                    for f in each.findings
                ],
            }
            for each in done.files
        ],
    }
