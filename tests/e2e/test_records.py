"""At a real command line: a public body is asked without a name, or behind the gate, or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import FIVE_YES, Made, kept, told

OFFICE = ("--office", "Example County Sheriff's Office")
OWN = ("records", "draft", "co-sheriff", *OFFICE)


@pytest.fixture
def there(jordan: Made, tmp_path: Path) -> CommandLine:
    return jordan.copy(tmp_path)


def papers(there: CommandLine) -> list[str]:
    return sorted(path.name for path in there.papers.glob("*.pdf"))


def test_ones_own_record_needs_the_second_choice_a_typed_yes_and_a_look(there: CommandLine) -> None:
    for typed in ("2\n\n", "2\nno\n", "2\nyes\nn\n"):
        ran = there.run(*OWN, typed=typed)
        told(ran, 1, "This puts your name and address into government files")
        assert papers(there) == []
    ran = there.run(*OWN, "--to", "request.pdf", typed="2\nyes\ny\n")
    told(ran, 0, "accredited representative first", "Nothing was sent", "optout exports")
    assert ran.said.index("It names nobody") < ran.said.index("government files")
    assert papers(there) == ["request-sheet.pdf", "request.pdf"]
    letter = "".join(page.extract_text() for page in PdfReader(there.papers / "request.pdf").pages)
    assert "Jordan Q. Sample" in letter
    assert "100 Example Street" not in letter
    listed = {Path(each["path"]).name for each in there.run("exports", "--json").json()}
    assert listed == {"request.pdf", "request-sheet.pdf"}
    assert kept(there.vault)["messages"] == {}  # no case, no days, no next step of its own
    again = there.run(*OWN, "--to", "request.pdf", typed="2\nyes\ny\n")
    told(again, 1, "already")


def test_an_organization_is_asked_for_no_passphrase_and_enter_takes_its_way(
    there: CommandLine,
) -> None:
    ran = there.run(
        *("records", "draft", "cook-county-sheriff", "--email", "records@example.com"),
        typed="\nExample Tenants Union\n",
        passphrase=None,
    )
    told(ran, 0, "The only name in it", "do not send it")
    assert "Nobody is named" not in ran.said
    assert "government files" not in ran.said
    assert len(papers(there)) == 2
    assert there.run("exports", "--json").json() == []


def test_no_plan_and_no_next_step_leads_to_a_public_body(there: CommandLine) -> None:
    named = there.run("plan", "--only", "co-sheriff", typed=FIVE_YES)
    told(named, 1, "government files", "optout records list")
    made = there.run("plan", "--json", typed=FIVE_YES).json()
    assert not [line for line in made["lines"] if line["right"] == "records-request"]
    assert {left["broker"] for left in made["leave_alone"]} >= {"co-sheriff", "co-labor"}
    told(there.run("plan", typed=f"{FIVE_YES}a\n"), 0, "New on your list")
    for read in (("next",), ("status",), ("due",)):
        ran = there.run(*read)
        told(ran, 0)
        assert "sheriff" not in ran.out.casefold()
        assert "records draft" not in ran.out


def test_every_system_is_explained_even_what_is_in_no_plan(there: CommandLine) -> None:
    for slug, words in (
        ("palantir", "name nobody: optout records list"),
        ("co-motor-vehicles", "optout records draft co-motor-vehicles"),
        ("cook-county-sheriff", "optout records draft cook-county-sheriff"),  # of another state
        ("vine", "stay with it"),
        ("equifax", "stop selling and sharing"),
    ):
        ran = there.run("plan", "--explain", slug, typed=FIVE_YES)
        told(ran, 0)
        assert words in ran.out, slug
    told(there.run("plan", "--explain", "accurint"), 2, "lexisnexis-risk")
