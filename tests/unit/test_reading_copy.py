"""Who reads Spanish sees what an English letter says before the yes, and keeps it as a file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from optout.cli import letter as letter_command
from optout.cli.terminal import Terminal
from optout.i18n import in_language
from optout.model.broker import Slug
from optout.model.request import Message
from optout.model.words import By
from optout.rules.digest import payload_digest
from optout.web.shown import templates_of_all
from optout.workflows import approve as approving
from optout.workflows.approve import NO_COPY, Prepared, prepare
from optout.workflows.desk import Desk, errand_for
from optout.workflows.exports import list_exports
from optout.workflows.send_paper import hand_over_paper, letter_texts
from tests.conftest import World, desk_without_browser

LINE = "COPIA PARA LEER. NO SE ENVÍA. La carta que se envía está en inglés."
ASKED = "Please stop selling my personal data"
ASKED_IN_SPANISH = "Por favor, dejen de vender mis datos personales"


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return desk_without_browser(world, tmp_path / "out")


@pytest.fixture
def message(world: World) -> Message:
    subject = world.person()
    request = world.request(subject, broker=Slug("appriss-insights"))
    return world.message(
        subject, request, broker=request.broker, by=By.POST, channel_right=request.right
    )


@pytest.fixture
def spanish() -> Iterator[None]:
    with in_language("es"):
        yield


def prepared(desk: Desk, message: Message) -> Prepared:
    return prepare(desk, errand_for(desk, message))


def on_screen(desk: Desk, message: Message) -> str:
    out = io.StringIO()
    Terminal(source=io.StringIO(), screen=out).show_sheet(prepared(desk, message).sheet)
    return out.getvalue()


def test_before_the_yes_the_copy_stands_below_the_letter(
    desk: Desk, message: Message, spanish: None
) -> None:
    said = on_screen(desk, message)
    assert said.index(ASKED) < said.index(LINE) < said.index(ASKED_IN_SPANISH)


def on_page(desk: Desk, message: Message) -> str:
    parts = templates_of_all().get_template("parts.html")
    return str(parts.module.sheet_shown(prepared(desk, message).sheet))  # type: ignore[attr-defined] # a macro


def test_on_the_page_the_copy_stands_above_the_letter(desk: Desk, message: Message) -> None:
    with in_language("es"):
        page = on_page(desk, message)
    assert page.index(LINE) < page.index(ASKED_IN_SPANISH) < page.index(ASKED)
    with in_language("en"):
        assert "COPIA" not in on_page(desk, message)


def test_english_screens_stay_as_they_were(desk: Desk, message: Message) -> None:
    with in_language("en"):
        said = on_screen(desk, message)
        filed = hand_over_paper(desk, errand_for(desk, message))
        assert letter_texts(desk, message.reference)[1] == ""
    assert ASKED in said
    assert "COPIA" not in said
    assert filed.copy == ""
    assert list(desk.out_folder.glob("cop*-*")) == []


def test_what_leaves_is_the_same_whatever_language_it_is_read_in(
    desk: Desk, message: Message
) -> None:
    digests = set()
    for language in ("en", "es"):
        with in_language(language):
            payload = prepared(desk, message).payload
        assert payload.body is not None
        assert "COPIA" not in payload.body.reveal()
        digests.add(payload_digest(payload))
    assert len(digests) == 1


def test_the_copy_is_a_file_of_its_own_and_listed(
    desk: Desk, message: Message, spanish: None
) -> None:
    filed = hand_over_paper(desk, errand_for(desk, message))
    assert Path(filed.copy).name == f"copia-{message.reference}.pdf"
    assert Path(filed.copy).read_bytes() != Path(filed.paper).read_bytes()
    listed = {export.path.reveal(): export.what for export, there in list_exports(desk) if there}
    assert listed[filed.copy] == "reading copy"
    kept = desk.vault.evidence.for_message(message.id)
    assert len(kept) == len(filed.evidence_ids) == 1, "the proof is the letter, not its copy"


def test_letter_show_shows_both(
    desk: Desk,
    message: Message,
    spanish: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(letter_command, "open_desk", lambda: desk)
    letter_command.show_letter(message.reference)
    said = capsys.readouterr().out
    assert said.index(ASKED) < said.index(LINE)
    letter_command.show_letter(message.reference, json=True)
    found = json.loads(capsys.readouterr().out)
    assert LINE not in found["text"]
    assert found["copy"].startswith(LINE)


def test_where_there_is_no_copy_the_person_is_told_before_the_yes(
    desk: Desk, message: Message, spanish: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert NO_COPY not in prepared(desk, message).sheet.warnings, "the control"
    monkeypatch.setattr(approving, "reading_copy", lambda *_: None)
    found = prepared(desk, message)
    assert NO_COPY in found.sheet.warnings
    assert found.sheet.reading_copy is None
    filed = hand_over_paper(desk, errand_for(desk, message))
    assert (bool(filed.paper), filed.copy) == (True, "")
