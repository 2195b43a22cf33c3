"""Sentences that a person will read, kept apart from the language they are read in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AS_WRITTEN: Final = "{words}"


class Written(str):
    """Words of a company's file, shown in the reader's language where somebody translated them."""

    __slots__ = ()


class Text:
    """An English sentence with named values, translated only where it is shown.

    Rules and errors return these, so that they need neither a language nor an environment.
    The template is the gettext key; values are put in after translation. A value may be a
    `Text` itself, or a tuple: a list with commas.
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, /, **values: object) -> None:
        """Keep the template as written: `xgettext` reads it from the call."""
        self.template: Final = template
        self.values: Final = values

    def english(self) -> str:
        """Return the sentence as its author wrote it."""
        return self.template.format_map({key: _english(v) for key, v in self.values.items()})

    def holding(self, values: Mapping[str, object]) -> Text:
        """Return the same sentence with these values instead."""
        return Text(self.template, **values)

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.english()

    def __repr__(self) -> str:
        """Show the template only: a value may be personal."""
        return f"Text({self.template!r})"

    def __eq__(self, other: object) -> bool:
        """Two texts are equal when they say the same."""
        if not isinstance(other, Text):
            return NotImplemented
        return (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        """Hash by template; values may be unhashable."""
        return hash(self.template)


class Counted(Text):
    """A sentence about a number of things, with another form where it is one thing."""

    __slots__ = ("count", "one")

    def __init__(self, one: str, many: str, /, *, count: int, **values: object) -> None:
        """Keep both forms as written; `{count}` may stand in each."""
        super().__init__(many, count=count, **values)
        self.one: Final = one
        self.count: Final = count

    def holding(self, values: Mapping[str, object]) -> Counted:
        """Return the same sentence with these values; what was counted stays."""
        rest = {key: value for key, value in values.items() if key != "count"}
        return Counted(self.one, self.template, count=self.count, **rest)

    def english(self) -> str:
        """Return the form that the count asks for."""
        form = self.one if self.count == 1 else self.template
        return form.format_map({key: _english(value) for key, value in self.values.items()})


def as_written(words: str) -> Text:
    """Return a sentence that stands in a company's or a law's file, to be read as its own.

    It may hold braces, so it is no template; where its file was translated, it is shown so.
    """
    return Text(AS_WRITTEN, words=words)


def _english(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
