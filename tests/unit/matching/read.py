"""Reads the pairs, and counts how often the rule is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from optout.model.listing import Verdict
from optout.model.match import Known, Shown
from optout.rules.matching import judge

HERE = Path(__file__).parent
FULLY_SUPPORTED = 2  # kinds of fact beside the name


@dataclass(frozen=True)
class Answered:
    """A pair with its known answer, and what the rule said."""

    pair: dict[str, Any]
    verdict: Verdict

    @property
    def is_person(self) -> bool:
        return bool(self.pair["is_person"])

    @property
    def supported(self) -> bool:
        return self.is_person and self.pair["facts"] >= FULLY_SUPPORTED


@dataclass(frozen=True)
class Score:
    """How often the rule was right."""

    answers: tuple[Answered, ...]

    def wrong_same(self) -> list[dict[str, Any]]:
        return [a.pair for a in self.answers if a.verdict is Verdict.SAME and not a.is_person]

    def precision(self) -> float:
        """Of those called the same, the share that are."""
        same = [a.is_person for a in self.answers if a.verdict is Verdict.SAME]
        return sum(same) / len(same)

    def not_lost(self) -> float:
        """Of the person's own listings, the share that a person is shown."""
        return share(a.verdict is not Verdict.OTHER for a in self.answers if a.is_person)

    def same_when_supported(self) -> float:
        """Of the person's own listings with two kinds of fact, the share called the same."""
        return share(a.verdict is Verdict.SAME for a in self.answers if a.supported)

    def recall(self) -> float:
        """Of all the person's own listings, the share called the same."""
        return share(a.verdict is Verdict.SAME for a in self.answers if a.is_person)

    def left_to_people(self) -> float:
        """Of the listings of others, the share that a person must look at."""
        return share(a.verdict is Verdict.UNSURE for a in self.answers if not a.is_person)


def share(hits: Iterator[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted)


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def sides(pair: dict[str, Any]) -> tuple[Known, Shown, date]:
    subject, listing = pair["subject"], pair["listing"]
    born = subject["born"]
    known = Known(
        name=subject["name"],
        aliases=tuple(subject["aliases"]),
        born=date.fromisoformat(born) if isinstance(born, str) else born,
        places=tuple(subject["places"]),
        phones=tuple(subject["phones"]),
        relatives=tuple(subject["relatives"]),
    )
    shown = Shown(
        name=listing["name"],
        age=listing["age"],
        places=tuple(listing["places"]),
        phones=tuple(listing["phones"]),
        relatives=tuple(listing["relatives"]),
    )
    return known, shown, date.fromisoformat(pair["today"])


def scored(name: str) -> Score:
    return Score(tuple(Answered(pair, judge(*sides(pair)).verdict) for pair in read(name)))
