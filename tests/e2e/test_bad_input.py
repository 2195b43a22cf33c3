"""What people type wrongly: a clear error with the way on, the right exit code, nothing changed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from optout.model.words import By
from tests.e2e.command_line import CommandLine
from tests.e2e.prepared import CARD, FILE, MAIL, RISK, Made, add, kept, reference, told

HOME = {"street": "1 Example Street", "city": "Denver", "state": "CO", "zip": "8020"}


def test_a_wrong_zip_and_an_impossible_date_are_asked_again(empty: Made, tmp_path: Path) -> None:
    there = empty.copy(tmp_path)
    answers = [
        *("1", "Riley", "", "Sample", "Colorrado", "Colorado"),
        *("1990-02-30", "4/12/1990", "1"),
        *("100 Example Street", "", "Denver", "CO", "8020", "80202", "2099-01-01", "", "1"),
        *("", "5", "4", "7", "5"),
    ]
    ran = there.run("person", "add", typed="".join(f"{line}\n" for line in answers))
    told(ran, 0, "this one has 4", "That date does not exist, or has not come yet")
    told(ran, 0, "not a state", "a number from 1 to 4", "a number from 1 to 5")
    assert kept(there.vault)["people"] == {"Riley"}


CARDS: dict[str, tuple[object, tuple[str, ...]]] = {
    "a ZIP code of four digits": (
        {**CARD, "addresses": [HOME]},
        ("addresses[0]", "five digits"),
    ),
    "an impossible date": ({**CARD, "born": "1990-02-30"}, ("born: That date does not exist",)),
    "a Social Security number": ({**CARD, "ssn": "x"}, ("never stores ssn",)),
    "one among the names": (
        {**CARD, "name": {"given": "Jordan", "middle": "987-65-4321"}},
        ("“middle” looks like a Social Security",),
    ),
    "an immigration number": ({**CARD, "A-Number": "x"}, ("never stores A-Number",)),
    "a status, deep inside": (
        {**CARD, "phones": [{"phone": "303-555-0142", "immigrationStatus": "x"}]},
        ("never stores immigrationStatus",),
    ),
    "a key written wrong": ({**CARD, "adresses": []}, ("adresses", "did you mean addresses?")),
    "a number for a list": ({**CARD, "phones": 7}, ("phones: must be a list",)),
    "no name": ({"state": "CO"}, ("name: is missing something",)),
    "a zone that is none": ({**CARD, "zone": "../../etc"}, ("zone",)),
    "a list": ([1, 2], ("The card is not JSON", '{"name": {"given": "Jordan"}, "state": "CO"}')),
}


def test_a_card_with_anything_wrong_changes_nothing(jordan: Made, tmp_path: Path) -> None:
    there = jordan.copy(tmp_path)
    before = kept(there.vault)
    files = {name: tmp_path / f"{number}.json" for number, name in enumerate(CARDS)}
    for name, path in files.items():
        path.write_text(json.dumps(CARDS[name][0]), "utf-8")
    broken = tmp_path / "broken.json"
    broken.write_bytes(b'{"name": \xff')
    cards = [*files.values(), broken, tmp_path / "nowhere.json", tmp_path]
    ran = there.each(*(["person", "add", "--from", str(card)] for card in cards))
    words = [*(words for _card, words in CARDS.values()), ("The card is not JSON",)]
    for each, expected in zip(ran, [*words, ("cannot be read",), ("cannot be read",)], strict=True):
        told(each, 2, *expected, "Nothing was changed")
        assert "987-65-4321" not in each.said
    assert kept(there.vault) == before


def test_two_people_never_have_one_label(jordan: Made, tmp_path: Path) -> None:
    there = jordan.copy(tmp_path)
    told(add(there, CARD), 0, "Kept in the locked folder: Jordan Sample.")
    card = str(tmp_path / "card.json")
    again, which, nobody, number = there.each(
        ["person", "add", "--from", card],
        ["plan"],
        ["person", "show", "--person", "Nope"],
        ["person", "show", "--person", "3"],
    )
    told(again, 2, "already a person called Jordan")
    told(which, 2, "Which person do you mean?", "--person NUMBER")
    for each in (nobody, number):
        told(each, 2, "Nobody here is called that", "There are 2 people", "optout person list")
    assert kept(there.vault)["people"] == {"Jordan", "Jordan Sample"}


NO_REQUEST = ("no request with that reference", "optout status")
UNKNOWN_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("plan --explain nope", ("no company of that name", "optout broker list")),
    ("plan --only nope", ("no company of that name", "optout broker list")),
    ("broker show nope", ("no company of that name", "optout broker list")),
    ("broker show lexisnexis-rsk", ("Did you mean lexisnexis-risk?",)),
    ("law show us-xx", ("law", "optout law list")),
    ("law show us-co-cpaa", ("Did you mean us-co-cpa?",)),
    ("law due --law us-xx --right delete --received 2026-11-02", ("law", "optout law list")),
    (
        "law due --law us-co-cpa --right delete --received 2026-02-30",
        ("is not a date", "Write year-month-day"),
    ),
    ("file XXXX-YYYY", NO_REQUEST),
    ("file ../../etc/passwd", NO_REQUEST),
    ("letter show XXXX-YYYY", NO_REQUEST),
    ("letter pdf XXXX-YYYY", NO_REQUEST),
    ("letter post XXXX-YYYY", NO_REQUEST),
    ("record XXXX-YYYY denied", NO_REQUEST),
    ("reconcile XXXX-YYYY", NO_REQUEST),
    ("confirm XXXX-YYYY", NO_REQUEST),
    ("report --proof XXXX-YYYY", NO_REQUEST),
    ("next --done XXXX-YYYY", NO_REQUEST),
    ("record X maybe", ("'maybe' is not one of: acknowledged",)),
    ("letter post X --on 2026-02-30", ("is not a date", "Write year-month-day")),
    ("record X denied --on 31.12.2026", ("is not a date", "Write year-month-day")),
    ("plann", ("There is no command 'plann'", "Did you mean plan")),
    ("person show --person Nope", ("Nobody here is called that", "optout person list")),
    ("person edit --share address=all", ("is not understood", "never, known")),
    ("file --next many", ("is not a whole number",)),
)


def test_a_name_that_does_not_exist_is_met_with_the_way_on(jordan: Made, tmp_path: Path) -> None:
    there = jordan.copy(tmp_path)
    before = kept(there.vault)
    ran = there.each(*(words.split() for words, _said in UNKNOWN_WORDS))
    for each, (_words, said) in zip(ran, UNKNOWN_WORDS, strict=True):
        told(each, 2, *said)
        assert each.out == ""
    assert kept(there.vault) == before


def test_letters_answers_and_dates_in_the_wrong_order(here: CommandLine) -> None:
    letter, web = reference(here, FILE, By.POST), reference(here, RISK, By.WEB)
    mail = reference(here, MAIL, By.EMAIL)
    later = (date.today() + timedelta(days=40)).isoformat()  # noqa: DTZ011 - the machine's day
    before = kept(here.vault)
    too_early = {
        f"letter post {letter}": (1, "has not been written yet"),
        f"letter post {letter} --not-sent": (1, "has not been written yet"),
        f"letter pdf {web}": (2, "Nothing was written or sent"),
        f"record {letter} denied": (1, "was never sent"),
        f"record {mail} denied": (2, "Nothing was changed"),
        f"file {letter} --approve {'0' * 64}": (1, "has changed since you saw it"),
        f"confirm {web}": (1, "sends no confirmation mail"),
        f"reconcile {web}": (1, "There is no doubt"),
    }
    for ran, (code, said) in zip(
        here.each(*(words.split() for words in too_early)), too_early.values(), strict=True
    ):
        told(ran, code, said)
    assert kept(here.vault) == before
    told(here.run("letter", "pdf", letter, typed="y\ny\n"), 0, "Print the letter", "Keep for")
    then = (
        (f"record {letter} denied", 3, "optout letter post"),
        (f"letter post {letter} --on {later}", 2, "has not come yet"),
        (f"letter post {letter} --on 2020-01-01", 2, "is before this was written"),
        (f"letter post {letter}", 0, "Sent does not mean that it arrived"),
        (f"letter post {letter}", 1, "is not waiting for you"),
        (f"record {letter} denied --on 2020-01-01", 2, "is before the request was sent"),
        (f"record {letter} denied --on {later}", 2, "has not come yet"),
        (f"letter pdf {letter}", 1, "was already sent"),
        (f"letter show {letter}", 0, "Sample Employment File"),
    )
    ended = here.each(*(words.split() for words, _code, _said in then))
    for ran, (_words, code, said) in zip(ended, then, strict=True):
        told(ran, code, said)
    assert kept(here.vault)["messages"][letter] == "sent"
    (listed,) = here.each(["exports", "--json"])
    assert len(listed.json()) == len(list(here.papers.iterdir())) == 2
