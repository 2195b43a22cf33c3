"""Proves that a plan can be taken in part, refused without a cold end, and sent another way."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from optout.model.secret import Secret
from optout.vault.create import create_vault
from tests.e2e.command_line import PASSPHRASE, CommandLine

JORDAN = {
    "name": {"given": "Jordan", "middle": "Q.", "family": "Sample", "share": "ask"},
    "state": "CO",
    "born": "1985-04-12",
    "addresses": [
        {
            "street": "100 Example Street",
            "city": "Denver",
            "state": "CO",
            "zip": "80202",
            "since": "2015-01-01",
            "share": "known",
        }
    ],
    "phones": [{"phone": "303-555-0123", "since": "2015-01-01", "share": "known"}],
    "reply_to": [
        {"kind": "new-email", "email": "jordan@example.com"},
        {
            "kind": "po-box",
            "address": {"street": "PO Box 12", "city": "Denver", "state": "CO", "zip": "80201"},
        },
    ],
}
ALL_NO = "n\n" * 5
ONLY_JAIL = "n\nn\nn\nn\ny\n"
MOST_YES = "y\ny\ny\ny\ny\n"
APPRISS = "appriss-insights"


def made_for(card: Mapping[str, object], folder: Path) -> CommandLine:
    """Return the program with a locked folder that holds one person."""
    there = CommandLine(folder)
    there.environment()
    create_vault(
        there.vault,
        clock=lambda: datetime.now(UTC),
        actor="test",
        passphrase=Secret(PASSPHRASE),
        use_keyring=False,
    ).vault.close()
    file = there.folder / "card.json"
    file.write_text(json.dumps(card), "utf-8")
    assert there.run("person", "add", "--from", str(file)).code == 0
    return there


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return made_for(JORDAN, tmp_path_factory.mktemp("made"))


@pytest.fixture
def there(made: CommandLine, tmp_path: Path) -> CommandLine:
    shutil.copytree(made.vault, tmp_path / "locked")
    (tmp_path / "locked").chmod(0o700)
    return made.but(folder=tmp_path)


def on_the_list(there: CommandLine) -> list[tuple[str, str, str]]:
    """Return company, right and way of every request."""
    requests = there.run("status", "--json").json()
    return [(each["broker"], each["right"], each["by"]) for each in requests]


def test_some_of_a_plan_is_taken_by_number(there: CommandLine) -> None:
    ran = there.run("plan", typed=f"{MOST_YES}99\n1,3\n")
    assert ran.code == 0, ran.said
    assert "goes from 1 to 15" in ran.said  # asked again, nothing guessed
    assert [right for _company, right, _by in on_the_list(there)] == ["opt-out", "delete"]
    assert re.search(r"optout file [0-9A-Z]{4}-[0-9A-Z]{4}$", ran.out.strip())


def test_without_questions_numbers_and_companies_are_named_beforehand(there: CommandLine) -> None:
    ran = there.run("plan", "--only", APPRISS, "--take", "2", typed=ONLY_JAIL)
    assert ran.code == 0, ran.said
    assert on_the_list(there) == [(APPRISS, "access", "email")]
    help_text = there.run("plan", "--help", passphrase=None).out
    assert "optout plan --only appriss-insights --take 1,3" in help_text
    assert there.run("plan", "--take", "1", "--json").code == 2


def test_none_of_it_is_an_answer_that_says_what_can_still_be_done(there: CommandLine) -> None:
    ran = there.run("plan", typed=f"{MOST_YES}\n")
    assert ran.code == 0, ran.said
    assert "To leave them alone is an answer too" in ran.said
    assert "optout plan --only" in ran.err
    assert on_the_list(there) == []


def test_five_times_no_says_what_it_means_and_what_can_still_be_asked(there: CommandLine) -> None:
    ran = there.run("plan", typed=ALL_NO)
    assert ran.code == 0, ran.said
    assert "You said no to every question" in ran.said
    assert "nothing is missing" in ran.said
    assert "If you have a sign that one of them knows you" in ran.said
    assert "Press Enter" not in ran.said  # nobody waits where nothing is a screen
    assert on_the_list(there) == []


def test_what_is_on_the_list_goes_another_way_and_is_looked_at_again(there: CommandLine) -> None:
    there.run("plan", "--only", APPRISS, "--take", "all", typed=ONLY_JAIL)
    reference = there.run("status", "--json").json()[0]["message"]
    pdf = there.run("letter", "pdf", reference)
    assert pdf.code == 2, pdf.said
    assert f"optout plan --only {APPRISS} --by post" in pdf.err
    assert not list(there.papers.glob("letter-*"))
    explained = there.run("plan", "--explain", APPRISS, typed=ONLY_JAIL)
    assert f"On your list already: stop selling and sharing ({reference}), by e-mail" in (
        explained.out
    )
    before = there.run("file", reference, "--dry-run", "--json").json()[0]["digest"]
    moved = there.run("plan", "--only", APPRISS, "--by", "post", typed="a\n")
    assert moved.code == 0, moved.said
    assert "What you said yes to before does not count any more" in moved.out
    assert {by for _company, _right, by in on_the_list(there)} == {"post"}
    old = there.run("file", reference, "--approve", before)
    assert old.code == 1, old.said
    assert "has changed since you saw it" in old.err
    written = there.run("letter", "pdf", reference, typed="y\ny\n")
    assert written.code == 0, written.said
    assert list(there.papers.glob("letter-*.pdf"))
    stuck = there.run("plan", "--only", APPRISS, "--by", "email")
    assert stuck.code == 1, stuck.said
    assert f"optout letter post {reference} --not-sent" in stuck.err


def test_what_is_not_on_the_list_yet_is_added_where_the_rest_moves(there: CommandLine) -> None:
    there.run("plan", "--only", APPRISS, "--take", "2", typed=ONLY_JAIL)
    assert on_the_list(there) == [(APPRISS, "access", "email")]
    words = ("plan", "--only", APPRISS, "--by", "post", "--take", "1")
    both = there.run(*words, typed=f"{ONLY_JAIL}1\n")
    assert both.code == 0, both.said
    assert "picked from the list above" in both.said
    assert on_the_list(there) == [(APPRISS, "access", "post"), (APPRISS, "opt-out", "post")]
    again = there.run(*words)  # nothing is left to ask, so no question is asked
    assert again.code == 0, again.said
    assert "Five questions" not in again.said


@pytest.fixture
def short() -> Iterator[str]:
    """A folder of a short name: a browser's socket lies in it, and its path has 107 characters."""
    with tempfile.TemporaryDirectory(prefix="optout-") as folder:
        yield folder


@pytest.mark.browser
def test_a_rehearsal_says_what_stayed_empty_and_what_to_do_where_the_page_insists(
    there: CommandLine, short: str
) -> None:
    there = there.but(env={"TMPDIR": short, "OPTOUT_ALLOW_ROOT": "1"})
    there.run("plan", "--only", "lexisnexis-risk", "--take", "1", typed=MOST_YES)
    reference = there.run("status", "--json").json()[0]["message"]
    ran = there.run("file", reference, "--dry-run")
    assert ran.code == 0, ran.said
    assert "nothing was sent." in ran.out
    (empty,) = [line for line in ran.out.splitlines() if line.startswith("Left empty on purpose")]
    assert "Social Security number, Driver's license number" in empty
    assert not {"First name", "Zip", "Email"} & set(empty.split(", "))  # what was filled is not
    assert "If the page insists, stop there: nothing is sent then." in ran.out
    assert "On the real page you do this yourself: Tick" in ran.out
    command = ran.out.splitlines()[-1]
    digest = command.removeprefix(f"optout file {reference} --approve ")
    assert len(digest) == 64
    cut = there.run("file", reference, "--approve", digest[:12])
    assert cut.code == 2, cut.said
    assert "only the beginning of the number" in cut.err
