"""Asking a volunteer what the boxes of a form want, where the page does not say it plainly.

Leaving a box to the person who files is always an answer; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from optout.model.fields import Field
from optout.model.form import Box, BoxKind, Button, SeenPage
from optout.model.ports import Option, Person
from optout.model.words import Right
from optout.rules.box_meaning import Meaning, Use, is_offered, meanings_of, options_for
from optout.rules.draft_flow import button_that_goes_on, buttons_that_send
from optout.rules.states import state_names
from optout.text import Text
from optout.words import word

_MOST_OPTIONS: Final = 15
_TYPED: Final = (
    Field.FULL_NAME, Field.FIRST_NAME, Field.MIDDLE_NAME, Field.LAST_NAME, Field.EMAIL, Field.PHONE,
    Field.STREET, Field.CITY, Field.STATE, Field.STATE_NAME, Field.ZIP, Field.BIRTH_DATE,
    Field.LISTING_URL,
)  # fmt: skip
_DATE_FORMS: Final = ("MM/DD/YYYY", "DD/MM/YYYY", "YYYY-MM-DD", "MM-DD-YYYY", "MMDDYYYY")
_DATE_PARTS: Final = ("MM", "DD", "YYYY")


def settled_meanings(seen: SeenPage, right: Right, person: Person) -> tuple[Meaning, ...]:
    """Return what each box wants, asking about those in doubt."""
    return tuple(
        _settle(box, meaning, right, person)
        for box, meaning in zip(seen.boxes, meanings_of(seen), strict=True)
    )


def _settle(box: Box, meaning: Meaning, right: Right, person: Person) -> Meaning:
    if meaning.use is Use.RIGHT and box.kind is not BoxKind.CHECKBOX:
        meaning = _settle_right(box, meaning, right)
    if not meaning.sure:
        meaning = _asked(box, meaning, person)
    whole_date = meaning.field is Field.BIRTH_DATE and not meaning.format
    if whole_date and box.kind is BoxKind.TEXT:
        forms = [Option(key=form, text=Text("{form}", form=form)) for form in _DATE_FORMS]
        forms += [Option(key=part, text=Text("only {part}", part=part)) for part in _DATE_PARTS]
        chosen = person.choose(
            Text("How is the date written in “{box}”?", box=_shown(box)),
            forms,
            default="MM/DD/YYYY",
        )
        meaning = replace(meaning, format=chosen)
    return meaning


def _settle_right(box: Box, meaning: Meaning, right: Right) -> Meaning:
    fitting = options_for(box, right)
    if len(fitting) == 1:
        return Meaning(use=Use.OPTION, option=fitting[0].words)
    doubt = Text("no option, or more than one, means “{right}”", right=word(right))
    return replace(meaning, use=Use.UNKNOWN, sure=False, why=doubt)


def _asked(box: Box, meaning: Meaning, person: Person) -> Meaning:
    """Ask what a box wants; leaving it to the person is always an answer."""
    answers = _answers(box, meaning)
    why = meaning.why or Text("it is not plain")
    key = person.choose(
        Text("“{box}”: {why}. What belongs there?", box=_shown(box), why=why),
        [Option(key=key, text=text) for key, (text, _meaning) in answers.items()],
        default=_usual(box, meaning, answers),
    )
    return answers[key][1]


def _answers(box: Box, meaning: Meaning) -> Mapping[str, tuple[Text, Meaning]]:
    found: dict[str, tuple[Text, Meaning]] = {}
    if meaning.field:
        found["as-read"] = (word(meaning.field), replace(meaning, sure=True, why=None))
    if box.kind in {BoxKind.SELECT, BoxKind.RADIO, BoxKind.LISTBOX}:
        for choice in [one for one in box.choices if is_offered(one)][:_MOST_OPTIONS]:
            chosen = Meaning(use=Use.OPTION, option=choice.words)
            found[f"option {choice.words}"] = (
                Text("always “{option}”", option=choice.words), chosen,
            )  # fmt: skip
    if box.kind is BoxKind.CHECKBOX:
        found["tick"] = (Text("it is always ticked"), Meaning(use=Use.OPTION))
    else:
        for each in _fields_for(box):
            if each is not meaning.field:
                found[each.value] = (word(each), Meaning(use=Use.FIELD, field=each))
    by_hand = Meaning(use=Use.PERSON, reason="choice")
    found["person"] = (Text("leave it to the person: whoever files is asked"), by_hand)
    found["leave"] = (Text("leave it as it is: nobody touches it"), Meaning(use=Use.LEAVE))
    return found


def _fields_for(box: Box) -> tuple[Field, ...]:
    """Return the fields that fit a box: of a list that shows its options only where they are."""
    if box.kind in {BoxKind.TEXT, BoxKind.DATE}:
        return _TYPED
    offered = [one for one in box.choices if is_offered(one)]
    known = {text.casefold() for pair in state_names().items() for text in pair}
    states = [one for one in offered if {one.words.casefold(), one.value.casefold()} & known]
    fits = box.kind is BoxKind.LISTBOX and not offered
    # An option or two may look like a state's code by chance: the most of them have to.
    return (Field.STATE,) if fits or 2 * len(states) > len(offered) > 1 else ()


def _usual(box: Box, meaning: Meaning, answers: Mapping[str, object]) -> str:
    if "as-read" in answers:
        return "as-read"
    return "leave" if meaning.use is Use.LEAVE and not box.is_required else "person"


def _shown(box: Box) -> str:
    return (box.label or box.name or box.id or "?")[:80]


def ask_button(seen: SeenPage, person: Person) -> Button | None:
    """Return the button that sends the form; asked where several could."""
    sending = buttons_that_send(seen)
    if len(sending) < 2:  # noqa: PLR2004 - one is no choice
        return sending[0] if sending else None
    options = [Option(key=str(at), text=Text("{b}", b=one.words)) for at, one in enumerate(sending)]
    return sending[int(person.choose(Text("Which button sends the form?"), options, default="0"))]


def ask_onward(seen: SeenPage, person: Person) -> Button | None:
    """Return the button that leads to another part of the form; asked where it may also send."""
    button = button_that_goes_on(seen)
    if button is None or not button.sends:
        return button
    ways = [
        Option(key="sends", text=Text("it sends the form")),
        Option(key="on", text=Text("it leads to another part of the form")),
    ]
    question = Text("What does “{button}” do?", button=button.words)
    return button if person.choose(question, ways, default="sends") == "on" else None
