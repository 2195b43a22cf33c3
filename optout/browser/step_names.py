"""What a step of a definition is called in messages: its verb, and words of the definition only."""

from __future__ import annotations

from collections.abc import Iterator

from optout.model.flow import AddRow, AskPerson, Choose, Fill, Press, Step, Submit


def called(step: Step) -> str:
    """Return a step's name: never anything that was typed or that a page said."""
    return " ".join(_words(step))


def _words(step: Step) -> Iterator[str]:
    yield step.do
    match step:
        case Fill():
            yield step.field.value
        case Choose():
            yield step.field.value if step.field else step.option
        case Submit() if step.say:
            yield "by hand"
        case Press() | AddRow() | Submit():
            yield step.press or step.into
        case AskPerson():
            yield step.reason
