"""The same questions on another day: what was answered before is said back, and not asked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from optout.errors import WrongUsage
from optout.text import Text, as_written
from optout.workflows.never_stored import refuse_typed

if TYPE_CHECKING:
    from optout.model.ports import Option, Person
    from optout.vault.first_answers import FirstAnswers

_NOT_KEPT = Text(
    "Another window asks these questions now, or somebody was erased. So your answers are not kept "
    "one by one any more. Go on to the last question: then all is kept."
)


class Asks(Protocol):
    """The part of the port `Person` that plain questions need."""

    def tell(self, text: Text) -> None:
        """Show one sentence."""

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        """Ask for one line; ask again while `check` raises `WrongUsage`."""

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        """Return the key of the chosen option."""


@dataclass(slots=True)
class AsksCarefully:
    """Asks a person; a number that is never stored is refused at its own question."""

    person: Asks

    def tell(self, text: Text) -> None:
        """Show one sentence."""
        self.person.tell(text)

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        """Ask for one line."""
        return self.person.ask(question, default=default, check=_keepable(check))

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        """Return the key of the chosen option."""
        return self.person.choose(question, options, default=default)


def _keepable(check: Callable[[str], object] | None) -> Callable[[str], object]:
    """Return the check of a question, after that for what is never stored."""

    def checked(answer: str) -> None:
        refuse_typed(answer)
        if check:
            check(answer)

    return checked


Answered = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class AsksOnce:
    """Asks a person, keeps each answer at once, and asks nothing that was answered before.

    The questions come in the same order while the answers are the same. Where another one comes,
    or an answer does not pass any more, it is asked, and so is all that follows.
    """

    person: Person
    kept: FirstAnswers
    before: Answered
    place: int = 0
    is_kept: bool = True  # False: another window has taken over, and the person knows

    def tell(self, text: Text) -> None:
        """Show one sentence."""
        self.person.tell(text)

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        """Ask for one line, or return the one that was given before."""
        keepable, known = _keepable(check), self._known(question)
        if known is not None and _passes(keepable, known):
            return self._said_back(question, known, as_written(known))
        return self._kept(question, self.person.ask(question, default=default, check=keepable))

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        """Return the key of the chosen option, now or before."""
        known = self._known(question)
        for option in options:
            if option.key == known:
                return self._said_back(question, known, option.text)
        return self._kept(question, self.person.choose(question, options, default=default))

    def _known(self, question: Text) -> str | None:
        """Return what was answered at this place, if the question is the same."""
        if self.place >= len(self.before):
            return None
        asked, answer = self.before[self.place]
        return answer if asked == question.english() else None

    def _said_back(self, question: Text, answer: str, shown: Text) -> str:
        self.place += 1
        if answer:
            asked = question.holding({**question.values, "skip": ""})
            self.person.tell(Text("{question} “{answer}”", question=asked, answer=shown))
        return answer

    def _kept(self, question: Text, answer: str) -> str:
        self.before = self.before[: self.place]
        is_kept = self.kept.keep(self.place, question.english(), answer)
        if self.is_kept and not is_kept:
            self.person.tell(_NOT_KEPT)
        self.is_kept = is_kept
        self.place += 1
        return answer


def _passes(check: Callable[[str], object], answer: str) -> bool:
    try:
        check(answer)
    except WrongUsage:
        return False
    return True
