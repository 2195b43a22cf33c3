"""What goes around many letters: separators with checklists, envelopes, labels, the mailing list.

Separators and the mailing list stay in the office; they alone name a client beside a company.
"""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from optout.drafting.pdf import NoGlyph, compiled
from optout.drafting.stack import Paper, parts_of
from optout.i18n import say
from optout.model.secret import Personal
from optout.rules.label_sheets import LabelSheet
from optout.text import Counted, Text

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
    letters: tuple[ToDo, ...]


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


def separators(
    sheets: Sequence[Separator], *, stack: str, language: str, large_print: bool = False
) -> tuple[Paper, ...]:
    """Set the sheets before the groups of a stack, with a box to tick for each thing to do."""
    import pikepdf  # noqa: PLC0415 - only a print run needs it

    pdf = _for_the_office(
        "separator.typ",
        {
            "keep": say(Text("This sheet stays in the office. It goes into no envelope.")),
            "stack_line": stack,
            "sheets": [
                {
                    "title": sheet.title,
                    "count_line": say(Text("Letters behind this sheet: {n}", n=len(sheet.letters))),
                    "letters": [
                        {"title": each.title, "note": each.note, "lines": each.lines}
                        for each in sheet.letters
                    ],
                }
                for sheet in sheets
            ],
            "language": language,
            "large_print": large_print,
        },
    )
    with pikepdf.open(io.BytesIO(pdf)) as source:
        parts = parts_of(source)
    return tuple(
        Paper(title=sheet.title, pdf=pdf, pages=pages, begins_group=True)
        for sheet, (_title, pages) in zip(sheets, parts, strict=True)
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
    return _for_the_office(
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
                Counted(
                    "I put this letter into the mail.",
                    "I put these {count} letters into the mail, except those crossed out.",
                    count=len(mailed),
                )
            ),
            "sign": [say(text) for text in (Text("Day and place"), Text("Name"), Text("Sign"))],
            "stack_line": stack,
            "language": language,
        },
    )


def _for_the_office(layout: str, page: Mapping[str, Any]) -> bytes:
    """Set a page that goes to nobody: one name that no font can show keeps no stack back.

    Such a character is left out there: the office knows a client by the number, too.
    """
    words = unicodedata.normalize("NFC", json.dumps(page, ensure_ascii=False))
    while True:
        try:
            return compiled(layout, json.loads(words))
        except NoGlyph as error:
            strange = {each for each in error.characters.reveal() if not each.isascii()}
            if not strange & set(words):
                raise
            words = "".join(each for each in words if each not in strange)


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
