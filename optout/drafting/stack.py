"""Many papers in one file for the printer, with bookmarks; no sheet holds two papers.

The pages are those of the papers, unchanged. What only a screen reader needs is left out: each
paper by itself, as it is kept, has it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from optout.model.secret import Personal

if TYPE_CHECKING:
    import pikepdf

_OF_TAGS: Final = ("/StructParents", "/Tabs")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Paper(Personal):
    """One paper of a stack: what its bookmark says, and its pages."""

    title: str
    pdf: bytes
    begins_group: bool = False  # a separator: those after it stand below its bookmark


def stacked(papers: Iterable[Paper], *, title: str, two_sided: bool = True) -> bytes:
    """Join papers in their order.

    Each begins on a sheet of its own even on a printer that prints both sides: an empty page is
    put in where one is needed, so that nobody's letter stands on the back of another's.
    """
    import pikepdf  # noqa: PLC0415 - only a print run needs it

    with pikepdf.new() as stack:
        sources, marks = [], []
        for paper in papers:
            marks.append((paper, len(stack.pages)))
            source = pikepdf.open(io.BytesIO(paper.pdf))
            sources.append(source)  # kept open: its pages are copied when the stack is saved
            for page in source.pages:
                for name in _OF_TAGS:
                    if name in page:
                        del page[name]
            stack.pages.extend(source.pages)
            if two_sided and len(stack.pages) % 2:
                stack.add_blank_page(page_size=(612, 792))
        _bookmark(stack, marks)
        _tell_printer(stack, title, two_sided=two_sided)
        written = io.BytesIO()
        stack.save(written, static_id=True, min_version="1.7")  # no hour in it
        for source in sources:
            source.close()
    return written.getvalue()


def _bookmark(stack: pikepdf.Pdf, marks: Iterable[tuple[Paper, int]]) -> None:
    from pikepdf import OutlineItem  # noqa: PLC0415 - as above

    with stack.open_outline() as outline:
        for paper, page in marks:
            item = OutlineItem(paper.title, page)
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
