"""An office at the command line: its docket, its page, its tables, closing one and erasing one."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from optout.workflows.keep_person import card_of
from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import Made, add, now, told
from tests.e2e.test_clinic_paper_day import counted, plan
from tests.many_clients import marked_client

CLIENTS = 3
START = ("clinic", "start", "--office", "Example Legal Aid", "--responsible", "Robin Example")


@pytest.fixture(scope="session")
def printed(empty: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """An office with three clients; their letters are printed."""
    there = empty.copy(tmp_path_factory.mktemp("ending"))
    told(there.run(*START), 0)
    for number in range(1, CLIENTS + 1):
        told(add(there, card_of(marked_client(number))), 0)
    checked = ("clinic", "conflict", "--all", "--by", "Robin Example")
    told(there.run(*checked, typed=f"{CLIENTS}\n"), 0)
    told(plan(there), 0, "New on the lists:")
    sign_everything(there)
    told(counted(there, "approve"), 0, "Approved:")
    told(there.run("clinic", "print", "1-2"), 0, "Written down as printed")
    return Made(there)


def sign_everything(there: CommandLine) -> None:
    """Write down what each client signs for the requests that wait, then that it is signed."""
    until = (now() + timedelta(days=180)).date()
    told(there.run("clinic", "authorize", "all", "--until", until.isoformat()), 0)
    papers = ("consent", "engagement", "--person", "all", "--together")
    told(there.run("clinic", "papers", "write", *papers), 0)
    scan = there.folder / "scan.pdf"
    waiting = there.run("clinic", "authorizations", "--json").json()
    assert [each["kind"] for each in waiting].count("engagement") == CLIENTS
    for paper in waiting:
        scan.write_text(f"%PDF-1.7 signed by client {paper['client']}")
        told(there.run("clinic", "signed", paper["reference"], "--scan", str(scan)), 0, "Kept for")
    assert "unsigned" in {each["state"] for each in waiting}
    after = there.run("clinic", "authorizations", "--json").json()
    assert {each["state"] for each in after} == {"signed"}


def test_from_the_docket_to_the_end_of_two_files(printed: Made, tmp_path: Path) -> None:
    there = printed.copy(tmp_path)
    ran = there.run("clinic", "docket")
    told(ran, 0, "Nobody answers for these clients yet", "Printed, not posted yet")
    ran = there.run("clinic", "summary", "--pdf", str(tmp_path / "week.pdf"), "--outside")
    told(ran, 0, "Do not give out two of them within weeks")
    ran = there.run("clinic", "export", "--format", "merge", typed=f"{CLIENTS}\n")
    told(ran, 0, "addresses-", "optout exports --delete")
    told(there.run("clinic", "close", "1", typed="y\n"), 3, "is printed or written")
    stack = there.run("clinic", "posted", "--json").json()[0]["number"]
    told(there.run("clinic", "posted", stack), 0, "Written down as posted")
    told(there.run("clinic", "docket", "--days", "60"), 0, "Due:", "Requests that wait")
    ran = there.run("clinic", "close", "1", "--keep-until", "2033-11-30", typed="y\n")
    told(ran, 0, "nobody here watches them", "Closed.", "It is not locked")
    (file,) = there.papers.glob("file-*.zip")
    with zipfile.ZipFile(file) as packed:
        assert {"report.pdf", "report.json", "SHA256SUMS"} < set(packed.namelist())
        assert packed.testzip() is None
    ran = there.run("clinic", "plan", "1", "--only", "acxiom", typed="y\ny\ny\ny\ny\n")
    told(ran, 0, "This client's file is closed.")
    told(there.run("person", "forget", "--person", "2", typed="erase\n"), 3, "office's")
    told(there.run("clinic", "hold", "2"), 0, "Held")
    erase = ("clinic", "erase", "2", "--ground", "client-asked", "--lawyer", "Sam Example")
    told(there.run(*erase, typed="erase\n"), 1, "hold 2 --release")
    told(there.run("clinic", "hold", "2", "--release", typed="y\n"), 0, "No hold")
    told(there.run(*erase[:3], typed="erase\n"), 2, "--ground")
    ran = there.run(*erase, typed="erase\n")
    told(ran, 0, "Receipt", "May still be in these files", "exports --delete", "papers-")
    told(there.run("clinic", "erase"), 0, "Decided by: Sam Example, lawyer")
    told(there.run("vault", "audit", "--last", "3"), 0, "A person was erased", "in one chain")
    people = there.run("person", "list", "--json").json()
    assert len(people) == CLIENTS - 1
