"""Wherever a copy of an identity paper is asked for, the sheet names its dangers."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from optout.catalog.brokers import find_broker, list_brokers
from optout.drafting.cover import CoverSheet, cover_sheet_pdf
from optout.model.words import By

NEVER = "Never a passport or a paper of another country"
ASKING = [
    pytest.param(broker.slug, channel.enclose, id=f"{broker.slug}-{channel.right}-{channel.key}")
    for broker in list_brokers()
    for channel in broker.channel
    if By.POST in channel.by and any("identity paper" in what for what in channel.enclose)
]


def said(enclose: tuple[str, ...]) -> str:
    sheet = CoverSheet(
        reference="K7F3-Q2MX",
        recipient_lines=("Example Reports, Inc.", "PO Box 100", "Denver, CO 80202"),
        enclose=enclose,
        blank_ssn_line=True,
        done="optout letter post K7F3-Q2MX",
    )
    pages = PdfReader(io.BytesIO(cover_sheet_pdf(sheet))).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


@pytest.mark.parametrize(("slug", "enclose"), ASKING)
def test_the_sheet_says_which_paper_never_and_what_to_cover(
    slug: str, enclose: tuple[str, ...]
) -> None:
    text = said(enclose)
    assert find_broker(slug)
    assert NEVER in text
    assert "no licence that carries a mark of limited use" in text
    assert "cover the number, the photo and the place of birth" in text
    assert "only for Example Reports, Inc., and the day" in text
    assert "send none and ask what else they take" in text


def test_some_company_asks_for_one() -> None:
    assert ASKING


@pytest.mark.parametrize(
    "what", ["a pay slip that shows what is right", "an identity theft report"]
)
def test_the_control_other_papers_carry_no_such_line(what: str) -> None:
    assert NEVER not in said((what,))
