"""A request to a public body for its records: from an organization, naming nobody, or one's own.

An organization asks about contracts, feeds and logs, and its letter holds no person's name. No
agency is named as the one who looks: "any federal agency" asks the same, and a letter that says
which one is feared tells its reader something about whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from optout.drafting.letter import (
    Around,
    Block,
    Letter,
    clean,
    clean_all,
    finished,
    paragraphs_of,
    render_part,
)
from optout.drafting.pdf import compiled
from optout.drafting.template import Variable
from optout.drafting.words import Words, words
from optout.errors import NeedsPerson
from optout.i18n import say
from optout.model.law import Law, LawRight
from optout.model.secret import Personal
from optout.model.words import SURE, Right
from optout.rules.public_records import Topic
from optout.text import Text

MARKS: Final = {"items": "\x1f1", "details": "\x1f2"}  # no value can hold \x1f
BLANK_LINE: Final = "_" * 30  # to be written on by hand: no address is sure
DESK: Final = "Records Custodian"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RecordsInput(Personal):
    """Everything one records request says. Nothing outside it can appear in the letter.

    `sender` is the organization, or the person who asks for their `own` record; `reply_lines`
    are the lines below that name.
    """

    body_name: str
    topic: Topic
    acts: tuple[Law, ...]  # none: the letter names no act
    sender: str
    reply_lines: tuple[str, ...] = ()
    reply_email: str = ""
    own: bool = False
    reference: str
    date: date
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsSheet:
    """What the sheet beside a records request says: it stays with whoever posts the letter."""

    reference: str
    body_name: str
    own: bool
    check: tuple[Text, ...] = ()  # what to look at about this letter
    afterwards: tuple[Text, ...] = ()
    language: str = "en"
    large_print: bool = False


def draft_records(given: RecordsInput) -> Letter:
    """Write the request. It names an act only where one was given to it."""
    said, sender, body = words(given.language), clean(given.sender), clean(given.body_name)
    if not sender or not body:
        raise NeedsPerson(Text("A letter needs the name it is signed with, and whom it is for."))
    around = Around(
        reference=given.reference,
        date=given.date,
        full_name=sender,
        reply_lines=clean_all(given.reply_lines),
        recipient_lines=(DESK, body, BLANK_LINE, BLANK_LINE),
    )
    sources = [said.sha256, *(f"{act.id} {act.sha256}" for act in given.acts)]
    asked = paragraphs_of(_asks(given, sources))
    variables = _variables(given, said, sender=sender, body=body)
    subject, *parts = paragraphs_of(
        render_part(given.language, "records-frame", variables, sources)
    )
    inside: Mapping[str, tuple[Block, ...]] = {
        MARKS["items"]: tuple(_items(asked)),
        MARKS["details"]: tuple(_details(given, said, around)),
    }
    blocks = tuple(
        block for part in parts for block in inside.get(part, (Block(kind="paragraph", text=part),))
    )
    return replace(finished(around, said, blocks, sources), subject_line=subject)


def _asks(given: RecordsInput, sources: list[str]) -> str:
    if not given.own:
        return render_part(given.language, f"records-{given.topic}", {}, sources)
    about: dict[str, Variable] = {topic.value: given.topic is topic for topic in Topic}
    return render_part(given.language, "records-own", about, sources)


def _items(parts: Sequence[str]) -> Iterator[Block]:
    """Yield titles with their paragraphs as numbered items, then what stands below them."""
    whole = len(parts) // 2 * 2
    for at in range(0, whole, 2):
        yield Block(kind="item", number=at // 2 + 1, title=parts[at], paragraphs=(parts[at + 1],))
    yield from (Block(kind="paragraph", text=part) for part in parts[whole:])


def _variables(given: RecordsInput, said: Words, *, sender: str, body: str) -> dict[str, Variable]:
    rights = {act.name: act.rights[Right.RECORDS_REQUEST].on(given.date) for act in given.acts}
    named = [f"{said.the_law.format(name=act.name)} ({act.citation})" for act in given.acts]
    return {
        **MARKS,
        **_terms(rights, said),
        "reference": given.reference,
        "body_name": body,
        "sender": sender,
        "own": given.own,
        "law_names": said.listed(named),
        "several_laws": len(named) > 1,
        "says": " ".join(sentence for right in rights.values() for sentence in right.says),
    }


def _terms(rights: Mapping[str, LawRight], said: Words) -> dict[str, Variable]:
    """Return the days of the one act that sets some; empty where none is sure."""
    for name, right in rights.items():
        answer, more = right.answer, right.extension
        if answer is None or answer.confidence not in SURE:
            continue
        more = more if more is not None and more.confidence in SURE else None
        return {
            "answer": said.term(answer),
            "answer_cite": answer.cite,
            "answer_law": said.the_law.format(name=name),
            "extension": said.term(more) if more else "",
            "extension_if": more.only_if if more else "",
        }
    return dict.fromkeys(("answer", "answer_cite", "answer_law", "extension", "extension_if"), "")


def _details(given: RecordsInput, said: Words, around: Around) -> Iterator[Block]:
    """Yield where to answer; the name only where the records are one's own."""
    rows = {
        "full_name": around.full_name if given.own else "",
        "reply_email": clean(given.reply_email),
        "reply_address": ", ".join(around.reply_lines),
    }
    shown = tuple((said.labels[name], value) for name, value in rows.items() if value)
    if shown:
        yield Block(kind="details", rows=shown)


def records_sheet_pdf(sheet: RecordsSheet) -> bytes:
    """Set the sheet: one page, apart from the letter, in the language of whoever posts it."""
    parts = (
        (Text("Write the address first"), (_ADDRESS,)),
        (Text("Write by hand"), (_SIGN_OWN if sheet.own else _SIGN,)),
        (Text("Look once more"), (*(_LOOK_OWN if sheet.own else _LOOK), *sheet.check)),
        (Text("Afterwards"), (*sheet.afterwards, _NOTHING_SENT)),
    )
    page: dict[str, Any] = {
        "title": say(Text("Before you post it")),
        "keep": say(Text("This sheet is for you. Do not put it into the envelope.")),
        "language": sheet.language,
        "large_print": sheet.large_print,
        "reference_line": sheet.reference,
        "recipient_lines": (sheet.body_name,),
        "parts": [
            {"title": say(title), "tick": True, "lines": [say(line) for line in lines]}
            for title, lines in parts
        ],
    }
    return compiled("cover.typ", page)


_ADDRESS: Final = Text(
    "No address of this office is sure, so none is printed. Look on its own page for “public "
    "records” or “open records”: the right name of the office, its address, and whether it takes "
    "requests by e-mail or on a form. Write the address on the two blank lines."
)
_SIGN: Final = Text(
    "Sign for the organization, or put its stamp there. Whoever signs is named in a government "
    "file: it should be somebody for whom that is safe."
)
_SIGN_OWN: Final = Text("Sign above your name.")
_LOOK: Final = (
    Text(
        "No name of a member, a client or a case belongs into this letter, nor into what you "
        "write back. Letter and answer can become public."
    ),
)
_LOOK_OWN: Final = (
    Text("Show the letter to a lawyer or an accredited representative before you post it."),
    Text(
        "They may ask for proof of who you are. Ask the lawyer before you send any paper, and "
        "answer no question about anything else."
    ),
)
_NOTHING_SENT: Final = Text("Nothing was sent: you post it, or you throw it away.")
