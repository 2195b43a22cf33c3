"""The sheet about one's own record counts no days that its act does not set."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfReader

from optout.catalog.brokers import find_broker
from optout.sample.people import JORDAN
from optout.sample.scripted_person import ScriptedPerson
from optout.workflows.records import for_oneself
from tests.conftest import World, desk_without_browser


def sheet_of(world: World, folder: Path, slug: str, office: str = "") -> str:
    world.vault.subjects.add(JORDAN)
    desk = desk_without_browser(world, folder, person=ScriptedPerson())
    papers = for_oneself(desk, JORDAN, find_broker(slug), office=office)
    pages = PdfReader(io.BytesIO(papers.sheet)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_where_the_act_sets_no_day_the_sheet_says_so(world: World, tmp_path: Path) -> None:
    said = sheet_of(world, tmp_path, "co-sheriff", "Denver Sheriff Department")
    assert "Colorado Criminal Justice Records Act: this act sets no day to answer." in said
    assert "they must explain it in writing in 72 hours" in said
    assert "days to answer count from there" not in said


def test_the_control_where_it_sets_days_they_are_counted(world: World, tmp_path: Path) -> None:
    said = sheet_of(world, tmp_path, "cook-county-sheriff")
    assert "days to answer count from there" in said
    assert "sets no day to answer" not in said
    assert "72 hours" not in said
