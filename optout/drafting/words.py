"""The small words of a letter's language: dates, lengths of time, labels, names of states."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from optout.drafting.template import ENGLISH, letter_file
from optout.errors import WrongUsage
from optout.model.law import Term
from optout.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's `words.toml`."""

    language: str
    day_pattern: str  # "{month} {day}, {year}"
    birthday_pattern: str  # "{month} {day}"
    day_abroad: str
    birthday_abroad: str
    months: tuple[str, ...]
    conjunction: str
    the_law: str
    subject: str
    reference: str
    enclosures: str
    entries: str  # the enclosure that a correction or a dispute needs
    as_agent: str  # who signs for somebody
    copy_of_authorization: str  # what goes along then
    item: str
    items: str
    units: Mapping[str, Sequence[str]]
    labels: Mapping[str, str]
    ways: Mapping[str, str]  # how a request travelled, said to the company
    ways_to_others: Mapping[str, str]  # and said to an office
    happened: Mapping[str, str]
    copies: Mapping[str, str]
    labels_of_complaint: Mapping[str, str]
    authorized: Mapping[str, str]  # what an agent may ask for
    states: Mapping[str, str]
    countries: Mapping[str, str]
    sha256: str
    copy: Mapping[str, str] = field(default_factory=dict)  # what each page of a copy says

    def day(self, day: date) -> str:
        """Write a date as letters do."""
        return self.day_pattern.format(month=self.months[day.month - 1], day=day.day, year=day.year)

    def written(self, stored: str) -> str:
        """Write a stored date (1990-11-02) or birthday (11-02) in words; anything else as it is."""
        if whole := re.fullmatch(r"\d{4}-\d\d-\d\d", stored):
            return self.day(date.fromisoformat(whole[0]))
        if found := re.fullmatch(r"(\d\d)-(\d\d)", stored):
            month = self.months[int(found[1]) - 1]
            return self.birthday_pattern.format(month=month, day=int(found[2]))
        return stored

    def abroad(self) -> Words:
        """Return the words for somebody outside the United States: they write dates another way."""
        return replace(self, day_pattern=self.day_abroad, birthday_pattern=self.birthday_abroad)

    def listed(self, parts: Sequence[str]) -> str:
        """Join parts as a sentence does: `a, b and c`."""
        if len(parts) < 2:  # noqa: PLR2004 - one part needs no joining
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self.conjunction} {parts[-1]}"

    def term(self, term: Term) -> str:
        """Write a length of time."""
        one, many = self.units[term.unit.value]
        return (one if term.length == 1 else many).format(n=term.length)

    def numbered(self, numbers: Sequence[int]) -> str:
        """Name items of a letter: `item 1`, `items 1 and 3`."""
        word = self.item if len(numbers) == 1 else self.items
        return f"{word} {self.listed([str(number) for number in numbers])}"

    def state(self, code: str) -> str:
        """Return the name of a state, or nothing for no code."""
        if code and code not in self.states:
            raise WrongUsage(Text("A letter needs a United States state, as two letters."))
        return self.states.get(code, "")


@cache
def words(language: str) -> Words:
    """Read the words of a language, once a run."""
    source = letter_file(language, "words.toml")
    table = tomllib.loads(source)
    return Words(
        language=table["language"],
        day_pattern=table["date"],
        birthday_pattern=table["birthday"],
        day_abroad=table["date_abroad"],
        birthday_abroad=table["birthday_abroad"],
        months=tuple(table["months"]),
        conjunction=table["and"],
        the_law=table["the_law"],
        subject=table["subject"],
        reference=table["reference"],
        enclosures=table["enclosures"],
        entries=table["entries"],
        as_agent=table["as_agent"],
        copy_of_authorization=table["copy_of_authorization"],
        item=table["item"],
        items=table["items"],
        units=table["units"],
        labels=table["labels"],
        ways=table["ways"],
        ways_to_others=table["ways_to_others"],
        happened=table["happened"],
        copies=table["copies"],
        labels_of_complaint=table["labels_of_complaint"],
        authorized=table.get("authorized", {}),
        states=table["states"]
        if language == ENGLISH
        else {**words(ENGLISH).states, **table["states"]},
        countries=table["countries"],
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        copy=table.get("copy", {}),
    )
