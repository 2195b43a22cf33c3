"""Whether anybody's mark stands in another's paper: every page of a stack, read as text."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import Destination


def pages_of(path: Path) -> list[str]:
    """Return the text of each page; with poppler it takes a tenth of the time."""
    if shutil.which("pdftotext") is None:
        return [page.extract_text() for page in PdfReader(path).pages]
    command = ["pdftotext", "-raw", str(path), "-"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.split("\f")[:-1]


def crossings(stack: Path, owners: Mapping[str, str], marks: Collection[str]) -> list[str]:
    """Return what is wrong in a stack sorted by client: `owners` maps references to marks.

    A letter without its own client's mark is as wrong as one with another's.
    """
    return list(_crossings(stack, owners, frozenset(marks)))


def _crossings(stack: Path, owners: Mapping[str, str], marks: frozenset[str]) -> Iterator[str]:
    pages = pages_of(stack)
    for title, first, after in papers_in(stack, len(pages)):
        text = "".join(pages[first:after])
        found = {mark for mark in marks if mark in text}
        reference = title.split()[0]
        own = {owners[reference]} if reference in owners else {title.split()[-1]} & marks
        if found != own:
            yield f"{title}: {sorted(found)}"
    for at in range(0, len(pages), 2):
        if sum(mark in "".join(pages[at : at + 2]) for mark in marks) > 1:
            yield f"sheet {at // 2 + 1}"


def papers_in(stack: Path, pages: int) -> Iterator[tuple[str, int, int]]:
    """Yield each bookmark with its first page and the page after its last."""
    reader = PdfReader(stack)
    marks = [
        (str(item.title), reader.get_destination_page_number(item))
        for item in _flat(reader.outline)
    ]
    ends = [page for _title, page in marks[1:]] + [pages]
    for (title, first), after in zip(marks, ends, strict=True):
        assert first is not None
        yield title, first, after or pages


def _flat(outline: Sequence[object]) -> Iterator[Destination]:
    for item in outline:
        if isinstance(item, Destination):
            yield item
        elif isinstance(item, list):
            yield from _flat(item)
