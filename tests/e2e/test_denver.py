"""Proves the main job: a person in Denver plans, files two web forms, and holds the letters.

The five companies are the shipped ones. Their two request forms are served from the examples
under the companies' own https host names; nothing of the definitions is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from pypdf import PdfReader

from optout.browser.fence import Fence
from optout.browser.window import Window
from optout.catalog.brokers import find_broker, list_brokers
from optout.catalog.laws import list_laws
from optout.model.broker import Broker, Slug
from optout.model.plan import LeaveWhy
from optout.model.ports import Acted, HandOver
from optout.model.request import Delivery, Message
from optout.model.secret import Secret
from optout.model.words import By, Right
from optout.rules.hosts import host_of
from optout.sample.people import CASEY, JORDAN
from optout.sample.scripted_person import PASSPHRASE, ScriptedPerson
from optout.vault.create import create_vault
from optout.workflows.accept_plan import accept_plan
from optout.workflows.desk import Desk
from optout.workflows.fences import rehearsal_for
from optout.workflows.file_message import file_message
from optout.workflows.make_plan import USUAL, Answers, plan_for
from optout.workflows.send_paper import mark_sent
from optout.workflows.standing import dues, standings, to_do
from tests.brokers.test_web_flows import WEB_FLOWS, Certificate, Company, running

pytestmark = pytest.mark.browser

TODAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ORDINARY: Answers = {
    "loan-or-card": True,
    "car": True,
    "lease-utility-phone": True,
    "payroll": True,
    "arrest-or-jail": True,
}
ON_THE_WEB = (Slug("lexisnexis-risk"), Slug("thomson-reuters-clear"))


@dataclass(slots=True)
class Denver(ScriptedPerson):
    """Ticks the stand-in captcha in the page, looks at the filled form, and types go."""

    companies: dict[str, Company] = field(default_factory=dict)

    def act(self, hand_over: HandOver) -> Acted:
        self.heard.append(hand_over.what.template)
        if "robot" in hand_over.what.english():
            company = next(c for c in self.companies.values() if c.sought)
            company.reason = "captcha"
            company.acted.clear()
            company.person_acts.set()
            assert company.acted.wait(120)
        return Acted.DID


@dataclass(frozen=True)
class Office:
    desk: Desk
    person: Denver
    companies: dict[str, Company]
    papers: Path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("denver")
    flows = {flow.broker.slug: flow for flow in WEB_FLOWS}
    hosts = {host_of(page.url) for flow in flows.values() for page in flow.examples.pages.page}
    served, key = Certificate(trustme.CA(), tuple(sorted(hosts))).context()
    companies: dict[str, Company] = {}
    made = create_vault(
        folder / "locked",
        clock=lambda: TODAY,
        actor="test",
        passphrase=Secret(PASSPHRASE),
        use_keyring=False,
    )

    def fence_for(broker: Broker) -> Fence:
        return Fence(
            broker.hosts,
            resolver=companies[broker.slug].resolve,
            extra_args=(f"--ignore-certificate-errors-spki-list={key}",),
        )

    with ExitStack() as stack:
        for slug in ON_THE_WEB:
            companies[slug] = stack.enter_context(running(flows[slug], served))
        vault = stack.enter_context(made.vault)
        window = stack.enter_context(Window.hidden())
        person = Denver(companies=companies)
        yield Office(
            Desk(
                vault=vault,
                person=person,
                clock=lambda: TODAY,
                find_broker=find_broker,
                list_brokers=list_brokers,
                laws=list_laws,
                fence_for=fence_for,
                rehearsal_for=rehearsal_for,
                window=lambda: window,
                out_folder=folder / "papers",
            ),
            person,
            companies,
            folder / "papers",
        )


@pytest.fixture(scope="module")
def planned(office: Office) -> tuple[Message, ...]:
    office.desk.vault.subjects.add(JORDAN)
    by_web = plan_for(office.desk, JORDAN, ORDINARY, replace(USUAL, prefer=By.WEB, only=ON_THE_WEB))
    by_post = plan_for(office.desk, JORDAN, ORDINARY, replace(USUAL, prefer=By.POST))
    opt_outs = [line for line in by_web.lines if line.right is Right.OPT_OUT]
    letters = [line for line in by_post.lines if line.broker not in ON_THE_WEB]
    assert {line.by for line in opt_outs} == {By.WEB}
    return accept_plan(office.desk, JORDAN, [*opt_outs, *letters])


def test_the_companies_that_can_be_asked_are_in_the_plan(planned: tuple[Message, ...]) -> None:
    assert {message.broker for message in planned} == {
        "lexisnexis-risk",
        "relx-lexisnexis",
        "thomson-reuters-clear",
        "appriss-insights",
        "equifax-work-number",
        "equifax",
    }  # NCTUE comes after the first fifteen requests


@pytest.mark.parametrize("slug", ON_THE_WEB)
def test_an_opt_out_is_filed_under_the_companys_own_name(
    office: Office, planned: tuple[Message, ...], slug: Slug
) -> None:
    (message,) = [each for each in planned if each.broker == slug]
    filed = file_message(office.desk, message.reference)
    assert filed.message.delivery is Delivery.SENT, (filed.step, filed.why)
    (received,) = office.companies[slug].received
    assert "Sample" in received.values()
    assert not {"SSN", "nationalId", "DLNumber"} & received.keys()
    office.companies[slug].sought.clear()


def test_the_others_are_letters_or_mails_to_send_oneself(
    office: Office, planned: tuple[Message, ...]
) -> None:
    for message in planned:
        if message.by not in {By.POST, By.EMAIL}:
            continue
        filed = file_message(office.desk, message.reference)
        assert filed.message.delivery is Delivery.HANDED_OVER
        assert Path(filed.paper).exists()
        sent = mark_sent(office.desk, message.reference)
        assert sent.message.delivery is Delivery.SENT


def test_the_appriss_letter_is_a_pdf_that_names_what_to_search(
    office: Office, planned: tuple[Message, ...]
) -> None:
    (message,) = [each for each in planned if each.broker == "appriss-insights"]
    assert message.by is By.POST
    pdf = PdfReader(office.papers / f"letter-{message.reference}.pdf")
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "Justice Intelligence" in text
    assert message.reference in text
    assert "/StructTreeRoot" in pdf.root_object  # tagged, for screen readers


def test_everything_is_remembered_with_what_is_due_next(office: Office) -> None:
    found = standings(office.desk)
    assert {each.message.delivery for each in found if each.by is By.WEB} == {Delivery.SENT}
    assert all(each.disclosed for each in found if each.message.delivery is Delivery.SENT)
    assert any("6-1-1306" in each.deadline.basis for each in dues(office.desk))
    assert all(item.minutes > 0 for item in to_do(office.desk))


def test_a_newcomer_with_a_thin_file_is_offered_nothing_new_about_her(office: Office) -> None:
    made = plan_for(office.desk, CASEY, {"lease-utility-phone": True})
    assert made.lines == ()
    alone = {left.broker for left in made.leave_alone if left.why is LeaveWhy.UNLIKELY}
    assert len(alone) == 7
    told = {left.broker for left in made.leave_alone} - alone
    assert told >= {"lexisnexis-psdex", "vine", "palantir", "co-sheriff"}  # no way to ask: why
