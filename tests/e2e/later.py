"""Runs the program as it would run some days from now: nothing but its clock is different."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

from optout.cli.main import run
from optout.cli.session import Session


def run_later() -> None:
    """Take the days from the environment, and the command from the arguments."""
    ahead = timedelta(days=int(os.environ.pop("DAYS_LATER")))
    usual = Session.__init__.__kwdefaults__
    assert usual
    usual["clock"] = lambda: datetime.now(UTC) + ahead
    sys.argv += ["--passphrase-fd", os.environ["PASSPHRASE_FD"]]
    run()


if __name__ == "__main__":
    run_later()
