"""The report: one HTML page without scripts or links, which prints well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from optout.drafting.pictures import Picture

TEMPLATE = Path(__file__).with_name("report.html.j2")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRequest:
    """One request as the page shows it; every text is already in the person's language."""

    title: str
    facts: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCompany:
    """One company and everything asked of it."""

    name: str
    requests: tuple[ReportedRequest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPicture:
    """A picture of a company's page, inside the page itself."""

    caption: str
    source: str  # a data: address


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSite:
    """What became of the records that one company showed."""

    name: str
    records: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    curve: str  # an SVG of ours; "" where nothing was asked yet
    curve_words: tuple[str, ...]
    note: str
    pictures: tuple[ReportedPicture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Everything about records that were found, and what the searches told."""

    title: str
    sites: tuple[ReportedSite, ...]
    told_title: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """What only a lawyer or a court needs, at the end of the page."""

    title: str
    says: str
    lines: tuple[str, ...]


def report_page(
    companies: Sequence[ReportedCompany],
    *,
    title: str,
    made_on: str,
    annex: Annex | None,
    truth_title: str,
    truth: Sequence[str],
    language: str,
    records: Records | None = None,
    drawn: Sequence[Picture] = (),
) -> str:
    """Return the page. Every value is escaped: a company's words stay words."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        companies=companies,
        title=title,
        made_on=made_on,
        annex=annex,
        truth_title=truth_title,
        truth=truth,
        language=language,
        records=records,
        drawn=drawn,
    )
