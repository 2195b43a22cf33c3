"""Proves that somebody who reads only Spanish meets no English sentence on any screen.

What stays English: the letters (to companies in the United States), names, and companies' own
words. The page is walked by tests/web; the practice run needs a browser.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from optout.catalog.brokers import list_brokers
from optout.catalog.laws import list_laws
from optout.sample.people import JORDAN
from optout.workflows.keep_person import card_of
from tests.e2e.command_line import CommandLine, Ran
from tests.e2e.prepared import Made, add, told
from tests.e2e.spot_english import english_in

SPANISH: Final = {"OPTOUT_LANG": "es"}
NAMES: Final = (  # of offices, companies and laws inside our own sentences
    "Shine the Light",
    "TransUnion Risk and Alternative Data Solutions",
    "Office of Professional Review",
    "Secretary of State",
    "Department of Justice",
    "Safe at Home",
    "Terms of use",
    "Terms of Use",
    "Act 138 of 2026",
    "I want to place a security freeze",
    "I want my consumer disclosure report, by post",
    "I want my Innovis credit report, by post",
)


def of_letters(screen: str) -> str:
    """Take out what is a letter: it stands behind a bar."""
    return "\n".join(line for line in screen.splitlines() if not line.strip().startswith("|"))


def english_on(screen: str) -> list[str]:
    return english_in(of_letters(screen), spared=NAMES)


@pytest.fixture(scope="module")
def person(jordan: Made, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """Jordan, who reads Spanish, with a real plan on the list."""
    there = jordan.copy(tmp_path_factory.mktemp("spanish"), env=SPANISH)
    planned = there.run("plan", typed="sí\n" + "s\n" * 5 + "a\n")
    told(planned, 0, "Nuevas en su lista")
    assert english_on(planned.said) == []
    return there


def references(person: CommandLine) -> dict[str, str]:
    """Return one message of each way of sending."""
    rows = json.loads(person.run("status", "--json").out)
    return {row["by"]: row["message"] for row in reversed(rows)}


def check(commands: Sequence[Sequence[str]], answers: Sequence[Ran]) -> None:
    found = {
        " ".join(command): left
        for command, ran in zip(commands, answers, strict=True)
        if (left := english_on(ran.said))
    }
    assert found == {}


def test_the_first_screens(tmp_path: Path) -> None:
    there = CommandLine(tmp_path, env=SPANISH)
    made = there.run("init", typed="s\n\n")
    told(made, 0, "optout person add")
    kept = add(there, card_of(JORDAN))
    asked = there.run("person", "add", typed="Ana\n\nSample\n\nCO\n")
    guided = there.run("start", typed="s\n" * 20)
    check([["init"], ["add"], ["person", "add"], ["start"]], [made, kept, asked, guided])


def test_lists_and_looks(person: CommandLine) -> None:
    ways = references(person)
    commands = [
        *([word] for word in ("status", "next", "due", "follow-up", "doctor", "exports", "report")),
        *(["person", word] for word in ("show", "list")),
        *([word, "list"] for word in ("law", "broker", "records")),
        *(["file", reference, "--dry-run"] for reference in ways.values()),
        *([word, "--help"] for word in ("plan", "file", "record", "vault", "broker", "web")),
        ["broker", "show", "nobody"],
        ["law", "show", "nothing"],
        ["plan", "--only", "nobody"],
        ["reconcile", "ABCD-EFGH"],
    ]
    check(commands, person.each(*commands))


def test_what_is_done_and_what_went_wrong(person: CommandLine) -> None:
    mail = references(person)["email"]
    done = [
        person.run("file", mail, typed="enviar\n" * 6),
        person.run("letter", "post", mail, "--on", "1999-01-01"),
        person.run("confirm", mail, typed="hola\n"),
        person.run("record", mail, "denied", "--on", "1999-01-01"),
        person.run("request", "--company", "Acme", "--to", "privacy@example.com", typed="s\n1\n"),
        person.run("plan", "--drop"),
    ]
    check([["file"], ["post"], ["confirm"], ["record"], ["request"], ["drop"]], done)


def test_every_company_and_every_law(person: CommandLine) -> None:
    commands: list[list[str]] = []
    for broker in list_brokers():
        commands.append(["broker", "show", broker.slug, "--all"])
        rights = dict.fromkeys(channel.right for channel in broker.channel)
        commands += [["broker", "show", broker.slug, "--right", right.value] for right in rights]
    dates = ("--received", "2026-11-02", "--denied-on", "2026-11-20")
    for law in list_laws().values():
        commands.append(["law", "show", law.id])
        commands += [
            ["law", "due", "--law", law.id, "--right", right.value, *dates] for right in law.rights
        ]
    check(commands, person.each(*commands))


@pytest.mark.browser
def test_the_practice_run() -> None:
    env = {"LANG": "es_US.UTF-8", "OPTOUT_ALLOW_ROOT": "1"}
    # Not in pytest's folder: a browser's socket lies below, and its path has 107 characters.
    with tempfile.TemporaryDirectory(prefix="optout-") as folder:
        ran = CommandLine(Path(folder), env=env).run("demo", "--plain")
    told(ran, 0, "Una práctica")
    check([["demo"]], [ran])


def test_in_english_every_screen_is_found(person: CommandLine) -> None:
    """The control: without the catalog each of these is English, and is seen to be."""
    there = person.but(env={"OPTOUT_LANG": "en"})
    commands = [["status"], ["next"], ["doctor"], ["broker", "show", "spokeo"], ["law", "list"]]
    for ran in there.each(*commands):
        assert english_on(ran.said) != []
    assert english_on("No se envió nada.\nNothing was sent.") != []
    assert english_on("No se envió nada.") == []
