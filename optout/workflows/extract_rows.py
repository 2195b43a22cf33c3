"""Reading a page of results with a definition, ours or DuckDuckGo's: every row that it shows.

A page is a file, which nothing can leave, or an address on one of the definition's own sites.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from optout.browser.fence import Fence
from optout.browser.find_rows import RowsOfPage, find_rows, rows_as_shown
from optout.browser.read_form import LARGEST_PAGE
from optout.browser.rehearsal import Rehearsal
from optout.browser.window import Window
from optout.catalog.brokers import DEFINITION, load_broker, typed_folder
from optout.catalog.dialect import load_dialect
from optout.catalog.examples import Answer
from optout.catalog.files import read_plain
from optout.catalog.findings import BadDefinition
from optout.errors import WrongUsage
from optout.model.flow import Open, Search
from optout.model.row import Row
from optout.rules.dialect import extract_of, first_page, hosts_of
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.rules.read_row import read_row
from optout.rules.row_words import Patterns
from optout.rules.search_fields import rows_of
from optout.text import Text
from optout.workflows.fences import reading_fence

FILE_SECONDS: Final = 1.0  # a saved page draws its rows at once, or never
LIVE_SECONDS: Final = 12.0

OpenFence = Callable[[Collection[str]], Fence]


def extract_rows(
    definition: Path,
    page: str,
    *,
    window: Window,
    monotonic: Callable[[], float],
    open_fence: OpenFence = reading_fence,
) -> tuple[Row, ...]:
    """Return all rows of a page: a saved one, or one of the definition's own sites."""
    how = _reading_of(definition)
    with nullcontext() if window.is_open else window:
        if _is_address(page):
            url, patience = page, LIVE_SECONDS
            fence = open_fence(_hosts_for(how, page))
        else:
            url, patience = how.first_page, FILE_SECONDS
            fence = _saved(Path(page).expanduser(), url)
        with fence:
            raw = find_rows(url, how.rows, fence=fence, window=window, patience=patience)
    patterns = Patterns(monotonic)
    return tuple(read_row(each, how.rows.profile, patterns) for each in raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What a definition says about its pages of results."""

    rows: RowsOfPage
    hosts: tuple[str, ...]
    first_page: str


def _reading_of(definition: Path) -> _Reading:
    path = definition.expanduser()
    if not _is_ours(path):
        theirs = load_dialect(path).definition
        if found := extract_of(theirs):
            rows = RowsOfPage(found.selector, found.profile, none=found.no_results_selector)
            return _Reading(rows=rows, hosts=hosts_of(theirs), first_page=first_page(theirs))
    else:
        ours = load_broker(
            path.resolve() if path.is_file() else typed_folder(str(path)) / DEFINITION
        )
        step = rows_of(ours.search) if ours.search else None
        if ours.search and step:
            return _Reading(
                rows=rows_as_shown(step), hosts=ours.hosts, first_page=_first_page(ours.search)
            )
    raise WrongUsage(
        Text("This definition does not say how rows are read."),
        hint=Text("Name a definition with an “extract” step."),
    )


def _is_ours(path: Path) -> bool:
    """Say whether this is a broker.toml, its folder or a short name; else it is their JSON."""
    return path.suffix == ".toml" or path.is_dir() or not (path.suffix or path.is_file())


def _first_page(search: Search) -> str:
    """Return the site that a search of ours opens first, without anything personal."""
    parts = next(urlsplit(step.url) for step in search.steps if isinstance(step, Open))
    return f"https://{parts.netloc}/"


def _is_address(page: str) -> bool:
    return "://" in page


def _hosts_for(how: _Reading, url: str) -> tuple[str, ...]:
    if not host_allowed(host_of(url), how.hosts):
        raise BadAddress(Text("it is not on a site of this definition"))
    return how.hosts


def _saved(file: Path, url: str) -> Rehearsal:
    """Return a fence with nothing behind it but this page, at the site's own address."""
    try:
        content = read_plain(file, most=LARGEST_PAGE)
    except BadDefinition as bad:
        raise WrongUsage(
            Text("The saved page cannot be read: {why}", why=bad.findings[0].what),
            hint=Text("Save the page in your browser as “HTML only”, and name that file."),
        ) from bad
    answer = Answer(media_type=_media_type(content), content=content)
    return Rehearsal(
        [host_of(url)],
        lambda method, asked: answer if (method, asked) == ("GET", url) else None,
    )


def _media_type(content: bytes) -> str:
    """Say how a page is encoded where that is certain; else the page says it itself."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "text/html"
    return "text/html; charset=utf-8"
