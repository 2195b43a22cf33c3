"""Personal values that do not print themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")
REDACTED: Final = "‹redacted›"


@dataclass(frozen=True, slots=True, repr=False)
class Secret(Generic[T]):
    """A personal value: printing and tracebacks show `‹redacted›`; only `reveal` does not."""

    _value: T

    def reveal(self) -> T:
        """Return the value itself: the one place to look for when reviewing where data goes."""
        return self._value

    def __repr__(self) -> str:
        """Never the value."""
        return REDACTED

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        """Never the value, whatever the format."""
        return REDACTED


class Personal:
    """Base of dataclasses that hold personal values: printing one shows `‹redacted›`."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Never the values."""
        return REDACTED

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        """Never the values, whatever the format."""
        return REDACTED
