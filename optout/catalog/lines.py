"""On which line of a TOML file a value stands: read only when there is something to mend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

Path = tuple[str | int, ...]

_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""'  # the four kinds of strings
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|(?P<comment>\#[^\n]*)"
    r"|[\n\[\]{}=,.]"
    r"|[^\s\[\]{}=,.\"'#]+",
    re.DOTALL,
)
_ENDS_A_VALUE: Final = frozenset({",", "]", "}", "\n"})


def line_of(text: str, path: Path) -> int | None:
    """Return the line of a value, or of the nearest thing around it; None if neither is found."""
    numbers = _numbers(text)
    while path and path not in numbers:
        path = path[:-1]
    return numbers.get(path)


@lru_cache(maxsize=2)
def _numbers(text: str) -> Mapping[Path, int]:
    """Walk a file once, however many findings it has."""
    return _Reader(text).numbers()


class _Reader:
    """Walks the tokens of a file that `tomllib` accepts, and notes where each path begins."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._numbers: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}  # how many [[…]] of a name were met

    def numbers(self) -> dict[Path, int]:
        """Return the line of every path."""
        prefix: Path = ()
        while self._skip_newlines():
            prefix = self._header() if self._peek() == "[" else self._pair(prefix, prefix)
        return self._numbers

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _line(self) -> int:
        return self._tokens[min(self._at, len(self._tokens) - 1)][1]

    def _skip_newlines(self) -> bool:
        while self._peek() == "\n":
            self._at += 1
        return self._at < len(self._tokens)

    def _note(self, path: Path) -> None:
        self._numbers.setdefault(path, self._line())

    def _keys(self, until: str) -> list[str]:
        keys = []
        while self._peek() not in {until, ""}:
            word = self._take()
            if word != ".":
                keys.append(word.strip("\"'"))
        return keys

    def _header(self) -> Path:
        line = self._line()
        self._take()
        array = self._peek() == "["
        if array:
            self._take()
        path = self._resolved(self._keys("]"), array=array)
        self._take()
        if array:
            self._take()
        for length in range(1, len(path) + 1):
            self._numbers.setdefault(path[:length], line)
        return path

    def _resolved(self, keys: list[str], *, array: bool) -> Path:
        """Put the number of the latest `[[…]]` behind each name that is a list."""
        path: Path = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            if array and position == len(keys) - 1:
                self._tables[path] = self._tables.get(path, -1) + 1
            if path in self._tables:
                path = (*path, self._tables[path])
        return path

    def _pair(self, prefix: Path, back: Path) -> Path:
        """Read `key = value`; the path to go on with is the one given."""
        start = self._at
        keys = self._keys("=")
        self._at, after = start, self._at
        for length in range(1, len(keys) + 1):
            self._note((*prefix, *keys[:length]))
        self._at = after
        self._take()
        self._value((*prefix, *keys))
        return back

    def _value(self, path: Path) -> None:
        if self._peek() == "[":
            self._list(path)
        elif self._peek() == "{":
            self._inline_table(path)
        else:
            while self._peek() not in _ENDS_A_VALUE and self._peek():
                self._take()

    def _list(self, path: Path) -> None:
        self._take()
        index = 0
        while self._skip_newlines() and self._peek() != "]":
            if self._peek() == ",":
                self._take()
                index += 1
                continue
            self._note((*path, index))
            self._value((*path, index))
        self._take()

    def _inline_table(self, path: Path) -> None:
        self._take()
        while self._skip_newlines() and self._peek() != "}":
            if self._peek() == ",":
                self._take()
                continue
            self._pair(path, path)
        self._take()


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, seen = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        if not match["comment"]:
            yield match[0], line
