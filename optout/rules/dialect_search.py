"""The scan of an imported definition as a search of ours: how a site is asked for somebody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from optout.model import dialect as theirs
from optout.model.flow import Extract, Search
from optout.rules.dialect import SCAN, stage_of
from optout.rules.dialect_flow import PATIENT, Note, Writer, our_reading
from optout.rules.search_fields import fields_used
from optout.text import Text

_TOO_MANY: Final = re.compile(r"too\s+many", re.IGNORECASE)
_ALTERNATIVES: Final = re.compile(r"\|(?=\s*(?:/|\())")  # of XPath; CSS has no such word in it


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedSearch:
    """What became of a scan."""

    search: Search | None
    notes: tuple[Note, ...] = ()


def draft_search(
    definition: theirs.Dialect, *, hosts: tuple[str, ...], source: str
) -> DraftedSearch:
    """Return the search of a definition, or None with the notes that say why."""
    stage = stage_of(definition, SCAN)
    if stage is None:
        return DraftedSearch(search=None)
    where = f"steps[{definition.steps.index(stage)}].actions"
    at = next((i for i, each in enumerate(stage.actions) if isinstance(each, theirs.Extract)), None)
    if at is None:
        what = Text("Nothing of the page is read here, so nobody can be searched for.")
        return DraftedSearch(search=None, notes=(Note(where=where, what=what),))
    writer = Writer(
        actions=stage.actions[:at], where=where, hosts=hosts, source=source, searching=True
    )
    writer.write()
    notes = [*writer.notes, *_left_out(stage, at, where)]
    if _TOO_MANY.search(getattr(stage.actions[at], "no_results_selector", "")):
        what = Text("“Too many results” counts as nobody with them. With us it does not.")
        notes.append(Note(where=f"{where}[{at}]", what=what))
    if any(note.stops for note in notes):
        return DraftedSearch(search=None, notes=tuple(notes))
    last = stage.actions[at]
    assert isinstance(last, theirs.Extract)
    (steps,) = writer.legs
    whole = Search(steps=(*steps, _extract(last, source)))
    return DraftedSearch(
        search=Search(steps=whole.steps, discloses=fields_used(whole)), notes=tuple(notes)
    )


def _extract(action: theirs.Extract, source: str) -> Extract:
    return Extract(
        rows=action.selector,
        none=without_too_many(action.no_results_selector),
        read=our_reading(action.profile),
        source=source,
        within_seconds=PATIENT,
    )


def without_too_many(selector: str) -> str:
    """Return what a page shows when it has nobody; “too many results” is the opposite of that."""
    if not _TOO_MANY.search(selector):
        return selector
    kept = [part for part in _ALTERNATIVES.split(selector) if not _TOO_MANY.search(part)]
    return "|".join(kept).strip()


def _left_out(stage: theirs.Stage, at: int, where: str) -> list[Note]:
    if at + 1 == len(stage.actions):
        return []
    what = Text("What is done once the rows were read is left out.")
    return [Note(where=f"{where}[{at + 1}]", what=what)]
