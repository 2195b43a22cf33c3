"""How the demo's person acts: answers questions from a script, and does by hand what pages ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from optout.model.fields import Field, IdentifierKind
from optout.model.payload import ApprovalSheet
from optout.model.ports import Acted, HandOver, Offer, Option, T
from optout.model.secret import Secret
from optout.model.subject import Subject
from optout.rules.picking import pick_by_number
from optout.sample import people_search
from optout.sample.at_screen import Deed, press, tick, type_into
from optout.sample.people import JORDAN
from optout.sample.servers import World
from optout.text import Text

# Opens nothing but a throw-away folder.
PASSPHRASE: Final = "practice only: five plain words"  # noqa: S105 - not a secret

# Where each practice form takes a value, also after `Switch.CHANGED_FORM`.
_BOXES: Final[Mapping[str, Mapping[Field, str]]] = {
    "wizard": {Field.EMAIL: "#contact-mail, #email"},
    "search": {Field.FULL_NAME: "#who", Field.CITY: "#where"},
    "opt-out": {
        Field.FULL_NAME: "#name",
        Field.EMAIL: "#contact-mail, #email",
        Field.CITY: "#city",
    },
    "confirm": {Field.EMAIL: "#email-again", Field.STATE_NAME: "#state"},
}
# What else each page asks of a person who goes on by hand, up to its last button.
_BESIDES: Final[Mapping[str, tuple[Deed, ...]]] = {
    "wizard": (tick("#postal-no"), press("#communications .next")),
    "opt-out": (type_into("#word", people_search.WORD), tick("#human")),
}
_ASKED_BY: Final[Mapping[str, tuple[Deed, ...]]] = {
    "opt-out": _BESIDES["opt-out"],
    "wall": (press("#pass"),),
}
_LAST_BUTTON: Final = "#send, #confirm"


@dataclass(slots=True)
class ScriptedPerson:
    """Whoever sits in front of the program when nobody does.

    `answers` maps a part of a question's English words to what is answered. What was told and
    asked is kept in `heard`, without the values.
    """

    world: World | None = None
    subject: Subject = JORDAN
    answers: Mapping[str, str] = field(default_factory=dict)
    says_yes: bool = True
    seconds: float = 20.0
    listener: Callable[[Text], None] = lambda _text: None
    heard: list[str] = field(default_factory=list)
    acted: list[str] = field(default_factory=list)  # pages on which something was done by hand

    def _answer(self, question: Text, default: str) -> str:
        self._hear(question)
        asked = question.english()
        return next((said for part, said in self.answers.items() if part in asked), default)

    def _hear(self, text: Text) -> None:
        self.heard.append(text.template)
        self.listener(text)

    def tell(self, text: Text) -> None:
        """Listen."""
        self._hear(text)

    def tell_at_length(self, texts: Sequence[Text]) -> None:
        """Listen to the end."""
        for text in texts:
            self._hear(text)

    def ask(
        self, question: Text, *, default: str = "", check: Callable[[str], object] | None = None
    ) -> str:
        """Answer from the script, else with the default; a wrong answer is the script's fault."""
        said = self._answer(question, default)
        if check is not None:
            check(said)
        return said

    def ask_secret(self, question: Text) -> Secret[str]:
        """Give the passphrase of the throw-away folder."""
        return Secret(self._answer(question, PASSPHRASE))

    def choose(self, question: Text, options: Sequence[Option], *, default: str = "") -> str:
        """Choose from the script, else the default, else the first option."""
        return self._answer(question, default or options[0].key)

    def pick(self, offer: Offer) -> str:
        """Take what the script says by number, else nothing."""
        return pick_by_number(self, offer)

    def with_way_back(self, asking: Callable[[], T], *, is_kept: bool = False) -> T:  # noqa: ARG002 - the port has it
        """Answer, and stay with it."""
        return asking()

    def confirm(self, question: Text, *, default: bool = False) -> bool:
        """Say yes, unless the script says otherwise."""
        said = self._answer(question, "yes" if self.says_yes else "no")
        return said == "yes" or (said == "" and default)

    def type_word(self, question: Text, word: Text) -> bool:
        """Type the word, unless the script says otherwise."""
        return self._answer(question, word.english()) == word.english() and self.says_yes

    def approve(self, sheet: ApprovalSheet) -> bool:
        """Read the sheet, and say yes unless the script says otherwise."""
        self._hear(sheet.title)
        for warning in sheet.warnings:
            self._hear(warning)
        return self.says_yes

    def act(self, hand_over: HandOver) -> Acted:
        """Do in the open practice page what it asks of a person."""
        self._hear(hand_over.what)
        if self.world is None:
            return Acted.DID_NOT
        page = self.world.screen.open_page(self.seconds)
        if not page:
            return Acted.NOT_SURE
        self.acted.append(page)
        for deeds in (self._by_hand(page, hand_over), self._last(hand_over)):
            if deeds:
                self.world.screen.act(page, *deeds, seconds=self.seconds)
        return Acted.DID

    def _by_hand(self, page: str, hand_over: HandOver) -> tuple[Deed, ...]:
        if not hand_over.person_submits:
            return self._asked_by(page)
        boxes = _BOXES.get(page, {})
        typed = [
            type_into(boxes[left.field], left.value.reveal())
            for left in hand_over.remaining
            if left.field in boxes
        ]
        return (*typed, *_BESIDES.get(page, ())) if typed else ()

    def _asked_by(self, page: str) -> tuple[Deed, ...]:
        """Return what a page asks of a person in the middle of a form."""
        if page == "results":
            return (press(f"#remove-{self.own_record()}"),)
        return _ASKED_BY.get(page, ())

    def _last(self, hand_over: HandOver) -> tuple[Deed, ...]:
        return (press(_LAST_BUTTON),) if hand_over.person_submits else ()

    def own_record(self) -> str:
        """Return the record that is the subject: same birth year and city, not only the name."""
        values = {known.kind: known.value for known in self.subject.identifiers}
        born, address = values[IdentifierKind.BIRTH_DATE], values[IdentifierKind.ADDRESS]
        assert isinstance(born, Secret)  # the model says so for birth dates
        assert isinstance(born.reveal(), date)
        own = next(iter(people_search.all_records().values()))
        for record in people_search.all_records().values():
            if record.born == born.reveal() and record.city == getattr(address, "city", ""):
                own = record
        return own.id
