"""The practice companies work as real servers, and each switch does what it says."""

from __future__ import annotations

import http.client
import json
import re
import smtplib
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Self
from urllib.parse import urlencode, urlsplit

import pytest

from optout.errors import WrongUsage
from optout.model.fields import Field
from optout.model.ports import Acted, HandOver, Option, Remaining
from optout.model.secret import Secret
from optout.sample.at_screen import NobodyThere
from optout.sample.mail_program import MailNotTaken, send_eml
from optout.sample.people import CASEY, JORDAN, MARIA, PEOPLE
from optout.sample.received import What
from optout.sample.scripted_person import ScriptedPerson
from optout.sample.servers import PracticeResolver, World, link_in, sample_world
from optout.sample.switches import Switch
from optout.text import Text
from tests.e2e.command_line import wait_until

RISK, SEARCH, MAILS = "sample-risk-data", "sample-people-search", "sample-mail-order"
SLOW = 0.3  # seconds
DAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDED = (
    ("reason", "I do not want my information shared"),
    ("first", "Jordan"),
    ("middle", "Q."),
    ("last", "Sample"),
    ("street", "100 Example Street"),
    ("city", "Denver"),
    ("state", "CO"),
    ("zip", "80202"),
    ("email", "replies.jq@example.com"),
    ("postal", "no"),
)


@pytest.fixture
def world() -> Iterator[World]:
    with sample_world(clock=lambda: DAY, slow_seconds=SLOW) as running:
        yield running


@dataclass(frozen=True)
class Seen:
    status: int
    text: str
    location: str


def visit(
    world: World,
    url: str,
    form: Mapping[str, str] | tuple[tuple[str, str], ...] | None = None,
    *,
    seconds: float = 60.0,
) -> Seen:
    """Load one practice address, as a browser without scripts would."""
    parts = urlsplit(url)
    (address,) = world.resolve(parts.hostname or "")
    line = http.client.HTTPConnection(address.ip, address.port, timeout=seconds)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.hostname or ""}
        if form is None:
            line.request("GET", path, headers=headers)
        else:
            pairs = form if isinstance(form, tuple) else tuple(form.items())
            line.request("POST", path, body=urlencode(pairs), headers=headers)
        reply = line.getresponse()
        return Seen(reply.status, reply.read().decode(), reply.getheader("Location") or "")
    finally:
        line.close()


def file_wizard(world: World, form: tuple[tuple[str, str], ...] = ADDED) -> Seen:
    return visit(world, "http://sample-risk-data.test/opt-out/request", form)


def captcha(world: World, word: str = "maple") -> str:
    return visit(world, "http://sample-people-search.test/captcha", {"word": word}).text


def file_removal(world: World, *, answer: str | None = None, record: str = "jordan") -> Seen:
    form = {
        "record": record,
        "full_name": "Jordan Q. Sample",
        "email": "replies.jq@example.com",
        "city": "Denver",
        "captcha_answer": captcha(world) if answer is None else answer,
    }
    return visit(world, "http://sample-people-search.test/opt-out/request", form)


def confirm(world: World, link: str, email: str = "replies.jq@example.com") -> Seen:
    return visit(world, link, {"email": email, "state_name": "Colorado"})


def search(world: World) -> str:
    form = {"name": "Jordan Q. Sample", "city": "Denver"}
    return visit(world, "http://sample-people-search.test/search", form).text


def prepared_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Jordan Q. Sample <replies.jq@example.com>"
    mail["To"] = "privacy@sample-mail-order.test"
    mail["Subject"] = "Privacy request K7F3-Q2MX"
    mail["Message-ID"] = "<attempt-1@example.com>"
    mail["X-Unsent"] = "1"
    mail.set_content("Please take me off your lists.\nReference: K7F3-Q2MX\n")
    return mail


# --- every company ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["http://sample-risk-data.test/opt-out", "http://sample-people-search.test/"],
)
def test_every_page_says_that_nothing_is_real_and_loads_nothing_from_elsewhere(
    world: World, url: str
) -> None:
    page = visit(world, url).text
    assert "Practice company: nothing here is real" in page
    assert 'name="viewport"' in page
    assert not re.findall(r'(?:src|href)="(?!/|data:,|")[^"]+"', page)


@pytest.mark.parametrize(
    "url",
    ["http://sample-risk-data.test/opt-out", "http://sample-people-search.test/"],
)
def test_every_visible_box_has_a_label(world: World, url: str) -> None:
    page = visit(world, url).text
    boxes = re.findall(r'<(?:input type="(?:text|email|radio)"|select) id="([\w-]+)"', page)
    labelled = re.findall(r'<label[^>]* for="([\w-]+)"', page)
    assert boxes
    assert sorted(boxes) == sorted(labelled)


def test_unknown_hosts_and_pages_do_not_exist(world: World) -> None:
    for host, port in (("consumer.risk.lexisnexis.com", 80), ("sample-risk-data.test", 443)):
        with pytest.raises(OSError, match="no such practice host"):
            world.resolve(host, port)
    assert visit(world, "http://sample-risk-data.test/nothing").status == 404
    with pytest.raises(WrongUsage):
        world.received("no-such-company")


def test_another_process_can_be_given_the_addresses_as_plain_data(world: World) -> None:
    copied = PracticeResolver(json.loads(json.dumps(dict(world.places()))))
    assert copied("sample-risk-data.test", 80) == world.resolve("sample-risk-data.test", 80)


def test_what_a_visitor_types_comes_back_as_text_only(world: World) -> None:
    form = (*ADDED[:1], ("first", "<script>alert(1)</script>"))
    page = file_wizard(world, form).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- the wizard ------------------------------------------------------------------------------


def test_the_wizard_takes_rows_that_were_added_and_gives_a_number(world: World) -> None:
    page = file_wizard(world).text
    assert re.search(r'id="confirmation-id">\d{8}<', page)
    assert "Jordan Q. Sample" in page
    (row,) = world.received(RISK)
    assert row.what is What.REQUEST
    assert row.values["first_name"] == "Jordan"
    assert row.values["zip"] == "80202"
    assert row.values["email"] == "replies.jq@example.com"


def test_the_wizard_takes_an_empty_request_without_a_word(world: World) -> None:
    page = file_wizard(world, (("email", "replies.jq@example.com"), ("postal", "no"))).text
    assert re.search(r'id="confirmation-id">\d{8}<', page)
    assert "Sample</strong>" not in page.partition("<main>")[2]
    assert "first_name" not in world.received(RISK)[0].values


def test_a_step_discloses_and_files_nothing(world: World) -> None:
    visit(world, "http://sample-risk-data.test/opt-out/step", {"first": "Jordan"})
    assert world.received(RISK) == ()
    assert [row.values for row in world.seen(RISK)] == [{"first_name": "Jordan"}]


def test_requests_are_counted_by_any_of_their_values(world: World) -> None:
    file_wizard(world)
    file_wizard(world)
    assert world.count(RISK, "replies.jq@example.com") == 2
    assert world.count(RISK, "80202", What.REQUEST) == 2
    assert world.count(RISK, "somebody.else@example.com") == 0


# --- people search ---------------------------------------------------------------------------


def test_a_search_shows_two_namesakes_above_and_below_the_own_record(world: World) -> None:
    page = search(world)
    shown = re.findall(r'id="record-([\w-]+)"', page)
    assert shown == ["jordan-2", "jordan", "jordan-3"]
    assert "age 36" in page
    assert [row.what for row in world.seen(SEARCH)] == [What.SEARCH]


def test_a_search_for_nobody_says_so(world: World) -> None:
    form = {"name": "Nobody Atall", "city": "Denver"}
    page = visit(world, "http://sample-people-search.test/search", form).text
    assert "No records found" in page
    assert 'id="results"' not in page


def test_nothing_is_taken_without_the_answer_of_a_person(world: World) -> None:
    assert captcha(world, "oak") == ""
    for answer in ("", "made-up"):
        assert "Not sent" in file_removal(world, answer=answer).text
    assert world.received(SEARCH) == ()


def test_a_person_s_answer_counts_once_and_for_two_minutes(world: World) -> None:
    answer = captcha(world)
    assert "Check your mail" in file_removal(world, answer=answer).text
    assert "Not sent" in file_removal(world, answer=answer).text
    old = captcha(world)
    world.put_forward(minutes=3)
    assert "Not sent" in file_removal(world, answer=old).text


def test_the_record_goes_only_after_the_mailed_form_was_confirmed(world: World) -> None:
    file_removal(world)
    assert 'id="record-jordan"' in search(world)
    (mail,) = world.mailbox("replies.jq@example.com")
    link = link_in(mail)
    assert link.startswith("http://sample-people-search.test/confirm/")
    assert "Confirm your request" in visit(world, link).text
    page = confirm(world, link).text
    assert "Your record will be removed" in page
    assert "Jordan Q. Sample" in page
    assert 'id="record-jordan"' not in search(world)
    assert 'id="record-jordan-2"' in search(world)
    assert [row.what for row in world.received(SEARCH)] == [What.REQUEST, What.CONFIRMATION]
    assert world.received(SEARCH)[1].values["state_name"] == "Colorado"


def test_a_mailed_link_works_once(world: World) -> None:
    file_removal(world)
    link = link_in(world.mailbox("replies.jq@example.com")[0])
    confirm(world, link)
    assert "no longer works" in confirm(world, link).text
    assert "no longer works" in visit(world, link).text


def test_a_mailed_link_dies_after_a_day(world: World) -> None:
    file_removal(world)
    link = link_in(world.mailbox("replies.jq@example.com")[0])
    world.put_forward(hours=23, minutes=59)
    assert "Confirm your request" in visit(world, link).text
    world.put_forward(minutes=2)
    assert "no longer works" in visit(world, link).text
    assert "no longer works" in confirm(world, link).text


def test_another_address_cannot_confirm(world: World) -> None:
    file_removal(world)
    link = link_in(world.mailbox("replies.jq@example.com")[0])
    assert "could not process" in confirm(world, link, "else@example.com").text
    assert 'id="record-jordan"' in search(world)


# --- mail ------------------------------------------------------------------------------------


def test_a_prepared_mail_is_sent_received_and_answered(world: World) -> None:
    eml = prepared_mail()
    sent = send_eml(eml.as_bytes(), world.smtp)
    assert "X-Unsent" not in sent
    (row,) = world.received(MAILS)
    assert row.values["message-id"] == "<attempt-1@example.com>"
    assert "Reference: K7F3-Q2MX" in row.text
    assert world.count(MAILS, "K7F3-Q2MX") == 1
    assert world.wait_for_mail("replies.jq@example.com", seconds=60)
    assert "K7F3-Q2MX" in world.mailbox("replies.jq@example.com")[0]["Subject"]


def test_mail_between_people_only_lies_in_their_boxes(world: World) -> None:
    mail = prepared_mail()
    mail.replace_header("To", "casey@example.com")
    send_eml(mail.as_bytes(), world.smtp)
    assert len(world.mailbox("Casey@Example.com")) == 1
    assert world.received(MAILS) == ()
    assert not world.wait_for_mail("nobody@example.com", seconds=0.01)


@pytest.mark.parametrize(("switch", "code"), [(Switch.DOWN, 451), (Switch.REFUSES, 550)])
def test_a_mail_that_is_not_taken_is_said_and_not_received(
    world: World, switch: Switch, code: int
) -> None:
    world.turn(MAILS, switch)
    with pytest.raises(MailNotTaken, match=str(code)):
        send_eml(prepared_mail().as_bytes(), world.smtp)
    assert world.received(MAILS) == ()
    world.turn(MAILS)
    send_eml(prepared_mail().as_bytes(), world.smtp)
    assert len(world.received(MAILS)) == 1


def test_a_mail_server_that_hangs_has_taken_the_mail(world: World) -> None:
    world.turn(MAILS, Switch.HANGS)
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        send_eml(prepared_mail().as_bytes(), world.smtp, seconds=3)
    assert world.count(MAILS, "K7F3-Q2MX") == 1


# --- switches --------------------------------------------------------------------------------


def test_slow_makes_each_page_wait(world: World) -> None:
    def took() -> float:
        began = time.monotonic()
        assert visit(world, "http://sample-risk-data.test/opt-out").status == 200
        return time.monotonic() - began

    assert min(took() for _ in range(10)) < SLOW, "the control: a busy machine is not always slow"
    world.turn(RISK, Switch.SLOW)
    assert took() >= SLOW


def test_down_refuses_the_connection_until_it_is_up_again(world: World) -> None:
    world.turn(RISK, Switch.DOWN)
    with pytest.raises(ConnectionRefusedError):
        visit(world, "http://sample-risk-data.test/opt-out")
    world.turn(RISK)
    assert visit(world, "http://sample-risk-data.test/opt-out").status == 200


def test_hangs_takes_the_request_and_never_answers(world: World) -> None:
    world.turn(RISK, Switch.HANGS)
    with pytest.raises(TimeoutError):
        visit(world, "http://sample-risk-data.test/opt-out/request", ADDED, seconds=0.5)
    wait_until(lambda: world.count(RISK, "80202") == 1)


def test_302_leads_the_first_page_away(world: World) -> None:
    world.turn(RISK, Switch.REDIRECT_302)
    seen = visit(world, "http://sample-risk-data.test/opt-out")
    assert (seen.status, seen.location) == (302, "http://elsewhere.test/opt-out")


def test_307_leads_the_filled_form_away_before_it_is_taken(world: World) -> None:
    world.turn(RISK, Switch.REDIRECT_307)
    seen = file_wizard(world)
    assert (seen.status, seen.location) == (307, "http://elsewhere.test/opt-out/request")
    assert world.received(RISK) == ()
    visit(world, seen.location, ADDED)  # what a browser without a fence does next
    assert world.seen("elsewhere")[0].values["zip"] == "80202"


@pytest.mark.parametrize(
    ("switch", "sign"),
    [
        (Switch.HONEYPOT, 'id="contact-trap"'),
        (Switch.DUPLICATE, 'id="newsletter"'),
        (Switch.KEYSTROKE_SPY, "http://elsewhere.test/keys"),
        (Switch.CHANGED_FORM, "Electronic post"),
        (Switch.DROPS_VALUE, 'if ("yes"'),
    ],
)
def test_a_switch_changes_both_forms_and_only_while_it_is_on(
    world: World, switch: Switch, sign: str
) -> None:
    def forms() -> tuple[str, str]:
        return (
            visit(world, "http://sample-risk-data.test/opt-out").text,
            visit(world, "http://sample-people-search.test/opt-out", {"record": "jordan"}).text,
        )

    assert not any(sign in page for page in forms())
    world.turn(RISK, switch)
    world.turn(SEARCH, switch)
    assert all(sign in page for page in forms())


@pytest.mark.parametrize(
    ("switch", "shown", "taken"),
    [
        (Switch.UPSELL, "premium plan", 1),
        (Switch.NO_CONFIRMATION, "back at the start", 1),
        (Switch.WRONG_NAME, "Robin Stranger", 1),
        (Switch.REFUSES, "could not process", 0),
    ],
)
def test_a_spoilt_confirmation_never_looks_like_success(
    world: World, switch: Switch, shown: str, taken: int
) -> None:
    world.turn(RISK, switch)
    page = file_wizard(world).text
    assert shown in page
    assert "Jordan" not in page
    assert world.count(RISK, "80202") == taken


def test_a_forged_mail_comes_before_the_real_one(world: World) -> None:
    world.turn(SEARCH, Switch.FORGED_MAIL)
    file_removal(world)
    forged, real = map(link_in, world.mailbox("replies.jq@example.com"))
    assert urlsplit(forged).hostname == "sample-people-search.test.elsewhere.test"
    assert urlsplit(real).hostname == "sample-people-search.test"


# --- whoever sits at the screen ---------------------------------------------------------------


class OpenPage:
    """A page that looks for deeds four times, as the script in each page does."""

    def __init__(self, world: World, page: str) -> None:
        self.deeds: list[Mapping[str, str]] = []
        self._world, self._page = world, page
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._closed.wait(0.02):
            url = f"http://sample-people-search.test/at-the-screen?page={self._page}"
            self.deeds += json.loads(visit(self._world, url).text)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()


def hand_over() -> HandOver:
    text = Text("Do it.")
    return HandOver(why=text, what=text, minutes=1, window_visible=False)


def test_the_scripted_person_presses_remove_beside_their_own_record(world: World) -> None:
    person = ScriptedPerson(world, seconds=60)
    with OpenPage(world, "results") as page:
        assert person.act(hand_over()) is Acted.DID
    assert page.deeds == [{"press": "#remove-jordan"}]
    assert ScriptedPerson(world, subject=MARIA).own_record() == "maria"


def test_the_scripted_person_answers_the_box_for_people(world: World) -> None:
    with OpenPage(world, "opt-out") as page:
        assert ScriptedPerson(world, seconds=60).act(hand_over()) is Acted.DID
    assert page.deeds == [{"type": "#word", "value": "maple"}, {"tick": "#human"}]


def test_the_scripted_person_types_what_is_left_and_presses_when_asked_to(world: World) -> None:
    left = Remaining(field=Field.EMAIL, place="E-mail address", value=Secret("a@example.com"))
    text = Text("Go on by hand.")
    given = HandOver(
        why=text,
        what=text,
        minutes=2,
        window_visible=True,
        remaining=(left,),
        person_submits=True,
    )
    with OpenPage(world, "wizard") as page:
        assert ScriptedPerson(world, seconds=60).act(given) is Acted.DID
    assert page.deeds == [
        {"type": "#contact-mail, #email", "value": "a@example.com"},
        {"tick": "#postal-no"},
        {"press": "#communications .next"},
        {"press": "#send, #confirm"},
    ]


def test_without_an_open_page_nobody_can_act(world: World) -> None:
    with pytest.raises(NobodyThere):
        world.answer_captcha(seconds=0.01)
    assert ScriptedPerson(world, seconds=0.01).act(hand_over()) is Acted.NOT_SURE
    assert ScriptedPerson().act(hand_over()) is Acted.DID_NOT


def test_the_scripted_person_answers_from_the_script_else_with_the_default() -> None:
    person = ScriptedPerson(answers={"country": "US", "Go on": "no"})
    options = [Option(key="a", text=Text("A")), Option(key="b", text=Text("B"))]
    assert person.ask(Text("Which country?")) == "US"
    assert person.ask(Text("Which city?"), default="Denver") == "Denver"
    assert person.choose(Text("Which?"), options) == "a"
    assert person.choose(Text("Which?"), options, default="b") == "b"
    assert person.confirm(Text("Sure?"))
    assert not person.confirm(Text("Go on?"))
    assert person.type_word(Text("Type it"), Text("yes"))
    assert not ScriptedPerson(says_yes=False).type_word(Text("Type it"), Text("yes"))


# --- people ----------------------------------------------------------------------------------


def test_invented_people_have_only_invented_numbers_and_addresses() -> None:
    for subject in PEOPLE:
        for known in subject.identifiers:
            value = known.value
            shown = str(value.reveal()) if hasattr(value, "reveal") else ""
            if known.kind == "phone":
                assert re.fullmatch(r"\+130355501\d\d", shown)
            if known.kind == "email":
                assert shown.endswith(("@example.com", "@example.test"))
    assert {subject.residences[-1].state for subject in PEOPLE} == {"CO"}
    assert CASEY.reply_to[0].kind == "substitute"
    assert JORDAN.id != MARIA.id
