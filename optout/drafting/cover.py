"""The sheet that stays with the person who posts a letter. Nothing of it goes to the company."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from optout.drafting.pdf import compiled
from optout.i18n import entry, say
from optout.model.secret import Personal
from optout.text import Text

_IDENTITY_PAPER: Final = re.compile(
    r"\b(?:identity|identification) (?:paper|card|document)|\bID\b|\blicen[cs]e\b"
)
_BEFORE_FILING: Final = Text("Before you file it")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CoverSheet(Personal):
    """What one letter still needs from a person's hands.

    `check` says what is not sure about the address and where to look; with it, the address was
    not printed on the letter, and this sheet asks for it to be written by hand.
    """

    reference: str
    recipient_lines: tuple[str, ...]
    check: tuple[str, ...] = ()
    enclose: tuple[str, ...] = ()
    blank_ssn_line: bool = False
    has_return_address: bool = True
    office: tuple[str, ...] = ()  # of a complaint: where the office takes it, what to check
    copies: str = ""  # with it: which papers go along
    online_only: bool = False  # no envelope: the office's address is not sure, or takes no post
    agent: str = ""  # who signs as the person's agent; empty: the person signs
    sworn: bool = False  # a sentence that is signed under penalty of perjury, by hand
    done: str = ""  # what records the posting; empty: an office records it
    language: str = "en"  # of the words on the sheet
    large_print: bool = False


def cover_sheet_pdf(sheet: CoverSheet) -> bytes:
    """Set the sheet: one page, in the person's language, apart from the letter."""
    parts = (_check(sheet), _office(sheet), _put_in(sheet), _by_hand(sheet), _post(sheet))
    page: dict[str, Any] = {
        "title": say(_BEFORE_FILING if sheet.online_only else Text("Before you post it")),
        "keep": say(Text("This sheet is for you. Do not put it into the envelope.")),
        "language": sheet.language,
        "large_print": sheet.large_print,
        "reference_line": sheet.reference,
        "recipient_lines": sheet.recipient_lines,
        "parts": [
            {"title": say(title), "tick": True, "lines": lines}
            for title, lines in ((title, [*lines]) for title, lines in parts)
            if lines
        ],
    }
    return compiled("cover.typ", page)


def _check(sheet: CoverSheet) -> tuple[Text, Iterator[str]]:
    def lines() -> Iterator[str]:
        if sheet.check:
            yield say(Text("This address is not sure. It is not printed on the letter."))
            yield from sheet.check
            yield say(Text("When it is right, write it on the envelope by hand."))

    return Text("Check the address first"), lines()


def _office(sheet: CoverSheet) -> tuple[Text, Iterator[str]]:
    return Text("Where the office takes it"), iter(sheet.office)


def _put_in(sheet: CoverSheet) -> tuple[Text, Iterator[str]]:
    def lines() -> Iterator[str]:
        yield say(Text("The letter, every page of it."))
        yield from map(entry, sheet.enclose)
        yield from _identity_paper(sheet)
        if sheet.office:
            yield sheet.copies
        if sheet.enclose or sheet.office:
            yield say(Text("Send copies. Keep every original."))

    together = Text("Have these at hand") if sheet.online_only else Text("Put into the envelope")
    return together, lines()


def _identity_paper(sheet: CoverSheet) -> Iterator[str]:
    """Yield the dangers of a copy, wherever one is asked for: it can tell a nationality."""
    if not any(_IDENTITY_PAPER.search(what) for what in sheet.enclose):
        return
    yield say(
        Text(
            "Never a passport or a paper of another country, and no licence that carries a mark of "
            "limited use."
        )
    )
    yield say(
        Text(
            "On the copy, cover the number, the photo and the place of birth. Write across it: "
            "only for {company}, and the day.",
            company=next(iter(sheet.recipient_lines), "…"),
        )
    )
    yield say(Text("If you have no other paper, send none and ask what else they take."))


def _by_hand(sheet: CoverSheet) -> tuple[Text, Iterator[str]]:
    def lines() -> Iterator[str]:
        if sheet.agent:
            yield say(
                Text("Sign for {agent}, above its name: never in the client's.", agent=sheet.agent)
            )
        else:
            yield say(Text("Sign above your name."))
        if sheet.sworn:
            yield say(
                Text(
                    "Read every line again. Sign the sworn sentence only if all of it is true; "
                    "write the day and the place yourself."
                )
            )
        if sheet.blank_ssn_line:
            yield say(
                Text(
                    "Write your Social Security number on its line, if you want to send it."
                    " Without it they may ask again. Keep no copy of that page."
                )
            )
        if not sheet.has_return_address:
            yield say(Text("No return address is printed. The letter says where to answer."))

    return Text("Write by hand"), lines()


def _post(sheet: CoverSheet) -> tuple[Text, Iterator[str]]:
    def lines() -> Iterator[str]:
        if sheet.online_only:
            yield say(Text("File it on the office's own page. Type it there, or add this paper."))
            if sheet.done:
                yield say(Text("When you have done that: {command}", command=sheet.done))
            return
        yield say(Text("Fold at the two small marks, with the address outside."))
        if not sheet.check:
            yield say(
                Text(
                    "A #10 window envelope shows the address while the paper stands on its lower "
                    "edge: look before you close it. On any other, write it by hand."
                )
            )
        yield say(Text("One ordinary stamp carries about four sheets of paper."))
        yield say(
            Text(
                "Certified mail is your choice. It proves the day it arrived. It costs more, and"
                " the post office keeps a record of it."
            )
        )
        if sheet.done:
            yield say(Text("When it is in the mail: {command}", command=sheet.done))

    return Text("File it") if sheet.online_only else Text("Post it"), lines()
