"""No browser, a company that is down or changed, a run cut short: told, and never sent twice.

The practice companies count what reaches them; the folder must say the same.
"""

from __future__ import annotations

import signal

import pytest

from optout.model.words import By
from optout.sample.servers import World
from optout.sample.switches import Switch
from tests.e2e.command_line import CommandLine, Ran, Running, wait_until
from tests.e2e.prepared import FILE, RISK, kept, reference, told


def file(there: CommandLine, *references: str) -> Ran:
    return there.run("file", *references, typed="y\ny\n")


def under_way(there: CommandLine, *references: str) -> Running:
    running = there.start("file", *references)
    running.type("y\ny\n")
    return running


def until(running: Running, there: object) -> None:
    """Wait for something that a running command does, and stop waiting when it ended."""
    assert callable(there)
    wait_until(lambda: there() or running.process.poll() is not None)
    assert there(), running.end().said


def test_without_a_browser_nobody_is_asked_and_nothing_counts_as_given(here: CommandLine) -> None:
    form = reference(here, RISK, By.WEB)
    before = kept(here.vault)
    without = here.but(env={"PATH": "/nonexistent"})
    ran = without.run("file", form)
    told(ran, 3, "No browser was found", "playwright install chromium")
    assert "Send exactly this?" not in ran.err
    assert kept(here.vault) == before
    told(without.run("doctor"), 1, "No browser was found", "playwright install chromium")


@pytest.mark.browser
def test_a_company_that_is_down_got_nothing(here: CommandLine, companies: World) -> None:
    form = reference(here, RISK, By.WEB)
    companies.turn(RISK, Switch.DOWN)
    ran = file(here.but(places=companies.places()), form)
    told(ran, 1, "the site does not answer", "Nothing was filed", f"Try again: optout file {form}")
    after = kept(here.vault)
    assert after["messages"][form] == "failed"
    assert not after["given"]


@pytest.mark.browser
def test_a_changed_page_stops_before_submit_and_says_what_was_seen(
    here: CommandLine, companies: World
) -> None:
    form = reference(here, RISK, By.WEB)
    count = len(companies.received(RISK))
    companies.turn(RISK, Switch.CHANGED_FORM)
    ran = file(here, form)
    told(ran, 1, "does not have what this step looks for", "(fill email)", "Try again")
    told(ran, 1, "They may have seen: first name")
    assert form in kept(here.vault)["seen"]
    assert len(companies.received(RISK)) == count


@pytest.mark.browser
def test_ctrl_c_before_the_last_button_files_nothing_and_says_what_was_seen(
    here: CommandLine, companies: World
) -> None:
    form = reference(here, RISK, By.WEB)
    seen, count = len(companies.seen(RISK)), len(companies.received(RISK))
    companies.turn(RISK, Switch.CHANGED_FORM)  # it looks long for a box that is gone
    running = under_way(here, form, reference(here, FILE, By.POST))
    until(running, lambda: len(companies.seen(RISK)) >= seen + 4)  # the name was typed and added
    running.send(signal.SIGINT)
    ran = running.end()
    told(ran, 3, "You stopped it before anything was sent", "Nothing was filed")
    told(ran, 3, "They may have seen", f"optout file {form}")
    assert "Sample Employment File" not in ran.said, "Ctrl-C ends the others too"
    after = kept(here.vault)
    assert after["messages"][form] == "ready"
    assert form in after["seen"]
    assert len(companies.received(RISK)) == count


@pytest.mark.browser
def test_two_terminals_file_it_once_and_ctrl_c_after_the_last_button_is_told(
    here: CommandLine, companies: World
) -> None:
    form = reference(here, RISK, By.WEB)
    count = len(companies.received(RISK))
    companies.turn(RISK, Switch.HANGS)
    running = under_way(here, form)
    until(running, lambda: len(companies.received(RISK)) > count)
    told(file(here, form), 1, "is being sent right now", "never send twice")
    running.send(signal.SIGINT)
    told(running.end(), 4, "after the last button", f"optout reconcile {form}")
    assert kept(here.vault)["messages"][form] == "unknown"
    told(file(here, form), 4, "We do not know whether", "never send twice", f"reconcile {form}")
    told(here.run("reconcile", form, typed="4\n"), 3, "It stays open", "Nothing was sent")
    told(here.run("reconcile", form, typed="1\n"), 0, "Sending: sent")
    assert len(companies.received(RISK)) == count + 1


@pytest.mark.browser
def test_two_terminals_that_say_yes_at_the_same_time_file_it_once(
    here: CommandLine, companies: World
) -> None:
    form = reference(here, RISK, By.WEB)
    count = len(companies.received(RISK))
    both = [here.start("file", form) for _terminal in range(2)]
    for running in both:
        running.until_said("Send exactly this?")
    for running in both:
        running.type("y\ny\n")
    first, second = sorted((running.end() for running in both), key=lambda ran: ran.code)
    told(first, 0, "Sending: sent")
    told(second, 1, "optout status")
    assert len(companies.received(RISK)) == count + 1
    assert kept(here.vault)["messages"][form] == "sent"


@pytest.mark.browser
def test_after_a_kill_half_way_every_command_says_what_is_not_known(
    here: CommandLine, companies: World
) -> None:
    form = reference(here, RISK, By.WEB)
    count = len(companies.received(RISK))
    companies.turn(RISK, Switch.HANGS)
    running = under_way(here, form)
    until(running, lambda: len(companies.received(RISK)) > count)
    running.send(signal.SIGKILL)
    assert running.end().code == -signal.SIGKILL
    status, todo, again, reconciled = here.each(
        ["status", "--json"], ["next"], ["file", form], ["reconcile", form]
    )
    told(status, 0, "cut short while sending", f"optout reconcile {form}")
    found = {each["message"]: each["delivery"] for each in status.json()}
    assert found[form] == "unknown"
    told(todo, 0, "Sample Risk Data", f"optout reconcile {form}")
    told(again, 4, "We do not know whether", f"optout reconcile {form}")
    told(reconciled, 3, "nobody can give one")
    assert len(companies.received(RISK)) == count + 1
    assert kept(here.vault)["messages"][form] == "unknown"


@pytest.mark.browser
def test_after_a_kill_before_the_last_button_it_is_known_that_nothing_was_filed(
    here: CommandLine, companies: World
) -> None:
    form = reference(here, RISK, By.WEB)
    seen, count = len(companies.seen(RISK)), len(companies.received(RISK))
    companies.turn(RISK, Switch.CHANGED_FORM)  # it looks long for a box that is gone
    running = under_way(here, form)
    until(running, lambda: len(companies.seen(RISK)) >= seen + 4)
    running.send(signal.SIGKILL)
    assert running.end().code == -signal.SIGKILL
    (status,) = here.each(["status"])
    told(status, 0, "It was not filed, but the company may have seen what was typed")
    companies.turn(RISK)
    told(file(here, form), 0, "Sending: sent")
    assert len(companies.received(RISK)) == count + 1
