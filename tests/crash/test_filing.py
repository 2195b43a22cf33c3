"""Proves that filing survives SIGKILL at any moment: never twice, never lost, never falsely sent.

Workers file through the real workflow: some in a real browser, some posting the same form through
the same outbox, which is quicker. Each control takes one defence away and must be caught.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.crash.conftest import Fire, Ranges, Verdict

IN_BROWSER = 50  # kills at random moments, while the browser files
BY_POST = 60  # kills at random moments, from opening the folder on
EACH_GAP = 20
GAPS = ("A to first fill", "between fills", "B to press", "press to C", "after C")
SURELY_UNKNOWN = ("B to press", "press to C")
MAYBE_UNKNOWN = (*SURELY_UNKNOWN, "in commit B", "in commit C")


@pytest.fixture(scope="module")
def in_browser(ranges: Ranges) -> Fire:
    fire = ranges.fire("browser")
    fire.begin()
    while fire.while_filing(aimed=False) < IN_BROWSER:
        fire.shoot(fire.at_random_step())
    for gap in ("B to press", "B to press", "press to C", "press to C", "after C", "after C"):
        fire.shoot(fire.at_gap(gap))
    return ended(fire)


@pytest.fixture(scope="module")
def by_post(ranges: Ranges) -> Fire:
    fire = ranges.fire("post")
    fire.begin()
    for number in range(BY_POST):
        fire.shoot(fire.at_random_step() if number % 2 else fire.at_random())
    for gap in GAPS:
        while fire.phases()[gap] < EACH_GAP:
            fire.shoot(fire.at_gap(gap))
    return ended(fire)


def ended(fire: Fire) -> Fire:
    fire.finish()
    fire.stand_down()
    return fire


@pytest.fixture(
    scope="module",
    params=[pytest.param("in_browser", marks=pytest.mark.browser), "by_post"],
)
def fired(request: pytest.FixtureRequest) -> Fire:
    fire: Fire = request.getfixturevalue(request.param)
    return fire


@pytest.fixture(scope="module")
def verdict(fired: Fire) -> Verdict:
    verdict = fired.verdict()
    fired.tell(verdict)
    return verdict


def test_nothing_is_filed_twice(verdict: Verdict) -> None:
    assert verdict.double == ()


def test_nothing_that_the_company_took_is_lost(verdict: Verdict) -> None:
    assert verdict.lost == ()


def test_nothing_is_called_sent_that_was_not(verdict: Verdict) -> None:
    assert verdict.falsely_sent == ()


def test_every_request_ends_sent_or_unknown(fired: Fire, verdict: Verdict) -> None:
    assert verdict.unfinished == ()
    assert verdict.sent + verdict.unknown == len(fired.names)


def test_only_a_kill_between_the_last_commits_leaves_a_doubt(fired: Fire, verdict: Verdict) -> None:
    kills = fired.phases()
    assert verdict.unknown <= len(fired.kills)
    assert sum(kills[gap] for gap in SURELY_UNKNOWN) <= verdict.unknown
    assert verdict.unknown <= sum(kills[phase] for phase in MAYBE_UNKNOWN)


def test_what_no_kill_came_near_is_sent_with_its_proof(verdict: Verdict) -> None:
    assert verdict.doubted == ()
    assert verdict.unproven == ()
    assert verdict.sent > 0


def test_all_that_the_company_saw_was_written_down(verdict: Verdict) -> None:
    assert verdict.undisclosed == ()


def test_nothing_is_filed_again_even_if_somebody_tries(fired: Fire, verdict: Verdict) -> None:
    assert fired.push() == len(fired.names)
    assert fired.verdict() == verdict


def test_no_browser_stays_behind(fired: Fire) -> None:
    end = time.monotonic() + 120
    while left := fired.still_alive():
        assert time.monotonic() < end, left


@pytest.mark.browser
def test_the_kills_hit_every_gap(in_browser: Fire, by_post: Fire) -> None:
    kills = in_browser.phases() + by_post.phases()
    assert all(kills[gap] >= EACH_GAP for gap in GAPS), kills
    assert in_browser.while_filing(aimed=False) >= IN_BROWSER
    at_random = [kill for fire in (in_browser, by_post) for kill in fire.kills if not kill.aimed]
    assert len(at_random) >= 100
    assert {kill.phase for kill in at_random} >= {"A to first fill", "between fills", "press to C"}


def test_a_kill_while_the_first_proof_is_stored_locks_nobody_out(ranges: Ranges) -> None:
    fire = ranges.fire("post")
    fire.begin()
    fire.shoot(fire.at_mark("proof"))
    verdict = ended(fire).verdict()
    assert verdict.unknown == 1
    assert not any(verdict.faults().values())


# ---- controls: each takes something away, and must be caught ----


def test_control_ticking_off_after_sending_files_twice(ranges: Ranges) -> None:
    verdict = shot_at(ranges.fire("write last"), "P", "P", "P", "C")
    assert len(verdict.double) >= 3


def test_control_ticking_off_before_sending_tells_of_what_never_left(ranges: Ranges) -> None:
    verdict = shot_at(ranges.fire("write first"), "C", "C", "C", "P")
    assert len(verdict.falsely_sent) >= 3


def test_control_without_commit_b_before_the_press_it_files_twice(ranges: Ranges) -> None:
    verdict = shot_at(ranges.fire("post", without="commit B"), "P", "P", "A", "f")
    assert len(verdict.double) >= 2


def test_control_without_rule_r_requests_are_lost(ranges: Ranges) -> None:
    verdict = shot_at(ranges.fire("post", without="rule R"), "P", "P", "A", "f", "B")
    assert len(verdict.lost) >= 2
    assert len(verdict.unfinished) >= 5


def test_control_without_the_guard_everything_is_filed_again(ranges: Ranges) -> None:
    fire = ranges.fire("post", without="guard")
    assert shot_at(fire, "P", "B").double == ()  # nobody tried yet
    assert fire.push() == 0
    assert len(fire.verdict().double) >= 2


def test_control_a_program_that_believes_nothing_is_caught(ranges: Ranges) -> None:
    verdict = shot_at(ranges.fire("post", without="belief"))
    assert len(verdict.doubted) == 2
    assert verdict.sent == 0


def shot_at(fire: Fire, *marks: str) -> Verdict:
    """Let a few shots hit a program that lacks something, and tell what remained."""
    fire.begin()
    for mark in marks:
        fire.shoot(fire.at_mark(mark))
    for _shot in marks:
        fire.shoot(fire.at_random())
    verdict = ended(fire).verdict()
    fire.tell(verdict)
    return verdict
