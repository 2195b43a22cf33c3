"""An office that helps many clients: what it is called, who answers for it, how it approves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """The settings that make a locked folder an office's; without them it is one person's own."""

    office: str
    responsible: tuple[str, ...]  # staff who can answer for a client's file; never a client
    four_eyes: bool = False  # whoever prepares does not approve
