"""The page over practice companies: beside the real one, on a port and in a folder of its own."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from optout.errors import NeedsPerson
from optout.model.ports import Clock, Person
from optout.model.secret import Secret
from optout.text import Text

if TYPE_CHECKING:
    from optout.browser.window import Window
    from optout.sample.servers import World
    from optout.vault.vault import Vault
    from optout.web.keeper import Keeper
    from optout.workflows.desk import Desk

PASSPHRASE: Final = "practice practice"  # noqa: S105 - told on every screen; nothing real is behind
_UP_SECONDS: Final = 30.0


class PracticePage:
    """Begins when somebody wants to practice; its folder is gone when it ends."""

    def __init__(self, window: Callable[[], Window] | None = None) -> None:
        """Begin nothing yet."""
        self._window = window
        self._over = threading.Event()
        self._up = threading.Event()
        self._address = ""
        self._thread: threading.Thread | None = None
        self.folder: Path | None = None

    def address(self) -> str:
        """Return what opens the practice page; it is begun where it was not yet."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="practice", daemon=True)
            self._thread.start()
        if not self._up.wait(_UP_SECONDS) or not self._address:
            raise NeedsPerson(
                Text("The practice page did not begin."), known=Text("Nothing was changed.")
            )
        return self._address

    def end(self) -> None:
        """End it, if it was begun."""
        self._over.set()
        if self._thread:
            self._thread.join(_UP_SECONDS)

    def _serve(self) -> None:
        from optout.sample.servers import sample_world
        from optout.web.server import serve

        try:
            with (
                tempfile.TemporaryDirectory(prefix="optout-practice-") as folder,
                sample_world() as world,
            ):
                self.folder = Path(folder)
                serve(self._keeper(self.folder, world), self._opened, until=self._over)
        finally:
            self._up.set()

    def _opened(self, address: str) -> None:
        self._address = address
        self._up.set()

    def _keeper(self, folder: Path, world: World) -> Keeper:
        """Return a folder with the made-up person in it, open."""
        from optout.sample.people import JORDAN
        from optout.vault.create import create_vault
        from optout.web.keeper import Keeper, Place

        papers = folder / "papers"
        papers.mkdir()
        place = Place(
            folder=folder / "locked",
            papers=papers,
            clock=world.watch.now,
            set_out=self._practice(world),
            mails=world.office.mails,
            later=lambda: world.put_forward(days=3),
            made_up_passphrase=PASSPHRASE,
        )
        made = create_vault(
            place.folder,
            clock=place.clock,
            actor=place.actor,
            passphrase=Secret(PASSPHRASE),
            use_keyring=False,
        )
        with made.vault as vault:
            vault.subjects.add(JORDAN)
        keeper = Keeper(place)
        keeper.unlock(PASSPHRASE)
        return keeper

    def _practice(self, world: World) -> Callable[[Vault, Person, Clock, Path], Desk]:
        from optout.browser.fence import Fence
        from optout.browser.window import Window
        from optout.catalog.brokers import list_brokers, sample_folder
        from optout.catalog.laws import list_laws
        from optout.workflows.desk import Desk
        from optout.workflows.outside_companies import finding_both

        brokers = {str(each.slug): each for each in list_brokers(folders=(sample_folder(),))}

        def set_out(vault: Vault, person: Person, clock: Clock, papers: Path) -> Desk:
            return Desk(
                vault=vault,
                person=person,
                clock=clock,
                find_broker=finding_both(vault, lambda slug: brokers[str(slug)]),
                list_brokers=lambda: tuple(brokers.values()),
                laws=list_laws,
                fence_for=lambda broker: Fence(broker.hosts, resolver=world.resolve),
                rehearsal_for=lambda broker: Fence(broker.hosts, resolver=world.resolve),
                window=self._window or Window.for_person,
                out_folder=papers,
            )

        return set_out
