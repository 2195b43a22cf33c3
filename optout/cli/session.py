"""What a command works with: the folder, the clock, the person, and the folder unlocked.

from optout.cli.session import session

with session().unlock() as vault: …
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from optout.errors import Refused
from optout.text import Text

if TYPE_CHECKING:  # heavy: every command begins here, few need these
    from optout.cli.terminal import Terminal
    from optout.model.ports import Clock
    from optout.vault.kept_key import KeptKey
    from optout.vault.vault import Vault

OLDER_COPY: Final = Text(
    "This locked folder is older than the one that was used last. Since then something may have "
    "been sent that it does not know. Look at your mail before you send anything again."
)
LEFT_UNKNOWN: Final = Text(
    "{reference}: an earlier run was cut short while sending. We do not know whether it arrived. "
    "Find out, then: optout reconcile {reference}"
)
LEFT_UNSENT: Final = Text(
    "{reference}: an earlier run was cut short. It was not filed, but the company may have seen "
    "what was typed."
)
SEARCH_CUT_OFF: Final = Text(
    "A search for a person was cut off, and the site may have seen the name. See: optout next"
)
PASSPHRASE: Final = Text("Passphrase (nothing is shown while you type)")
RIGHT_DATE: Final = Text("Is the date of this computer right?")
ACTOR: Final = "person"  # who acts, in the history, where no passphrase is anybody's by name


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class Session:
    """One run of the program, as its global options set it."""

    def __init__(
        self,
        *,
        folder: Path | None = None,  # --vault or OPTOUT_VAULT
        plain: bool = True,
        passphrase_fd: int | None = None,
        clock: Clock = utc_now,
        actor: str = ACTOR,
        kept: KeptKey | None = None,  # in `optout shell`: the key, from one command to the next
    ) -> None:
        """Take the global options; tests set a clock."""
        self.folder = folder
        self.plain = plain
        self.passphrase_fd = passphrase_fd
        self.clock = clock
        self.actor = actor
        self.kept = kept
        self._open = ExitStack()

    def vault_folder(self) -> Path:
        """Return the folder that was named, or the usual one of this system."""
        if self.folder is not None:
            return self.folder.expanduser().absolute()
        from optout.workflows.places import usual_folder

        return usual_folder()

    @cached_property
    def terminal(self) -> Terminal:
        """The terminal that the person sits at: the same one all through a run."""
        from optout.cli.terminal import Terminal

        return Terminal(passphrase_fd=self.passphrase_fd)

    def person(self) -> Terminal:
        """Return the person in front of this terminal."""
        return self.terminal

    def unlock(self) -> Vault:
        """Open the locked folder; say what an interrupted run left behind.

        It is closed at the end of the run at the latest; `with` closes it earlier.
        """
        from optout.vault.unlock import unlock

        self.check_is_there()
        vault = unlock(
            self.vault_folder(),
            clock=self.clock,
            actor=self.actor,
            passphrase=self.terminal.asks_passphrase(PASSPHRASE),
            tries=self.terminal.passphrase_tries(),
            kept=self.kept,
        )
        self._open.enter_context(vault)
        self._check_who(vault)
        self._tell_what_was_found(vault)
        return vault

    def check_is_there(self) -> None:
        """Name the same folder again, where one was named and is not made yet: never the usual."""
        from shlex import quote

        from optout.vault.folder import NoVault

        if self.folder is None or self.vault_folder().exists():
            return
        raise NoVault(
            Text("There is no locked folder at {folder}.", folder=self.vault_folder()),
            known=Text("Nothing was opened or changed."),
            hint=Text("Make it with: optout init --vault {folder}", folder=quote(f"{self.folder}")),
        )

    def _check_who(self, vault: Vault) -> None:
        """Refuse to act as somebody else than whose passphrase it was."""
        if self.actor.casefold() not in {ACTOR, vault.actor.casefold()}:
            raise Refused(
                Text(
                    "The passphrase is {whose}'s, so nobody can act as {name} with it.",
                    whose=vault.actor,
                    name=self.actor,
                ),
                known=Text("Nothing was changed."),
                hint=Text("Leave the name out, or use the passphrase of whoever it is."),
            )

    def _tell_what_was_found(self, vault: Vault) -> None:
        """Say what an earlier run left, and what is odd about the folder or the date."""
        from optout.model.request import Delivery
        from optout.workflows.desk import known_as

        if vault.rolled_back:
            self.terminal.tell(OLDER_COPY)
        for found in vault.recovered:
            reference = known_as(vault, vault.messages.get(found.message_id))
            left = LEFT_UNKNOWN if found.now is Delivery.UNKNOWN else LEFT_UNSENT
            self.terminal.tell(Text(left.template, reference=reference))
        if vault.cut_off:
            self.terminal.tell(SEARCH_CUT_OFF)
        doubt = vault.clock_doubt()
        if doubt is not None:
            self.terminal.tell(doubt)
            if self.terminal.is_there() and self.terminal.confirm(RIGHT_DATE):
                vault.confirm_clock()

    def close(self) -> None:
        """Lock what is still open."""
        self._open.close()


_now: list[Session] = [Session()]


def session() -> Session:
    """Return the session of this run."""
    return _now[-1]


def begin(new: Session) -> Session:
    """Make `new` the session of this run."""
    _now[-1].close()
    _now[-1] = new
    return new
