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
    ConfirmEmail,
    Expect,
    Fill,
    Flow,
    Leg,
    Open,
    Press,
    ReadCode,
    Step,
    Submit,
    WaitFor,
    When,
)
from optout.rules.foreign_selectors import inside
from optout.rules.url_template import places_in
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
    }
)
CODE: Final = "verificationCode"
_BY_PERSON: Final[Mapping[str, str]] = MappingProxyType(
    {"age": "your age", "cityState": "your city and state, as in: Denver, CO"}
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
_PATIENT: Final = 30  # seconds: theirs are as patient
_ROBOT: Final = ("captcha", "turnstile", "altcha", "cf-chl")
_PASSED: Final = ("value", "response", "token", "verified", "not(")
_MAILED_HOURS: Final = 24


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
    writer = _Writer(actions=actions, where=where, hosts=hosts, source=source)
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
class _Writer:
    actions: Sequence[theirs.Action]
    where: str
    hosts: tuple[str, ...]
    source: str
    notes: list[Note] = field(default_factory=list)
    gives: list[Field] = field(default_factory=list)
    legs: list[list[Step]] = field(default_factory=lambda: [[]])
    used: set[int] = field(default_factory=set)  # expectations that a submit took
    submitted: bool = False

    def write(self) -> None:
        """Go through all steps in order."""
        last = set(_last_clicks(self.actions))
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
        if places_in(action.url):
            self._stop(where, Text("Its address carries more about a person than we can put in."))
        for name in places_in(action.url):
            if name in FIELDS:
                self.gives.append(FIELDS[name])
        self._add(Open(url=action.url, source=self.source, within_seconds=_PATIENT))

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
            if is_robot_check(each.selector):
                yield from self._passed_check(each, place)
            elif each.type == "text":
                yield self._waits(text=each.expect)
            elif each.type == "element":
                yield self._waits(element=self._selector(each.parent, each.selector, place))
            else:
                self._stop(place, Text("We do not know how to wait for this."))

    def _passed_check(self, each: theirs.Expected, where: str) -> Iterator[Step]:
        """Ask for the check where its sign of success is waited for, not where it only appears."""
        if any(word in each.selector.lower() for word in _PASSED):
            yield _robot_check(self._selector(each.parent, each.selector, where))
        elif not any(isinstance(other, theirs.SolveCaptcha) for other in self.actions):
            yield _robot_check()

    def _waits(self, *, text: str = "", element: str = "") -> Step:
        if self.submitted:
            return Expect(text=text, element=element, source=self.source, within_seconds=_PATIENT)
        return WaitFor(text=text, element=element, source=self.source, within_seconds=_PATIENT)

    def _when(self, action: theirs.Expectation | theirs.Condition, where: str) -> Iterator[Step]:
        """Do the inner steps only if it holds."""
        first = action.expectations[0] if action.expectations else None
        if first is None or len(action.expectations) > 1 or first.type == "url":
            self._stop(where, Text("A condition of several parts cannot be said in a flow."))
            return
        steps: list[Step] = []
        for number, inner in enumerate(action.actions):
            steps += self._inner(inner, f"{where}.actions[{number}]")
        place = f"{where}.expectations[0]"
        element = (
            self._selector(first.parent, first.selector, place) if first.type != "text" else ""
        )
        if steps:
            yield When(text=first.expect, element=element, steps=tuple(steps), source=self.source)

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
        code = next((box for box in action.elements if box.type == CODE), None)
        if code is not None:
            if not self.submitted:
                self._stop(where, Text("A code is typed, but nothing was sent before."))
            self._begin(ReadCode(into=self._in_form(action, code, where), source=self.source))
        self._add(*self._filled(action, where))

    def _filled(self, action: theirs.FillForm, where: str) -> Iterator[Step]:
        for number, box in enumerate(action.elements):
            if box.type != CODE:
                place = f"{where}.elements[{number}]"
                yield self._box(box, self._in_form(action, box, place), place)

    def _in_form(self, action: theirs.FillForm, box: theirs.Box, where: str) -> str:
        return self._selector(box.parent or action.selector, box.selector, where)

    def _box(self, box: theirs.Box, into: str, where: str) -> Step:
        if box.type in FIELDS:
            self.gives.append(FIELDS[box.type])
            return _entered(box, into, self.source)
        if box.type in _BY_PERSON:
            words = _BY_PERSON[box.type]
            told = Text("You are asked to type this yourself: {what}.", what=words)
            self._note(where, told, warns=True)
            return _ask("doubt", f"Type {words} where the page asks for it.", into)
        if box.type in _INVENTED:
            what = _INVENTED[box.type]
            self._note(where, never_invented(box.type), warns=True)
            return _ask("upload" if box.type == "$file_id$" else "doubt", _own(what))
        self._note(where, Text("We do not know what goes into this box. You are asked."))
        return _ask("doubt", "There is a box that we do not know. Fill it in only if you want to.")

    # ---- buttons ----

    def _clicked(self, action: theirs.Click, where: str) -> Iterator[Step]:
        if action.choices:
            self._note(where, Text("Which button is right hangs on the person, who is asked."))
            yield _ask("choice", "Choose on the page what fits you.")
        for number, element in enumerate(action.elements):
            yield self._pressed(element, f"{where}.elements[{number}]")

    def _pressed(self, element: theirs.Pressed, where: str) -> Step:
        if is_robot_check(element.selector):
            return _robot_check()
        if isinstance(element.parent, theirs.MatchedRow):
            self._note(where, Text("Only the person can say which row is theirs."))
            return _ask("choice", OWN_ROW)
        if element.type == "checkbox":
            self._note(where, Text("What a box agrees to is read and ticked by the person."))
            return _ask("doubt", "Read what the box says, and tick it only if you agree.")
        into = self._selector(element.parent, element.selector, where)
        if element.multiple:
            self._note(where, Text("Several buttons are pressed here. The person does it."))
            return _ask("doubt", "Open each entry that can be opened further.")
        press = Press(into=into, source=self.source, within_seconds=_PATIENT)
        if element.fail_silently:
            return When(element=into, steps=(press,), source=self.source, within_seconds=2)
        return press

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
            self._add(self._pressed(element, f"{where}.elements[{number}]"))
        self._add(
            Submit(
                into=self._button(last, where),
                say=self._by_hand(last, where),
                expect=shown.expect if is_text else "",
                expect_element=""
                if is_text
                else self._selector(shown.parent, shown.selector, where),
                source=self.source,
                within_seconds=_PATIENT,
            )
        )
        self.submitted = True

    def _button(self, element: theirs.Pressed | None, where: str) -> str:
        if element is None or isinstance(element.parent, theirs.MatchedRow):
            return ""
        return self._selector(element.parent, element.selector, where)

    def _by_hand(self, element: theirs.Pressed | None, where: str) -> str:
        if element is not None and not isinstance(element.parent, theirs.MatchedRow):
            return ""
        self._note(where, Text("Only the person can say which row is theirs."))
        return OWN_ROW

    def _selector(self, parent: str | theirs.MatchedRow, selector: str, where: str) -> str:
        """Return a selector of ours; what is lost on the way is noted."""
        if isinstance(parent, theirs.MatchedRow):
            self._stop(where, Text("Only the person can say which row is theirs."))
            return selector
        whole = inside(parent, selector)
        if not whole.narrowed:
            self._note(where, Text("It is looked for on the whole page, not only in its form."))
        return whole.selector


OWN_ROW: Final = (
    "Press the button in the row that is yours, and in no other. If none is yours, stop."
)


def _last_clicks(actions: Sequence[theirs.Action]) -> Iterator[int]:
    """Yield the last click before each mail, and before the end."""
    last: int | None = None
    for at, action in enumerate(actions):
        if isinstance(action, theirs.Click):
            last = at
        elif isinstance(action, theirs.EmailConfirmation | theirs.AwaitCode):
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


def _entered(box: theirs.Box, into: str, source: str) -> Step:
    of = FIELDS[box.type]
    if box.selector.rpartition("/")[2].startswith("select"):
        return Choose(field=of, into=into, source=source)
    return Fill(
        field=of,
        into=into,
        source=source,
        format="YYYY" if box.type == "birthYear" else "",
        optional=box.type == "middleName",
    )
