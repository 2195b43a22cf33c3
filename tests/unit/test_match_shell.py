"""`optout match`: one pair in words, many for a program, and lines that nobody can read."""

from __future__ import annotations

import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from optout.cli import main as shell
from optout.model.listing import Verdict
from optout.workflows.match_pairs import LONGEST_LINE, Answer, Pairs
from tests.unit.matching.read import HERE, read

JORDAN = {"name": "Jordan Sample", "born": 1984, "places": ["Denver CO"]}
ROW = {"name": "SAMPLE, JORDAN", "age": 42, "places": [{"city": "Denver", "state": "CO"}]}
ON = "2026-11-22"
GOOD = {"subject": JORDAN, "listing": ROW, "today": ON}


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = shell.main(["match", *map(str, words)])
    told = capsys.readouterr()
    return code, told.out, told.err


def answered(*lines: object) -> list[Answer]:
    written = b"".join(
        line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines
    )
    return list(Pairs(date.fromisoformat(ON)).answers(io.BytesIO(written)))


def wrong(line: object) -> str:
    (answer,) = answered(line)
    assert answer.match is None
    return str(answer.wrong)


def pair(side: str, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {**GOOD, side: {**GOOD[side], **changed}}  # type: ignore[dict-item]  # both sides are objects


def test_each_line_gets_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "pairs.jsonl"
    other = {**GOOD, "listing": {**ROW, "age": 70}}
    pairs.write_text("\n".join(map(json.dumps, (GOOD, other))), "utf-8")
    code, out, err = run(capsys, "--pairs", pairs, "--json")
    assert (code, err) == (0, "")
    assert [json.loads(line) for line in out.splitlines()] == [
        {
            "verdict": "same",
            "reasons": ["The name is the same.", "The age agrees.", "Both name Denver CO."],
        },
        {
            "verdict": "other",
            "reasons": [
                "The name is the same.",
                "The ages are 28 years apart.",
                "Both name Denver CO.",
            ],
        },
    ]


def test_a_bad_line_loses_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "pairs.jsonl"
    good = json.dumps(GOOD)
    pairs.write_text(f"{good}\nnonsense\n\n{good}\n", "utf-8")
    code, out, err = run(capsys, "--pairs", pairs, "--json")
    first, bad, last = map(json.loads, out.splitlines())
    assert code == 2
    assert first == last
    assert bad == {"verdict": None, "reasons": [], "line": 2, "error": "The line is not JSON."}
    assert "could not be read: 1" in err
    code, out, _err = run(capsys, "--pairs", pairs)
    assert code == 2
    assert "Line 2: The line is not JSON." in out
    assert "Line 4: This looks like the person." in out
    assert "The person: 2. Not sure: 0. Somebody else: 0." in out


def test_one_pair_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "row.json"
    file.write_text(json.dumps({**ROW, "age": None, "phones": []}), "utf-8")
    code, out, _err = run(capsys, "--subject", json.dumps(JORDAN), "--listing", file)
    assert code == 0
    assert out.splitlines() == [
        "This may be the person. Look at it yourself.",
        "",
        "What agrees:",
        "- The name is the same.",
        "- Both name Denver CO.",
        "",
        "What is open:",
        "- There is no age to compare.",
        "- That is not enough to be sure.",
    ]


def test_one_pair_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    row = json.dumps({**ROW, "name": "Robin Sample"})
    code, out, _err = run(capsys, "--subject", json.dumps(JORDAN), "--listing", row, "--json")
    assert (code, json.loads(out)) == (0, {"verdict": "other", "reasons": ["The names differ."]})


def test_pairs_come_through_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    code, out, _err = run(capsys, "--pairs", "-", "--json")
    assert (code, json.loads(out)["verdict"]) == (0, "same")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--subject", "{}"],
        ["--pairs", "x.jsonl", "--subject", "{}"],
        ["--pairs", "/nowhere/x.jsonl"],
        ["--pairs", "/"],
        ["--subject", "/nowhere.json", "--listing", "{}"],
        ["--subject", '{"name":', "--listing", "{}"],
        ["--subject", "{}", "--listing", "{}"],
        ["--subject", "[1]", "--listing", "{}"],
    ],
)
def test_wrong_words_are_told_and_change_nothing(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"{\n", "not JSON"),
        (b"\xff\xfe\n", "not JSON"),
        (b"[" * 100_000 + b"\n", "not JSON"),
        (b'{"subject": {"name": "x", "born": ' + b"9" * 5_000 + b"}}\n", "not JSON"),
        (b'"' + b"x" * LONGEST_LINE + b'"\n', "too long"),
        (7, "not a JSON object"),
        ({}, "no “subject”"),
        ({"subject": JORDAN}, "no “listing”"),
        ({"subject": [], "listing": ROW}, "“subject” is not a JSON object"),
        (pair("subject", name=None), "no name"),
        (pair("subject", name=" "), "no name"),
        (pair("listing", name=5), "not a text"),
        (pair("subject", born="84"), "1984-05-31"),
        (pair("subject", born="1984-02-30"), "1984-05-31"),
        (pair("subject", born=3000), "1850"),
        (pair("subject", born=True), "not a number"),
        (pair("subject", places={"city": "Denver"}), "not a list"),
        (pair("subject", phones=[True]), "not a text"),
        (pair("listing", relatives=[["x"]]), "not a text"),
        (pair("listing", places=[{"city": 5}]), "not a text"),
        (pair("listing", age=[]), "not a number"),
        (b'{"subject": {"name": "x"}, "listing": {"name": "x", "age": NaN}}\n', "not a number"),
        ({**GOOD, "today": "tomorrow"}, "2026-11-22"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: object, what: str) -> None:
    assert what in wrong(line)


def test_the_lines_after_one_without_end_are_answered() -> None:
    endless = b"x" * (3 * LONGEST_LINE + 5) + b"\n"
    first, second = answered(endless, GOOD)
    assert (first.line, first.match) == (1, None)
    assert second.line == 2
    assert second.match is not None


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (pair("subject", born=None), "unsure"),
        (pair("subject", born=""), "unsure"),
        (pair("subject", born="1984"), "same"),
        (pair("subject", born="1984-03"), "same"),
        (pair("subject", born="1984-03-02"), "same"),
        (pair("listing", age="42"), "same"),
        (pair("listing", age="42 years old"), "same"),
        (pair("listing", age="Age: 70"), "other"),
        (pair("listing", age="40s"), "unsure"),
        (pair("listing", age="70-79"), "unsure"),
        (pair("listing", age="unknown"), "unsure"),
        (pair("listing", age=None, born="1984"), "same"),
        (pair("listing", age=None, born=1955), "other"),
        (pair("listing", places="Denver, Colorado"), "same"),
        (pair("listing", places=[], addresses=[{"city": "Denver", "state": "CO"}]), "same"),
        (pair("listing", places=[None]), "unsure"),
        (pair("listing", name="J Sample", alternative_names=["Jordan Sample"]), "same"),
        (pair("listing", name=None), "unsure"),
        (pair("listing", phones=[3035550101]), "same"),
        (b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n", "same"),
        ({**GOOD, "today": "2056-11-22"}, "other"),
        ({**pair("subject", born=2040), "today": "2082-11-22"}, "same"),
    ],
)
def test_what_can_be_understood_is(line: object, verdict: str) -> None:
    (answer,) = answered(line)
    assert answer.wrong is None
    assert answer.match is not None
    assert answer.match.verdict == verdict


def test_a_person_told_twice_and_another_one_are_told_apart() -> None:
    other = {**GOOD, "subject": {**JORDAN, "name": "Robin Sample"}}
    verdicts = [answer.match.verdict for answer in answered(GOOD, other, GOOD) if answer.match]
    assert verdicts == [Verdict.SAME, Verdict.OTHER, Verdict.SAME]


def test_a_key_that_means_nothing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    row = json.dumps({**ROW, "relativs": [], "profile_url": "https://example-people.test/1"})
    code, _out, err = run(capsys, "--subject", json.dumps(JORDAN), "--listing", row)
    assert (code, err) == (0, "Not read, for they mean nothing here: relativs\n")


def test_a_name_made_to_move_the_cursor_moves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    row = json.dumps({**ROW, "places": ["\x1b[2JDenver\u202e CO"], "\x1b]0;x": 1})
    for more in ([], ["--json"]):
        _code, out, err = run(capsys, "--subject", json.dumps(JORDAN), "--listing", row, *more)
        assert "\x1b" not in out + err
        assert "\u202e" not in out + err


def test_the_command_answers_the_labelled_pairs_as_the_rule_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _err = run(capsys, "--pairs", HERE / "held_back.jsonl", "--json")
    verdicts = [json.loads(line)["verdict"] for line in out.splitlines()]
    assert code == 0
    assert len(verdicts) == len(read("held_back.jsonl"))
    wrong = [
        line["kind"]
        for line, verdict in zip(read("held_back.jsonl"), verdicts, strict=True)
        if verdict == "same" and not line["is_person"]
    ]
    assert wrong == []
    assert verdicts.count("same") > 100
