"""Markup of somebody else's page, built anew from what is known to be harmless.

What came is only read for its elements, attributes and words. What is written is written here:
nothing else gets in, whatever a page did to the string.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from typing import Final

_TAGS: Final = frozenset([
    "a", "abbr", "address", "article", "aside", "b", "br", "button", "caption", "center", "col",
    "colgroup", "datalist", "dd", "details", "div", "dl", "dt", "em", "fieldset", "figcaption",
    "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "i", "input", "label", "legend", "li", "main", "mark", "menu", "meter", "nav", "ol",
    "optgroup", "option", "output", "p", "pre", "progress", "q", "s", "search", "section",
    "select", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "textarea", "tfoot", "th", "thead", "time", "tr", "u", "ul", "wbr",
])  # fmt: skip
_EMPTY: Final = frozenset({"br", "col", "hr", "input", "wbr"})
# Gone with all that is in them. Whatever else is not known is a plain part of the page.
_DROPPED: Final = frozenset([
    "script", "style", "template", "noscript", "noframes", "noembed", "plaintext", "xmp",
    "listing", "iframe", "frame", "frameset", "object", "embed", "applet", "svg", "math",
    "title", "head", "link", "meta", "base", "audio", "video", "canvas", "img", "picture",
    "source", "track", "param", "portal",
])  # fmt: skip
_LEFT_OUT: Final = frozenset({"html", "body", "form"})  # they would change the page around them
_NEVER_CLOSED: Final = frozenset({"link", "meta", "base", "img", "source", "track", "param"})
_NO_WORDS: Final = frozenset({"textarea"})
_ATTRIBUTES: Final = frozenset([
    "id", "class", "name", "type", "for", "role", "placeholder", "autocomplete", "required",
    "multiple", "maxlength", "title", "tabindex", "lang", "inputmode", "value", "hidden",
    "colspan", "data-testid", "data-by-hand", "data-option", "data-of", "data-sends",
    "data-next",
])  # fmt: skip
_ARIA: Final = re.compile(r"aria-[a-z]+")
_HIDES: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})


def safe_markup(untrusted: str) -> str:
    """Return the same elements and words, as far as they can do nothing."""
    builder = _Builder()
    builder.feed(untrusted)
    builder.close()
    return builder.finished()


class _Builder(HTMLParser):
    """Writes down each element that may stay, and closes what is open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._written: list[str] = []
        self._open: list[tuple[str, str]] = []  # as it came, as it was written
        self._dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in _NEVER_CLOSED or (tag in _LEFT_OUT and not self._dropped):
            return
        if self._dropped or tag in _DROPPED:
            if tag not in _EMPTY:
                self._dropped.append(tag)
            return
        written = tag if tag in _TAGS else "div"
        self._written.append(f"<{written}{_attributes(attrs)}>")
        if written not in _EMPTY:
            self._open.append((tag, written))

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # “/>” closes nothing in a page

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag in self._dropped:
                del self._dropped[_last(self._dropped, tag) :]
            return
        came = [each for each, _written in self._open]
        if tag in came:
            self._close(_last(came, tag))

    def _write_words(self, data: str) -> None:
        if not self._dropped and not (self._open and self._open[-1][1] in _NO_WORDS):
            self._written.append(html.escape(_plain(data), quote=False))

    handle_data = _write_words  # as the parser calls it

    def finished(self) -> str:
        self._close(0)
        return "".join(self._written)

    def _close(self, at: int) -> None:
        self._written += [f"</{written}>" for _came, written in reversed(self._open[at:])]
        del self._open[at:]


def _last(tags: Sequence[str], tag: str) -> int:
    return len(tags) - 1 - list(reversed(tags)).index(tag)


def _attributes(attrs: Iterable[tuple[str, str | None]]) -> str:
    kept: dict[str, str | None] = {}
    for name, value in attrs:
        is_known = name in _ATTRIBUTES or _ARIA.fullmatch(name)
        if is_known or (name, value) == ("form", "left-alone"):
            kept.setdefault(name, value)
    return "".join(f" {name}{_quoted(value)}" for name, value in kept.items())


def _quoted(value: str | None) -> str:
    return "" if value is None else f'="{html.escape(_plain(value))}"'


def _plain(text: str) -> str:
    return "".join(map(_plain_character, text))


def _plain_character(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":  # half a character, which no file can hold
        return "\ufffd"
    return " " if category in _HIDES and char != "\n" else char
