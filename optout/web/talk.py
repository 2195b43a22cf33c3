"""A workflow that talks with a person on the page: it waits in a thread of its own.

A workflow asks through the port `Person` and stands still until it has its answer. Here the
question stands on the page, with a number; an answer counts once, and only for the question that
waits. So two tabs, the back button and a page loaded anew can neither answer twice nor lose it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from optout.errors import NeedsPerson, OptoutError, Refused, WrongUsage
from optout.i18n import say
from optout.model.payload import ApprovalSheet
from optout.model.ports import Acted, HandOver, Offer, Option, T
from optout.model.secret import Secret
from optout.rules.picking import NONE, is_word, picked, takes_none
from optout.text import Text
from optout.workflows.last_questions import ACTED, ask_about, ask_about_new

YES: Final = Option(key="yes", text=Text("Yes"))
NO: Final = Option(key="no", text=Text("No"))
NOTHING_TICKED: Final = Text("Nothing is ticked. Go on with none of them?")
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
    LIST = "list"  # some of a list can be taken
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
    offer: Offer | None = None
    answer: str | None = None  # None: it waits
    chosen: Text | None = None
    was: str | None = None  # what was answered before the person went back to it
    is_wrong: bool = False  # the answer did not pass, so it is asked again

    @property
    def waits(self) -> bool:
        """Say whether a person must answer before it goes on."""
        return self.kind is not Kind.TOLD and self.answer is None

    @property
    def filled(self) -> str:
        """Return what stands in its line before anybody types."""
        return self.default if self.was is None else self.was

    @property
    def ticked(self) -> tuple[int, ...]:
        """Return which entries of its list were ticked before the person went back to it."""
        return picked(self.was or NONE, self.offer.count) if self.offer else ()

    def takes(self, answer: str) -> bool:
        """Say whether this can be its answer."""
        if self.options:
            return answer in {each.key for each in self.options}
        if self.offer is None:
            return True
        try:
            picked(answer, self.offer.count)
        except WrongUsage:
            return False
        return True

    def answered(self, answer: str) -> Entry:
        """Return it with its answer, said as the person gave it."""
        chosen = next((each.text for each in self.options if each.key == answer), None)
        if self.offer:
            count = len(picked(answer, self.offer.count))
            chosen = Text("{count} of {all}", count=count, all=self.offer.count)
        return replace(self, answer=answer, chosen=chosen)


class Stopped(NeedsPerson):
    """The person closed the talk, or the folder was locked."""

    def __init__(self) -> None:
        """Say what is kept."""
        super().__init__(
            Text("Stopped."),
            known=Text("What was kept before is still there. Nothing more was sent."),
        )


Given = tuple[tuple[Entry, ...], Entry]
"""What was told, and the question and answer that came after it."""


class _WentBack(Exception):
    """The questions of this part are asked again, with the answers before the last."""


@dataclass(slots=True)
class Talk:
    """One workflow and what it said so far. It is the port `Person` of that workflow."""

    title: Text
    before_folder: bool = False  # it makes the folder, so there is nothing to unlock yet
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    entries: list[Entry] = field(default_factory=list)
    ended: bool = False
    error: OptoutError | None = None
    is_kept: bool = False  # what is answered in this part is kept at once
    _secret: str = ""
    _is_closed: bool = False
    _said: int = 0  # how much was ever said: a number never stands for two questions
    _begun_at: int | None = None  # where the part began in which an answer can be taken back
    _given: list[Given] = field(default_factory=list)  # answered before the person went back
    _goes_back: bool = False
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
            if not asked.takes(answer):
                return False
            if asked.kind is Kind.SECRET:
                self._secret, answer = answer, "•••"
            self.entries[-1] = asked.answered(answer)
            self._changed.notify_all()
        return True

    def can_go_back(self) -> bool:
        """Say whether the last answer can be taken back: nothing was kept or sent since."""
        with self._changed:
            return self.waiting() is not None and bool(self._answers_to_take_back())

    def go_back(self, number: int) -> bool:
        """Take the last answer back, at the question that waits; False where it cannot be."""
        with self._changed:
            asked, given = self.waiting(), self._answers_to_take_back()
            if asked is None or asked.number != number or not given or self._is_closed:
                return False
            self._given, self._goes_back = given, True
            del self.entries[self._begun_at :]
            self._changed.notify_all()
        return True

    def _answers_to_take_back(self) -> list[Given]:
        """Return what was answered in this part; nothing where it cannot be asked again."""
        if self._begun_at is None or self._goes_back:
            return []
        asked = tuple(_with_what_was_told(self.entries[self._begun_at :]))
        if any(each.kind not in {Kind.LINE, Kind.CHOICE, Kind.LIST} for _told, each in asked):
            return []
        return [given for given in asked if not given[1].waits]

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

    def with_way_back(self, asking: Callable[[], T], *, is_kept: bool = False) -> T:
        """Ask what changes nothing by itself; whoever goes back is asked the last one again.

        It runs from its beginning, and the answers before the last are given for the person.
        """
        self._begun_at, self.is_kept = len(self.entries), is_kept
        try:
            while True:
                try:
                    return asking()
                except _WentBack:
                    continue
        finally:
            self._begun_at, self._given = None, []

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
                self.entries[-1] = replace(self.entries[-1], is_wrong=True)
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

    def pick(self, offer: Offer) -> str:
        """Show a list with boxes; where nothing is ticked, ask whether that is meant."""
        if not offer.count:
            self._add(Kind.TOLD, texts=(), offer=offer)
            return NONE
        while True:
            typed = self._ask(Kind.LIST, offer.question, offer=offer)
            if picked(typed, offer.count) or self.confirm(NOTHING_TICKED):
                return typed

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        """Ask yes or no."""
        usual = YES.key if default else NO.key
        return self._ask(Kind.CHOICE, question, options=(YES, NO), default=usual) == YES.key

    def type_word(self, question: Text, word: Text) -> bool:
        """Ask to type a word, for steps that deserve a pause; a mistyped one is asked again."""
        wanted = say(word)
        self.tell(question)
        asked = Text("Type “{word}” to go on. Leave it empty to stop.", word=wanted)
        while not takes_none(typed := self._ask(Kind.LINE, asked)):
            if is_word(wanted, typed):
                return True
            self.tell(Text("That is not {word}.", word=wanted))
        return False

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
        offer: Offer | None = None,
    ) -> str:
        with self._changed:
            self._add(
                kind,
                texts=(question,),
                options=options,
                default=default,
                sheet=sheet,
                hand_over=hand_over,
                offer=offer,
            )
            self._give_again()
            self._changed.wait_for(
                lambda: self._is_closed or self._goes_back or not self.entries[-1].waits
            )
            if self._goes_back:
                self._goes_back = False
                raise _WentBack
            answer = self.entries[-1].answer
        if answer is None:
            raise Stopped
        return answer

    def _give_again(self) -> None:
        """Answer as before, where the person went back and the same is asked; not the last.

        The same must be told before it, too: one question is asked about several things.
        """
        if not self._given or self._is_closed:
            return
        told, given = self._given.pop(0)
        *_before, (now_told, asked) = _with_what_was_told(self.entries[self._begun_at :])
        same = _without_answer(given) == replace(asked, number=given.number)
        if not same or _unnumbered(told) != _unnumbered(now_told) or given.answer is None:
            self._given = []
        elif self._given:
            self.entries[-1] = asked.answered(given.answer)
        else:  # the one that is taken back
            self.entries[-1] = replace(asked, was=given.answer)

    def _add(
        self,
        kind: Kind,
        *,
        texts: tuple[Text, ...],
        options: tuple[Option, ...] = (),
        default: str = "",
        sheet: ApprovalSheet | None = None,
        hand_over: HandOver | None = None,
        offer: Offer | None = None,
    ) -> None:
        with self._changed:
            self.entries.append(
                Entry(
                    number=self._said,
                    kind=kind,
                    texts=texts,
                    options=options,
                    default=default,
                    sheet=sheet,
                    hand_over=hand_over,
                    offer=offer,
                )
            )
            self._said += 1
            self._changed.notify_all()


def _with_what_was_told(entries: Sequence[Entry]) -> Iterator[Given]:
    """Yield each question with what was told before it; one that was answered wrongly is none."""
    told: list[Entry] = []
    is_wrong = False  # what follows tells what was wrong with it
    for each in entries:
        if each.kind is not Kind.TOLD:
            is_wrong = each.is_wrong
            if not is_wrong:
                yield tuple(told), each
                told = []
        elif not is_wrong:
            told.append(each)


def _unnumbered(told: Sequence[Entry]) -> list[Entry]:
    return [replace(each, number=0) for each in told]


def _without_answer(given: Entry) -> Entry:
    return replace(given, answer=None, chosen=None, was=None)
