"""Laws are read as strictly as definitions, one file a law."""

from __future__ import annotations

from pathlib import Path

import pytest

from optout.catalog.findings import BadDefinition
from optout.catalog.laws import NoSuchLaw, find_law, list_laws, load_law
from optout.model.law import LawId, LawKind, Unit
from optout.model.words import Right

LAW = """
id = "us-xx-example"
name = "Example Privacy Act"
citation = "Ex. Code 1-101"
jurisdiction = "US-CO"
kind = "comprehensive"
in_force_from = 2023-07-01
covered = "Companies that keep examples"
confidence = "confirmed"
checked_on = 2026-11-21

[rights.delete]
cite = "Ex. Code 1-105"
confidence = "confirmed"
answer = { length = 45, cite = "Ex. Code 1-106" }
extension = { length = 2, unit = "months", cite = "Ex. Code 1-107", confidence = "one-source" }

[[sources]]
what = "The code's text"
read_on = 2026-11-21
"""


def write(folder: Path, text: str = LAW, name: str = "us-xx-example") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_law_is_read_with_its_terms_and_the_hash_of_its_file(tmp_path: Path) -> None:
    law = load_law(write(tmp_path))
    assert law.kind is LawKind.COMPREHENSIVE
    right = law.rights[Right.DELETE]
    assert right.answer is not None
    assert (right.answer.length, right.answer.unit) == (45, Unit.DAYS)
    assert right.extension is not None
    assert right.extension.unit is Unit.MONTHS
    assert right.acknowledge is None
    assert len(law.sha256) == 64


def test_a_law_with_mistakes_tells_them_all(tmp_path: Path) -> None:
    text = LAW.replace("[rights.delete]", "[rights.erase]").replace('"months"', '"moons"')
    with pytest.raises(BadDefinition) as caught:
        load_law(write(tmp_path, text))
    assert [finding.where for finding in caught.value.findings] == [
        "rights.erase",
        "rights.erase.extension.unit",
    ]
    assert all(finding.line for finding in caught.value.findings)


def test_the_id_of_a_law_is_the_name_of_its_file(tmp_path: Path) -> None:
    with pytest.raises(BadDefinition, match="name of the file"):
        load_law(write(tmp_path, name="us-yy-other"))


def test_a_bad_law_is_told_or_collected(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "id = 3", "us-zz-bad")
    with pytest.raises(BadDefinition):
        list_laws(folder=tmp_path)
    problems: list[BadDefinition] = []
    assert list(list_laws(folder=tmp_path, problems=problems)) == [LawId("us-xx-example")]
    assert len(problems) == 1


@pytest.mark.parametrize("law", ["us-xx", "../us-xx-example", "", "US-CO-CPA", "us-xx-exampel"])
def test_an_unknown_law_is_wrong_usage(law: str, tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(NoSuchLaw) as caught:
        find_law(law, folder=tmp_path)
    assert caught.value.exit_code == 2


def test_the_shipped_laws_can_all_be_read() -> None:
    laws = list_laws()
    assert laws
    for law_id, law in laws.items():
        assert law.id == law_id
        assert find_law(law_id) == law


def test_a_narrow_right_needs_words_for_what_it_reaches(tmp_path: Path) -> None:
    scope = 'cite = "Ex. Code 1-105"\nscope = "only what the person gave"\n'
    narrow = LAW.replace('cite = "Ex. Code 1-105"\n', scope)
    with pytest.raises(BadDefinition) as caught:
        load_law(write(tmp_path, narrow))
    assert [finding.where for finding in caught.value.findings] == ["rights.delete.narrow"]
    said = narrow.replace(scope, scope + 'narrow = "personal data that I gave"\n')
    assert load_law(write(tmp_path, said)).rights[Right.DELETE].narrow  # the control


def test_a_term_that_follows_another_needs_that_one_and_its_case(tmp_path: Path) -> None:
    told = 'told_within = { length = 5, cite = "Ex. Code 1-108" }\n'
    longer = 'longer = { length = 60, cite = "Ex. Code 1-109" }\n'
    with pytest.raises(BadDefinition) as caught:
        load_law(write(tmp_path, LAW.replace("answer = {", told + longer + "answer = {")))
    assert [finding.where for finding in caught.value.findings] == [
        "rights.delete.opt_out_within",
        "rights.delete.longer.only_if",
    ]
    done = 'opt_out_within = { length = 3, cite = "Ex. Code 1-107" }\n'
    longer = longer.replace(" }", ', only_if = "it snows" }')
    law = load_law(write(tmp_path, LAW.replace("answer = {", done + told + longer + "answer = {")))
    assert law.rights[Right.DELETE].told_within  # the control
