"""Did it arrive? A person looks, and decides; nothing is sent by itself."""

from __future__ import annotations

from datetime import timedelta

from optout.errors import NeedsPerson, Refused
from optout.model.ports import Option
from optout.model.request import Delivery
from optout.model.words import By
from optout.text import Text
from optout.workflows.clocks import deadlines_when_received
from optout.workflows.desk import Desk, Errand, errand_for, instant, open_errand
from optout.workflows.filed import Filed

WAIT = timedelta(days=10)  # before that, a late confirmation mail is likelier than a loss

SAW_IT = Option(
    key="saw", text=Text("I saw a confirmation: a page, or a mail with a number or our code")
)
LISTING_GONE = Option(key="gone", text=Text("My listing on their site is gone"))
STATUS_PAGE = Option(key="page", text=Text("Their own status page says they have it"))
NOT_YET = Option(key="later", text=Text("I do not know yet"))
TREAT_AS_SENT = Option(key="treat", text=Text("Ten days are over: treat it as sent"))
NEVER_BEGUN = Option(
    key="never", text=Text("It was never written or sent: get it ready, I look at it again")
)
FILE_AGAIN = Option(key="again", text=Text("Ten days are over: get it ready to send again"))


def reconcile(desk: Desk, reference: str) -> Filed:
    """Settle one delivery whose outcome we cannot know, by what the person saw."""
    errand = _in_doubt(desk, open_errand(desk, reference))
    if errand.message.delivery is not Delivery.UNKNOWN:
        raise Refused(
            Text("There is no doubt about {reference}.", reference=errand.reference),
            hint=Text("See: optout status"),
        )
    answer = desk.person.choose(
        _question(errand),
        _options(desk, errand),
        default=NOT_YET.key,
    )
    if answer == NOT_YET.key:
        raise NeedsPerson(
            Text("It stays open: we do not know whether it arrived."),
            known=Text("Nothing was sent again."),
            hint=Text("Look again in a few days: optout reconcile {r}", r=errand.reference),
        )
    _settle(desk, errand, answer)
    return Filed(message=desk.vault.messages.get(errand.message.id), errand=errand)


def _in_doubt(desk: Desk, errand: Errand) -> Errand:
    """Return what is in doubt under this reference: the request itself, or what confirms it."""
    if errand.message.delivery is Delivery.UNKNOWN:
        return errand
    for message in desk.vault.messages.for_request(errand.requests[0].id):
        if message.delivery is Delivery.UNKNOWN:
            return errand_for(desk, message)
    return errand


def _question(errand: Errand) -> Text:
    company = errand.broker.called()
    if errand.message.by is By.WEB:
        return Text(
            "The last button for {company} was pressed, and then nobody saw the end. Look in your "
            "mail and on their site. What did you find?",
            company=company,
        )
    return Text(
        "We do not know whether this reached {company}: this folder is older than what may have "
        "happened since. What do you know?",
        company=company,
    )


def _options(desk: Desk, errand: Errand) -> tuple[Option, ...]:
    """Offer to send again where it never began, and else once waiting would not help."""
    options: tuple[Option, ...] = (SAW_IT, LISTING_GONE, STATUS_PAGE, NOT_YET)
    tried = desk.vault.outbox.last_attempt(errand.message.id)
    if tried is None:
        return (*options, NEVER_BEGUN)
    if instant(desk.clock) - tried.began_at >= WAIT:
        return (*options, TREAT_AS_SENT, FILE_AGAIN)
    return options


def _settle(desk: Desk, errand: Errand, answer: str) -> None:
    arrived = answer not in {FILE_AGAIN.key, NEVER_BEGUN.key}
    if answer == FILE_AGAIN.key and not desk.person.type_word(
        Text("They may get it twice. To get it ready again, type the word."), Text("again")
    ):
        raise Refused(Text("You said no."), known=Text("Nothing was changed."))
    today = desk.today(errand.subject)
    desk.vault.outbox.reconcile(
        errand.message.id,
        arrived=arrived,
        code=f"person-says-{answer}",
        deadlines=deadlines_when_received(desk, errand, today) if arrived else {},
    )
