"""At a real command line: an authorization is looked at, written, listed, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import Made, kept, told

UNTIL = (datetime.now(tz=UTC) + timedelta(days=90)).date().isoformat()
CHOSEN = ("letter", "authorize", "--agent", "Example Privacy Help", "--until", UNTIL)
ASKED = ("--right", "opt-out", "--company", "thomson-reuters-clear")


@pytest.fixture
def there(jordan: Made, tmp_path: Path) -> CommandLine:
    return jordan.copy(tmp_path)


def papers(there: CommandLine) -> list[str]:
    return sorted(path.name for path in there.papers.glob("*.pdf"))


def test_an_authorization_is_written_after_a_look_and_listed(there: CommandLine) -> None:
    told(there.run(*CHOSEN, *ASKED, typed="n\n"), 1, "You said no")
    assert papers(there) == []
    more = ("--right", "delete", "--agent-address", "P.O. Box 100", "--to", "agent.pdf")
    ran = there.run(*CHOSEN, *ASKED, *more, typed="y\n")
    told(ran, 0, "Only you can ask for this", "nothing is signed", "optout exports")
    assert papers(there) == ["agent-sheet.pdf", "agent.pdf"]
    letter = "".join(page.extract_text() for page in PdfReader(there.papers / "agent.pdf").pages)
    assert "Jordan Q. Sample" in letter
    assert "100 Example Street" not in letter
    listed = {Path(each["path"]).name for each in there.run("exports", "--json").json()}
    assert listed == {"agent-sheet.pdf", "agent.pdf"}
    assert kept(there.vault)["messages"] == {}


def test_wrong_input_is_told_and_nothing_is_written(there: CommandLine) -> None:
    lexis = ("--right", "opt-out", "--company", "lexisnexis-risk")
    told(there.run(*CHOSEN, *lexis), 1, "in their own name")
    told(there.run(*CHOSEN, "--right", "opt-out"), 2, "--company")
    told(there.run(*CHOSEN, *ASKED, "--until", "2020-01-01"), 2, "after today")
    told(there.run(*CHOSEN, *ASKED, "--agent", "Denver Police"), 1, "public body")
    told(there.run(*CHOSEN, *ASKED, "--to", "agent.txt"), 2, ".pdf")
    assert papers(there) == []
