"""One reference on every screen: the one that the company sees, never one of our own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

import pytest

from optout.cli import file as file_command
from optout.cli.main import main
from optout.cli.output import emit
from optout.errors import OutcomeUnknown, Refused, WrongUsage
from optout.model.broker import Slug
from optout.model.request import Delivery, Message, Purpose
from optout.model.words import By
from optout.sample.scripted_person import ScriptedPerson
from optout.text import Text
from optout.workflows import desk as desks
from optout.workflows import standing
from optout.workflows.desk import Desk, errand_for
from optout.workflows.filed import Filed
from optout.workflows.send_paper import hand_over_paper, letter_texts, mark_sent
from tests.conftest import World, desk_without_browser

BY_POST = Slug("appriss-insights")
BY_WEB = Slug("lexisnexis-risk")


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out")


def posted(world: World, desk: Desk) -> tuple[Message, str]:
    subject = world.person()
    request = world.request(subject, broker=BY_POST)
    message = world.message(
        subject, request, broker=BY_POST, by=By.POST, channel_right=request.right
    )
    world.vault.messages.set_ready(message.id)
    world.hand_over(world.vault.messages.get(message.id))
    mark_sent(desk, message.reference)
    return world.vault.messages.get(message.id), request.reference


def confirming(world: World) -> tuple[Message, Message]:
    """Return what was sent, and what confirms it, in doubt."""
    subject = world.person()
    request = world.request(subject, broker=BY_WEB)
    same = {"broker": BY_WEB, "channel_right": request.right}
    first = world.message(subject, request, **same)
    world.vault.messages.set_ready(first.id)
    with world.begin(world.vault.messages.get(first.id)) as attempt:
        attempt.sending()
        attempt.sent()
    second = world.message(subject, request, purpose=Purpose.CONFIRMATION, leg=1, **same)
    world.vault.messages.set_ready(second.id)
    with world.begin(world.vault.messages.get(second.id)) as attempt:
        attempt.sending()
        attempt.unknown("no-confirmation-seen")
    return first, world.vault.messages.get(second.id)


def test_a_letter_that_was_sent_names_the_reference_on_it(world: World, desk: Desk) -> None:
    message, internal = posted(world, desk)
    with pytest.raises(Refused) as refused:
        hand_over_paper(desk, errand_for(desk, message))
    letter_texts(desk, message.reference)  # not as it was written: the person is told where that is
    heard = "\n".join(map(str, cast("ScriptedPerson", desk.person).heard))
    for said in (str(refused.value.hint), heard):
        assert "optout report --proof" in said
        assert internal not in said
    assert message.reference in str(refused.value.hint)


def test_a_confirmation_is_shown_by_the_reference_of_what_it_confirms(
    world: World, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = confirming(world)
    filed = Filed(message=second, errand=errand_for(desk, second))
    file_command.show_filed(filed)
    said = capsys.readouterr().out
    assert first.reference in said
    assert second.reference not in said
    emit(file_command._as_json(filed))  # noqa: SLF001 - what --json prints
    row = json.loads(capsys.readouterr().out)
    assert (row["reference"], row["message"]) == (first.reference, second.reference)
    assert second.delivery is Delivery.UNKNOWN
    with pytest.raises(WrongUsage, match=f"{first.reference} has no letter"):
        letter_texts(desk, second.reference)
    doubt = file_command._with_doubt(desk, second.reference, Refused(Text("It broke.")))  # noqa: SLF001 - what is told
    assert isinstance(doubt, OutcomeUnknown)
    assert first.reference in str(doubt)
    assert second.reference not in str(doubt)


def test_there_is_one_answer_to_what_a_message_is_known_by(world: World) -> None:
    first, second = confirming(world)
    found = desks.all_known_as(world.vault, (first, second))
    assert set(found.values()) == {first.reference}
    assert desks.known_as(world.vault, second) == first.reference
    assert not hasattr(standing, "_known_as")


def test_what_they_want_goes_with_one_answer_only(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = 2
    assert main(["record", "K7F3-Q2MX", "denied", "--wants", "id-copy"]) == wrong
    said = capsys.readouterr().err
    assert re.search(r"--wants goes with the answer needs-more only", said)
    assert "optout record K7F3-Q2MX needs-more" in said
