"""The merged list: companies from several registers and open lists, a row each, as it comes.

Of a row only that is taken which comes from a source we may take from, and no person's name,
e-mail or phone. What could be read two ways is left out and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from optout.catalog.registry import UNITED_STATES, key_of
from optout.catalog.registry_contacts import (
    ReadPhone,
    desk_mail,
    hosts,
    is_of_a_firm,
    may_be_a_person,
    names_somebody,
    pages,
)
from optout.catalog.registry_file import (
    NotThisRegistry,
    check_whole,
    one_line,
    rows_of,
    text_of,
)
from optout.catalog.registry_lists import SOURCES, Listing
from optout.model.broker import Slug
from optout.text import Text

LONGEST_NAME: Final = 160
LONGEST_LINE: Final = 80  # of an envelope
MOST_LINES: Final = 6
MOST_NAMES: Final = 8
MOST_HOSTS: Final = 24
ROLE: Final = "role"
FILED: Final = "A"
OPEN: Final = "B"
HINT: Final = "C"
_NEEDED: Final = (
    *("slug", "name", "other_names", "domain", "other_domains", "parent_domain"),
    *("possible_duplicate_of", "categories", "registered_in", "privacy_email"),
    *("privacy_email_kind", "privacy_email_src", "alt_emails", "email_bounced", "optout_url"),
    *("optout_url_src", "delete_url", "delete_url_src", "access_url", "access_url_src"),
    *("rights_url", "rights_url_src", "postal_address", "postal_address_src", "phone", "country"),
    *("requires_id", "requires_account", "captcha", "email_verification", "phone_verification"),
    *("ddg_removed_at", "tier", "sources"),
)
_PAGE_COLUMNS: Final = (
    ("opt-out", "optout_url"),
    ("delete", "delete_url"),
    ("access", "access_url"),
    ("rights", "rights_url"),
)
_WANTS: Final = (
    ("id", "requires_id"),
    ("account", "requires_account"),
    ("captcha", "captcha"),
    ("email-check", "email_verification"),
    ("phone-check", "phone_verification"),
)
# Addresses that hide where they lead to.
_HIDING: Final = frozenset(
    {"tinyurl.com", "bit.ly", "goo.gl", "t.co", "ow.ly", "is.gd", "rebrand.ly", "urldefense.com"}
)
_US_END: Final = re.compile(r"[A-Za-z][A-Za-z. ]+ \d{5}(-\d{4})?")
_CARE_OF: Final = re.compile(r"\b(?:c/o|attn|attention|z\. ?hd)\b", re.IGNORECASE)
_DAY: Final = re.compile(r"20\d\d-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: what may be kept of it, and what only helps to recognise the company."""

    tier: str
    named: str  # its short name in the file
    listing: Listing
    other_names: tuple[str, ...]
    maybe: str  # another row's short name
    dropped: tuple[str, ...] = ()  # what was left out of it, by reason


ReadCountry = Callable[[str], str]


def read_merged(path: Path, read_phone: ReadPhone, read_country: ReadCountry) -> tuple[Row, ...]:
    """Return the rows of the merged list; `NotThisRegistry` where it is another file, or cut."""
    return merged_rows(text_of(path), read_phone, read_country)


def merged_rows(text: str, read_phone: ReadPhone, read_country: ReadCountry) -> tuple[Row, ...]:
    """Return what the text of a file says."""
    rows = rows_of(text)
    _check_headings(rows[0] if rows else [])
    check_whole(rows[1:], width=len(rows[0]), first=2)
    if not text.endswith("\n"):
        raise NotThisRegistry(
            Text("The file is not whole: its last line is not ended."),
            hint=Text("Download it again."),
        )
    cells = (
        {name: one_line(cell) for name, cell in zip(rows[0], row, strict=True)} for row in rows[1:]
    )
    found = tuple(_row(each, read_phone, read_country) for each in cells)
    _check_tiers(found)
    return found


def _check_headings(found: list[str]) -> None:
    missing = [name for name in _NEEDED if name not in found]
    if len(missing) > len(_NEEDED) // 2:
        raise NotThisRegistry(
            Text("This is not the merged list of companies."),
            hint=Text("California's own file is read with: optout broker import ca-registry FILE"),
        )
    if missing:
        raise NotThisRegistry(
            Text("Headings are missing in this file: {missing}.", missing=tuple(missing))
        )


def _check_tiers(rows: tuple[Row, ...]) -> None:
    for number, row in enumerate(rows, start=2):
        if row.tier not in {FILED, OPEN, HINT}:
            raise NotThisRegistry(
                Text("Row {row} does not say where it comes from (A, B or C).", row=number),
                hint=Text("Download it again."),
            )


def _row(cell: Mapping[str, str], read_phone: ReadPhone, read_country: ReadCountry) -> Row:
    country = read_country(cell["country"])
    sites = _sites(cell)
    email = _mail(cell)
    lines = _lines(cell, country)
    beside = bool(cell["privacy_email"]) and cell["privacy_email_kind"] != ROLE
    phone = read_phone(cell["phone"], country=country, beside_a_person=beside) if lines else ""
    found_pages, hidden = _pages(cell)
    also = tuple(_also(cell, sites))
    listing = Listing(
        slug=Slug(""),
        name=cell["name"],
        also=also,
        hosts=sites,
        owner=next(iter(hosts(cell["parent_domain"])), ""),
        kinds=tuple(kind.removeprefix("da:") for kind in _parts(cell["categories"])),
        registered=_parts(cell["registered_in"]),
        pages=found_pages,
        email=email,
        phone=phone,
        lines=lines,
        country=country,
        wants=tuple(
            name for name, column in _WANTS if cell[column] == "yes" and _may_take(cell, column)
        ),
        sources=tuple(name for name in _parts(cell["sources"]) if name in SOURCES),
        left_ddg_on=cell["ddg_removed_at"] if _DAY.fullmatch(cell["ddg_removed_at"]) else "",
    )
    gone = {
        "email": bool(cell["privacy_email"]) and not email,
        "phone": bool(cell["phone"]) and not phone,
        "address": bool(cell["postal_address"]) and not lines,
    }
    dropped = tuple(name for name, is_gone in gone.items() if is_gone)
    return Row(
        tier=cell["tier"],
        named=cell["slug"],
        listing=replace(listing, dropped=dropped),
        other_names=_parts(cell["other_names"]),
        maybe=cell["possible_duplicate_of"],
        dropped=(*dropped, *["page"] * hidden),
    )


def why_not(row: Row) -> str | None:
    """Return why a row is of no use, whatever else is known of its company, or None."""
    if row.tier == HINT:
        return "hint-only"
    name = row.listing.name
    if not key_of(name) or len(name) > LONGEST_NAME:
        return "nameless"
    return None


def why_not_asked(listing: Listing) -> str | None:
    """Return why nobody could ask this company, or None."""
    bare = not listing.hosts and may_be_a_person(listing.name)
    if bare or names_somebody(listing.name):
        return "maybe-a-person"
    return None if listing.is_reached() else "no-contact"


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))


def _sites(cell: Mapping[str, str]) -> tuple[str, ...]:
    """Return its sites, its own one first."""
    named = (
        site for part in (cell["domain"], *_parts(cell["other_domains"])) for site in hosts(part)
    )
    return tuple(dict.fromkeys(named))[:MOST_HOSTS]


def _also(cell: Mapping[str, str], sites: tuple[str, ...]) -> Iterator[str]:
    """Yield its other names: a firm's, or one like its site. A bare name could be somebody's."""
    known = {key_of(cell["name"])}
    for name in _parts(cell["other_names"]):
        key = key_of(name)
        if len(known) > MOST_NAMES or key in known or len(name) > LONGEST_NAME:
            continue
        if len(key) >= 2 and key not in {"yes", "no"} and not may_be_a_person(name, sites):  # noqa: PLR2004 - shorter names nobody
            known.add(key)
            yield name


def _may_take(cell: Mapping[str, str], column: str) -> bool:
    """Say whether a cell comes from sources that we may take from, all of them."""
    named = cell.get(f"{column}_src", "")
    return bool(named) and all(name in SOURCES for name in named.split("+"))


def _mail(cell: Mapping[str, str]) -> str:
    """Return the first desk's address that the list calls a role's, and that took mail so far."""
    bounced = cell["email_bounced"].lower()
    found = [
        cell["privacy_email"]
        if cell["privacy_email_kind"] == ROLE and _may_take(cell, "privacy_email")
        else ""
    ]
    for other in _parts(cell["alt_emails"]):
        address, _bar, source = other.partition("|")
        found.append(address if source in SOURCES else "")
    desks = (desk_mail(address) for address in found)
    return next((desk for desk in desks if desk and desk not in bounced), "")


def _pages(cell: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """Return the pages to ask on, each once, and how many cells hold none that can be used."""
    found: dict[str, str] = {}
    hidden = 0
    for kind, column in _PAGE_COLUMNS:
        if not cell[column] or not _may_take(cell, column):
            continue
        page = next(iter(pages(cell[column])), "")
        if not page or page.split("/")[2].removeprefix("www.") in _HIDING:
            hidden += 1
        elif page not in found.values():
            found[kind] = page
    return found, hidden


def _lines(cell: Mapping[str, str], country: str) -> tuple[str, ...]:
    """Return the lines of an envelope without its country, or none where a person's name is."""
    if not _may_take(cell, "postal_address"):
        return ()
    parts = [part.strip() for part in cell["postal_address"].split(",") if part.strip()]
    if len(parts) > 1 and parts[-1].casefold() == cell["country"].casefold():
        parts.pop()
    if any(_CARE_OF.search(part) and not is_of_a_firm(part) for part in parts):
        return ()
    if country == UNITED_STATES and len(parts) > 2 and _US_END.fullmatch(parts[-1]):  # noqa: PLR2004 - street, city, state
        parts[-2:] = [f"{parts[-2]}, {parts[-1]}"]
    too_long = any(len(part) > LONGEST_LINE for part in parts)
    return () if len(parts) < 2 or len(parts) > MOST_LINES or too_long else tuple(parts)  # noqa: PLR2004 - a street and a town
