"""A Ctrl-C that a library swallows, or turns into its own error, still stops the program."""

from __future__ import annotations

import subprocess
import sys

import pytest

SWALLOWED = """
import signal, sys
from optout.cli import ctrl_c
from optout.cli.terminal import Terminal
from optout.text import Text
{hear}
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    pass  # as a callback of Python's own does
try:
    print(Terminal().confirm(Text("Send exactly this?")))
except KeyboardInterrupt:
    print("stopped")
"""
BECAME_AN_ERROR = """
import signal, sys
from optout.cli import ctrl_c, main
def schema_broken(args):
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise TypeError("the library's own words") from None
main._run_typer = schema_broken
{hear}
sys.exit(main.main(["status"]))
"""
HEARD = "ctrl_c.hear()"
NOT_HEARD = "signal.signal(signal.SIGINT, signal.default_int_handler)"


def ran(source: str, hear: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", source.format(hear=hear)]
    return subprocess.run(
        command, input="y\n", capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(("hear", "said"), [(HEARD, "stopped"), (NOT_HEARD, "True")])
def test_no_question_is_asked_after_a_ctrl_c_that_was_swallowed(hear: str, said: str) -> None:
    """The control: without being written down it is lost, and the yes counts."""
    assert ran(SWALLOWED, hear).stdout.split()[-1] == said


@pytest.mark.parametrize(
    ("hear", "said"), [(HEARD, "Stopped."), (NOT_HEARD, "Something went wrong inside")]
)
def test_an_error_made_of_a_ctrl_c_is_told_as_stopped(hear: str, said: str) -> None:
    ended = ran(BECAME_AN_ERROR, hear)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "library's own words" not in ended.stderr
