"""One page for somebody who helps: what is to do, how it stands, and nothing about the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from optout.drafting.pdf import compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A few lines under a title; every text is already in the reader's language."""

    title: str
    lines: tuple[str, ...]


def one_page_pdf(
    sections: Sequence[Section], *, title: str, lead: Sequence[str], language: str
) -> bytes:
    """Set the page: always one, its letters as large as that allows."""
    return compiled(
        "one-page.typ",
        {
            "title": title,
            "language": language,
            "lead": list(lead),
            "sections": [asdict(section) for section in sections],
        },
    )
