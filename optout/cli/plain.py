"""What may reach a terminal: clean text, and plain screens where boxes would be in the way."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TextIO

from optout.i18n import entry, say
from optout.rules.plain_text import plain_text
from optout.text import AS_WRITTEN, Text, Written, as_written

VALUE_LIMIT = 2_000


def one_line(untrusted: str, *, limit: int = VALUE_LIMIT) -> str:
    """Return the text on one line, nothing in it that could move a cursor or open a link."""
    return plain_text(untrusted, limit=limit)


def lines(untrusted: str) -> str:
    """Return the text line by line, each one clean; line ends and indents are kept."""
    return "\n".join(_indented(line) for line in untrusted.replace("\r\n", "\n").split("\n"))


def _indented(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return " " * min(indent, 40) + one_line(line)


def sentence(text: Text) -> str:
    """Return the sentence in the person's language, its values cleaned before they go in.

    Cleaned first, so that no value can begin a line of its own.
    """
    return lines(say(_clean_values(text)))


def _clean_values(text: Text) -> Text:
    if text.template == AS_WRITTEN:  # looked up whole, before it is cut
        return as_written(one_line(say(text)))
    return text.holding({key: _clean(value) for key, value in text.values.items()})


def _clean(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_clean(each) for each in value)
    if isinstance(value, Written):
        return one_line(entry(value))
    return _clean_values(value) if isinstance(value, Text) else one_line(f"{value}")


def wrapped(text: str, *, less: int = 0) -> str:
    """Break long lines between words, keeping how far each was set in; `less` stays free."""
    width = max(20, shutil.get_terminal_size().columns - 1 - less)
    return "\n".join(_wrap(line, width) for line in text.split("\n"))


def for_stream(text: str, stream: TextIO) -> str:
    """Return the text wrapped for somebody who reads it there; for a file or a pipe as it is."""
    return wrapped(text) if stream.isatty() else text


def _wrap(line: str, width: int) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False) or line


def screenfuls(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the lines of the texts as pages that fit the screen, cut at empty texts if it can be.

    Two lines stay free: one for the question, one for what was on the screen before.
    """
    height = max(5, shutil.get_terminal_size().lines - 2)
    pages: list[tuple[str, ...]] = []
    page: tuple[str, ...] = ()
    for block in _blocks(texts):
        if page and len(page) + len(block) > height:
            pages.append(page)
            page = ()
        page += block if page or block[0] else block[1:]  # no gap at the top of a page
        while len(page) > height:
            pages.append(page[:height])
            page = page[height:]
    return (*pages, page) if page else tuple(pages)


def _blocks(texts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield what stands together, wrapped: an empty text begins the next."""
    block: tuple[str, ...] = ()
    for text in texts:
        if not text and any(block):
            yield block
            block = ()
        block += tuple(wrapped(text).split("\n"))
    if block:
        yield block


def wants_plain(stream: TextIO) -> bool:
    """Say whether to print one fact a line: no terminal, a dumb one, or NO_COLOR."""
    return (
        not stream.isatty() or os.environ.get("TERM") == "dumb" or bool(os.environ.get("NO_COLOR"))
    )
