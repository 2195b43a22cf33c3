"""The opt-out of an imported definition as a flow of ours, and all that a flow cannot say.

What only a person may do is asked of the person: a robot check, a box that their program would
fill with invented values, a row that has to be one's own. Where success could not be told, or an
address would carry more than a field, there is no flow: then a person goes through it by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from optout.model import dialect as theirs
from optout.model.fields import Field
from optout.model.flow import (
    AskPerson,
    AskReason,
    Choose,
    Compares,
    ConfirmEmail,
    Expect,
    Extract,
    Fill,
    Flow,
    Leg,
    Open,
    Press,
    Step,
    Submit,
    WaitFor,
    When,
)
from optout.model.reading import Reading
from optout.rules.foreign_address import fields_in, our_address
from optout.rules.foreign_selectors import in_row, inside, only
from optout.rules.read_row import KEYS
from optout.rules.url_template import parts_of_places, places_in
from optout.text import Text

FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "email": Field.EMAIL,
        "firstName": Field.FIRST_NAME,
        "middleName": Field.MIDDLE_NAME,
        "lastName": Field.LAST_NAME,
        "fullName": Field.FULL_NAME,
        "city": Field.CITY,
        "state": Field.STATE,
        "fullState": Field.STATE_NAME,
        "profileUrl": Field.LISTING_URL,
        "birthYear": Field.BIRTH_DATE,
        "age": Field.AGE,
    }
)
CODE: Final = "verificationCode"
_BY_PERSON: Final[Mapping[str, str]] = MappingProxyType(
    {"cityState": "your city and state, as in: Denver, CO"}
)
_INVENTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "$generated_zip_code$": "ZIP code",
        "$generated_street_address$": "street address",
        "$generated_phone_number$": "phone number",
        "$generated_random_number$": "number",
        "$generated_dob$": "birth date",
        "$file_id$": "picture of an ID",
    }
)
INVENTED: Final = frozenset(_INVENTED)
"""What their program makes up: with us a question to the person."""
KNOWN_BOXES: Final = frozenset({*FIELDS, *_BY_PERSON, *_INVENTED, CODE})
PATIENT: Final = 30  # seconds: theirs are as patient
_ROBOT: Final = ("captcha", "turnstile", "altcha", "cf-chl")
_PASSED: Final = ("value", "response", "token", "verified", "not(")
_MAILED_HOURS: Final = 24
# Boxes for these are lists on one site and typed into on the next; their program looks which.
_LISTS: Final = frozenset({"state", "fullState", "birthYear", "age"})
_COMPARED: Final[Mapping[str, tuple[Compares, Compares]]] = MappingProxyType(
    {
        "=": ("=", "!="),
        "==": ("=", "!="),
        "===": ("=", "!="),
        "!=": ("!=", "="),
        "!==": ("!=", "="),
        "<": ("<", ">="),
        "<=": ("<=", ">"),
        ">": (">", "<="),
        ">=": (">=", "<"),
    }
)
"""What their comparisons are with us, and what holds where one does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something of a definition that a flow of ours says otherwise, or not at all."""

    where: str
    what: Text
    stops: bool = False  # because of this there is no flow
    warns: bool = False  # whoever goes through it should know before


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedFlow:
    """What became of an opt-out."""

    flow: Flow | None
    notes: tuple[Note, ...]
    gives: tuple[Field, ...]  # what a person gives there, with a flow or by hand
    mails_link: bool
    mails_code: bool


def draft_opt_out(
    actions: Sequence[theirs.Action], *, where: str, hosts: tuple[str, ...], source: str
) -> DraftedFlow:
    """Return the flow of these steps, or None with the notes that say why."""
    writer = Writer(actions=actions, where=where, hosts=hosts, source=source)
    writer.write()
    legs = writer.finished()
    stopped = not legs or any(note.stops for note in writer.notes)
    return DraftedFlow(
        flow=None if stopped else Flow(leg=legs),
        notes=tuple(writer.notes),
        gives=tuple(dict.fromkeys(writer.gives)),
        mails_link=any(isinstance(each, theirs.EmailConfirmation) for each in actions),
        mails_code=any(isinstance(each, theirs.AwaitCode) for each in actions),
    )


@dataclass(slots=True, kw_only=True)
class Writer:
    """Writes their steps as ours, one after the other."""

    actions: Sequence[theirs.Action]
    where: str
    hosts: tuple[str, ...]
    source: str
    notes: list[Note] = field(default_factory=list)
    gives: list[Field] = field(default_factory=list)
    legs: list[list[Step]] = field(default_factory=lambda: [[]])
    used: set[int] = field(default_factory=set)  # expectations that a submit took
    submitted: bool = False
    searching: bool = False  # nothing is filed, so every button is only pressed

    def write(self) -> None:
        """Go through all steps in order."""
        last = set() if self.searching else set(_last_clicks(self.actions))
        for at, action in enumerate(self.actions):
            if at not in self.used:
                self._write(action, f"{self.where}[{at}]", at, files=at in last)

    def finished(self) -> tuple[Leg, ...]:
        """Return the legs, each with its submit; none where one lacks it."""
        whole = all(
            any(isinstance(step, Submit) or _only_opens(step) for step in leg) for leg in self.legs
        )
        if not whole:
            self._stop("", Text("It does not say by what a request is known to have arrived."))
        return tuple(Leg(steps=tuple(leg)) for leg in self.legs) if whole else ()

    # ---- one step ----

    def _write(self, action: theirs.Action, where: str, at: int, *, files: bool) -> None:
        match action:
            case theirs.Navigate():
                self._open(action, where)
            case theirs.Expectation() | theirs.Condition():
                self._add(*self._expected(action, where))
            case theirs.FillForm():
                self._fill(action, where)
            case theirs.Click() if files:
                self._submit(action, where, at)
            case theirs.Click():
                self._add(*self._clicked(action, where))
            case theirs.EmailConfirmation():
                self._confirm(where, at)
            case theirs.GenerateEmail():
                self._note(
                    where, Text("Your own e-mail address is used, not one made up for this.")
                )
            case theirs.SolveCaptcha():
                self._add(_robot_check())
            case theirs.Extract():
                self._note(where, Text("Rows are read here. In an opt-out the person looks."))
            case _:  # learning of a robot check, waiting for a code, scrolling: nothing is left out
                pass

    def _open(self, action: theirs.Navigate, where: str) -> None:
        url = our_address(action.url, action.age_range)
        if not url:
            self._stop(where, Text("Its address carries more about a person than we can put in."))
        self.gives += fields_in(action.url)
        reveals = bool(places_in(action.url))
        self._add(Open(url=url, reveals=reveals, source=self.source, within_seconds=PATIENT))

    def _confirm(self, where: str, at: int) -> None:
        """Begin the leg behind the mailed link; often opening it is all there is."""
        if not self.submitted:
            self._stop(where, Text("A link is mailed, but nothing was sent before."))
        rest = range(at + 1, len(self.actions))
        expected = next((i for i in rest if _says(self.actions[i])), None)
        clicks = any(isinstance(self.actions[i], theirs.Click) for i in rest)
        words = "" if clicks or expected is None else _says(self.actions[expected])
        if words and expected is not None:
            self.used.add(expected)
        self._begin(
            ConfirmEmail(hosts=self.hosts, within_hours=_MAILED_HOURS, expect=words, assumed=True)
        )
        self.submitted = bool(words)

    def _begin(self, first: Step) -> None:
        self.legs.append([first])
        self.submitted = False

    def _add(self, *steps: Step) -> None:
        if self.submitted and any(not isinstance(each, Expect | AskPerson) for each in steps):
            self._stop("", Text("More is done after the last button than a flow can say."))
        for step in steps:
            before = self.legs[-1][-1] if self.legs[-1] else None
            if not (_is_check(before) and _is_check(step)):
                self.legs[-1].append(step)
            elif isinstance(step, AskPerson) and step.done_when:  # one check is asked for once
                self.legs[-1][-1] = step

    def _note(self, where: str, what: Text, *, warns: bool = False) -> None:
        self.notes.append(Note(where=where, what=what, warns=warns))

    def _stop(self, where: str, what: Text) -> None:
        self.notes.append(Note(where=where or self.where, what=what, stops=True))

    # ---- what must be so ----

    def _expected(
        self, action: theirs.Expectation | theirs.Condition, where: str
    ) -> Iterator[Step]:
        if action.actions:
            yield from self._when(action, where)
            return
        for number, each in enumerate(action.expectations):
            place = f"{where}.expectations[{number}]"
            if each.fail_silently:
                self._note(place, Text("Whether this shows changes nothing. It is passed over."))
            elif is_robot_check(each.selector):
                yield from self._passed_check(each, place)
            elif each.type == "text":
                yield self._waits(text=each.expect)
            elif each.type == "element":
                yield self._waits(element=self._selector(each.parent, each.selector, place))
            elif each.type == "url" and each.expect:
                yield self._waits(address=each.expect)
            else:
                self._stop(place, Text("We do not know how to wait for this."))

    def _passed_check(self, each: theirs.Expected, where: str) -> Iterator[Step]:
        """Ask for the check where its sign of success is waited for, not where it only appears."""
        if any(word in each.selector.lower() for word in _PASSED):
            yield _robot_check(self._selector(each.parent, each.selector, where))
        elif not any(isinstance(other, theirs.SolveCaptcha) for other in self.actions):
            yield _robot_check()

    def _waits(self, *, text: str = "", element: str = "", address: str = "") -> Step:
        verb = Expect if self.submitted else WaitFor
        return verb(
            text=text,
            element=element,
            address=address,
            source=self.source,
            within_seconds=PATIENT,
        )

    def _when(self, action: theirs.Expectation | theirs.Condition, where: str) -> Iterator[Step]:
        """Do the inner steps only if all of it holds: one condition inside the other."""
        if not action.expectations:
            self._stop(where, Text("A condition of nothing cannot be said in a flow."))
            return
        steps: tuple[Step, ...] = ()
        for number, inner in enumerate(action.actions):
            steps += tuple(self._inner(inner, f"{where}.actions[{number}]"))
        for number in range(len(action.expectations) - 1, -1, -1):
            place = f"{where}.expectations[{number}]"
            steps = tuple(self._only_if(action.expectations[number], steps, place))
        yield from steps

    def _only_if(
        self, each: theirs.Expected, steps: tuple[Step, ...], where: str
    ) -> Iterator[Step]:
        if not steps:
            return
        if each.type == "url":
            yield When(address=each.expect, steps=steps, source=self.source)
        elif each.type == "text":
            yield When(text=each.expect, steps=steps, source=self.source)
        else:
            element = self._selector(each.parent, each.selector, where)
            yield When(element=element, steps=steps, source=self.source)

    def _inner(self, action: theirs.Action, where: str) -> list[Step]:
        match action:
            case theirs.Click():
                return [*self._clicked(action, where)]
            case theirs.Expectation() | theirs.Condition():
                return [*self._expected(action, where)]
            case theirs.FillForm():
                return [*self._filled(action, where)]
            case theirs.SolveCaptcha():
                return [_robot_check()]
            case theirs.LearnCaptcha() | theirs.Scroll():
                return []
        self._stop(where, Text("This step cannot hang on a condition in a flow."))
        return []

    # ---- boxes ----

    def _fill(self, action: theirs.FillForm, where: str) -> None:
        self._add(*self._filled(action, where))

    def _filled(self, action: theirs.FillForm, where: str) -> Iterator[Step]:
        for number, box in enumerate(action.elements):
            place = f"{where}.elements[{number}]"
            yield from self._box(box, self._in_form(action, box, place), place)

    def _in_form(self, action: theirs.FillForm, box: theirs.Box, where: str) -> str:
        return self._selector(box.parent or action.selector, box.selector, where)

    def _box(self, box: theirs.Box, into: str, where: str) -> Iterator[Step]:
        if box.type in FIELDS:
            self.gives.append(FIELDS[box.type])
            yield from self._entered(box, into)
        elif box.type == CODE:  # it is mailed while the page waits: no leg of its own
            yield _ask("doubt", TYPE_CODE, into)
        elif box.type in _BY_PERSON:
            words = _BY_PERSON[box.type]
            told = Text("You are asked to type this yourself: {what}.", what=words)
            self._note(where, told, warns=True)
            yield _ask("doubt", f"Type {words} where the page asks for it.", into)
        elif box.type in _INVENTED:
            what = _INVENTED[box.type]
            self._note(where, never_invented(box.type), warns=True)
            yield _ask("upload" if box.type == "$file_id$" else "doubt", _own(what))
        else:
            self._note(where, Text("We do not know what goes into this box. You are asked."))
            yield _ask(
                "doubt", "There is a box that we do not know. Fill it in only if you want to."
            )

    def _entered(self, box: theirs.Box, into: str) -> Iterator[Step]:
        """Choose from a list or type into a box, whichever the page has for this."""
        choose, fill = _chosen(box, into, self.source), _typed(box, into, self.source)
        if box.selector.rpartition("/")[2].startswith("select"):
            yield choose
        elif box.type in _LISTS:
            yield WaitFor(element=into, source=self.source, within_seconds=PATIENT)
            for tag, step in (("select", choose), ("input", fill)):
                yield When(element=only(into, tag), steps=(step,), source=self.source)
        else:
            yield fill

    # ---- buttons ----

    def _clicked(self, action: theirs.Click, where: str) -> Iterator[Step]:
        if action.choices:
            yield from self._chosen_by(action, where)
        for number, element in enumerate(action.elements):
            yield from self._pressed(element, f"{where}.elements[{number}]")

    def _chosen_by(self, action: theirs.Click, where: str) -> Iterator[Step]:
        """Press what the first choice that holds presses; what none of them holds for, last."""
        held = [_held(each.condition) for each in action.choices]
        if not all(held):
            self._note(where, Text("Which button is right hangs on the person, who is asked."))
            yield _ask("choice", "Choose on the page what fits you.")
            return
        otherwise = action.default.elements if action.default else ()
        steps = self._all_pressed(otherwise, f"{where}.default")
        for number in range(len(held) - 1, -1, -1):
            found = held[number]
            assert found is not None
            field, (so, not_so), than = found
            self.gives.append(field)
            inner = self._all_pressed(action.choices[number].elements, f"{where}.choices[{number}]")
            steps = (
                *_when_it_is(field, so, than, inner, self.source),
                *_when_it_is(field, not_so, than, steps, self.source),
            )
        yield from steps

    def _all_pressed(self, elements: Sequence[theirs.Pressed], where: str) -> tuple[Step, ...]:
        return tuple(
            step
            for number, element in enumerate(elements)
            for step in self._pressed(element, f"{where}.elements[{number}]")
        )

    def _pressed(self, element: theirs.Pressed, where: str) -> Iterator[Step]:
        if is_robot_check(element.selector):
            yield _robot_check()
        elif isinstance(element.parent, theirs.MatchedRow):
            yield self._rows(element.parent.profile_match)
            yield Press(
                into=in_row(element.selector),
                in_row=True,
                say=OWN_ROW,
                source=self.source,
                within_seconds=PATIENT,
            )
        elif element.type == "checkbox":
            self._note(where, Text("What a box agrees to is read and ticked by the person."))
            yield _ask("doubt", "Read what the box says, and tick it only if you agree.")
        elif element.multiple and not self.searching:
            self._note(where, Text("Several buttons are pressed here. The person does it."))
            yield _ask("doubt", "Open each entry that can be opened further.")
        else:
            yield self._press(element, where)

    def _press(self, element: theirs.Pressed, where: str) -> Step:
        into = self._selector(element.parent, element.selector, where)
        press = Press(into=into, every=element.multiple, source=self.source, within_seconds=PATIENT)
        if element.fail_silently:
            return When(element=into, steps=(press,), source=self.source, within_seconds=2)
        return press

    def _rows(self, match: theirs.ProfileMatch) -> Step:
        """Say what a row of the page is, so that the listing's own is found among them."""
        return Extract(
            rows=match.selector,
            read=our_reading(match.profile),
            source=self.source,
            within_seconds=PATIENT,
        )

    def _submit(self, action: theirs.Click, where: str, at: int) -> None:
        """Take the last button before a mail, or before the end: what comes next shows success."""
        found = next(
            (i for i in range(at + 1, len(self.actions)) if _is_plain(self.actions[i])), None
        )
        if found is None:
            self._stop(where, Text("It does not say by what a request is known to have arrived."))
            return
        expected = self.actions[found]
        assert isinstance(expected, theirs.Expectation)
        self.used.add(found)
        shown = expected.expectations[0]
        is_text = shown.type == "text"
        last = action.elements[-1] if action.elements else None
        for number, element in enumerate(action.elements[:-1]):
            self._add(*self._pressed(element, f"{where}.elements[{number}]"))
        is_own = last is not None and isinstance(last.parent, theirs.MatchedRow)
        if last is not None and isinstance(last.parent, theirs.MatchedRow):
            self._add(self._rows(last.parent.profile_match))
        self._add(
            Submit(
                into=self._button(last, where),
                say=OWN_ROW if is_own else "",
                in_row=is_own,
                expect=shown.expect if is_text else "",
                expect_element=""
                if is_text
                else self._selector(shown.parent, shown.selector, where),
                source=self.source,
                within_seconds=PATIENT,
            )
        )
        self.submitted = True

    def _button(self, element: theirs.Pressed | None, where: str) -> str:
        if element is None:
            return ""
        if isinstance(element.parent, theirs.MatchedRow):
            return in_row(element.selector)
        return self._selector(element.parent, element.selector, where)

    def _selector(self, parent: str | theirs.MatchedRow, selector: str, where: str) -> str:
        """Return a selector of ours; what is lost on the way is noted."""
        if isinstance(parent, theirs.MatchedRow):
            self._stop(where, Text("Only the person can say which row is theirs."))
            return selector
        whole = inside(parent, selector)
        if not whole.narrowed:
            self._note(where, Text("It is looked for on the whole page, not only in its form."))
        return whole.selector


TYPE_CODE: Final = (
    "A code is mailed to the e-mail address that you gave. Type it where the page asks for it."
)
OWN_ROW: Final = (
    "Press the button in the row that is yours, and in no other. If none is yours, stop."
)


def _last_clicks(actions: Sequence[theirs.Action]) -> Iterator[int]:
    """Yield the last click before each mailed link, and before the end."""
    last: int | None = None
    for at, action in enumerate(actions):
        if isinstance(action, theirs.Click):
            last = at
        elif isinstance(action, theirs.EmailConfirmation):
            if last is not None:
                yield last
            last = None
    if last is not None:
        yield last


def _is_plain(action: theirs.Action) -> bool:
    """Say whether a step only expects something, and hangs on nothing."""
    return (
        isinstance(action, theirs.Expectation)
        and not action.actions
        and len(action.expectations) > 0
        and not is_robot_check(action.expectations[0].selector)
    )


def _says(action: theirs.Action) -> str:
    """Return the words that a step expects; "" where it expects none."""
    if not _is_plain(action):
        return ""
    assert isinstance(action, theirs.Expectation)
    first = action.expectations[0]
    return first.expect if first.type == "text" else ""


def _only_opens(step: Step) -> bool:
    return isinstance(step, ConfirmEmail) and bool(step.expect)


def never_invented(kind: str) -> Text:
    """Return the sentence about a box that their program would fill with made-up values."""
    return Text(
        "We never send invented data, as their program would: {what}.", what=_INVENTED[kind]
    )


def is_robot_check(selector: str) -> bool:
    """Say whether what is looked for is a robot check, or the sign that one was passed."""
    return any(word in selector.lower() for word in _ROBOT)


def _is_check(step: Step | None) -> bool:
    return isinstance(step, AskPerson) and step.reason == "captcha"


def _robot_check(done_when: str = "") -> AskPerson:
    say = "If the page shows a robot check, do it, and wait until it says that it is done."
    return _ask("captcha", say, done_when)


def _own(what: str) -> str:
    return (
        f"The page asks for a {what}. Nothing is invented for you: type your own, or stop if you "
        f"do not want to give it."
    )


def _ask(reason: AskReason, say: str, done_when: str = "") -> AskPerson:
    return AskPerson(reason=reason, say=say, done_when=done_when, assumed=True)


def _chosen(box: theirs.Box, into: str, source: str) -> Choose:
    year = "YYYY" if box.type == "birthYear" else ""
    return Choose(field=FIELDS[box.type], into=into, source=source, format=year)


def _typed(box: theirs.Box, into: str, source: str) -> Fill:
    return Fill(
        field=FIELDS[box.type],
        into=into,
        source=source,
        format="YYYY" if box.type == "birthYear" else "",
        optional=box.type == "middleName",
    )


def _held(condition: theirs.Compared) -> tuple[Field, tuple[Compares, Compares], str] | None:
    """Return a comparison of one value with a word as ours; None where it is another kind."""
    places = tuple(parts_of_places(condition.left))
    how = _COMPARED.get(condition.operation)
    if len(places) != 1 or how is None or places_in(condition.right):
        return None
    written, name, steps = places[0]
    if written != condition.left or steps or name not in FIELDS or not condition.right:
        return None
    return FIELDS[name], how, condition.right


def _when_it_is(
    field: Field, how: Compares, than: str, steps: tuple[Step, ...], source: str
) -> Iterator[Step]:
    if steps:
        yield When(field=field, compares=how, than=than, steps=steps, source=source)


def our_reading(profile: theirs.Profile) -> dict[str, Reading]:
    """Return how their rows are read by our names; what nobody reads here stays theirs alone."""
    names = {theirs_: ours for ours, theirs_ in KEYS.items()}
    return {names[key]: how for key, how in profile.items() if how is not None and key in names}
