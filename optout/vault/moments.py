"""Instants and dates as the database keeps them: UTC ISO-8601 with Z, and plain dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

_FORM: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


def instant_text(instant: datetime) -> str:
    """Return an instant as sortable text. One without a zone is a mistake of ours."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")  # noqa: TRY003, EM101 - for developers
    return instant.astimezone(UTC).strftime(_FORM)


def instant_from(text: str) -> datetime:
    """Return the instant that was kept."""
    return datetime.fromisoformat(text)  # the Z is UTC; strptime takes ten times as long


def maybe_instant_text(instant: datetime | None) -> str | None:
    """Return an instant as text, if there is one."""
    return instant_text(instant) if instant else None


def maybe_instant_from(text: str | None) -> datetime | None:
    """Return the instant that was kept, if one was."""
    return instant_from(text) if text else None


def maybe_date_text(day: date | None) -> str | None:
    """Return a plain date as text, if there is one."""
    return day.isoformat() if day else None


def maybe_date_from(text: str | None) -> date | None:
    """Return the plain date that was kept, if one was."""
    return date.fromisoformat(text) if text else None
