"""Fifty made-up clients of a made-up office, as its spreadsheet has them: seven mistakes and all.

1. A column of numbers that is never stored.      2. A ZIP code that lost its zero.
3. A day that does not exist.                     4. A day that can be two days.
5. A phone number without an area code.           6. A client who has not agreed.
7. One person in two rows, spelled in two ways.

Mended, 2 to 6 are right; the column is still dropped, and the two rows are still asked about.
"""

from __future__ import annotations

from typing import Final

HEADINGS: Final = (
    *("Case number", "First name", "Last name", "DOB", "A-Number", "Address", "Apt", "City"),
    *("State", "Zip code", "Cell phone", "E-mail", "Answers e-mail", "Mailing address"),
    *("Mailing city", "Mailing state", "Mailing zip", "Others in the home", "Adverse party"),
    *("Consent date", "Attorney"),
)
STAFF: Final = ("Robin Example", "Sam Example")
_GIVEN: Final = (
    *("Jordan", "Casey", "María José", "Avery", "Nguyễn", "Quinn", "Олена", "Rowan", "José Luis"),
    *("Sasha", "李", "Morgan", "Zoë", "Kim", "محمد", "Alex", "Ana Sofía", "Taylor", "Fatou"),
    *("Jamie", "Łukasz", "Drew", "Ngozi", "Riley", "Sócrates", "Skyler", "Amélie", "Dana"),
    *("Þóra", "Reese", "Iñaki", "Emerson", "Μαρία", "Finley", "Tomás", "Hayden", "अनु", "Parker"),
    *("Yusuf", "Kendall", "Beatriz", "Logan", "Aïcha", "Peyton", "Gül", "Remy", "Noor", "Ellis"),
    *("Xiomara",),
)
_FAMILY: Final = ("Sample", "Example", "Sample Example")
_CITIES: Final = (("Denver", "CO", "80202"), ("Aurora", "CO", "80012"), ("Chicago", "IL", "60602"))
MISTAKES: Final = {  # row of the sheet, heading: what is wrong there, and what is right
    (8, "Zip code"): ("2134", "02134"),
    (15, "DOB"): ("2/30/1991", "1991-02-28"),
    (22, "DOB"): ("4/12/1988", "1988-04-12"),
    (29, "Cell phone"): ("555-0127", "303-555-0127"),
    (36, "Consent date"): ("", "2026-11-03"),
}
TWIN: Final = (13, 43)
"""The two rows that are one person."""


def sample_clients(*, mended: bool = False) -> list[list[str]]:
    """Return the rows below the headings."""
    rows = [_row(number) for number in range(2, len(_GIVEN) + 2)]
    first, second = TWIN
    twin = rows[first - 2].copy()
    for heading in ("Case number", "Address", "Apt"):
        twin[HEADINGS.index(heading)] = ""
    for heading in ("First name", "Last name"):
        twin[HEADINGS.index(heading)] = twin[HEADINGS.index(heading)].upper()
    rows.insert(second - 2, twin)
    for (row, heading), (wrong, right) in MISTAKES.items():
        rows[row - 2][HEADINGS.index(heading)] = right if mended else wrong
    return rows


def _row(number: int) -> list[str]:
    nth = number - 2
    city, state, code = _CITIES[nth % len(_CITIES)]
    if number == next(iter(MISTAKES))[0]:
        city, state, code = "Boston", "MA", "02134"
    cells = {
        "Case number": f"2026-{number:03}",
        "First name": _GIVEN[nth],
        "Last name": _FAMILY[nth % len(_FAMILY)],
        "DOB": f"{1960 + nth % 45}-{1 + nth % 12:02}-{1 + nth % 28:02}",
        "A-Number": f"A{200000000 + 7919 * number}",
        "State": state,
        "Cell phone": f"303-555-01{10 + nth // 2:02}",  # two people share each phone
        "Consent date": f"2026-11-{2 + nth % 4:02}",
        "Attorney": STAFF[nth % len(STAFF)],
    }
    if (nth + 1) % 10:  # one in ten has no fixed address
        cells |= {"Address": f"{100 + nth} Example Street", "City": city, "Zip code": code}
        cells |= {"Apt": f"Apt {1 + nth % 9}"} if nth % 3 else {}
    if (nth + 1) % 4:  # one in four has no e-mail
        cells |= {
            "E-mail": f"client{number:02}@example.com",
            "Answers e-mail": f"answers{number:02}@example.com",
        }
    else:
        cells |= {
            "Mailing address": f"P.O. Box {number}",
            "Mailing city": "Denver",
            "Mailing state": "CO",
            "Mailing zip": "80202",
        }
    if nth % 5 == 0:
        cells["Others in the home"] = f"{_GIVEN[(nth + 7) % len(_GIVEN)]} Sample; Robin Sample"
    if nth % 7 == 0:
        cells["Adverse party"] = "Example Rentals LLC"
    if nth == 20:  # noqa: PLR2004 - one client whose former partner is another client
        cells["Adverse party"] = "Casey Example"
    return [cells.get(heading, "") for heading in HEADINGS]
