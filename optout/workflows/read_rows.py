"""The rows behind one list or screen: however often it needs one, it is read once.

What is kept here is forgotten with the list: the next one reads the folder anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, Generic, TypeVar

from optout.model.request import Delivery, Message, MessageId, Request, RequestId
from optout.vault.vault import Vault

Key = TypeVar("Key")
One = TypeVar("One")


class _Once(Generic[Key, One]):
    """Reads what was not read yet, all of it with one question."""

    def __init__(self, read: Callable[[Iterable[Key]], Mapping[Key, One]]) -> None:
        self._read = read
        self._found: dict[Key, One] = {}

    def know(self, found: Mapping[Key, One]) -> None:
        """Keep what was read in another way."""
        self._found.update(found)

    def __call__(self, wanted: Iterable[Key]) -> Mapping[Key, One]:
        """Return what is known by now, with everything of this among it that is there."""
        if missing := {*wanted} - self._found.keys():
            self._found.update(self._read(missing))
        return self._found


class Rows:
    """Requests, what carried them, and the people, by their ids."""

    def __init__(self, vault: Vault) -> None:
        """Begin with nothing read."""
        self._vault = vault
        self._known: dict[MessageId, Message] = {}
        self.requests: Final = _Once(vault.requests.get_many)
        self.carried: Final = _Once(self._carried)
        self.subjects: Final = _Once(vault.subjects.get_many)
        self.zones: Final = _Once(vault.subjects.zones_of)

    def every_request(self) -> tuple[Request, ...]:
        """Return all requests of the folder, in the order in which they were added."""
        found = self._vault.requests.list()
        self.requests.know({each.id: each for each in found})
        return found

    def standing_at(self, deliveries: Collection[Delivery]) -> tuple[Message, ...]:
        """Return the messages that stand there, in the order in which they were added."""
        found = self._vault.messages.list(deliveries=deliveries)
        self._known |= {each.id: each for each in found}
        return found

    def _carried(self, ids: Iterable[RequestId]) -> Mapping[RequestId, tuple[Message, ...]]:
        return self._vault.messages.for_requests(ids, self._known.values())
