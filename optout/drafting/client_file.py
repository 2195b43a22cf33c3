"""A client's file as a PDF to keep: the report about their requests, set for paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from optout.drafting.pdf import compiled
from optout.drafting.pictures import Picture
from optout.drafting.report import Annex, Records, ReportedCompany

_SHEET: Final = re.compile(r'viewBox="([^"]+)"')


def client_file_pdf(
    companies: Sequence[ReportedCompany],
    *,
    title: str,
    lead: Sequence[str],
    annex: Annex | None,
    truth_title: str,
    truth: Sequence[str],
    language: str,
    drawn: Sequence[Picture] = (),
    records: Records | None = None,
) -> bytes:
    """Set the file; every word in it is already in the reader's language."""
    return compiled(
        "client_file.typ",
        {
            "title": title,
            "language": language,
            "lead": list(lead),
            "companies": [asdict(company) for company in companies],
            "truth_title": truth_title,
            "truth": list(truth),
            "annex": asdict(annex) if annex else None,
            "drawn": [on_paper(each) for each in drawn],
            "records": _records(records) if records else None,
        },
    )


def on_paper(picture: Picture) -> dict[str, Any]:
    """Return a picture for a page layout: the wide drawing, and how high it is for its width."""
    svg = picture.wide or picture.svg
    _left, _top, wide, high = map(float, _SHEET.findall(svg)[0].split())
    return {
        "title": picture.title,
        "says": picture.says,
        "svg": svg,
        "lines": picture.lines,
        "is_wide": bool(picture.wide),
        "high": high / wide,
    }


def _records(records: Records) -> dict[str, Any]:
    """Return what became of records, without the pictures of other people's pages."""
    return {
        "title": records.title,
        "sites": [
            {
                "name": site.name,
                "records": site.records,
                "lines": (*site.curve_words, *([site.note] if site.note else [])),
            }
            for site in records.sites
        ],
        "told_title": records.told_title,
        "told": records.told,
    }
