"""What a box of a page wants, and how sure that is.

Several things speak of one box: its words, what the browser calls it, its name. Where they agree
the meaning is sure; where they differ, or only its name speaks, a person is asked. A wrong guess
about a name, an e-mail, an address or a birth date would put a value where nobody approved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from optout.model.fields import Field
from optout.model.flow import AskReason
from optout.model.form import Box, BoxKind, Choice, SeenPage
from optout.model.words import Right
from optout.rules import box_words as words_for
from optout.rules.box_words import Wanted, plain_words, words_of_name
from optout.rules.hands_off import names_what_is_never_typed, says_agreed
from optout.rules.states import is_state, state_names
from optout.text import Text

LONGEST_LABEL: Final = 16  # words; a longer text is a sentence about something
_MOST: Final = 0.6  # of the options of a list of states are states
_DAYS: Final = 31
_TYPED: Final = frozenset({BoxKind.TEXT, BoxKind.DATE})
_CHOSEN: Final = frozenset({BoxKind.SELECT, BoxKind.RADIO, BoxKind.LISTBOX})
_DATE_PARTS: Final = {words_for.MONTH: "MM", words_for.DAY: "DD", words_for.YEAR: "YYYY"}
_LIST_PARTS: Final = {**_DATE_PARTS, words_for.MONTH: "MMMM"}


class Use(StrEnum):
    """What a definition does with a box."""

    FIELD = "field"  # one of our fields goes in
    OPTION = "option"  # one option is chosen, the same for everybody
    RIGHT = "right"  # it asks which right is meant
    PERSON = "person"  # the person does it in the window
    LEAVE = "leave"  # it stays as it is
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one box wants."""

    use: Use
    field: Field | None = None
    format: str = ""
    option: str = ""
    reason: AskReason = "choice"  # why a person does it
    sure: bool = True
    why: Text | None = None  # what is in doubt


def meanings_of(page: SeenPage) -> tuple[Meaning, ...]:
    """Return what each box of a page wants, in the order of the page."""
    read = [_read(box) for box in page.boxes]
    read = _birth_dates(page.boxes, read)
    wanted = {meaning.field for meaning in read if meaning.field}
    found = [_fitted(box, one, wanted) for box, one in zip(page.boxes, read, strict=True)]
    return tuple(map(_left_where_not_needed, page.boxes, found))


def right_of(text: str) -> Right | None:
    """Return the right that an option's words mean; None where they mean several, or none."""
    plain = plain_words(text)
    found = {right for right, pattern in words_for.RIGHTS if pattern.search(plain)}
    if found in ({Right.OPT_OUT, Right.LIMIT}, {Right.OPT_OUT, Right.DELETE}):
        return Right.OPT_OUT if words_for.RIGHTS[0][1].match(plain) else None
    return found.pop() if len(found) == 1 else None


def options_for(box: Box, right: Right) -> tuple[Choice, ...]:
    """Return the options of a box that mean this right."""
    return tuple(choice for choice in box.choices if right_of(choice.words) is right)


# ---- one box ----


def _read(box: Box) -> Meaning:
    """Say what one box wants, as far as it can be said without the others."""
    for look in (_hands_off, _not_ours, _chosen, _ticked, _typed):
        found = look(box)
        if found is not None:
            return _unless_of_a_paper(box, found)
    return _unknown(Text("nothing says what it wants"))


def _unless_of_a_paper(box: Box, meaning: Meaning) -> Meaning:
    """Doubt a field of ours where the words speak of a card, a paper or somebody else too."""
    if meaning.use is not Use.FIELD:
        return meaning
    said = plain_words(" ".join((*_own_words(box), box.hint, *box.group)))
    others = words_for.SOMEBODY_ELSE.search(plain_words(" ".join(_own_words(box))))
    if others or words_for.OF_A_PAPER.search(said):
        return _unknown(Text("it may be about a paper, a card or somebody else"))
    return meaning


def _own_words(box: Box) -> list[str]:
    """Return the words that belong to this box alone, as people see them."""
    own = [label for label in box.labels if label not in box.group]
    return [text for text in (*own, box.beside) if text]


def _around(box: Box) -> str:
    return plain_words(" ".join((*box.group, box.section)))


def _hands_off(box: Box) -> Meaning | None:
    """Find what only a person does: papers, numbers, agreeing, robot checks."""
    own = [*_own_words(box), box.hint, box.help]
    names = (box.name, box.id)
    if box.kind is BoxKind.FILE:
        return _person("upload")
    if box.kind is BoxKind.PASSWORD:
        return _person("identity")
    spoken = plain_words(" ".join(own))
    digits = "last four" in spoken or "last 4" in spoken or "digits of" in spoken
    if digits or names_what_is_never_typed(*own, *names):
        return _person("identity")
    if any("captcha" in name.casefold() for name in (*names, *own)):
        return _person("captcha")
    agrees = own if box.kind not in _CHOSEN else _own_words(box)
    return _person("terms") if says_agreed(*agrees) and _may_agree(box) else None


def _may_agree(box: Box) -> bool:
    """“Confirm e-mail” agrees to nothing; a tick, or words about signing, do."""
    return box.kind not in _TYPED or "signature" in plain_words(" ".join(_own_words(box)))


def _not_ours(box: Box) -> Meaning | None:
    """Find boxes about somebody else, or about another time."""
    if box.kind not in _TYPED and box.kind is not BoxKind.SELECT:
        return None
    own = plain_words(" ".join((*_own_words(box), box.hint)))
    others = words_for.SOMEBODY_ELSE.search(own)
    if box.kind is BoxKind.SELECT and not others and not _is_elsewhere(box):
        return None
    if (others or _is_elsewhere(box)) and not _any_right(box):
        return _leave(sure=not box.is_required)
    if words_for.FORMER.search(f"{own} {_around(box)}"):
        return replace(_leave(sure=False), why=Text("it may be about another time or name"))
    return None


def _is_elsewhere(box: Box) -> bool:
    """Say whether the part of the page is about somebody else, and about nobody besides."""
    around = _around(box)
    both = words_for.MYSELF.search(around) or "your" in around.split()
    return bool(words_for.SOMEBODY_ELSE.search(around)) and not both


def _any_right(box: Box) -> bool:
    return len({right_of(choice.words) for choice in box.choices} - {None}) > 1


# ---- what is typed ----


def _typed(box: Box) -> Meaning | None:
    if box.kind not in _TYPED and box.kind is not BoxKind.LISTBOX:
        return None
    spoken = _spoken(box)
    named = _named(box)
    parts = spoken & set(_DATE_PARTS)
    if spoken - parts == {Field.BIRTH_DATE} and len(parts) == 1:  # “birth year”
        form = _DATE_PARTS[str(parts.pop())]
        return Meaning(use=Use.FIELD, field=Field.BIRTH_DATE, format=form)
    if len(spoken) > 1:
        return _unknown(Text("its words name several things"))
    if not spoken:
        return _by_name(box, named)
    seen = spoken.pop()
    meaning = _as_meaning(box, seen)
    if named is None or _agree(seen, named):
        return meaning
    return replace(meaning, sure=False, why=Text("its words and its name differ"))


def _spoken(box: Box) -> set[Wanted]:
    """Return what the words of a box name: one thing, several, or nothing."""
    found: set[Wanted] = set()
    for text in _own_words(box) or [box.hint]:
        found |= _wanted_in(plain_words(text))
    told = words_for.AUTOCOMPLETE.get(box.autocomplete.split(" ")[-1].lower())
    if told is not None:
        found.add(told)
    if box.type == "email" or (box.kind is BoxKind.DATE and not found):
        found.add(Field.EMAIL if box.type == "email" else words_for.SOME_DATE)
    if not found and "@" in box.hint:
        found.add(Field.EMAIL)
    return _without_weaker(found)


_WEAKER: Final = frozenset({words_for.FREE_TEXT, words_for.SOME_DATE, words_for.TITLE})


def _without_weaker(found: set[Wanted]) -> set[Wanted]:
    """Leave out what is only said beside: “details” in “e-mail (details below)”."""
    strong = {one for one in found if one not in _WEAKER}
    parts = {words_for.MONTH, words_for.DAY, words_for.YEAR}
    if Field.BIRTH_DATE in strong:
        strong -= parts if len(strong & parts) != 1 else set()
    return strong or found


def _wanted_in(plain: str) -> set[Wanted]:
    """Return everything that some words name; each word is read once."""
    if len(plain.split()) > LONGEST_LABEL:
        return set()
    found: set[Wanted] = set()
    rest = plain
    for wanted, pattern in words_for.WANTED:
        left = pattern.sub(" ", rest)
        if left != rest:
            found.add(wanted)
            rest = left
    return found


def _named(box: Box) -> Wanted | None:
    """Return what the name or id of a box says; most say nothing."""
    for name in (box.name, box.id):
        plain = words_of_name(name)
        if not plain or plain in words_for.NAMES_NOTHING:
            continue
        found = _without_weaker(_wanted_in(plain))
        if not found and words_for.MAIL_IN_NAMES.search(plain):
            found = {Field.EMAIL}
        if len(found) == 1:
            return found.pop()
    return None


def _agree(one: Wanted, other: Wanted) -> bool:
    """Say whether a name does not speak against the words."""
    if one == other or not isinstance(other, Field):
        return True
    names = {Field.FIRST_NAME, Field.LAST_NAME, Field.FULL_NAME, Field.MIDDLE_NAME}
    generic = other in {Field.FULL_NAME, Field.STREET} and one in names | _OF_ADDRESS
    return generic or (other is Field.BIRTH_DATE and one in _DATE_PARTS)


_OF_ADDRESS: Final = frozenset(
    {Field.STREET, Field.CITY, Field.STATE, Field.ZIP, words_for.LINE_2, words_for.COUNTRY}
)


def _by_name(box: Box, named: Wanted | None) -> Meaning:
    if named is None:
        return _unknown(Text("nothing says what it wants"))
    return replace(_as_meaning(box, named), sure=False, why=Text("only its name in the page says"))


def _as_meaning(box: Box, wanted: Wanted) -> Meaning:
    if isinstance(wanted, Field):
        return Meaning(use=Use.FIELD, field=wanted, format=_format(box, wanted))
    if wanted == words_for.COUNTRY:
        return _country(box)
    if wanted in _DATE_PARTS:
        return Meaning(
            use=Use.FIELD, field=Field.BIRTH_DATE, format=_DATE_PARTS[wanted], sure=False,
            why=Text("it may be a part of another date"),
        )  # fmt: skip
    if wanted in {words_for.AGE, words_for.SOME_DATE, words_for.THEIR_NUMBER, words_for.ACCOUNT}:
        return replace(_person("choice"), sure=box.is_required)
    return _leave(sure=not box.is_required)


def _format(box: Box, field: Field) -> str:
    shown = " ".join((*box.labels, box.hint, box.help, box.beside))
    if field is Field.BIRTH_DATE and box.kind is not BoxKind.DATE:
        if words_for.BIRTHDAY_FORM.match(box.hint):
            return ""
        return next((form for look, form in words_for.DATE_FORMS if look.search(shown)), "")
    if field is Field.PHONE and words_for.PHONE_WITH_DASHES.search(f"{box.hint} {box.help}"):
        return "dashes"
    return ""


# ---- what is chosen ----


def _chosen(box: Box) -> Meaning | None:
    if box.kind not in _CHOSEN:
        return None
    offered = [choice for choice in box.choices if is_offered(choice)]
    asked = plain_words(" ".join((*box.labels, box.beside, box.before)))
    part = _date_part(offered)
    if part:
        born = Field.BIRTH_DATE in _wanted_in(asked) or _named(box) == Field.BIRTH_DATE
        doubt = None if born else Text("it may be a part of another date")
        form = _LIST_PARTS[part]
        return Meaning(use=Use.FIELD, field=Field.BIRTH_DATE, format=form, sure=born, why=doubt)
    if box.kind is BoxKind.LISTBOX and not offered:
        return _of_unseen_list(box)
    if _lists_states(offered):
        return _state(box, offered)
    return _one_option(box, offered, asked)


def is_offered(choice: Choice) -> bool:
    """Say whether an option can be meant: “Please select” cannot."""
    plain = plain_words(choice.words)
    first = plain.split(" ")[0] if plain else ""
    return bool(plain) and (
        bool(choice.value) or first not in {"select", "choose", "please", "elija"}
    )


def _date_part(offered: Sequence[Choice]) -> str:
    plain = [plain_words(choice.words) for choice in offered]
    named = [one for one in plain if one in words_for.MONTHS]
    numbers = [int(one) for one in plain if one.isdecimal() and len(one) <= 4]  # noqa: PLR2004 - a year
    if len(named) > 1 and len(named) >= len(plain) - 1:
        return words_for.MONTH
    if len(numbers) < 2 or len(numbers) < len(plain) - 1:  # noqa: PLR2004 - one number is no list
        return ""
    if all(1900 <= number <= 2100 for number in numbers):  # noqa: PLR2004 - years
        return words_for.YEAR
    # Twelve numbers are months, and days go on to 31.
    return words_for.DAY if max(numbers) == _DAYS and min(numbers) >= 1 else ""


def _lists_states(offered: Sequence[Choice]) -> bool:
    known = {plain_words(text) for pair in state_names().items() for text in pair}
    states = [one for one in offered if {plain_words(one.words), plain_words(one.value)} & known]
    return len(states) > 1 and len(states) >= _MOST * len(offered)


def _state(box: Box, offered: Sequence[Choice]) -> Meaning:
    """Read a list of states: it wants the person's, unless its words speak of something else."""
    own = plain_words(" ".join(_own_words(box)))
    said = _wanted_in(own)
    coded = any(is_state(text) for one in offered for text in (one.words, one.value))
    field = Field.STATE if coded else Field.STATE_NAME
    fits = not said or said <= {Field.STATE, words_for.COUNTY} or Field.STATE in said
    doubt = None if fits else Text("its options are states, its words are not")
    return Meaning(use=Use.FIELD, field=field, sure=fits, why=doubt)


def _of_unseen_list(box: Box) -> Meaning | None:
    """Read a list that shows its options only when it is opened: its words alone speak."""
    said = _spoken(box)
    if said == {Field.STATE}:
        return Meaning(use=Use.FIELD, field=Field.STATE_NAME)
    if said == {words_for.COUNTRY}:
        return Meaning(use=Use.OPTION, option="United States")
    return _unknown(Text("its options show only when it is opened"))


def _one_option(box: Box, offered: Sequence[Choice], asked: str) -> Meaning:
    """Find the one option that everybody wants: their country, themselves, an answer by mail."""
    if _any_right(replace(box, choices=tuple(offered))):
        return Meaning(use=Use.RIGHT)
    if words_for.RESIDENT.search(asked):
        return _person("choice")
    for pattern, fits in (
        (words_for.UNITED_STATES, True),
        (words_for.MYSELF, True),
        (words_for.BY_EMAIL, bool(words_for.CONTACT_BY.search(asked))),
    ):
        options = [one for one in offered if pattern.search(plain_words(one.words))]
        if fits and len(options) == 1 and len(offered) > 1:
            return Meaning(use=Use.OPTION, option=options[0].words)
    if len(offered) == 1 and box.kind is BoxKind.SELECT:
        return Meaning(use=Use.OPTION, option=offered[0].words, sure=False)
    return _unknown(Text("no option is plainly the right one"))


def _country(box: Box) -> Meaning:
    if box.kind in _CHOSEN:
        return Meaning(use=Use.OPTION, option="United States", sure=False)
    return _leave(sure=not box.is_required)


# ---- ticks ----


def _ticked(box: Box) -> Meaning | None:
    if box.kind is not BoxKind.CHECKBOX:
        return None
    plain = plain_words(" ".join(_own_words(box)))
    if "not a robot" in plain or "i am human" in plain:
        return _person("captcha")
    if words_for.ADVERTISING.search(plain) and right_of(plain) is None:
        return _leave(sure=not box.is_required)
    if words_for.RESIDENT.search(plain):
        return _person("choice")
    if right_of(plain) is not None:
        return Meaning(use=Use.RIGHT)
    return _unknown(Text("nothing says whether to tick it"))


# ---- several boxes together ----


def _birth_dates(boxes: Sequence[Box], read: Sequence[Meaning]) -> list[Meaning]:
    """Make sure of month, day and year that stand together under “date of birth”."""
    found = list(read)
    for run in _runs_of_parts(found):
        around = [
            text for at in run for text in (*boxes[at].labels, boxes[at].before, boxes[at].beside)
        ]
        named = [_named(boxes[at]) for at in run]
        born = Field.BIRTH_DATE in _wanted_of(around) or Field.BIRTH_DATE in named
        forms = [found[at].format for at in run]
        if born and len(set(forms)) == len(forms):
            for at in run:
                found[at] = replace(found[at], sure=True, why=None)
    return found


def _runs_of_parts(read: Sequence[Meaning]) -> Iterator[list[int]]:
    run: list[int] = []
    parts = {*_DATE_PARTS.values(), *_LIST_PARTS.values()}
    for at, meaning in enumerate(read):
        if meaning.field is Field.BIRTH_DATE and meaning.format in parts:
            run.append(at)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _wanted_of(texts: Iterable[str]) -> set[Wanted]:
    return {wanted for text in texts for wanted in _wanted_in(plain_words(text))}


def _fitted(box: Box, meaning: Meaning, wanted: set[Field]) -> Meaning:
    """Read one box in the light of the others: “Name” beside “Last name” is no full name."""
    if meaning.use is not Use.FIELD or not meaning.sure:
        return meaning
    parts = {Field.FIRST_NAME, Field.LAST_NAME} & wanted
    if meaning.field is Field.FULL_NAME and parts:
        if parts == {Field.LAST_NAME} and _says_first(box):
            return replace(meaning, field=Field.FIRST_NAME)
        return replace(meaning, sure=False, why=Text("there is a box for a part of the name too"))
    if meaning.field is Field.STREET and not {Field.CITY, Field.ZIP} & wanted:
        return replace(meaning, sure=False, why=Text("it may want the whole address"))
    if meaning.field is Field.FIRST_NAME and Field.LAST_NAME not in wanted:
        return replace(meaning, sure=False, why=Text("there is no box for the last name"))
    return meaning


def _says_first(box: Box) -> bool:
    """In Spanish, “nombre” beside “apellidos” is the first name."""
    return any(plain_words(text) in {"nombre", "nombres", "nombre s"} for text in _own_words(box))


def _left_where_not_needed(box: Box, meaning: Meaning) -> Meaning:
    """Leave what only a person could give, and nobody insists on."""
    by_hand = meaning.use is Use.PERSON and meaning.reason in {"identity", "upload", "choice"}
    if by_hand and not box.is_required and box.kind in {*_TYPED, BoxKind.FILE, BoxKind.PASSWORD}:
        return _leave()
    return meaning


def _person(reason: AskReason) -> Meaning:
    return Meaning(use=Use.PERSON, reason=reason)


def _leave(*, sure: bool = True) -> Meaning:
    doubt = None if sure else Text("the page insists on it")
    return Meaning(use=Use.LEAVE, sure=sure, why=doubt)


def _unknown(why: Text) -> Meaning:
    return Meaning(use=Use.UNKNOWN, sure=False, why=why)
