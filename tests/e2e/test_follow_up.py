"""The ladder at the real command line: silence, reminder, appeal, a complaint behind its gate."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.e2e import later
from tests.e2e.command_line import CommandLine, Ran
from tests.e2e.prepared import FIVE_YES, Made, opened, told

COMPANY = "appriss-insights"
GATE = "This puts your name and address into government files"


@dataclass
class Walk:
    """Jordan's machine, on a day that the test moves."""

    there: CommandLine
    day: int = 0

    def run(self, *words: str, typed: str = "") -> Ran:
        then = self.there.but(env={"DAYS_LATER": str(self.day)})
        return then.run(*words, typed=typed, entry=(later.__file__,))

    def json(self, *words: str) -> Any:  # noqa: ANN401 - whatever it prints
        ran = self.run(*words, "--json")
        assert ran.code == 0, ran.said
        return json.loads(ran.out)

    def messages(self) -> list[tuple[str, str]]:
        with opened(self.there.vault) as vault:
            return [(each.reference, each.purpose.value) for each in vault.messages.list()]

    def newest(self, purpose: str) -> str:
        return next(ref for ref, each in reversed(self.messages()) if each == purpose)

    def paper(self, reference: str) -> str:
        (file,) = self.there.papers.glob(f"letter-{reference}.pdf")
        pages = PdfReader(file).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def walk(jordan: Made) -> Iterator[Walk]:
    with tempfile.TemporaryDirectory(prefix="optout-") as folder:
        yield Walk(jordan.copy(Path(folder)))


def posted(walk: Walk, reference: str) -> None:
    """Look at a letter, say yes, print it, and post it."""
    told(walk.run("file", reference, typed="checked\n" + "y\n" * 6), 3, "File for you")
    told(walk.run("letter", "post", reference), 0, "it left on")


def test_the_whole_ladder(walk: Walk) -> None:
    asked = ("plan", "--only", COMPANY, "--by", "post", "--take", "1")
    told(walk.run(*asked, typed=FIVE_YES + "y\n" * 3), 0, "New on your list")
    ((request, _purpose),) = walk.messages()
    nothing_is_due(walk, request, "not sent yet")
    posted(walk, request)
    nothing_is_due(walk, request, "not over")

    walk.day = 75
    (step,) = walk.json("follow-up")
    assert (step["reference"], step["step"]) == (request, "reminder")
    assert "6-1-1306(2)(a)" in step["basis"]
    told(walk.run("status"), 0, f"optout follow-up {request}")
    told(walk.run("next"), 0, f"optout follow-up {request}")
    told(walk.run("follow-up", request), 0, "On your list: reminder, by post")
    told(walk.run("follow-up", request), 0, "on your list already: reminder")
    reminder = walk.newest("reminder")
    posted(walk, reminder)
    page = walk.paper(reminder)
    assert request in page
    assert "An answer was due by" in page

    walk.day = 92
    assert [each["step"] for each in walk.json("follow-up")] == ["appeal"]
    told(walk.run("follow-up", request), 0, "On your list: appeal")
    appeal = walk.newest("appeal")
    posted(walk, appeal)
    assert "within 45 days of receiving this appeal" in walk.paper(appeal)

    walk.day = 110
    told(walk.run("record", request, "denied"), 0, "they turned the appeal down")
    refused_then_accepted(walk, request, appeal)


def refused_then_accepted(walk: Walk, request: str, appeal: str) -> None:
    (step,) = walk.json("follow-up")
    assert (step["step"], step["ground"]) == ("complaint", "appeal-refused")
    before = walk.messages()
    told(walk.run("follow-up", request, typed="\n"), 1, GATE, "No complaint was drafted")
    told(walk.run("follow-up", request), 3, GATE)  # nobody is there to type it
    assert walk.messages() == before
    told(walk.run("follow-up", request, typed="yes\n"), 0, "On your list: a complaint")
    told(walk.run("file", "--next", "3"), 2, "Nothing waits to be sent")
    complaint = walk.newest("complaint")
    told(walk.run("file", complaint, typed="y\ny\n"), 3, "Keep for yourself", GATE)
    page = walk.paper(complaint)
    assert "To the Colorado Attorney General" in page
    assert "1300 Broadway" not in page  # takes no complaints by post
    assert len(re.findall(r"(?:reminded|appealed to) the company", page)) == 2
    assert appeal not in page
    told(walk.run("letter", "post", complaint), 0, "it left on")
    nothing_is_due(walk, request, "You complained on")


def nothing_is_due(walk: Walk, reference: str, why: str) -> None:
    told(walk.run("follow-up", reference), 2, "Nothing is due", why, "Nothing was drafted")
    assert walk.json("follow-up") == []


def test_wrong_words_are_told(walk: Walk) -> None:
    told(walk.run("follow-up", "ZZZZ-ZZZZ"), 2, "no request with that reference", "optout status")
    told(walk.run("follow-up", "--right", "delete"), 2, "go with a reference")
    told(walk.run("follow-up", "--reason", "because"), 2, "is not one of: no-exception")
    told(walk.run("record", "ZZZZ-ZZZZ", "fulfilled", "--because", "no_match"), 2, "refusal only")
