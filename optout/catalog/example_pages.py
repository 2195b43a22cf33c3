"""`examples/pages.toml`: which saved page answers which address, in tests and rehearsals."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from optout.catalog.files import load_file

PAGES_FILE: Final = "pages.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePage:
    """One answer of the stand-in server. Query and fragment of an address do not matter."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePages:
    """Every answer the stand-in server gives; whatever else is asked is not found."""

    page: tuple[ExamplePage, ...]


def load_pages(folder: Path) -> ExamplePages:
    """Return the list of an `examples/` folder; all findings at once if it is bad."""
    return load_file(folder / PAGES_FILE, ExamplePages)[0]


def page_for(pages: ExamplePages, method: str, url: str) -> ExamplePage | None:
    """Return the page that answers a request to this address, if there is one."""
    wanted = _without_query(url)
    for page in pages.page:
        if page.method == method and _without_query(page.url) == wanted:
            return page
    return None


def _without_query(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc.lower(), parts.path or "/"
