"""A talk asks one thing at a time, and counts one answer to it, however often it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from optout.errors import WrongUsage
from optout.model.ports import Offer, Offered, OfferGroup, Option
from optout.rules.picking import picked
from optout.text import Text
from optout.web.screens import _talk_values
from optout.web.talk import Entry, Talk

ONE_OF = (Option(key="a", text=Text("A")), Option(key="b", text=Text("B")))


def begun(workflow: Callable[[Talk], None]) -> tuple[Talk, threading.Thread]:
    talk = Talk(title=Text("x"))
    thread = threading.Thread(target=talk.run, args=(workflow,), daemon=True)
    thread.start()
    return talk, thread


def question(talk: Talk) -> int:
    talk.wait(10**6, 60)
    waiting = talk.waiting()
    assert waiting is not None
    return waiting.number


class AskedMeanwhile(list[Entry]):
    """What a talk said, with a question that comes while a screen reads it."""

    def __init__(self, said: list[Entry]) -> None:
        super().__init__(said[:-1])
        self.late = said[-1:]

    def __iter__(self) -> Iterator[Entry]:
        self += self.late
        self.late = []
        return super().__iter__()


def test_a_screen_counts_no_question_that_it_does_not_show() -> None:
    """Else it would ask for what comes after the question, and wait for ever."""

    def workflow(talk: Talk) -> None:
        talk.tell(Text("before"))
        talk.choose(Text("first"), ONE_OF)

    talk, thread = begun(workflow)
    asked = question(talk)
    talk.entries, said = AskedMeanwhile(talk.entries), talk.entries
    assert talk.waiting() is None, "the control: it comes after the first look"
    shown = _talk_values(talk)
    assert shown["waiting"] == said[-1]
    assert shown["seen"] == len(said)
    talk.answer(asked, "a")
    thread.join(60)


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
    thread.join(60)
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
    thread.join(60)
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
    thread.join(60)
    assert talk.error is None


def test_a_secret_is_not_kept_with_what_was_said() -> None:
    got: list[str] = []
    talk, thread = begun(lambda talk: got.append(talk.ask_secret(Text("?")).reveal()))
    talk.answer(question(talk), "correct horse")
    thread.join(60)
    assert got == ["correct horse"], "the control: the workflow has it"
    assert "correct horse" not in repr(talk)


@pytest.mark.parametrize("early", [True, False])
def test_a_closed_talk_ends_at_its_question(*, early: bool) -> None:
    reached = threading.Event()

    def workflow(talk: Talk) -> None:
        reached.wait(60)
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
    thread.join(60)
    assert talk.error is not None
    assert "never said" not in [text.template for each in talk.entries for text in each.texts]


# ---- back to the question before ----


def interviewed(talk: Talk) -> list[str]:
    """Ask three things that change nothing; the second refuses what is no number."""

    def number(answer: str) -> None:
        if not answer.isdecimal():
            raise WrongUsage(Text("Not a number."))

    def asking() -> list[str]:
        name = talk.ask(Text("name?"))
        age = talk.ask(Text("age?"), check=number)
        return [name, age, talk.choose(Text("which?"), ONE_OF)]

    return talk.with_way_back(asking)


def test_the_last_answer_is_taken_back_and_the_others_are_kept() -> None:
    got: list[str] = []
    talk, thread = begun(lambda talk: got.extend(interviewed(talk)))
    first = question(talk)
    assert not talk.can_go_back(), "nothing was answered yet"
    assert not talk.go_back(first)
    talk.answer(first, "Jordon")
    talk.answer(question(talk), "old")  # refused, and asked again
    talk.answer(question(talk), "36")
    which = question(talk)
    assert talk.can_go_back()
    assert talk.go_back(which)
    assert talk.go_back(question(talk)), "and once more"
    name = question(talk)
    waiting = talk.waiting()
    assert waiting is not None
    assert waiting.filled == "Jordon", "what was typed stands there to be mended"
    assert name > first, "a tab that still shows the first one answers nothing"
    assert not talk.answer(first, "Somebody")
    talk.answer(name, "Jordan")
    talk.answer(question(talk), "37")
    talk.answer(question(talk), "b")
    thread.join(60)
    assert got == ["Jordan", "37", "b"]


def test_what_was_kept_stays_and_no_way_leads_back_to_it() -> None:
    kept: list[str] = []

    def workflow(talk: Talk) -> None:
        kept.extend(interviewed(talk))
        kept.append("written down")
        kept.append(talk.choose(Text("and now?"), ONE_OF))

    talk, thread = begun(workflow)
    for given in ("Jordan", "36", "a"):
        talk.answer(question(talk), given)
    number = question(talk)
    assert not talk.can_go_back()
    assert not talk.go_back(number), "whoever asks for it without the button"
    talk.answer(number, "a")
    thread.join(60)
    assert kept == ["Jordan", "36", "a", "written down", "a"], "nothing twice"


def gated(talk: Talk, about: list[str]) -> list[str]:
    """Type a yes about each company, then two questions: with words that name none of them."""

    def asking() -> list[str]:
        named = [
            name
            for name in tuple(about)
            if talk.type_word(Text("{name} may not know you.", name=name), Text("yes"))
        ]
        return [*named, talk.ask(Text("one?")), talk.ask(Text("two?"))]

    return talk.with_way_back(asking)


@pytest.mark.parametrize("changes", [False, True])
def test_a_yes_is_given_again_only_about_what_it_was_said_of(*, changes: bool) -> None:
    """Another window can change what is asked about, while the question stays word for word."""
    about, got = ["Acme"], list[str]()
    talk, thread = begun(lambda talk: got.extend(gated(talk, about)))
    for given in ("yes", "1"):
        talk.answer(question(talk), given)
    number = question(talk)
    if changes:
        about[0] = "Other"
    assert talk.go_back(number)
    question(talk)
    asked = talk.waiting()
    assert asked is not None
    assert ("one?" in [each.template for each in asked.texts]) is not changes
    for given in ("yes", "1", "2") if changes else ("1", "2"):
        talk.answer(question(talk), given)
    thread.join(60)
    assert got == [about[0], "1", "2"]


def test_nothing_is_given_again_once_it_is_closed() -> None:
    waits, closed = threading.Event(), threading.Event()
    got: list[str] = []

    def asking(talk: Talk) -> None:
        if got:
            waits.set()
            closed.wait(60)
        got.append(talk.ask(Text("one?")))
        talk.ask(Text("two?"))
        talk.ask(Text("three?"))

    talk, thread = begun(lambda talk: talk.with_way_back(lambda: asking(talk)))
    for given in ("1", "2"):
        talk.answer(question(talk), given)
    assert talk.go_back(question(talk))
    waits.wait(60)
    talk.close()
    closed.set()
    thread.join(60)
    assert got == ["1"], "the control: it was answered before that"


def test_no_way_leads_back_past_a_secret_or_outside_of_such_questions() -> None:
    def secret(talk: Talk) -> None:
        talk.with_way_back(lambda: (talk.ask_secret(Text("?")), talk.ask(Text("then?"))))

    def loose(talk: Talk) -> None:
        talk.ask(Text("one?"))
        talk.ask(Text("two?"))

    for workflow in (secret, loose):
        talk, thread = begun(workflow)
        talk.answer(question(talk), "x")
        assert not talk.go_back(question(talk))
        talk.close()
        thread.join(60)


# ---- a list with boxes ----


def offer(count: int) -> Offer:
    return Offer(
        question=Text("which?"),
        by_number=Text("which numbers?"),
        at_length=(),
        groups=(OfferGroup(entries=tuple(Offered(text=Text(str(n))) for n in range(count))),),
    )


def test_what_is_ticked_is_taken_and_nothing_else_is_an_answer() -> None:
    got: list[str] = []
    talk, thread = begun(lambda talk: got.append(talk.pick(offer(3))))
    number = question(talk)
    for wrong in ("4", "0", "x", "1,9"):
        assert not talk.answer(number, wrong)
    assert talk.answer(number, "1,3")
    thread.join(60)
    assert got == ["1,3"]


def test_nothing_ticked_is_asked_about_before_it_counts() -> None:
    got: list[str] = []
    talk, thread = begun(lambda talk: got.append(talk.pick(offer(2))))
    talk.answer(question(talk), "")
    talk.answer(question(talk), "no")
    assert got == []
    talk.answer(question(talk), "")
    talk.answer(question(talk), "yes")
    thread.join(60)
    assert picked(got[0], 2) == ()


def test_of_an_empty_list_nothing_is_asked() -> None:
    got: list[str] = []
    talk, thread = begun(lambda talk: got.append(talk.pick(offer(0))))
    thread.join(60)
    assert talk.ended
    assert picked(got[0], 0) == ()
