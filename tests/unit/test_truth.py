"""Proves that everybody is told the same truth: at the start, in the plan, in the README."""

from __future__ import annotations

import gettext
from pathlib import Path

from optout.catalog.brokers import list_brokers
from optout.i18n import LOCALE_DIR
from optout.model.plan import Plan
from optout.workflows.show_plan import plan_texts
from optout.workflows.truth import TRUTH, live_checks

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_readme_tells_the_truth_in_english_and_spanish() -> None:
    spanish = gettext.translation("optout", LOCALE_DIR, languages=["es"])
    for text in TRUTH:
        assert f"* {text.english()}" in README
        assert f"* {spanish.gettext(text.template)}" in README
        assert spanish.gettext(text.template) != text.template


def test_every_plan_tells_the_truth() -> None:
    told = {text.english().removeprefix("- ") for text in plan_texts(Plan())}
    assert {text.english() for text in TRUTH} <= told


def test_the_readme_counts_the_live_checked_forms_right() -> None:
    shipped = live_checks(list_brokers()).values
    assert f"({shipped.get('seen', 0)} of {shipped['all']})" in README
