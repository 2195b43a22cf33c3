"""A workflow that talks with a person on the page: it waits in a thread of its own.

A workflow asks through the port `Person` and stands still until it has its answer. Here the
question stands on the page, with a number; an answer counts once, and only for the question that
waits. So two tabs, the back button and a page loaded anew can neither answer twice nor lose it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.i18n import say
from optout.model.payload import ApprovalSheet
from optout.model.ports import Acted, HandOver, Option
from optout.model.secret import Secret
from optout.text import Text
from optout.workflows.last_questions import ACTED, ask_about, ask_about_new

YES: Final = Option(key="yes", text=Text("Yes"))
NO: Final = Option(key="no", text=Text("No"))
OUR_MISTAKE: Final = Refused(
    Text("Something went wrong inside the program. This is our mistake, not yours."),
    known=Text("What was saved before is still there."),
    hint=Text("To be sure, look at: optout status"),
)


class Kind(StrEnum):
    """What stands on the page at one place of a talk."""

    TOLD = "told"
    LINE = "line"  # one line is asked for
    SECRET = "secret"  # noqa: S105 - a kind of question
    CHOICE = "choice"
    SHEET = "sheet"  # everything that would leave
    HAND_OVER = "hand-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing said or asked. What was answered to a secret is not kept."""

    number: int
    kind: Kind
    texts: tuple[Text, ...] = ()
    options: tuple[Option, ...] = ()
    default: str = ""
    sheet: ApprovalSheet | None = None
    hand_over: HandOver | None = None
    answer: str | None = None  # None: it waits
    chosen: Text | None = None

    @property
    def waits(self) -> bool:
        """Say whether a person must answer before it goes on."""
        return self.kind is not Kind.TOLD and self.answer is None


class Stopped(NeedsPerson):
    """The person closed the talk, or the folder was locked."""

    def __init__(self) -> None:
        """Say what is kept."""
        super().__init__(
            Text("Stopped."),
            known=Text("What was kept before is still there. Nothing more was sent."),
        )


@dataclass(slots=True)
class Talk:
    """One workflow and what it said so far. It is the port `Person` of that workflow."""

    title: Text
    before_folder: bool = False  # it makes the folder, so there is nothing to unlock yet
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    entries: list[Entry] = field(default_factory=list)
    ended: bool = False
    error: OptoutError | None = None
    _secret: str = ""
    _is_closed: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    # ---- the page's side ----

    def waiting(self) -> Entry | None:
        """Return the question that stands open, if any."""
        last = self.entries[-1] if self.entries else None
        return last if last and last.waits else None

    def answer(self, number: int, answer: str) -> bool:
        """Give the answer to one question; False where another waits, or it is no answer to it.

        Whoever calls has checked that this is the talk that was on the person's screen.
        """
        with self._changed:
            asked = self.waiting()
            if asked is None or asked.number != number or self._is_closed:
                return False
            if asked.options and answer not in {each.key for each in asked.options}:
                return False
            if asked.kind is Kind.SECRET:
                self._secret, answer = answer, "•••"
            chosen = next((o.text for o in asked.options if o.key == answer), None)
            self.entries[-1] = replace(asked, answer=answer, chosen=chosen)
            self._changed.notify_all()
        return True

    def close(self) -> None:
        """Stop it at its question, or at the next one."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def check_open(self) -> None:
        """Raise where it was closed: asked before the last button is pressed."""
        if self._is_closed:
            raise Stopped

    def wait(self, number: int, seconds: float) -> None:
        """Wait until more was said than up to `number`, it asks something, or it ended."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.ended or self.waiting() or len(self.entries) > number, seconds
            )

    def run(self, workflow: Callable[[Talk], None]) -> None:
        """Run the workflow to its end in this thread, and keep how it ended."""
        try:
            workflow(self)
        except OptoutError as error:
            self.error = error
        except Exception:  # noqa: BLE001 - a thread's error reaches nobody else
            self.error = OUR_MISTAKE
        finally:
            with self._changed:
                self.ended = True
                self._changed.notify_all()

    # ---- the port `Person` ----

    def tell(self, text: Text) -> None:
        """Show one sentence."""
        self._add(Kind.TOLD, texts=(text,))

    def tell_at_length(self, texts: Sequence[Text]) -> None:
        """Show many sentences; a page scrolls."""
        self._add(Kind.TOLD, texts=tuple(texts))

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        """Ask for one line; ask again while `check` raises `WrongUsage`."""
        while True:
            answer = self._ask(Kind.LINE, question, default=default) or default
            try:
                if check:
                    check(answer)
            except WrongUsage as wrong:
                self.tell_at_length([each for each in (wrong.what, wrong.hint) if each])
                continue
            return answer

    def ask_secret(self, question: Text) -> Secret[str]:
        """Ask for a passphrase or code; it is not kept with what was said."""
        self._ask(Kind.SECRET, question)
        typed, self._secret = self._secret, ""
        return Secret(typed)

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        """Return the key of the chosen option."""
        return self._ask(Kind.CHOICE, question, options=tuple(options), default=default)

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        """Ask yes or no."""
        usual = YES.key if default else NO.key
        return self._ask(Kind.CHOICE, question, options=(YES, NO), default=usual) == YES.key

    def type_word(self, question: Text, word: Text) -> bool:
        """Ask to type a word, for steps that deserve a pause."""
        wanted = say(word)
        self.tell(question)
        typed = self._ask(
            Kind.LINE,
            Text("Type “{word}” to go on. Leave it empty to stop.", word=wanted),
        )
        return typed.strip().casefold() == wanted.casefold()

    def approve(self, sheet: ApprovalSheet) -> bool:
        """Show every value that would leave; values NEW to them are asked a second time."""
        if self._ask(Kind.SHEET, ask_about(sheet), options=(YES, NO), sheet=sheet) != YES.key:
            return False
        new = ask_about_new(sheet)
        return new is None or self.confirm(new)

    def act(self, hand_over: HandOver) -> Acted:
        """Say what to do in the window, and wait until they say what they did."""
        question = Text("Do it, then answer here.")
        return Acted(self._ask(Kind.HAND_OVER, question, options=ACTED, hand_over=hand_over))

    def _ask(
        self,
        kind: Kind,
        question: Text,
        *,
        options: tuple[Option, ...] = (),
        default: str = "",
        sheet: ApprovalSheet | None = None,
        hand_over: HandOver | None = None,
    ) -> str:
        with self._changed:
            number = self._add(
                kind,
                texts=(question,),
                options=options,
                default=default,
                sheet=sheet,
                hand_over=hand_over,
            )
            self._changed.wait_for(lambda: self._is_closed or not self.entries[number].waits)
            answer = self.entries[number].answer
        if answer is None:
            raise Stopped
        return answer

    def _add(
        self,
        kind: Kind,
        *,
        texts: tuple[Text, ...],
        options: tuple[Option, ...] = (),
        default: str = "",
        sheet: ApprovalSheet | None = None,
        hand_over: HandOver | None = None,
    ) -> int:
        with self._changed:
            number = len(self.entries)
            self.entries.append(
                Entry(
                    number=number,
                    kind=kind,
                    texts=texts,
                    options=options,
                    default=default,
                    sheet=sheet,
                    hand_over=hand_over,
                )
            )
            self._changed.notify_all()
        return number
