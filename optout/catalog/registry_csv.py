"""California's list of data brokers as it is filed, in the layouts of 2025 and 2026.

The headings change their words, their spaces and their hyphens every year, so they are folded and
matched by how they begin. What cannot be understood is refused as a whole file; what is empty or
a person's own is dropped from its row and counted. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from optout.catalog.characters import shown
from optout.catalog.registry import UNITED_STATES, Filing, key_of
from optout.catalog.registry_contacts import ReadPhone, desk_mail, firms_only, hosts, pages
from optout.catalog.registry_file import NotThisRegistry, check_whole, one_line, rows_of, text_of
from optout.model.broker import Declared, RequestCount
from optout.model.words import Right
from optout.text import Text

LONGEST_NAME: Final = 160
LONGEST_SHARE: Final = 300
LEAST_FOR_A_GROUP: Final = 20
_MAIL: Final = re.compile(r"\S+@\S+")
SOLD: Final = "data broker shared or sold consumers' data to "

# The year of the filing, by the year that its headings give to the counts.
_COUNTED_IN: Final = MappingProxyType({2026: 2024, 2025: 2023})
_STARTS: Final = MappingProxyType(
    {
        "name": "data broker name",
        "trades_as": "doing business as",
        "site": "data broker primary website",
        "email": "data broker primary contact email",
        "phone": "data broker primary phone",
        "street": "data broker primary street",
        "city": "data broker city",
        "state": "data broker state",
        "zip": "data broker zip",
        "country": "data broker country",
        "rights": "data broker's primary website that",
        "fcra": "data broker or any of its subsidiaries is regulated by the federal fair credit",
        "glba": "data broker or any of its subsidiaries is regulated by the federal gramm",
        "glba_2026": "data broker or any of its subsidiaries is regulated by the gramm",
    }
)
_COLLECTS: Final = MappingProxyType(
    {
        "minors": "data broker collects personal information of minors",
        "account_logins": "data broker collects consumers' account logins",
        "government_ids": "data broker collects consumers' government-issued",
        "citizenship": "data broker collects consumers' citizenship",
        "union_membership": "data broker collects consumers' union",
        "sexual_orientation": "data broker collects consumers' sexual orientation",
        "gender_identity": "data broker collects consumers' gender identity",
        "biometrics": "data broker collects consumers' biometric",
        "precise_location": "data broker collects consumers' precise geolocation",
        "reproductive_health": "data broker collects consumers' reproductive",
    }
)
_SOLD_TO: Final = MappingProxyType(
    {
        "foreign_actor": SOLD + "a foreign actor",
        "federal_government": SOLD + "the federal government",
        "state_governments": SOLD + "other state governments",
        "law_enforcement": SOLD + "law enforcement",
        "genai_developer": SOLD + "a developer of a genai",
    }
)
_ASKED_WHO_GOT_IT: Final = "who-got-it"
_BLOCKS: Final = MappingProxyType(
    {
        Right.DELETE.value: ("requests to delete - total", "number of requests to delete rec"),
        Right.ACCESS.value: (
            "requests to know what personal information is being collected - total",
            "number of requests to know rec",
        ),
        _ASKED_WHO_GOT_IT: (
            "requests to know what personal information is sold or shared - total",
            "number of requests to know what personal information was sold",
        ),
        Right.OPT_OUT.value: (
            "requests to opt out of sale or sharing - total",
            "number of requests to opt out of the sale or sharing of personal information received",
        ),
        Right.LIMIT.value: ("requests to limit the use", "number of requests to limit the use"),
    }
)
_SHARE: Final = re.compile(
    r"if the data broker or .*subsidiaries (?:is|are) regulated by the (\w+),"
)
_HOW_MUCH: Final = re.compile(r"percentage|the appr")  # the headings beside it ask what and which
_LAST_OF_BLOCK: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One year's file: its filings, and what fell out of it, counted by reason."""

    year: int
    rows: int
    filings: tuple[Filing, ...]
    fallen: Mapping[str, int]  # rows: nameless, no-contact, filed-twice
    dropped: Mapping[str, int]  # cells: email, phone, page, count


def read_filed(path: Path, read_phone: ReadPhone) -> Filed:
    """Return what one file says; `NotThisRegistry` where it is of another year, cut or damaged."""
    return read_text(text_of(path), read_phone)


def read_text(text: str, read_phone: ReadPhone) -> Filed:
    """Return what the text of a file says."""
    rows = rows_of(text)
    year, first = _year(rows)
    columns = _Columns.of(rows[first], year)
    body = rows[first + 1 :]
    check_whole(body, width=len(rows[first]), first=first + 2)
    dropped: Counter[str] = Counter()
    fallen: Counter[str] = Counter()
    found: dict[str, Filing] = {}
    for row in body:
        filing = _filing(row, columns, dropped, read_phone)
        if (reason := _why_not(filing)) is not None:
            fallen[reason] += 1
            continue
        key = key_of(filing.name)
        fallen["filed-twice"] += key in found
        found[key] = _together(found[key], filing) if key in found else filing
    filings = _with_group_figures(tuple(found.values()))
    return Filed(year=year, rows=len(body), filings=filings, fallen=+fallen, dropped=+dropped)


def _together(one: Filing, other: Filing) -> Filing:
    """Return what a company filed several times, once for each of its sites."""
    return replace(
        one,
        hosts=tuple(dict.fromkeys((*one.hosts, *other.hosts))),
        pages=tuple(dict.fromkeys((*one.pages, *other.pages))),
    )


def _folded(heading: str) -> str:
    """Return a heading without the spaces, hyphens and quotes that change every year."""
    plain = heading.replace("\u00a0", " ").replace("\u2011", "-").replace("\u2019", "'")
    words = " ".join(plain.casefold().split()).rstrip(": ")
    return words.removeprefix("the ")


def _year(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Return the year of the layout, and the row of its headings."""
    for first in range(min(2, len(rows))):
        headings = [_folded(cell) for cell in rows[first]]
        if not (headings and headings[0].startswith(_STARTS["name"])):
            continue
        told = any(heading.startswith(_SOLD_TO["federal_government"]) for heading in headings)
        year = 2026 if told else 2025
        counted = {int(found) for each in headings for found in re.findall(r"in (20\d\d)\b", each)}
        if counted == {_COUNTED_IN[year]}:
            return year, first
    raise NotThisRegistry(
        Text("This is not California's list of data brokers as filed in 2025 or 2026."),
        hint=Text("Take the CSV file that the state itself publishes. Other years read otherwise."),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which cell of a row says what."""

    year: int
    at: Mapping[str, int]
    collects: Mapping[str, int]
    sold_to: Mapping[str, int]
    blocks: Mapping[str, tuple[int, bool]]  # first cell, and whether the mean stands first

    @classmethod
    def of(cls, row: Sequence[str], year: int) -> _Columns:
        headings = [_folded(cell) for cell in row]
        at = dict(_places(headings, _STARTS))
        for place, heading in enumerate(headings):
            share = _SHARE.match(heading)
            if share and _HOW_MUCH.search(heading):
                at[f"{share[1]}_share"] = place
        missing = [name for name in ("name", "site", "email", "rights", "fcra") if name not in at]
        blocks = dict(_block_places(headings))
        missing += [name for name in _BLOCKS if name not in blocks]
        if missing:
            raise NotThisRegistry(
                Text("Headings are missing in this file: {missing}.", missing=tuple(missing)),
            )
        return cls(
            year,
            at,
            dict(_places(headings, _COLLECTS)),
            dict(_places(headings, _SOLD_TO)),
            blocks,
        )


def _places(headings: Sequence[str], starts: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for name, start in starts.items():
        for place, heading in enumerate(headings):
            if heading.startswith(start):
                yield name, place
                break


def _block_places(headings: Sequence[str]) -> Iterator[tuple[str, tuple[int, bool]]]:
    """Find each block of six, and hold it to its order: whole, part, denied, then the days."""
    for name, starts in _BLOCKS.items():
        for place, heading in enumerate(headings):
            block = headings[place : place + _LAST_OF_BLOCK]
            if heading.startswith(starts) and len(block) == _LAST_OF_BLOCK:
                days = ["mean" in each for each in block[4:]]
                wanted = ("in whole", "in part", "denied")
                if sum(days) == 1 and all(
                    word in each for word, each in zip(wanted, block[1:4], strict=True)
                ):
                    yield name, (place, days[0])
                break


def _filing(
    row: Sequence[str], columns: _Columns, dropped: Counter[str], read_phone: ReadPhone
) -> Filing:
    def cell(name: str) -> str:
        return one_line(row[columns.at[name]]) if name in columns.at else ""

    email = desk_mail(cell("email"))
    country, sites = _country(cell("country")), hosts(cell("site"))
    phone = read_phone(
        cell("phone"), country=country, beside_a_person=bool(cell("email")) and not email
    )
    gone = [name for name, kept in (("email", email), ("phone", phone)) if cell(name) and not kept]
    own_pages = pages(cell("rights"))
    dropped.update([*gone, *(["page"] if cell("rights") and not own_pages else [])])
    counts = {
        name: _count(row[first : first + _LAST_OF_BLOCK], dropped, mean_first=mean_first)
        for name, (first, mean_first) in columns.blocks.items()
    }
    return Filing(
        year=columns.year,
        name=cell("name"),
        trades_as=firms_only(cell("trades_as"), sites),
        hosts=sites,
        pages=own_pages,
        email=email,
        phone=phone,
        lines=_lines(cell("street"), cell("city"), cell("state"), cell("zip")),
        country=country,
        collects=_said_yes(row, columns.collects),
        sold_to=_said_yes(row, columns.sold_to),
        declared=_declared(row, columns, cell, counts),
        asked_who_got_it=counts[_ASKED_WHO_GOT_IT],
        counted_in=_COUNTED_IN[columns.year],
        dropped=tuple(gone),
    )


def _declared(
    row: Sequence[str],
    columns: _Columns,
    cell: Callable[[str], str],
    counts: Mapping[str, RequestCount | None],
) -> Declared:
    """Return the declarations as filed, in the words of our definitions."""

    def sold(to: str) -> bool | None:
        return _yes_or_no(row[columns.sold_to[to]]) if to in columns.sold_to else None

    citizenship = columns.collects.get("citizenship")
    return Declared(
        year=columns.year,
        filed_as=cell("name"),
        sold_to_federal_government=sold("federal_government"),
        sold_to_state_governments=sold("state_governments"),
        sold_to_law_enforcement=sold("law_enforcement"),
        collects_citizenship=None if citizenship is None else _yes_or_no(row[citizenship]),
        glba=_regulated(cell("glba") or cell("glba_2026"), cell("glba_share")),
        fcra=_regulated(cell("fcra"), cell("fcra_share")),
        counts={Right(name): count for name, count in counts.items() if count and name in _RIGHTS},
    )


_RIGHTS: Final = frozenset(_BLOCKS) - {_ASKED_WHO_GOT_IT}


def _regulated(answer: str, share: str) -> str:
    if _yes_or_no(answer) is not True:
        return "no" if answer else ""
    return shown(_MAIL.sub("…", share), LONGEST_SHARE) or "yes"


def _yes_or_no(cell: str) -> bool | None:
    return {"yes": True, "no": False}.get(one_line(cell).casefold())


def _said_yes(row: Sequence[str], places: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(name for name, place in places.items() if _yes_or_no(row[place]))


def _count(cells: Sequence[str], dropped: Counter[str], *, mean_first: bool) -> RequestCount | None:
    """Return one block as filed, or None where its counts are no numbers."""
    plain = [one_line(cell).replace(",", "") for cell in cells]
    if not any(plain):
        return None
    if not all(re.fullmatch(r"\d{1,12}", each) for each in plain[:4]):
        dropped["count"] += 1
        return None
    received, granted, part, denied = (int(each) for each in plain[:4])
    days = [_days(each) for each in plain[4:]]
    mean, median = days if mean_first else reversed(days)
    return RequestCount(
        received=received,
        granted=granted,
        granted_in_part=part,
        denied=denied,
        mean_days=mean,
        median_days=median,
    )


def _days(cell: str) -> float | None:
    """Return days as filed, even where they cannot be (some filed less than none)."""
    return float(cell) if re.fullmatch(r"-?\d{1,6}(\.\d{1,9})?", cell) else None


def _lines(street: str, city: str, state: str, code: str) -> tuple[str, ...]:
    last = " ".join(part for part in (f"{city}," if city and state else city, state, code) if part)
    return tuple(line for line in (street, last) if line)


def _country(cell: str) -> str:
    return _COUNTRIES.get(cell.upper(), cell.upper())


_COUNTRIES: Final = MappingProxyType(
    {
        "USA": UNITED_STATES,
        "US": UNITED_STATES,
        "UNITED STATES OF AMERICA": UNITED_STATES,
        "UK": "UNITED KINGDOM",
        "ENGLAND": "UNITED KINGDOM",
        "UAE": "UNITED ARAB EMIRATES",
    }
)


def _why_not(filing: Filing) -> str | None:
    """Return why a row is of no use for looking up, or None."""
    if not key_of(filing.name) or len(filing.name) > LONGEST_NAME:
        return "nameless"
    reached = (filing.email, filing.phone, filing.pages, filing.hosts, filing.lines)
    return None if any(reached) else "no-contact"


def _with_group_figures(filings: tuple[Filing, ...]) -> tuple[Filing, ...]:
    """Mark the filings that repeat another company's counts, all of them, to the last figure."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, filing in enumerate(filings):
        counts = (*sorted(filing.declared.counts.items()), ("", filing.asked_who_got_it))
        if any(count and count.received >= LEAST_FOR_A_GROUP for _right, count in counts):
            alike[counts].append(place)
    group = {place for places in alike.values() if len(places) > 1 for place in places}
    return tuple(
        replace(filing, group_figure=place in group) for place, filing in enumerate(filings)
    )
