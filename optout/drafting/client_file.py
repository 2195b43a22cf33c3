"""A client's file as a PDF to keep: the report about their requests, set for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from optout.drafting.pdf import compiled
from optout.drafting.report import Annex, ReportedCompany


def client_file_pdf(
    companies: Sequence[ReportedCompany],
    *,
    title: str,
    lead: Sequence[str],
    annex: Annex | None,
    truth_title: str,
    truth: Sequence[str],
    language: str,
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
        },
    )
