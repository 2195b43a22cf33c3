"""A letter as a tagged PDF on US letter paper, its address inside the envelope's window.

The page is set by typst from `letters/layout/`. A letter's words reach it as a JSON file that is
only in memory, never as markup. The PDF/UA-1 standard is asked for: without it a character that no
font has (王) is dropped without a word; with it the letter stops here.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from optout.drafting.letter import Letter
from optout.errors import NeedsPerson, Refused
from optout.model.secret import Secret
from optout.shipped import shipped
from optout.text import Text

if TYPE_CHECKING:
    import typst

NOT_SHOWN: Final = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed', re.DOTALL)
FONTS: Final = {
    "CJK": "Noto Sans CJK",
    "HIRAGANA": "Noto Sans CJK",
    "KATAKANA": "Noto Sans CJK",
    "HANGUL": "Noto Sans CJK",
}


class NoGlyph(NeedsPerson):
    """A name or an address has characters that no font on this computer can show."""

    characters: Secret[str] = Secret("")  # what could not be shown


class AddressTooTall(NeedsPerson):
    """The address has more lines than an envelope's window can show."""


class LayoutBroken(Refused):
    """The page layout itself has a fault."""


def letter_pdf(letter: Letter, *, large_print: bool = False) -> bytes:
    """Set the letter as a PDF/UA-1 page. Raises `NoGlyph` before anything could be lost."""
    return compiled("letter.typ", _letter_page(letter, large_print=large_print))


def letters_pdf(letters: Sequence[Letter], *, large_print: bool = False) -> bytes:
    """Set letters of one person one after the other, each as it is alone, in half the time."""
    page = _letter_page(letters[0], large_print=large_print)
    return compiled("letter.typ", {**page, "letters": [_said(letter) for letter in letters]})


def _letter_page(letter: Letter, *, large_print: bool) -> dict[str, Any]:
    return {
        "title": letter.subject_line,
        "language": letter.language,
        "large_print": large_print,
        "letters": [_said(letter)],
    }


def _said(letter: Letter) -> dict[str, Any]:
    return {
        "subject_line": letter.subject_line,
        "date_line": letter.date_line,
        "reference_line": letter.reference_line,
        "sender_lines": letter.sender_lines,
        "recipient_lines": letter.recipient_lines,
        "blocks": [
            {
                "kind": block.kind,
                "text": block.text,
                "number": str(block.number),
                "title": block.title,
                "basis": block.basis,
                "paragraphs": block.paragraphs,
                "rows": block.rows,
            }
            for block in letter.blocks
        ],
        "signature": letter.signature,
        "enclosures_title": letter.enclosures_title,
        "enclosures": letter.enclosures,
    }


class _Kept(threading.local):
    """One compiler a thread: two pages can be set at a time, but not by the same one."""

    @cached_property
    def compiler(self) -> typst.Compiler:
        import typst  # noqa: PLC0415 - only the commands that make a page need it

        return typst.Compiler(root=str(shipped("letters") / "layout"))


_KEPT: Final = _Kept()


def _compiler() -> typst.Compiler:
    """Keep one compiler: finding fonts and reading the layout is done once."""
    return _KEPT.compiler


def compiled(layout: str, page: Mapping[str, Any]) -> bytes:
    """Set one page layout with these words; every fault comes out as one of our errors."""
    # Composed letters (é as one character) are what fonts have.
    words = unicodedata.normalize("NFC", json.dumps(page, ensure_ascii=False))
    try:
        # As a file and not as an input of the program: a change of those makes typst forget every
        # paragraph that it has set before, and most stand in many letters.
        pdf = _compiler().compile(
            {  # type: ignore[type-var] # it takes several files, which its stubs leave out
                "main.typ": (shipped("letters") / "layout" / layout).read_bytes(),
                "words.json": words.encode(),
            },
            format="pdf",
            pdf_standards="ua-1",
        )
    except (RuntimeError, OSError) as error:  # typst's own, and for a file that is missing
        raise _meaning(str(error)) from None  # its text may hold a personal value
    assert isinstance(pdf, bytes)
    return pdf


def _meaning(message: str) -> NeedsPerson | Refused:
    """Say in our words what typst stopped at."""
    if found := NOT_SHOWN.search(message):
        return _no_glyph(found["text"])
    if "address-too-tall" in message:
        return AddressTooTall(
            Text("The address has too many lines for the window of an envelope."),
            known=Text("Nothing was printed or sent."),
            hint=Text("Shorten it, or use an envelope without a window."),
        )
    return LayoutBroken(
        Text("The page layout of the letter has a fault."),
        known=Text("Nothing was printed or sent."),
        hint=Text("If you changed letters/layout/, undo that change."),
    )


def _no_glyph(text: str) -> NoGlyph:
    script = unicodedata.name(text[0], "UNKNOWN").split()[0].split("-")[0]
    fonts = FONTS.get(script, f"Noto Sans {script.capitalize()}")
    error = NoGlyph(
        Text(
            "The letter has characters ({script}) that no font on this computer can show.",
            script=script.capitalize(),
        ),
        known=Text("Nothing was printed or sent. The letter itself is unchanged."),
        hint=Text(
            "Install the fonts {fonts} and try again, send it by e-mail instead, or enter the "
            "name a second time in Latin letters: optout person edit",
            fonts=fonts,
        ),
    )
    error.characters = Secret(text)
    return error
