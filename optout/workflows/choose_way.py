"""Let a person choose how one request goes: on paper, by e-mail, on their page. Nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from optout.errors import OptoutError, Refused
from optout.model.ports import Option
from optout.model.request import FOLLOW_UPS, Delivery, Message, Purpose
from optout.model.words import By
from optout.text import Text
from optout.workflows.desk import Desk, as_here, find_message
from optout.workflows.make_plan import Wish
from optout.workflows.move_request import move_with_person
from optout.workflows.send_paper import take_back

MAY_CHANGE: Final = frozenset(
    {Delivery.DRAFT, Delivery.READY, Delivery.FAILED, Delivery.HANDED_OVER}
)
_SAID: Final[Mapping[By, Text]] = {
    By.WEB: Text("With their web form, filled in from here"),
    By.EMAIL: Text("By e-mail"),
    By.POST: Text("By paper mail"),
    By.PORTAL: Text("On their page, by hand"),
    By.PHONE: Text("By phone"),
}
_STAYS: Final = Option(key="stays", text=Text("Leave it as it is"))
_NOTHING: Final = Text("Nothing was changed or sent.")


def other_ways(desk: Desk, message: Message) -> tuple[By, ...]:
    """Return the other ways that the company takes the same requests by, as far as we know."""
    if message.delivery not in MAY_CHANGE or message.purpose in {*FOLLOW_UPS, Purpose.CONFIRMATION}:
        return ()
    try:
        broker = desk.find_broker(message.broker)
    except OptoutError:  # it is not in the catalog any more: what is here can still be looked at
        return ()
    requests = desk.vault.requests.get_many(message.request_ids)
    asked = {request.right for request in requests.values()}
    offered = (by for each in broker.channel if each.right in asked for by in each.by)
    return tuple(by for by in dict.fromkeys(offered) if by in _SAID and by is not message.by)


def go_another_way(desk: Desk, reference: str) -> None:
    """Ask which way, and put the request on the list anew by that way; say why where it cannot."""
    message = find_message(desk, reference)
    ways = other_ways(desk, message)
    if not ways:
        raise Refused(Text("No other way is known for this."), known=_NOTHING)
    options = [Option(key=by.value, text=_SAID[by]) for by in ways]
    chosen = desk.person.choose(Text("How shall it go instead?"), (*options, _STAYS))
    if chosen == _STAYS.key or not _is_in_nobodys_hands(desk, message):
        desk.person.tell(_NOTHING)
        return
    wish = Wish(only=(message.broker,), prefer=By(chosen), take="a")
    whose = as_here(desk, desk.vault.subjects.get(message.subject_id))
    for moved in move_with_person(desk, whose, wish, about=message.request_ids):
        desk.person.tell(
            Text(
                "{way}. Look at it and decide: optout file {r}",
                way=_SAID[moved.by],
                r=moved.reference,
            )
        )


def _is_in_nobodys_hands(desk: Desk, message: Message) -> bool:
    """Say whether it cannot go twice: what was written already is asked about, and taken back."""
    if message.delivery is not Delivery.HANDED_OVER:
        return True
    question = Text("It is written already. Are you sure that you did not send it, and will not?")
    if not desk.person.confirm(question):
        return False
    take_back(desk, message.reference)
    desk.person.tell(Text("It counts as not sent. Do not send the one that was written."))
    return True
