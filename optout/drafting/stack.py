"""Many papers in one file for the printer, with bookmarks; no sheet holds two papers.

The pages are those of the papers, unchanged. What only a screen reader needs is left out: this is
for paper.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from optout.model.secret import Personal

if TYPE_CHECKING:
    import pikepdf

_OF_TAGS: Final = ("/StructParents", "/Tabs")


Pages = tuple[int, int | None]
"""The first page of a paper in its file, and the one behind its last."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Paper(Personal):
    """One paper of a stack: what its bookmark says, and its pages."""

    title: str
    pdf: bytes = b""  # set later where there is none yet; several papers may share one file
    pages: Pages = (0, None)  # its own pages in that file
    begins_group: bool = False  # a separator: those after it stand below its bookmark


def stacked(papers: Iterable[Paper], *, title: str, two_sided: bool = True) -> bytes:
    """Join papers in their order.

    Each begins on a sheet of its own even on a printer that prints both sides: an empty page is
    put in where one is needed, so that nobody's letter stands on the back of another's.
    """
    import pikepdf  # noqa: PLC0415 - only a print run needs it

    with pikepdf.new() as stack:
        marks, sources = [], _Sources()
        count = 0
        for paper in papers:
            marks.append((paper, count))
            pages = sources.pages_of(paper)
            stack.pages.extend(pages)
            count += len(pages)
            if two_sided and count % 2:
                stack.add_blank_page(page_size=(612, 792))
                count += 1
        _bookmark(stack, marks)
        _tell_printer(stack, title, two_sided=two_sided)
        written = io.BytesIO()
        stack.save(written, static_id=True, min_version="1.7")  # no hour in it
        sources.close()
    return written.getvalue()


class _Sources:
    """The files that papers are taken from: kept open, for pages are copied with the saving."""

    def __init__(self) -> None:
        self._pages: dict[bytes, tuple[pikepdf.Pdf, list[pikepdf.Page]]] = {}

    def pages_of(self, paper: Paper) -> list[pikepdf.Page]:
        """Return a paper's pages; a file that several papers share is opened once."""
        if paper.pdf not in self._pages:
            self._pages[paper.pdf] = opened_without_tags(paper.pdf)
        return self._pages[paper.pdf][1][slice(*paper.pages)]

    def close(self) -> None:
        for source, _pages in self._pages.values():
            source.close()


def opened_without_tags(pdf: bytes) -> tuple[pikepdf.Pdf, list[pikepdf.Page]]:
    """Open a file whose pages go into another one, where its tags would name nothing."""
    import pikepdf  # noqa: PLC0415 - as above

    source = pikepdf.open(io.BytesIO(pdf))
    pages = list(source.pages)
    for page in pages:
        for name in _OF_TAGS:
            if name in page:
                del page[name]
    return source, pages


def parts_of(source: pikepdf.Pdf) -> list[tuple[str, tuple[int, int]]]:
    """Return title and pages of each part: from a heading of the first rank to the next one."""
    place = {page.obj.objgen: number for number, page in enumerate(source.pages)}
    begins = [(title, place[page]) for title, page in _headings(source)]
    ends = [first for _title, first in begins[1:]] + [len(place)]
    return [(title, (first, after)) for (title, first), after in zip(begins, ends, strict=True)]


def _headings(source: pikepdf.Pdf) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each heading of the first rank, with the page where it stands."""
    item: pikepdf.Object | None = source.Root.Outlines.First
    while item is not None:
        yield str(item.Title), item.Dest[0].objgen
        item = item.get("/Next")


def _bookmark(stack: pikepdf.Pdf, marks: Iterable[tuple[Paper, int]]) -> None:
    from pikepdf import OutlineItem  # noqa: PLC0415 - as above

    with stack.open_outline() as outline:
        for paper, page in marks:
            item = OutlineItem(str(paper.title), page)  # a plain one: pikepdf spells others out
            if paper.begins_group or not outline.root:
                outline.root.append(item)
            else:
                outline.root[-1].children.append(item)


def _tell_printer(stack: pikepdf.Pdf, title: str, *, two_sided: bool) -> None:
    """Ask for both sides or one, and for no shrinking: windows and labels lie where they lie."""
    from pikepdf import Dictionary, Name  # noqa: PLC0415 - as above

    stack.Root.ViewerPreferences = Dictionary(
        PrintScaling=Name("/None"),
        Duplex=Name("/DuplexFlipLongEdge" if two_sided else "/Simplex"),
        DisplayDocTitle=True,
    )
    stack.Root.PageMode = Name("/UseOutlines")
    stack.docinfo["/Title"] = title
