"""Starts the whole practice world: web sites, mail server, and the people's mailboxes.

    with sample_world() as world:
        fence = Fence(..., resolver=world.resolve)

Switches make one company misbehave: `sample_world({"sample-risk-data": {Switch.DOWN}})`.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from optout.browser.addresses import Address
from optout.errors import WrongUsage
from optout.model.ports import Clock
from optout.sample import elsewhere, finders, mail_list, people_search, risk_data
from optout.sample.at_screen import AtScreen, press, tick, type_into
from optout.sample.mail_list import MailList
from optout.sample.post_office import PostOffice
from optout.sample.received import Received, What
from optout.sample.switches import Switch
from optout.sample.web import ELSEWHERE, Company, WebSite, open_site
from optout.text import Text

SAMPLE_BROKERS: Final = Path(__file__).parent / "brokers"
STRAY: Final = "elsewhere"  # the name under which the leak host is asked about
HTTP_PORT: Final = 80
Place = tuple[str, int]  # an address of this machine and a port
Switches = Mapping[str, Iterable[Switch]]


@dataclass(frozen=True, slots=True)
class PracticeResolver:
    """Leads the practice hosts to this machine; plain data, so another process can use it too."""

    places: Mapping[str, Place]

    def __call__(self, host: str, port: int) -> tuple[Address, ...]:
        """Return where a host is served; raise as the system does for one that does not exist."""
        if host not in self.places or port != HTTP_PORT:
            raise socket.gaierror(socket.EAI_NONAME, "no such practice host")
        ip, at = self.places[host]
        return (Address(ip, at, ours=True),)


@dataclass(slots=True)
class Watch:
    """The practice world's clock; it can be put forward."""

    clock: Clock
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """Return the present instant of the practice world."""
        return self.clock() + self.ahead


@dataclass(slots=True)
class World:
    """The running practice world."""

    sites: Mapping[str, WebSite]  # by slug
    mail_list: MailList
    office: PostOffice
    watch: Watch
    screen: AtScreen
    _closed_door: Place = field(default=("127.0.0.1", 0))

    @property
    def smtp(self) -> Place:
        """Return where mail is handed in."""
        return ("127.0.0.1", self.office.port)

    def places(self) -> Mapping[str, Place]:
        """Return where each host is served; a company that is down leads to a closed door."""
        served = {site.company.host: self._place(site) for site in self.sites.values()}
        return served | {people_search.LOOK_ALIKE: served[ELSEWHERE]}

    def _place(self, site: WebSite) -> Place:
        down = Switch.DOWN in site.company.switches
        return self._closed_door if down else ("127.0.0.1", site.port)

    def resolve(self, host: str, port: int = HTTP_PORT) -> tuple[Address, ...]:
        """Resolve a practice host as the switches are now: what a fence takes as resolver."""
        return PracticeResolver(self.places())(host, port)

    def _company(self, slug: str) -> Company | MailList:
        if slug == mail_list.SLUG:
            return self.mail_list
        if slug not in self.sites:
            raise WrongUsage(Text("There is no practice company “{slug}”.", slug=slug))
        return self.sites[slug].company

    def turn(self, slug: str, *switches: Switch) -> None:
        """Set one company's switches from now on; none at all: it behaves."""
        company = self._company(slug)
        company.switches.clear()
        company.switches.update(switches)

    def received(self, slug: str) -> tuple[Received, ...]:
        """Return what one company took as requests, field by field."""
        return self._company(slug).ledger.filed()

    def seen(self, slug: str) -> tuple[Received, ...]:
        """Return all that one company got to see, also before anything was submitted."""
        return self._company(slug).ledger.seen()

    def count(self, slug: str, key: str, what: What | None = None) -> int:
        """Count the requests one company took that carry this value or reference."""
        return self._company(slug).ledger.count(key, what)

    def mailbox(self, address: str) -> tuple[EmailMessage, ...]:
        """Return the mails that practice companies sent to one address, oldest first."""
        return self.office.mailbox(address)

    def wait_for_mail(self, address: str, *, more_than: int = 0, seconds: float = 10.0) -> bool:
        """Wait until an address has more than so many mails; False if they did not come."""
        return self.office.wait_for_mail(address, more_than=more_than, seconds=seconds)

    def put_forward(self, **ahead: float) -> None:
        """Put the practice world's clock forward (`hours=25`): links grow old."""
        self.watch.ahead += timedelta(**ahead)

    def press_remove(self, record: str, *, seconds: float = 10.0) -> None:
        """Press “Remove this record” beside one record of the open result page, as a person."""
        self.screen.act("results", press(f"#remove-{record}"), seconds=seconds)

    def answer_captcha(self, word: str = people_search.WORD, *, seconds: float = 10.0) -> None:
        """Tick the box and type the word shown, as a person would on the open page."""
        self.screen.act("opt-out", type_into("#word", word), tick("#human"), seconds=seconds)


def link_in(mail: EmailMessage) -> str:
    """Return the first link in a mail; "" if there is none."""
    body = mail.get_body(("plain",))
    found = re.search(r"https?://\S+", str(body.get_content())) if body else None
    return found.group() if found else ""


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def sample_world(
    switches: Switches | None = None, *, clock: Clock = _now, slow_seconds: float = 1.5
) -> Iterator[World]:
    """Start every practice company on free ports of this machine; stop them all at the end."""
    watch, screen = Watch(clock), AtScreen()
    with ExitStack() as stack:
        office = stack.enter_context(closing(PostOffice()))
        mails = MailList(office.post, slow_seconds)
        office.companies[mail_list.DOMAIN] = mails
        neighbors = finders.NeighborList(watch.now, screen, slow_seconds, post=office.post)
        office.companies[finders.NEIGHBOR_HOST] = neighbors
        companies: dict[str, Company] = {
            risk_data.SLUG: risk_data.RiskData(watch.now, screen, slow_seconds),
            people_search.SLUG: people_search.PeopleSearch(
                watch.now, screen, slow_seconds, post=office.post
            ),
            finders.LOOKUP_SLUG: finders.NameLookup(
                watch.now, screen, slow_seconds, post=office.post
            ),
            finders.NEIGHBOR_SLUG: neighbors,
            STRAY: elsewhere.Elsewhere(watch.now, screen, slow_seconds),
        }
        sites = {
            slug: stack.enter_context(closing(open_site(company)))
            for slug, company in companies.items()
        }
        # Bound, not listening: a connection to it is refused, and nobody else can take the port.
        door = stack.enter_context(closing(socket.socket()))
        door.bind(("127.0.0.1", 0))
        world = World(sites, mails, office, watch, screen, door.getsockname())
        for slug, chosen in (switches or {}).items():
            world.turn(slug, *chosen)
        yield world
