"""What volunteers see of definitions: everything to mend, what a change lets out, the schema."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING

import typer

from optout.cli import output
from optout.cli.plain import one_line, sentence
from optout.cli.session import session
from optout.shipped import in_checkout, shipped
from optout.text import Text
from optout.words import word

if TYPE_CHECKING:
    from optout.catalog.edition import Edition
    from optout.catalog.findings import Finding
    from optout.catalog.lint_catalog import Linted
    from optout.catalog.reach import Change, Reach, Sent, Told


def show_lint(slugs: Sequence[str], form: str) -> None:
    """Print everything to mend; exit 1 if there is more than warnings."""
    found = _linted(slugs)
    if form == "json":
        output.emit({str(each.name): [*_for_programs(each)] for each in found})
    elif form == "github":
        for each in found:
            for finding in each.findings:
                print(_annotation(each, finding))
    else:
        show_findings(found)
    if any(not finding.warning for each in found for finding in each.findings):
        raise typer.Exit(1)


def _linted(slugs: Sequence[str]) -> Sequence[Linted]:
    from optout.catalog.brokers import typed_folder
    from optout.catalog.lint_catalog import lint_catalog, lint_company

    on = session().clock().date()
    catalog = shipped("brokers")
    if not slugs:
        return lint_catalog(catalog, on=on)
    return [lint_company(typed_folder(slug, catalog), on=on) for slug in slugs]


def _for_programs(linted: Linted) -> Iterator[dict[str, object]]:
    from optout.catalog.lint_catalog import why_of

    for finding in linted.findings:
        yield {
            "check": finding.check,
            "file": _path(linted, finding),
            "where": finding.where,
            "line": finding.line,
            "what": finding.what,
            "suggest": finding.suggest,
            "why": why_of(finding.check),
            "warning": finding.warning,
        }


def show_findings(found: Sequence[Linted]) -> None:
    """Print what is to mend, each with its place, repair and reason."""
    from optout.catalog.lint_catalog import why_of

    for linted in found:
        for finding in linted.findings:
            line = f":{finding.line}" if finding.line else ""
            kind = sentence(Text("worth knowing") if finding.warning else Text("to mend"))
            where = f" {finding.where}:" if finding.where else ""
            output.show(f"{_path(linted, finding)}{line}:{where} {kind} [{finding.check}]")
            output.show_indented("  ", finding.what)
            if finding.suggest is not None:
                output.show_indented("  → ", finding.suggest)
            output.show_indented("  ", Text("Why: {why}", why=why_of(finding.check)))
    every = [finding for linted in found for finding in linted.findings]
    wrong = sum(not finding.warning for finding in every)
    if not every:
        output.show(Text("Nothing to mend."))
    else:
        output.show(
            Text("To mend: {wrong}. Worth knowing: {rest}.", wrong=wrong, rest=len(every) - wrong)
        )


def _path(linted: Linted, finding: Finding) -> str:
    """Return the file as somebody in the checkout would name it."""
    file = linted.file_of(finding)
    inside = in_checkout() and (shipped("brokers") / linted.file).parent.is_dir()
    return one_line(f"brokers/{file}" if inside else file)


def _annotation(linted: Linted, finding: Finding) -> str:
    """Return one line that GitHub shows beside the line of the file."""
    kind = "warning" if finding.warning else "error"
    line = f",line={finding.line}" if finding.line else ""
    repair = f" → {finding.suggest}" if finding.suggest else ""
    place = f"{finding.where}: " if finding.where else ""
    said = _escaped(f"{place}{finding.what}{repair}")
    file = _escaped(_path(linted, finding)).replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} file={file}{line},title=optout {finding.check}::{said}"


def _escaped(text: str) -> str:
    """Keep a stranger's text from ending the annotation and beginning another command."""
    return one_line(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def show_diff(base: str, *, json: bool) -> None:
    """Print what the definitions let out now that they did not at `base`, and no longer do."""
    from optout.catalog.edition import edition_in, edition_of
    from optout.catalog.reach import changes

    folder = shipped("brokers")
    before, after = edition_of(base, folder), edition_in(folder)
    here = after.reaches.keys() | after.unreadable.keys()
    readable = {slug: it for slug, it in before.reaches.items() if slug not in after.unreadable}
    found = changes(readable, after.reaches)
    lost = sorted(before.reaches.keys() - here - after.retired)
    reused = sorted(after.reaches.keys() & (before.retired | after.retired))
    if json:
        output.emit(_diff_for_programs(found, before, after, lost, reused))
    else:
        for change in found:
            _show_change(change)
        if not (found or after.unreadable):
            output.show(Text("No field goes to a new place, and nothing else opens."))
    _warn(before, after, lost, reused)
    if after.unreadable or lost or reused:
        raise typer.Exit(1)


def _diff_for_programs(
    found: Iterable[Change],
    before: Edition,
    after: Edition,
    lost: Sequence[str],
    reused: Sequence[str],
) -> dict[str, object]:
    return {
        "changes": [
            {
                "company": change.slug,
                "kind": change.kind,
                "added": _sorted(change.added),
                "removed": _sorted(change.removed),
            }
            for change in found
        ],
        "unreadable": sorted(after.unreadable),
        "unreadable_before": sorted(before.unreadable),
        "gone_without_a_stone": lost,
        "reused": reused,
    }


def _sorted(reach: Reach) -> dict[str, object]:
    return {each.name: sorted(getattr(reach, each.name)) for each in fields(reach)}


def _show_change(change: Change) -> None:
    kinds = {
        "new": Text("{company}: a new company", company=change.slug),
        "changed": Text("{company}: changed", company=change.slug),
        "gone": Text("{company}: gone", company=change.slug),
    }
    output.show(kinds[change.kind])
    for text in _lines(change.added):
        output.show_indented("  + ", text)
    for text in _lines(change.removed):
        output.show_indented("  - ", text)


def _lines(reach: Reach) -> Iterator[Text]:
    """Yield what goes out, one place a line: the fields first, for that is what it is about."""
    yield from _sent(reach.sends)
    listed = (
        (Text("may get personal data: {names}"), reach.hosts),
        (Text("pages load things from: {names}"), reach.loads_from),
        (Text("robot check may be answered at: {names}"), reach.captcha),
        (Text("its own mail comes from: {names}"), reach.mail_domains),
        (Text("can be asked: {names}"), reach.channels),
    )
    for text, names in listed:
        if names:
            yield Text(text.template, names=", ".join(sorted(names)))
    yield from _told(reach.discloses)
    for grade in sorted(reach.grade):
        yield Text("checked so far: {word}", word=word(grade))


def _sent(sends: Iterable[Sent]) -> Iterator[Text]:
    for (to, by), group in groupby(sorted(sends), key=lambda sent: (sent.to, sent.by)):
        listed = ", ".join(sent.field.value for sent in group)
        yield Text("{fields} → {place} ({way})", fields=listed, place=to, way=word(by))


def _told(told: Iterable[Told]) -> Iterator[Text]:
    for channel, group in groupby(sorted(told), key=lambda one: one.channel):
        listed = ", ".join(one.field.value for one in group)
        yield Text("{channel} says it gives: {fields}", channel=channel, fields=listed)


def _warn(before: Edition, after: Edition, lost: Iterable[str], reused: Iterable[str]) -> None:
    """Say beside the result what could not be compared, and which short names are at risk."""
    for slug in sorted(after.unreadable):
        _aside(Text("{company} cannot be read now: optout broker lint", company=slug))
    for slug in sorted(before.unreadable):
        _aside(Text("{company} could not be read before; all of it counts as new.", company=slug))
    for slug in lost:
        _aside(Text("{company} is gone without a file in brokers/retired/.", company=slug))
    for slug in reused:
        _aside(Text("{company} was the short name of a company that is gone.", company=slug))


def _aside(text: Text) -> None:
    print(sentence(text), file=sys.stderr)


def show_schema() -> None:
    """Print the JSON Schema of `broker.toml`."""
    from optout.catalog.editor_schema import editor_schema

    print(editor_schema(), end="")
