"""From the boxes of a form, each with its settled meaning, to the steps of a definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from optout.model.fields import Field
from optout.model.flow import (
    AskPerson,
    Capture,
    Check,
    Choose,
    Fill,
    How,
    Open,
    Press,
    Step,
    Submit,
)
from optout.model.form import Box, BoxKind, Button, SeenPage
from optout.model.words import Right
from optout.rules.box_meaning import Meaning, Use, options_for, right_of
from optout.rules.box_words import GOES_ON, SENDS, plain_words
from optout.rules.hands_off import is_for_people, is_never_typed

# What tells that a form was not taken, on most pages.
REFUSALS: Final = ("could not process", "something went wrong", "is required")
# Where each robot check writes its answer.
ANSWERED_IN: Final = {
    "google-recaptcha": "#g-recaptcha-response",
    "hcaptcha": "[name='h-captcha-response']",
    "cloudflare-turnstile": "[name='cf-turnstile-response']",
}
_LONGEST_LABEL: Final = 150
_MINUTES: Final = {"captcha": 1, "terms": 1, "identity": 2, "upload": 5, "choice": 1, "doubt": 2}
# Worth giving only where the page insists.
_ONLY_IF_NEEDED: Final = frozenset({Field.PHONE, Field.BIRTH_DATE, Field.BIRTH_DAY})
_LISTED: Final[dict[BoxKind, How]] = {BoxKind.RADIO: "radio", BoxKind.LISTBOX: "listbox"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStep:
    """One state of the form, and what leads on from it."""

    page: SeenPage
    meanings: tuple[Meaning, ...]  # as many as the page has boxes, each settled
    press: Button | None  # to the next state; at the last one it sends

    def boxes(self) -> Iterator[tuple[Box, Meaning]]:
        """Yield each box with what it means."""
        return zip(self.page.boxes, self.meanings, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedFlow:
    """The steps of one leg, and what else the form says."""

    steps: tuple[Step, ...]
    attests: tuple[str, ...]
    left_empty: tuple[str, ...]  # boxes that nothing goes into


def draft_flow(
    url: str,
    read: Sequence[ReadStep],
    *,
    right: Right,
    expect: str,
    source: str,
    goes_on: bool = False,
) -> DraftedFlow:
    """Return the steps that fill a form as it was read; what was not seen is marked.

    `goes_on`: further parts follow the last one, and nobody showed them.
    """
    steps: list[Step] = [Open(url=url, source=source)]
    for at, state in enumerate(read):
        for box, meaning in state.boxes():
            step = step_for(box, meaning, right, state.page)
            if step is not None:
                steps.append(replace(step, source=source))
        if state.press is not None and (at < len(read) - 1 or goes_on):
            steps.append(_press(state.press, source))
    if goes_on:
        steps.append(_REST)
    steps += [replace(step, source=source) for step in _robot_checks(read)]
    steps.append(_submit(None if goes_on else read[-1].press, expect))
    return DraftedFlow(
        steps=(*steps, Capture()), attests=_attests(read), left_empty=tuple(_left(read, right))
    )


def _submit(button: Button | None, expect: str) -> Submit:
    return Submit(
        press=button.words if button else "",
        into=_button_into(button),
        say="" if button else "Press the button that sends the form.",
        expect=expect,
        refuse=tuple(one for one in REFUSALS if one not in expect.casefold()),
        in_frame=(button.frame or None) if button else None,
        assumed=True,
    )


_REST: Final = AskPerson(
    reason="doubt",
    say="Nobody described the rest of this form. Answer it as it fits you, and do not send it yet.",
    minutes=5,
    assumed=True,
)


def buttons_that_send(page: SeenPage) -> tuple[Button, ...]:
    """Return the buttons that may send a form: its own, else those whose words say so."""
    own = [button for button in page.buttons if button.sends]
    told = [button for button in page.buttons if SENDS.search(plain_words(button.words))]
    for found in ([one for one in own if one in told], own, told):
        if found:
            return tuple(found)
    return page.buttons


def button_that_goes_on(page: SeenPage) -> Button | None:
    """Return the one button that leads to another part of the form, where nothing sends it yet."""
    onward = [one for one in page.buttons if GOES_ON.match(plain_words(one.words))]
    sending = [one for one in page.buttons if one not in onward and _plainly_sends(one)]
    return onward[0] if len(onward) == 1 and not sending else None


def _plainly_sends(button: Button) -> bool:
    return button.sends or bool(SENDS.search(plain_words(button.words)))


def step_for(box: Box, meaning: Meaning, right: Right, page: SeenPage) -> Step | None:
    """Return what a definition does with one box; None: nothing."""
    if meaning.use is Use.PERSON:
        return ask_for(box, meaning)
    step = _acting(box, meaning, right, page)
    # The last word has what lint would say about the finished step.
    if step is not None and is_never_typed(step):
        return ask_for(box, replace(meaning, reason="identity"))
    if step is not None and is_for_people(step):
        return ask_for(box, replace(meaning, reason="terms"))
    return step


def _acting(box: Box, meaning: Meaning, right: Right, page: SeenPage) -> Step | None:
    if meaning.use is Use.FIELD and meaning.field is not None:
        return _field(box, meaning, meaning.field, page)
    if meaning.use is Use.OPTION and box.kind is BoxKind.CHECKBOX:
        return Check(label=_label(box), into=box.into, in_frame=box.frame or None)
    if meaning.use is Use.OPTION:
        return _choose(box, meaning.option)
    if meaning.use is Use.RIGHT:
        return _right(box, right)
    return None


def _field(box: Box, meaning: Meaning, field: Field, page: SeenPage) -> Step | None:
    insisted = any(one.is_required for one in page.boxes)
    needed = box.is_required or not insisted
    if not needed and field in _ONLY_IF_NEEDED:
        return None
    if box.kind in {BoxKind.TEXT, BoxKind.DATE}:
        return Fill(
            field=field,
            label=_label(box),
            into=box.into,
            format=meaning.format,
            optional=not needed or field is Field.MIDDLE_NAME,
            in_frame=box.frame or None,
        )
    return Choose(
        field=field, label=_label(box), into=box.into, format=meaning.format, how=_how(box),
        in_frame=box.frame or None,
    )  # fmt: skip


def _choose(box: Box, option: str) -> Step:
    label = _label(box) or (_spoken(box) if box.kind is BoxKind.RADIO and not box.into else "")
    return Choose(
        label=label, into=box.into, option=option, how=_how(box), in_frame=box.frame or None
    )


def _right(box: Box, right: Right) -> Step | None:
    if box.kind is BoxKind.CHECKBOX:
        wanted = right_of(_spoken(box)) is right
        return (
            Check(label=_label(box), into=box.into, in_frame=box.frame or None) if wanted else None
        )
    options = options_for(box, right)
    return _choose(box, options[0].words) if len(options) == 1 else None


def _how(box: Box) -> How:
    if box.kind is BoxKind.LISTBOX and box.type == "autocomplete":
        return "autocomplete"
    return _LISTED.get(box.kind, "select")


def ask_for(box: Box, meaning: Meaning) -> AskPerson:
    """Return the step that leaves one box to the person."""
    asked = _spoken(box)[:_LONGEST_LABEL]
    named = f" “{asked}”" if asked else ""
    say = {
        "terms": f"Read{named or ' the page'}. Tick or sign it only if it is true and you agree.",
        "captcha": "Answer the robot check. Do not send the form yet.",
        "identity": f"The page asks for{named or ' a proof of who you are'}. Nothing writes it for "
        "you: give it only if you want to.",
        "upload": f"The page asks for a file{named}. Choose one only if you want to.",
    }.get(meaning.reason, f"Answer{named or ' what the page asks'} as it fits you.")
    return AskPerson(
        reason=meaning.reason,
        say=say,
        minutes=_MINUTES[meaning.reason],
        done_when=box.into,
        in_frame=box.frame or None,
    )


def _press(button: Button, source: str) -> Step:
    return Press(
        press=button.words, into=_button_into(button), in_frame=button.frame or None, source=source
    )


def _button_into(button: Button | None) -> str:
    """Keep a selector only where it says more than the words do."""
    into = button.into if button else ""
    return "" if button and button.words and " > " in into else into


def _robot_checks(read: Sequence[ReadStep]) -> Iterator[Step]:
    asked = [meaning for state in read for meaning in state.meanings if meaning.reason == "captcha"]
    if any(meaning.use is Use.PERSON for meaning in asked):
        return
    for name in dict.fromkeys(name for state in read for name in state.page.captchas):
        yield AskPerson(
            reason="captcha",
            say="Answer the robot check. Do not send the form yet.",
            done_when=ANSWERED_IN.get(name, ""),
        )


def _attests(read: Sequence[ReadStep]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            _spoken(box) or "the page's terms"
            for state in read
            for box, meaning in state.boxes()
            if meaning.use is Use.PERSON and meaning.reason == "terms"
        )
    )


def _left(read: Sequence[ReadStep], right: Right) -> Iterator[str]:
    for state in read:
        for box, meaning in state.boxes():
            if step_for(box, meaning, right, state.page) is None:
                yield _spoken(box)[:_LONGEST_LABEL] or box.name or box.id


def _label(box: Box) -> str:
    """Return the words that find this box, if they find it and no other."""
    bare = not set("{}") & set(box.called)
    return box.called if bare and len(box.called) <= _LONGEST_LABEL else ""


def _spoken(box: Box) -> str:
    own = [label for label in box.labels if label not in box.group] or list(box.labels)
    return next((text for text in (*own, box.beside, box.hint) if text), "")
