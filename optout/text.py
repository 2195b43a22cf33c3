"""Sentences that a person will read, kept apart from the language they are read in."""

from __future__ import annotations

from typing import Final


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


def _english(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value
