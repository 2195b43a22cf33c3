"""The language people read: gettext, loaded before any command is imported.

English is the source; `optout/locale/<lang>/LC_MESSAGES/optout.mo` holds the others. Chosen by
`OPTOUT_LANG`, else `LANGUAGE`, `LC_ALL`, `LC_MESSAGES`, `LANG`; a page in a browser says for each
request which one its reader wants (`in_language`).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from optout.text import AS_WRITTEN, Counted, Text, Written

LOCALE_DIR = Path(__file__).parent / "locale"
SOURCE: Final = "en"
ENTRIES: Final = "entries"  # what stands in the files of companies and laws
_chosen: ContextVar[str] = ContextVar("language", default="")


@contextmanager
def in_language(name: str) -> Iterator[None]:
    """Say everything in this language meanwhile, in this thread or task only."""
    before = _chosen.set(name)
    try:
        yield
    finally:
        _chosen.reset(before)


def languages() -> tuple[str, ...]:
    """Return the languages that something is said in, the source first."""
    found = sorted(each.parent.parent.name for each in LOCALE_DIR.glob("*/LC_MESSAGES/optout.mo"))
    return (SOURCE, *found)


def _catalog() -> gettext.NullTranslations:
    return _catalog_of(_chosen.get() or os.environ.get("OPTOUT_LANG", ""))


@cache
def _catalog_of(name: str, domain: str = "optout") -> gettext.NullTranslations:
    if name == SOURCE:
        return gettext.NullTranslations()
    wanted = [name] if name else None
    return gettext.translation(domain, LOCALE_DIR, languages=wanted, fallback=True)


def _(message: str) -> str:
    """Return the message in the person's language."""
    return _catalog().gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Return the singular or plural form for `count`, untranslated values left to the caller."""
    return _catalog().ngettext(one, many, count)


def language() -> str:
    """Return the language in force, as pages name it."""
    return str(_catalog().info().get("language", "en")) or "en"


def say(text: Text) -> str:
    """Return the sentence in the person's language, its values put in after translation."""
    if text.template == AS_WRITTEN:
        return _shown(text.values["words"])
    values = {key: _said(value) for key, value in text.values.items()}
    if isinstance(text, Counted):
        return ngettext(text.one, text.template, text.count).format_map(values)
    return _(text.template).format_map(values)


def entry(words: str) -> str:
    """Return what a company's or a law's file says, in the person's language where it has it."""
    spoken = _catalog_of(_chosen.get() or os.environ.get("OPTOUT_LANG", ""), ENTRIES)
    return spoken.gettext(words) if words else ""


def _shown(words: object) -> str:
    return entry(words) if isinstance(words, str) else str(_said(words))


def _said(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(str(_said(each)) for each in value)
    if isinstance(value, Written):
        return entry(value)
    return say(value) if isinstance(value, Text) else value
