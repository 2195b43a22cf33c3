"""Everything that reads: JSON that parses, plain screens, and no fault in another language.

With an empty folder, and with one in which much has happened.
"""

from __future__ import annotations

import json
import os
import pty
import re
from pathlib import Path

import pytest

from optout.model.request import Reference
from optout.model.words import By
from optout.sample.servers import World
from tests.e2e.command_line import Ran
from tests.e2e.prepared import (
    FILE,
    FIVE_YES,
    MAIL,
    OUR_MISTAKE,
    RISK,
    Made,
    opened,
    reference,
    told,
)

BOX_DRAWING = re.compile("[\u2500-\u257f]")
ESCAPE = "\x1b"
ALWAYS = (
    "status",
    "next",
    "review",
    "due",
    "follow-up",
    "exports",
    "doctor",
    "person list",
    "broker list --samples",
    "broker show lexisnexis-risk",
    "broker show sample-risk-data --right delete",
    "law list",
    "law show us-co-cpa",
    "law due --law us-co-cpa --right delete --received 2026-11-02",
    "vault info",
    "vault audit",
    "vault key list",
)
OF_A_PERSON = ("person show", "report")


@pytest.fixture(scope="module")
def full(practice: Made, companies: World, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One letter posted, one mail sent and refused, and the other requests waiting."""
    there = practice.copy(tmp_path_factory.mktemp("full"), places=companies.places())
    letter, mail = reference(there, FILE, By.POST), reference(there, MAIL, By.EMAIL)
    told(there.run("file", letter, mail, typed="y\n" * 4), 3, letter, mail)
    with opened(there.vault) as vault:
        message = vault.messages.by_reference(Reference(mail))
        assert message
        request = vault.requests.get(message.request_ids[0])
    for ran in there.each(
        ["letter", "post", letter],
        ["letter", "post", mail],
        ["record", request.reference, "denied", "--exemption", "GLBA"],
    ):
        told(ran, 0)
    return Made(there)


def reads(full: Made) -> list[list[str]]:
    letter = reference(full.there, FILE, By.POST)
    return [line.split() for line in (*ALWAYS, *OF_A_PERSON, f"letter show {letter}")]


def ended_well(words: list[str], ran: Ran) -> None:
    """Check that there is no fault; `doctor` may find something to mend."""
    assert ran.code in ({0, 1} if words[0] == "doctor" else {0}), ran.said
    assert OUR_MISTAKE not in ran.said
    assert "Traceback" not in ran.said


# ---- JSON ----


def parse(words: list[str], ran: Ran) -> object:
    ended_well(words, ran)
    found = json.loads(ran.out)
    assert found is not None
    assert ESCAPE not in ran.out
    return found


def test_json_of_every_read_parses_in_an_empty_folder(empty: Made) -> None:
    found = [line.split() for line in ALWAYS]
    said = empty.there.each(*([*words, "--json"] for words in found))
    read = {words[0]: parse(words, ran) for words, ran in zip(found, said, strict=True)}
    assert read["status"] == read["next"] == read["due"] == read["person"] == []
    of_nobody = [line.split() for line in OF_A_PERSON]
    for ran in empty.there.each(*([*words, "--json"] for words in of_nobody)):
        told(ran, 2, "Nobody is in this folder yet", "optout person add")
        assert ran.out == ""


def test_json_of_every_read_parses_in_a_full_folder(full: Made) -> None:
    found = reads(full)
    said = full.there.each(*([*words, "--json"] for words in found))
    read = {words[0]: parse(words, ran) for words, ran in zip(found, said, strict=True)}
    for name in ("status", "next", "due", "exports", "person", "report"):
        assert read[name], "the control: there is something to read"


def test_questions_stay_out_of_the_json(full: Made, tmp_path: Path) -> None:
    there = full.copy(tmp_path)
    form = reference(there, RISK, By.WEB)
    ran = there.run("plan", "--json", typed=FIVE_YES)
    told(ran, 0, "Have you had a loan")
    assert "lines" in ran.json()
    (again,) = there.each(["file", form, "--json"])
    told(again, 3, "nobody can give one")
    assert again.json() == []
    (rehearsed,) = there.each(["file", reference(there, MAIL, By.EMAIL), "--dry-run", "--json"])
    assert len(rehearsed.json()) == 1


# ---- plain ----


def test_plain_screens_have_no_codes_and_no_boxes(full: Made, empty: Made) -> None:
    found = reads(full)
    said = full.there.each(*([*words, "--plain"] for words in found))
    empty_too = [line.split() for line in ALWAYS]
    said += empty.there.each(*([*words, "--plain"] for words in empty_too))
    for words, ran in zip([*found, *empty_too], said, strict=True):
        ended_well(words, ran)
        assert ESCAPE not in ran.said
        assert not BOX_DRAWING.search(ran.said)


def test_plain_holds_on_a_terminal_too(full: Made) -> None:
    drawn = []
    wide = full.there.but(env={"TERM": "xterm", "COLUMNS": "200", "LINES": "50"})
    for words in (["person", "show"], ["--plain", "person", "show"]):
        ours, theirs = pty.openpty()
        running = wide.start(*words, stdout=theirs)
        os.close(theirs)
        drawn.append(read_terminal(ours))
        told(running.end(), 0)
    assert BOX_DRAWING.search(drawn[0]), "the control: a terminal gets a table"
    assert not BOX_DRAWING.search(drawn[1])
    assert ESCAPE not in drawn[1]
    assert "Who may get it: " in drawn[1]


def read_terminal(ours: int) -> str:
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # nobody is on the other side any more
        pass
    os.close(ours)
    return shown.decode()


# ---- other languages ----


def test_no_read_has_a_fault_in_spanish(full: Made, empty: Made) -> None:
    env = {"LANG": "es_ES.UTF-8"}
    found, empty_too = reads(full), [line.split() for line in ALWAYS]
    said = full.there.but(env=env).each(*found)
    assert "formulario web" in said[0].out, "the control: it is that language"
    said += empty.there.but(env=env).each(*empty_too)
    for words, ran in zip([*found, *empty_too], said, strict=True):
        ended_well(words, ran)
