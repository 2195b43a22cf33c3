"""The person, asked through a terminal: the port `Person` of the model.

Questions go to the error stream, so that a result can be piped; answers come from the keyboard.
Everything shown is cleaned first: a page's words may be part of it.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

from optout.cli import ctrl_c
from optout.cli.plain import lines, one_line, screenfuls, sentence, wrapped
from optout.cli.typed_ahead import forget_typed_ahead
from optout.errors import NeedsPerson, WrongUsage
from optout.i18n import _
from optout.model.payload import ApprovalSheet, Newness, Recipient, ShownValue
from optout.model.ports import Acted, HandOver, Offer, Option, Remaining, T
from optout.model.secret import Secret
from optout.rules.picking import is_word, pick_by_number, takes_none
from optout.text import Text
from optout.words import word
from optout.workflows.last_questions import ACTED, ask_about, ask_about_new

SHORT_DIGEST = 12
PASSPHRASE_TRIES = 3

PictureSaver = Callable[[bytes], Path]
"""Writes a picture of a page where the person can see it, and lists it as an export."""


class Terminal:
    """Whoever sits at this terminal."""

    def __init__(
        self,
        *,
        passphrase_fd: int | None = None,
        source: TextIO | None = None,
        screen: TextIO | None = None,
        save_picture: PictureSaver | None = None,
    ) -> None:
        """Take the streams; `save_picture` is known once the locked folder is open."""
        self._source = source
        self._screen = screen
        self._passphrase_fd = passphrase_fd
        self.save_picture = save_picture
        self.pauses = False  # until the run knows that nobody asked for plain screens
        self.questions = 0  # that were asked so far
        self.is_asking = False  # one stands open now
        self.is_elsewhere = False  # the person works in another window meanwhile

    def is_there(self) -> bool:
        """Say whether somebody sits at the keyboard."""
        return self._keyboard.isatty()

    def passphrase_tries(self) -> int:
        """Return how often a passphrase may be typed: a slip of the hand is no refusal."""
        return PASSPHRASE_TRIES if self._passphrase_fd is None and self.is_there() else 1

    def asks_passphrase(self, question: Text) -> Callable[[], Secret[str]]:
        """Return what asks for a passphrase, and says so when it is asked again."""
        asked = 0

        def ask() -> Secret[str]:
            nonlocal asked
            if asked:
                self.tell(
                    Text(
                        "That did not open it. Try {number} of {tries}: the passphrase, or your "
                        "recovery code.",
                        number=asked + 1,
                        tries=PASSPHRASE_TRIES,
                    )
                )
            asked += 1
            return self.ask_secret(question)

        return ask

    def tell(self, text: Text) -> None:
        """Show one sentence."""
        self._show(sentence(text))

    def tell_at_length(self, texts: Sequence[Text]) -> None:
        """Show many sentences; where somebody sits at a screen, wait before the next screenful."""
        if not (self.pauses and self.is_there() and self._out.isatty()):
            for text in texts:
                self.tell(text)
            return
        pages = screenfuls(tuple(map(sentence, texts)))
        for number, page in enumerate(pages, start=1):
            for line in page:
                print(line, file=self._out, flush=True)
            if number < len(pages):
                self._answer(
                    _("Press Enter for the next page ({number} of {count}): ").format(
                        number=number + 1, count=len(pages)
                    )
                )

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        """Ask for one line; ask again while `check` raises `WrongUsage`."""
        prompt = _prompt(sentence(question), one_line(default))
        while True:
            answer = self._answer(prompt) or default
            if check is None or self._passes(check, answer):
                return answer

    def ask_secret(self, question: Text) -> Secret[str]:
        """Ask for a passphrase or code without showing it, or read it from `--passphrase-fd`."""
        if self._passphrase_fd is not None:
            return self._next_passphrase(self._passphrase_fd)
        if not self.is_there():
            _nobody_here(hint=Text("Give the passphrase with: --passphrase-fd NUMBER"))
        try:
            with self._asking():
                return Secret(getpass.getpass(f"{sentence(question)}: ", stream=self._out))
        except EOFError:
            _nobody_here()

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        """Return the key of the chosen option; people answer with its number."""
        self.tell(question)
        for number, option in enumerate(options, start=1):
            self._show(f"  {number}  {sentence(option.text)}")
        keys = [option.key for option in options]
        usual = str(keys.index(default) + 1) if default in keys else ""
        return self._choice(keys, usual)

    def _choice(self, keys: Sequence[str], usual: str) -> str:
        prompt = _("Number") + (f" [{usual}]: " if usual else ": ")
        while True:
            answer = (self._answer(prompt) or usual).strip()
            if answer in keys:
                return answer
            if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(keys):
                return keys[int(answer) - 1]
            self._show(_("Please answer with a number from 1 to {last}.").format(last=len(keys)))

    def pick(self, offer: Offer) -> str:
        """Show a list and ask for the numbers of what is taken."""
        return pick_by_number(self, offer)

    def with_way_back(self, asking: Callable[[], T], *, is_kept: bool = False) -> T:  # noqa: ARG002 - the port has it
        """Ask; what was typed stands above, and there is no way back to it."""
        return asking()

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        """Ask yes or no."""
        choices = _("[Y/n]") if default else _("[y/N]")
        yes = {"y", "yes", "s", "si", "sí"}
        while True:
            answer = self._answer(f"{sentence(question)} {choices} ").strip().casefold()
            if not answer:
                return default
            if answer in yes or answer in {"n", "no"}:
                return answer in yes
            self._show(_("Please answer with y (yes) or n (no)."))

    def type_word(self, question: Text, word: Text) -> bool:
        """Ask to type a word, for steps that deserve a pause; True only if it was typed.

        Whoever mistypes it is asked again, and loses nothing that was answered before.
        """
        wanted = sentence(word)
        self.tell(question)
        prompt = _("Type {word} to go on, or press Enter to stop: ").format(word=wanted)
        while not takes_none(typed := self._answer(prompt)):
            if is_word(wanted, typed):
                return True
            self._show(_("That is not {word}.").format(word=wanted))
        return False

    def approve(self, sheet: ApprovalSheet) -> bool:
        """Show every value that would leave; values NEW to them are asked a second time."""
        self.show_sheet(sheet)
        new = ask_about_new(sheet)
        return self.confirm(ask_about(sheet)) and (new is None or self.confirm(new))

    def show_sheet(self, sheet: ApprovalSheet) -> None:
        """Show everything that would leave, to whom, one value a line."""
        self._show("")
        self.tell(sheet.title)
        self._show_recipient(sheet.payload.recipient)
        self._show_values(sheet.values)
        if sheet.payload.body is not None:
            self._show_body(_("The text:"), sheet.payload.body)
        if sheet.reading_copy is not None:
            self._show_body(_("To read in your language:"), sheet.reading_copy)
        for warning in sheet.warnings:
            self._show(_("Note: {warning}").format(warning=sentence(warning)))
        self._show(
            _("Number of this page: {digest} (it changes when anything above changes)").format(
                digest=sheet.digest[:SHORT_DIGEST]
            )
        )

    def _show_recipient(self, to: Recipient) -> None:
        if to.lines:  # the envelope names them: the name above it would stand there twice
            self._show(_("Goes by post to:"))
        else:
            self._show(_("Goes to: {name}").format(name=one_line(to.name)))
        for host in to.hosts:
            self._show(_("  through this web site: {host}").format(host=one_line(host)))
        if to.email:
            self._show(_("  e-mail: {address}").format(address=one_line(to.email)))
        if to.phone:
            self._show(_("  phone: {number}").format(number=one_line(to.phone)))
        for line in to.lines:
            self._show(f"  {one_line(line)}")

    def _show_values(self, values: Sequence[ShownValue]) -> None:
        self._show(_("They get:") if values else _("They get no personal value."))
        for shown in values:
            self._show(f"  {_shown_value(shown)}")

    def _show_body(self, title: str, body: Secret[str]) -> None:
        self._show(title)
        text, mark = lines(body.reveal()), "  | "
        shown = wrapped(text, less=len(mark)) if self._out.isatty() else text
        for line in shown.split("\n"):
            print(f"{mark}{line}".rstrip(), file=self._out, flush=True)

    def act(self, hand_over: HandOver) -> Acted:
        """Give the person the window and wait until they say what they did."""
        self.is_elsewhere = True
        try:
            return self._act(hand_over)
        finally:
            self.is_elsewhere = False

    def _act(self, hand_over: HandOver) -> Acted:
        self._show("")
        self.tell(hand_over.why)
        self.tell(hand_over.what)
        self.tell(Text("About {minutes} min.", minutes=hand_over.minutes))
        for value in hand_over.remaining:
            self._show_remaining(value)
        if hand_over.person_submits:
            self.tell(Text("You press the last button yourself."))
        done_elsewhere = hand_over.person_submits and hand_over.picture is None
        if done_elsewhere:
            return Acted(self.choose(Text("Do it, then answer here."), ACTED))
        if hand_over.window_visible:
            return Acted(self.choose(Text("Do it in the window, then answer here."), ACTED))
        return self._act_without_window(hand_over.picture)

    def _show_remaining(self, value: Remaining) -> None:
        if not value.place:  # it stands on the page already
            typed = one_line(value.value.reveal())
            self._show(f"  {sentence(word(value.field))}: {typed}")
            return
        self._show(
            _("  into {place}: {value}").format(
                place=repr(one_line(value.place)), value=one_line(value.value.reveal())
            )
        )

    def _act_without_window(self, picture: bytes | None) -> Acted:
        self.tell(Text("There is no display here, so no window can be shown."))
        if picture is not None and self.save_picture is not None:
            self._offer_picture(picture, self.save_picture)
        went_on = self.type_word(Text("Look at the values above."), Text("go"))
        return Acted.DID if went_on else Acted.DID_NOT

    def _offer_picture(self, picture: bytes, save: PictureSaver) -> None:
        question = Text(
            "Save a picture of the page as a file? Anyone who opens the file can read it."
        )
        if self.confirm(question):
            self.tell(
                Text(
                    "Saved: {path}. Delete it later with: optout exports --delete",
                    path=save(picture),
                )
            )

    def _passes(self, check: Callable[[str], object], answer: str) -> bool:
        try:
            check(answer)
        except WrongUsage as wrong:
            for text in (wrong.what, wrong.hint):
                if text is not None:
                    self.tell(text)
            return False
        return True

    @property
    def _keyboard(self) -> TextIO:
        return self._source or sys.stdin

    @property
    def _out(self) -> TextIO:
        return self._screen or sys.stderr

    def _show(self, line: str) -> None:
        shown = wrapped(line) if self._out.isatty() else line
        print(shown, file=self._out, flush=True)

    def _answer(self, prompt: str) -> str:
        """Read one line. What was typed or pasted before the question does not answer it."""
        ctrl_c.check()
        forget_typed_ahead(self._keyboard)
        self._out.write(f"{wrapped(prompt.rstrip())} " if self._out.isatty() else prompt)
        self._out.flush()
        with self._asking():
            line = self._keyboard.readline()
        if not line:
            self._show("")
            _nobody_here()
        return line.rstrip("\r\n")

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Let it be seen from outside that a question waits."""
        self.questions += 1
        self.is_asking = True
        try:
            yield
        finally:
            self.is_asking = False

    def _next_passphrase(self, number: int) -> Secret[str]:
        """Read one line: a second question reads the next line."""
        line = _line_from(number)
        if not line:
            raise NeedsPerson(
                Text("There is no passphrase on file descriptor {number}.", number=number),
                known=Text("Nothing was opened or sent."),
                hint=Text("Write it there as one line, or leave out --passphrase-fd."),
            )
        return Secret(line.decode("utf-8", "replace").rstrip("\r\n"))


def _line_from(number: int) -> bytes:
    """Read up to a line end and not further: what follows is for the next question."""
    line = b""
    try:
        while not line.endswith(b"\n") and (byte := os.read(number, 1)):
            line += byte
    except OSError:
        raise WrongUsage(
            Text("File descriptor {number} is not open.", number=number),
            known=Text("Nothing was opened or sent."),
            hint=Text("For example: optout status --passphrase-fd 3 3< FILE"),
        ) from None
    return line


def _shown_value(shown: ShownValue) -> str:
    field, value = sentence(word(shown.field)), _on_one_line(shown.value.reveal())
    return f"{field}: {value} ({_newness(shown.newness)})"


def _on_one_line(value: str) -> str:
    """Set the lines of an address beside each other, as people write them."""
    return one_line(", ".join(line.strip() for line in value.splitlines() if line.strip()))


def _prompt(question: str, default: str) -> str:
    """Set a question before the place for its answer: no full stop stands before a colon."""
    question = question.removesuffix(".")
    if default:
        return f"{question} [{default}]: "
    return f"{question} " if question.endswith("?") else f"{question}: "


def _newness(newness: Newness) -> str:
    return _("NEW to them") if newness is Newness.NEW else _("they probably have this")


def _nobody_here(hint: Text | None = None) -> NoReturn:
    raise NeedsPerson(
        Text("An answer is needed here, and nobody can give one."),
        known=Text("Nothing was sent by this step."),
        hint=hint or Text("Run the same command in a terminal."),
    )
