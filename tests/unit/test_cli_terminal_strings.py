"""Text from pages and mails cannot steer a terminal (T18): 50 strings, every way it is shown."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Final

import pytest

from optout.cli import main as shell
from optout.cli import output
from optout.cli.session import Session, begin
from optout.cli.terminal import Terminal
from optout.errors import Refused
from optout.model.fields import Field
from optout.model.payload import ApprovalSheet, Newness, Payload, Recipient, ShownValue
from optout.model.ports import HandOver, Remaining
from optout.model.request import MessageId
from optout.model.secret import Secret
from optout.model.subject import SubjectId
from optout.text import Text

ESC, BEL, CSI, ST = "\x1b", "\x07", "\x9b", "\x9c"

HOSTILE: Final = (
    f"{ESC}[2J",  # clear the screen
    f"{ESC}[H",  # cursor home
    f"{ESC}[1;1H",
    f"{ESC}[31mred{ESC}[0m",
    f"{ESC}[8mhidden",
    f"{ESC}[?25l",  # hide the cursor
    f"{ESC}[?1049h",  # another screen
    f"{ESC}[6n",  # makes the terminal answer, as if typed
    f"{ESC}[c",
    f"{ESC}[21t",  # report the title, as if typed
    f"{ESC}]0;title{BEL}",
    f"{ESC}]2;title{ESC}\\",
    f"{ESC}]8;;https://evil.test{ESC}\\here{ESC}]8;;{ESC}\\",  # a link under other words
    f"{ESC}]52;c;ZXZpbA=={BEL}",  # write to the clipboard
    f"{ESC}]1337;File=inline=1:AAAA{BEL}",
    f"{ESC}]4;1;#ffffff{BEL}",
    f"{ESC}P+q544e{ESC}\\",
    f"{ESC}_payload{ESC}\\",
    f"{ESC}^payload{ESC}\\",
    f"{ESC}Xpayload{ESC}\\",
    f"{ESC}c",  # reset
    f"{ESC}7{ESC}8",
    f"{ESC}(0lqk",
    f"{ESC}#8",
    f"{ESC}%G",
    f"{ESC}[200~rm -rf ~{ESC}[201~",
    f"{ESC}{ESC}[A",
    f"{CSI}2J",
    f"{CSI}31m",
    f"\x9d8;;https://evil.test{ST}here",
    f"\x90q{ST}",
    "\x85next line",
    "\x84",
    "over\rwritten",
    "back\b\b\b\bspace",
    "bell" + BEL,
    "a\x00b",
    "tab\tand\vvertical\fform feed",
    "\x0e shift out \x0f",
    "\x7fdelete",
    "line\nSend exactly this? [y/N] y",
    "line\u2028Sent.",
    "paragraph\u2029Sent.",
    "\u202egnp.exe",  # right to left
    "\u2066hidden\u2069",
    "\u200e\u200f\u061c marks",
    "zero\u200bwidth\u2060\ufeff",
    "\U000e0041\U000e0042 tags",
    "[link=https://evil.test]here[/link] [bold red]x[/]",  # rich would read this
    "surrogate \udc9b2J",
)

ALLOWED: Final = "\n"


def obeyed(text: str) -> list[str]:
    """Return every character that a terminal could obey."""
    return [
        char
        for char in text
        if char not in ALLOWED
        and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    ]


@contextmanager
def screen(*, plain: bool) -> Iterator[io.StringIO]:
    shown = io.StringIO()
    begin(Session(plain=plain))
    with redirect_stdout(shown), redirect_stderr(shown):
        yield shown
    begin(Session())


def test_there_are_fifty_and_each_would_be_obeyed() -> None:
    """The control: shown as they are, all but the markup reach the terminal."""
    assert len(set(HOSTILE)) == 50
    lines = {text for text in HOSTILE if "\n" in text}
    assert [text for text in HOSTILE if not obeyed(text) and text not in lines] == [HOSTILE[-2]]


def _say_everything(bad: str) -> None:
    person = Terminal(source=io.StringIO("y\ny\n1\n"))
    person.tell(Text("They wrote: {words}", words=bad))
    person.approve(_sheet(bad))
    person.act(_hand_over(bad))
    output.show(Text("{words}", words=Text("nested {words}", words=bad)))
    output.show(bad.replace("\n", " "))
    output.facts([(Text("Reference"), bad)])
    output.bullets([bad, Text("{words}", words=bad)])
    output.table((Text("Reference"),), [[bad], [Text("{words}", words=bad)]])
    output.step(1, 2, Text("{words}", words=bad))
    output.emit({"words": bad, bad: [bad]})
    shell.report(Refused(Text("{words}", words=bad), hint=Text("{words}", words=bad)))
    shell.main([bad])
    shell.main(["law", "due", "--right", bad])
    shell.main(["law", f"--{bad}"])
    shell.main(["law", "list", bad])
    shell.main(["law", "show", bad])


def _sheet(bad: str) -> ApprovalSheet:
    payload = Payload(
        message_id=MessageId("m1"),
        subject_id=SubjectId("s1"),
        recipient=Recipient(name=bad, hosts=(bad,), email=bad, lines=(bad,)),
        values={Field.CITY: Secret(bad)},
        body=Secret(bad),
    )
    shown = ShownValue(field=Field.CITY, value=Secret(bad), newness=Newness.NEW)
    return ApprovalSheet(
        title=Text("{words}", words=bad),
        payload=payload,
        values=(shown,),
        warnings=(Text("{words}", words=bad),),
        digest="0" * 64,
    )


def _hand_over(bad: str) -> HandOver:
    return HandOver(
        why=Text("{words}", words=bad),
        what=Text("{words}", words=bad),
        minutes=1,
        window_visible=True,
        remaining=(Remaining(field=Field.CITY, place=bad, value=Secret(bad)),),
    )


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_that_a_terminal_could_obey_is_printed(
    bad: str,
    plain: bool,  # noqa: FBT001 - a table
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    with screen(plain=plain) as shown:
        _say_everything(bad)
    assert len(shown.getvalue()) > 500
    assert obeyed(shown.getvalue()) == []


def test_markup_is_shown_as_it_is_written() -> None:
    with screen(plain=False) as shown:
        output.table((Text("Reference"),), [[HOSTILE[-2]]])
    assert "[bold red]x[/]" in shown.getvalue()


def test_a_value_cannot_begin_a_line_of_its_own() -> None:
    with screen(plain=True) as shown:
        output.facts([(Text("Reference"), "R1\nSent: yes")])
        output.show(Text("Their number: {number}", number="R1\nSent: yes"))
    assert not [line for line in shown.getvalue().splitlines() if line.startswith("Sent")]


def test_a_value_is_cut_before_it_fills_the_screen() -> None:
    with screen(plain=True) as shown:
        output.facts([(Text("Reference"), "x" * 1_000_000)])
    assert len(shown.getvalue()) < 3_000
