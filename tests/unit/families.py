"""The shipped companies, read once for the tests of lists, screens and families."""

from __future__ import annotations

from typing import Final

from optout.catalog.brokers import list_brokers
from optout.model.broker import Broker

SHIPPED: Final[tuple[Broker, ...]] = list_brokers()
BY_SLUG: Final = {str(broker.slug): broker for broker in SHIPPED}
