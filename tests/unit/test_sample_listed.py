"""What practice people-search sites do with a record once somebody asked."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

from optout.sample.at_screen import AtScreen
from optout.sample.finders import NeighborList
from optout.sample.listed import Register, with_namesakes
from optout.sample.switches import Switch
from optout.sample.web import Call

DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


def register(*switches: Switch) -> Register:
    return Register(with_namesakes(map(str, range(99)), plain_letters=True), {*switches})


def test_a_search_knows_no_accents_and_finds_four_of_one_name() -> None:
    for asked in ("María Sample", "maria sample", "MARIA Sample"):
        assert len(register().find(asked)) == 4
    assert register().find("Zoe Sample") == ()


def test_a_removed_record_is_gone_unless_a_switch_says_otherwise() -> None:
    for switch, shown in ((None, 3), (Switch.KEEPS_RECORD, 4), (Switch.COMES_BACK, 4)):
        kept = register(*([switch] if switch else []))
        kept.remove(kept.find("Maria Sample")[2].id)
        assert len(kept.find("Maria Sample")) == shown


def answer(company: NeighborList, subject: str, sender: str, text: str) -> bool:
    """Answer the company's mail; say whether the record is gone."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, f"Re: {subject}"
    mail.set_content(text)
    company.take(mail)
    return len(company.register.find("Maria Sample")) == 3


def test_a_reply_counts_only_from_whoever_asked_and_with_their_word() -> None:
    posted: list[EmailMessage] = []
    company = NeighborList(lambda: DAY, AtScreen(), post=posted.append)
    own = company.register.find("Maria Sample")[2]
    values = {
        "full_name": "María José Muñoz Sample",
        "email": "mj@example.com",
        "link": f"http://{company.host}/entry/{own.id}",
    }
    reply = company.respond(Call("POST", "/opt-out", {}, tuple(values.items())))
    assert "Answer our mail" in reply.body
    subject = str(posted[0]["Subject"])
    assert not answer(company, subject, "stranger@example.com", "YES")
    assert not answer(company, subject, values["email"], "What is this?")
    assert not answer(company, "Please confirm your request 000000", values["email"], "YES")
    assert answer(company, subject, f"María <{values['email']}>", "Yes.")
