"""A talk asks one thing at a time, and counts one answer to it, however often it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from optout.errors import WrongUsage
from optout.model.ports import Option
from optout.text import Text
from optout.web.talk import Talk

ONE_OF = (Option(key="a", text=Text("A")), Option(key="b", text=Text("B")))


def begun(workflow: Callable[[Talk], None]) -> tuple[Talk, threading.Thread]:
    talk = Talk(title=Text("x"))
    thread = threading.Thread(target=talk.run, args=(workflow,))
    thread.start()
    return talk, thread


def question(talk: Talk) -> int:
    talk.wait(10**6, 10)
    waiting = talk.waiting()
    assert waiting is not None
    return waiting.number


def test_an_answer_counts_once_and_for_its_question_only() -> None:
    got: list[str] = []

    def workflow(talk: Talk) -> None:
        got.append(talk.choose(Text("first"), ONE_OF))
        got.append(talk.choose(Text("second"), ONE_OF))

    talk, thread = begun(workflow)
    first = question(talk)
    assert talk.answer(first, "a")
    second = question(talk)
    assert not talk.answer(first, "b"), "the other tab, the back button, a double click"
    assert not talk.answer(second, "c"), "not one of its options"
    assert not talk.answer(second + 1, "a"), "not asked yet"
    assert got == ["a"], "the control: nothing of these was taken"
    assert talk.answer(second, "b")
    thread.join(10)
    assert got == ["a", "b"]
    assert talk.ended


def test_a_hundred_tabs_answer_at_once_and_one_is_heard() -> None:
    got: list[str] = []
    talk, thread = begun(lambda talk: got.append(talk.ask(Text("which?"))))
    number = question(talk)
    counted: list[bool] = []
    tabs = [
        threading.Thread(target=lambda n=n: counted.append(talk.answer(number, str(n))))
        for n in range(100)
    ]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    thread.join(10)
    assert sum(counted) == 1
    assert len(got) == 1


def test_a_wrong_answer_is_asked_again_in_words() -> None:
    def check(answer: str) -> None:
        if answer != "good":
            raise WrongUsage(Text("Not that."), hint=Text("Say good."))

    talk, thread = begun(lambda talk: talk.tell(Text(talk.ask(Text("?"), check=check))))
    talk.answer(question(talk), "bad")
    again = question(talk)
    assert "Not that." in [text.template for each in talk.entries for text in each.texts]
    talk.answer(again, "good")
    thread.join(10)
    assert talk.error is None


def test_a_secret_is_not_kept_with_what_was_said() -> None:
    got: list[str] = []
    talk, thread = begun(lambda talk: got.append(talk.ask_secret(Text("?")).reveal()))
    talk.answer(question(talk), "correct horse")
    thread.join(10)
    assert got == ["correct horse"], "the control: the workflow has it"
    assert "correct horse" not in repr(talk)


@pytest.mark.parametrize("early", [True, False])
def test_a_closed_talk_ends_at_its_question(*, early: bool) -> None:
    reached = threading.Event()

    def workflow(talk: Talk) -> None:
        reached.wait(10)
        talk.confirm(Text("?"))
        talk.tell(Text("never said"))

    talk, thread = begun(workflow)
    if early:
        talk.close()
        reached.set()
    else:
        reached.set()
        number = question(talk)
        talk.close()
        assert not talk.answer(number, "yes"), "an answer that comes after it is not taken"
    thread.join(10)
    assert talk.error is not None
    assert "never said" not in [text.template for each in talk.entries for text in each.texts]
