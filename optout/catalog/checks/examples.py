"""The example is the test: each web flow has its pages, with synthetic people and no strangers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from optout.catalog.checks.setting import Setting
from optout.catalog.checks.walk import walk_steps
from optout.catalog.example_scripts import without_known
from optout.catalog.examples import (
    LARGEST,
    MEDIA_TYPES,
    PAGES_FILE,
    ExamplePages,
    NoExample,
    is_plain_file,
    load_examples,
    page_for,
)
from optout.catalog.findings import BadDefinition, Finding
from optout.model.broker import Broker
from optout.model.flow import Open
from optout.rules.hosts import BadAddress, host_allowed, host_of
from optout.text import Text

ID: Final = "examples"
WHY: Final = "A flow without its page is a guess that no test can catch."
KINDS: Final = frozenset({*MEDIA_TYPES, ".toml"})

MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@(?P<domain>[A-Za-z0-9.-]+\.[A-Za-z]{2,})")
PHONE: Final = re.compile(r"(?<![\d-])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\d-])")
SSN: Final = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_SAMPLE_PHONE: Final = re.compile(r"555[ .-]?01\d\d$")
_FOREIGN: Final = re.compile(
    r"""(?:src|href|action|formaction|data|poster|ping)\s*=\s*["']?\s*(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//|@import|<base\b|http-equiv\s*=\s*["']?refresh""",
    re.IGNORECASE,
)
# Looked for in the whole text: browsers read broken markup in other ways than any parser.
_RUNS: Final = re.compile(r"</?\s*script\b|\bsrcdoc\s*=", re.IGNORECASE)
_RUNS_AS_ADDRESS: Final = re.compile(
    "|".join(r"\s*".join(name) for name in ("javascript:", "vbscript:", "data:text/html")),
    re.IGNORECASE,
)
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SAMPLE_DOMAINS: Final = ("example.com", "example.org", "example.net", "example.test")


def run(broker: Broker, setting: Setting) -> Iterator[Finding]:
    """Yield a finding for each page that is missing, foreign, unsafe or about a real person."""
    if setting.folder is None or not broker.flow or broker.sample:
        return  # practice companies are real servers; they have no saved pages
    folder = setting.folder / "examples"
    if not folder.is_dir() or folder.is_symlink():
        yield Finding(
            "flow",
            Text("This flow has no example page."),
            Text("Add examples/, as brokers/README.md describes."),
        )
        return
    for path in sorted(folder.rglob("*")):
        yield from _file(path, path.relative_to(folder).as_posix())
    yield from _served(broker, folder)


def _file(path: Path, name: str) -> Iterator[Finding]:
    where = f"examples/{name}"
    if path.is_symlink() or not path.is_file():
        yield Finding(where, Text("Only plain files lie here: no links, no folders."))
    elif path.suffix not in KINDS:
        yield Finding(where, Text("Files of this kind are not served."))
    elif path.stat().st_mode & 0o111:
        yield Finding(where, Text("The file may be run as a program."), Text("chmod -x"))
    elif path.stat().st_size > LARGEST:
        yield Finding(where, Text("The page is too large."))
    else:
        yield from _content(where, path.read_bytes())


def _content(where: str, content: bytes) -> Iterator[Finding]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        yield Finding(where, Text("The page is not UTF-8 text."))
        return
    if _FOREIGN.search(text):
        yield Finding(where, Text("The page loads something from elsewhere."), Text("Take it out."))
    if where.endswith((".html", ".js")):
        yield from _running(where, text)
    for number, line in enumerate(text.splitlines(), start=1):
        if _names_somebody(line):
            yield Finding(
                where,
                Text(
                    "Line {line} has a mail address, phone or number like a real one.", line=number
                ),
                Text("Use jordan@example.com, 303-555-0100, 100 Example Street."),
            )


def _running(where: str, text: str) -> Iterator[Finding]:
    """Find what runs in the page and is none of the scripts that somebody looked at."""
    if where.endswith(".js"):
        yield Finding(where, Text("Scripts stand in the page itself."), Text("Put it there."))
        return
    rest = without_known(text)
    found = _RUNS.search(rest) or _RUNS_AS_ADDRESS.search(_CONTROLS.sub("", html.unescape(rest)))
    line = found.string.count("\n", 0, found.end()) + 1 if found else _line_of_answer(rest)
    if line:
        yield Finding(
            where,
            Text("Line {line} runs a script that nobody looked at.", line=line),
            Text(
                "Take it out. Where the form cannot be tried without, a maintainer reads it and "
                "adds it: python -m optout.catalog.example_scripts"
            ),
        )


class _Answers(HTMLParser):
    """Finds attributes such as onclick; whatever looks like an element counts as one."""

    line = 0

    def set_cdata_mode(self, *_elements: object, **_how: object) -> None:
        """Read on: a style sheet may end where a browser thinks so."""

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if any(name.startswith("on") for name, _value in attrs) and not self.line:
            self.line = self.getpos()[0]


def _line_of_answer(page: str) -> int:
    """Return the line of the first element that answers to what happens; 0 where there is none."""
    found = _Answers()
    found.feed(re.sub(r"<[!?]", "  ", page))  # comments too: where one ends is read differently
    found.close()
    return found.line


def _names_somebody(line: str) -> bool:
    mails = any(not host_allowed(found["domain"], _SAMPLE_DOMAINS) for found in MAIL.finditer(line))
    phones = any(not _SAMPLE_PHONE.search(found[0]) for found in PHONE.finditer(line))
    return mails or phones or bool(SSN.search(line))


def _served(broker: Broker, folder: Path) -> Iterator[Finding]:
    try:
        pages = load_examples(folder).pages
    except BadDefinition as bad:
        yield from bad.findings
        return
    except NoExample:
        yield Finding("flow", Text("There is no examples/{name}.", name=PAGES_FILE))
        return
    for placed in walk_steps(broker):
        if isinstance(placed.step, Open) and page_for(pages, "GET", placed.step.url) is None:
            yield Finding(
                f"{placed.where}.url",
                Text("No example page stands for this address."),
                Text("Add a [[page]] to examples/{name}.", name=PAGES_FILE),
            )
    yield from _pages(broker, folder, pages)


def _pages(broker: Broker, folder: Path, pages: ExamplePages) -> Iterator[Finding]:
    for index, page in enumerate(pages.page):
        where = f"examples/{PAGES_FILE} page[{index}]"
        if not is_plain_file(folder, page.file):
            yield Finding(where, Text("There is no such file beside it."))
        try:
            inside = host_allowed(host_of(page.url), broker.hosts)
        except BadAddress:
            inside = False
        if not inside:
            yield Finding(where, Text("This address is not on one of the company's `hosts`."))
