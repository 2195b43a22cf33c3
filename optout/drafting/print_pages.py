"""What goes around many letters: separators with checklists, envelopes, labels, the mailing list.

Separators and the mailing list stay in the office; they alone name a client beside a company.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from optout.drafting.pdf import compiled
from optout.i18n import say
from optout.model.secret import Personal
from optout.rules.label_sheets import LabelSheet
from optout.text import Text

_WIDTHS: Final = (0.4, 1.1, 1.9, 3.4, 1.2, 2.2, 0.7)  # of the mailing list's columns


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ToDo(Personal):
    """One letter on a separator: whose or to whom, and what it still needs by hand."""

    title: str
    note: str = ""
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Separator(Personal):
    """The sheet before a group of letters."""

    title: str
    stack: str
    letters: tuple[ToDo, ...]
    language: str = "en"
    large_print: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Addressed(Personal):
    """What stands on one envelope or label."""

    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...]
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mailed(Personal):
    """One line of the mailing list."""

    reference: str
    client: str
    recipient: str


def separator_pdf(sheet: Separator) -> bytes:
    """Set the sheet before a group of letters, with a box to tick for each thing to do."""
    return compiled(
        "separator.typ",
        {
            "title": sheet.title,
            "keep": say(Text("This sheet stays in the office. It goes into no envelope.")),
            "count_line": say(Text("Letters behind this sheet: {n}", n=len(sheet.letters))),
            "stack_line": sheet.stack,
            "letters": [
                {"title": each.title, "note": each.note, "lines": each.lines}
                for each in sheet.letters
            ],
            "language": sheet.language,
            "large_print": sheet.large_print,
        },
    )


def envelopes_pdf(envelopes: Sequence[Addressed], *, language: str) -> bytes:
    """Set #10 envelopes, one a page."""
    return compiled(
        "envelope.typ",
        {
            "title": say(Text("Envelopes")),
            "language": language,
            "envelopes": [_addressed(each) for each in envelopes],
        },
    )


def labels_pdf(
    labels: Sequence[Addressed], sheet: LabelSheet, *, skip: int = 0, language: str
) -> bytes:
    """Set sheets of labels; `skip` labels of the first sheet are used up already."""
    return compiled(
        "labels.typ",
        {
            "title": say(Text("Labels")),
            "language": language,
            "labels": [_addressed(each, sender=sheet.return_address) for each in labels],
            "skip": skip,
            **{
                name: getattr(sheet, name)
                for name in (
                    *("columns", "rows", "width", "height"),
                    *("left", "top", "across", "down"),
                )
            },
        },
    )


def mailing_list_pdf(
    mailed: Sequence[Mailed], *, stack: str, certified: bool, language: str
) -> bytes:
    """Set the list that proves the mailing: to fill in and sign where the letters are posted."""
    return compiled(
        "mailing.typ",
        {
            "title": say(Text("Letters put into the mail")),
            "lead": [say(text) for text in _lead(certified=certified)],
            "columns": [
                say(text)
                for text in (
                    *(Text("No."), Text("Reference"), Text("Client"), Text("To")),
                    *(Text("Posted on"), Text("Certified or tracking number"), Text("By")),
                )
            ],
            "widths": list(_WIDTHS),
            "rows": [
                [str(number), each.reference, each.client, each.recipient, "", "", ""]
                for number, each in enumerate(mailed, start=1)
            ],
            "says": say(
                Text(
                    "I put these {n} letters into the mail, except those crossed out.",
                    n=len(mailed),
                )
            ),
            "sign": [say(text) for text in (Text("Day and place"), Text("Name"), Text("Sign"))],
            "stack_line": stack,
            "language": language,
        },
    )


def _lead(*, certified: bool) -> tuple[Text, ...]:
    if certified:
        return (
            Text(
                "These go by certified mail. Write the number of each receipt into its line. It "
                "proves the day it arrived; the post office keeps a record of it."
            ),
        )
    return (
        Text(
            "Certified mail is a choice for each letter. It proves the day it arrived. It costs "
            "more, and the post office keeps a record of it."
        ),
    )


def _addressed(each: Addressed, *, sender: bool = True) -> dict[str, Any]:
    return {
        "sender": each.sender if sender else (),
        "recipient": each.recipient,
        "reference": each.reference,
    }
