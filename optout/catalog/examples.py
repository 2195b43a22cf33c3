"""The example pages of a definition: what stands in for the live site in tests and rehearsals.

`examples/pages.toml` says which file answers which address; whatever else is asked is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal
from urllib.parse import urlsplit

from optout.catalog.brokers import folder_of
from optout.catalog.files import load_file
from optout.errors import Refused
from optout.model.broker import Broker
from optout.text import Text

PAGES_FILE: Final = "pages.toml"
LARGEST: Final = 512 * 1024
MEDIA_TYPES: Final = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".json": "application/json",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
    }
)


class NoExample(Refused):
    """A definition has no page to try its form on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePage:
    """One answer of the stand-in. Query and fragment of an address do not matter."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePages:
    """The whole of `pages.toml`."""

    page: tuple[ExamplePage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page as it goes out."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The pages of one definition, ready to answer."""

    folder: Path
    pages: ExamplePages

    def answer(self, method: str, url: str) -> Answer | None:
        """Return what stands at this address, or None: nothing but the listed files answers."""
        page = page_for(self.pages, method, url)
        if page is None:
            return None
        path = self.folder / page.file
        media_type = MEDIA_TYPES.get(path.suffix)
        if media_type is None or not is_plain_file(self.folder, page.file):
            return None
        return Answer(media_type=media_type, content=path.read_bytes())


def examples_of(broker: Broker) -> Examples:
    """Return a broker's example pages, or say that there are none."""
    return load_examples(folder_of(broker.slug, samples=True) / "examples")


def load_examples(folder: Path) -> Examples:
    """Return the pages of one `examples/` folder; all findings at once if its list is bad."""
    if not (folder / PAGES_FILE).is_file():
        raise NoExample(
            Text("There is no example page to try this form on."),
            known=Text("Nothing was sent."),
            hint=Text("You see every value, and are asked, before anything goes: optout file REF"),
        )
    pages = load_file(folder / PAGES_FILE, ExamplePages)[0]
    for page in pages.page:
        if is_plain_file(folder, page.file) and (folder / page.file).stat().st_size > LARGEST:
            raise NoExample(
                Text("An example page is too large: {file}", file=page.file),
                known=Text("Nothing was sent."),
                hint=Text("Keep the form, and take out the rest; {most} bytes fit.", most=LARGEST),
            )
    return Examples(folder=folder, pages=pages)


def page_for(pages: ExamplePages, method: str, url: str) -> ExamplePage | None:
    """Return the page that answers a request to this address, if there is one."""
    wanted = _without_query(url)
    for page in pages.page:
        if page.method == method and _without_query(page.url) == wanted:
            return page
    return None


def is_plain_file(folder: Path, name: str) -> bool:
    """Say whether this names an ordinary file in the folder itself: no link, no way out."""
    path = folder / name
    return name == path.name and not path.is_symlink() and path.is_file()


def _without_query(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower(), parts.path or "/"
