"""Whatever browser a computer has: `optout web` opens its page there once, and waits for nobody."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tests.e2e.command_line import CommandLine, wait_until

ASKS = """
import http.client, sys, threading
from pathlib import Path
from urllib.parse import urlsplit
there = urlsplit(sys.argv[1])
browser = http.client.HTTPConnection(there.hostname, there.port, timeout=30)
browser.request("GET", f"{there.path}?{there.query}")
with Path(__file__).with_name("answers").open("a") as answers:
    print(browser.getresponse().status, file=answers)
threading.Event().wait()  # as a browser that somebody reads in
"""


def test_a_browser_that_does_not_end_is_answered_once(tmp_path: Path) -> None:
    browser, answers = tmp_path / "browser.py", tmp_path / "answers"
    browser.write_text(ASKS, "utf-8")
    env = {"OPTOUT_ALLOW_ROOT": "1", "BROWSER": f"{sys.executable} {browser} %s"}
    running = CommandLine(tmp_path, env=env).start("web", passphrase=None)
    try:
        wait_until(
            lambda: (
                (answers.exists() and answers.read_text("utf-8").endswith("\n"))
                or running.process.poll() is not None
            )
        )
        assert answers.read_text("utf-8") == "303\n"
        running.send(signal.SIGINT)
        ended = running.end()
        assert (ended.code, "The page opens in your browser." in ended.said) == (0, True)
    finally:
        running.send(signal.SIGKILL)
        running.process.wait(30)
