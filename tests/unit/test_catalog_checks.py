"""Each check finds its bad sample, lets the good one pass, and says why it exists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from optout.catalog.asset_hosts import list_host_groups, shared_hosts
from optout.catalog.checks import grade
from optout.catalog.checks.assumed import count_assumed
from optout.catalog.checks.setting import Setting
from optout.catalog.files import load_text
from optout.catalog.findings import BadDefinition, Finding
from optout.catalog.lint import CHECKS, Check, check_definition, lint, lint_folder
from optout.model.broker import Broker
from optout.model.words import Grade

TODAY = date(2026, 11, 22)
GOOD = """
slug = "good-company"
name = "Good Company, Inc."
kind = "people-search"
holds = ["name"]
hosts = ["good.example.com"]
captcha = ["google-recaptcha"]
mail_domains = ["example.com"]
grade = "drafted"
facts = ["It lists people by name [SEEN]"]

[[channel]]
right = "opt-out"
by = ["web"]
basis = ["policy"]
flow = "opt-out"
discloses = ["full_name"]
eligible = "anyone"
will_not_reach = "Copies that others made."
confidence = "one-source"
sources = ["SEEN"]

[[channel]]
right = "freeze"
by = ["post"]
basis = ["policy"]
discloses = ["full_name", "reply_address"]
eligible = "anyone"
will_not_reach = "Copies that others made."
harder_afterwards = ["Some checks. Lift it by letter."]
confidence = "one-source"
sources = ["SEEN"]

[channel.post]
lines = ["Good Company, Inc.", "1 Example Plaza", "Denver, CO 80202"]
confidence = "one-source"
sources = ["SEEN"]

[[flow.opt-out.leg]]
steps = [
  { do = "open", url = "https://good.example.com/optout", source = "SEEN" },
  { do = "fill", field = "full_name", label = "Full name", source = "SEEN" },
  { do = "submit", press = "Send request", expect = "Request received", source = "SEEN" },
]

[search]
discloses = ["first_name"]
steps = [
  { do = "open", url = "https://good.example.com/find", source = "SEEN" },
  { do = "fill", field = "first_name", label = "Given name", source = "SEEN" },
  { do = "extract", rows = ".row", none_text = "We found nobody", source = "SEEN", \
    read = { name = { selector = "h2" } } },
]

[[sources]]
key = "SEEN"
what = "The company's page"
read_on = 2026-11-02
"""
IN_FOLDERS = {"beside", "examples", "translated"}  # their samples are folders
FILL = 'label = "Full name", source'
OPENED = 'https://good.example.com/optout", source = "SEEN" },\n  { do = "fill", field = '
RENTED = OPENED.replace("good.example.com/optout", "privacyportal.onetrust.com/webform/a/b")
# One bad sample a check: what to write instead of what, and where the finding points.
BAD: dict[str, tuple[str, str, str]] = {
    "slug": ('slug = "good-company"', 'slug = "retired"', "slug"),
    "sizes": ("It lists people by name", "It lists people. " * 50, "facts[0]"),
    "family": ('hosts = ["good', 'clears = ["good-company"]\nhosts = ["good', "clears[0]"),
    "ages": ("read_on = 2026-11-02", "read_on = 0026-11-02", "sources[0].read_on"),
    "declared": (
        '\n[[channel]]\nright = "opt-out"',
        '\n[declared]\nyear = 2062\n[[channel]]\nright = "opt-out"',
        "declared.year",
    ),
    "circles": ('hosts = ["good', 'feeds = ["good-company"]\nhosts = ["good', "feeds"),
    "hosts": ('"good.example.com"]\ncap', '"google.com"]\ncap', "hosts[0]"),
    "urls": ("https://good.example.com/", "https://evil.example.net/", "steps[0].url"),
    "placeholders": (FILL, 'label = "{full_name}", source', "steps[1].label"),
    "asset-groups": ('["google-recaptcha"]', '["fonts"]', "captcha[0]"),
    "legs": ('"Request received"', '"ok"', "steps[2].expect"),
    "search": ('["first_name"]', '["last_name"]', "search.discloses"),
    "places": (FILL, "source", "steps[1]"),
    "platforms": (
        f'{OPENED}"full_name", label = "Full name", source',
        f'{RENTED}"full_name", into = "#emailDSARElement", source',
        "steps[1].into",
    ),
    "discloses": ('["full_name"]\n', '["full_name", "email"]\n', "channel[0].discloses"),
    "never-asked": (FILL, 'label = "SSN", source', "steps[1]"),
    "asked-of-people": ('"Send request"', '"I agree"', "steps[2]"),
    "channels": ('flow = "opt-out"\n', "", "channel[0].flow"),
    "contacts": ("Denver, CO 80202", "Denver", "channel[1].post.lines"),
    "freeze-basis": (
        '["policy"]\ndiscloses = ["full_name", "r',
        '["fcra"]\ndiscloses = ["full_name", "r',
        "channel[1].basis",
    ),
    "sources": (" [SEEN]", "", "facts[0]"),
    "assumed": (FILL + ' = "SEEN"', 'label = "Full name"', "steps[1]"),
    "grade": ('"drafted"', '"tested"', "grade"),
    "lookalike": ('"Good Company, Inc."', '"G\\u043eod Company"', "name"),
}


def run_one(check: Check, text: str, *, on: date | None = TODAY) -> list[Finding]:
    setting = Setting(on=on, groups=list_host_groups(), shared=shared_hosts())
    return [*check.run(load_text(text.encode(), Broker), setting)]


def by_id(check_id: str) -> Check:
    return next(check for check in CHECKS if check_id == check.ID)


def test_every_check_has_its_own_id_reason_and_samples() -> None:
    ids = [check.ID for check in CHECKS]
    assert len(set(ids)) == len(ids)
    assert set(ids) - IN_FOLDERS == set(BAD)
    for check in CHECKS:
        module = str(getattr(check, "__name__", ""))
        assert module.rpartition(".")[2].replace("_", "-") == check.ID
        assert check.WHY.endswith(".")


def test_every_file_beside_the_checks_is_a_check_that_runs() -> None:
    import optout.catalog.checks as package  # noqa: PLC0415 - its folder is the point

    folder = Path(str(package.__file__)).parent
    names = {path.stem for path in folder.glob("*.py")} - {"__init__", "setting", "walk"}
    assert names == {check.ID.replace("-", "_") for check in CHECKS}


@pytest.mark.parametrize("check_id", BAD)
def test_a_check_finds_its_bad_sample_and_lets_the_good_one_pass(check_id: str) -> None:
    check = by_id(check_id)
    old, new, where = BAD[check_id]
    assert GOOD.count(old) >= 1
    found = run_one(check, GOOD.replace(old, new))
    assert any(where in finding.where for finding in found), found
    assert not any(finding.warning for finding in found)
    assert run_one(check, GOOD) == []


def test_a_finding_of_lint_carries_its_check_and_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "good-company"
    folder.mkdir()
    text = GOOD.replace("Denver, CO 80202", "Denver")
    (folder / "broker.toml").write_text(text, encoding="utf-8")
    found = {finding.check: finding for finding in lint_folder(folder, on=TODAY)}
    assert set(found) == {"contacts", "examples"}
    assert found["contacts"].line == text[: text.index("lines =")].count("\n") + 1
    with pytest.raises(BadDefinition, match="City, ST 12345"):
        check_definition(folder)


def test_a_file_that_cannot_be_read_is_its_own_findings(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "broker.toml").write_text("slug = 1\n", encoding="utf-8")
    assert "schema" in {finding.check for finding in lint_folder(tmp_path / "x")}


def test_assumed_steps_are_counted_and_only_warned_about() -> None:
    text = GOOD.replace('"Request received", source = "SEEN"', '"Request received", assumed = true')
    (found,) = run_one(by_id("assumed"), text)
    assert found.warning
    assert found.what.values == {"count": 1}
    assert count_assumed(load_text(text.encode(), Broker), "opt-out") == 1


@pytest.mark.parametrize(
    ("into", "told"),
    [
        ("#fristNameDSARElement", "Its box for first_name: #firstNameDSARElement"),
        ("#firstNameDSARElement", ""),
        ("#formField7DSARElement", ""),  # a question of the company's own
        ("#first", ""),
    ],
)
def test_a_box_that_a_platform_does_not_have_is_only_warned_about(into: str, told: str) -> None:
    old = f'{OPENED}"full_name", label = "Full name", source'
    text = GOOD.replace(old, f'{RENTED}"first_name", into = "{into}", source')
    found = run_one(by_id("platforms"), text)
    assert all(finding.warning for finding in found)
    assert "".join(finding.suggest.english() for finding in found if finding.suggest) == told
    # The same on a page of the company's own is its own business.
    elsewhere = f'{OPENED}"first_name", into = "{into}", source'
    assert run_one(by_id("platforms"), GOOD.replace(old, elsewhere)) == []


def test_an_idle_source_and_an_old_look_are_only_warned_about() -> None:
    idle = GOOD + '\n[[sources]]\nkey = "IDLE"\nwhat = "x"\nread_on = 2026-11-02\n'
    assert [finding.warning for finding in run_one(by_id("sources"), idle)] == [True]
    old = GOOD.replace('grade = "drafted"', 'grade = "tested"\nverified_on = 2025-01-01')
    assert any(finding.warning for finding in run_one(by_id("grade"), old))


def test_a_grade_stands_only_once_the_maintainers_wrote_down_its_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = GOOD.replace('grade = "drafted"', 'grade = "verified"\nverified_on = 2026-11-02')
    assert [finding.where for finding in run_one(by_id("grade"), text)] == ["grade"]
    monkeypatch.setattr(grade, "EARNED", {"good-company": Grade.VERIFIED})
    assert run_one(by_id("grade"), text) == []
    assert run_one(by_id("grade"), text.replace('"verified"', '"tested"'))
    (old,) = run_one(by_id("grade"), text, on=date(2027, 5, 2))
    assert old.warning
    assert not run_one(by_id("grade"), text, on=date(2027, 5, 1))
    assumed = text.replace('"Request received", source = "SEEN"', '"Done with it", assumed = true')
    assert [finding.where for finding in run_one(by_id("grade"), assumed)] == ["grade"]


def test_dates_are_held_against_today_only_when_there_is_a_today() -> None:
    early = GOOD.replace("read_on = 2026-11-02", "read_on = 2026-11-23")
    assert run_one(by_id("sources"), early)
    assert run_one(by_id("sources"), early, on=None) == []


@pytest.mark.parametrize(
    "words",
    [
        "Date of birth",
        "License plate state",
        "City you lived in",
        "Race Street",
        "Visage",
        "Class number",
    ],
)
def test_innocent_words_are_not_taken_for_forbidden_ones(words: str) -> None:
    text = GOOD.replace(FILL, f'label = "{words}", source')
    if words == "Race Street":  # a word we never fill stands in it: refused, and that is right
        assert run_one(by_id("never-asked"), text)
        return
    assert run_one(by_id("never-asked"), text) == []


def test_a_letter_and_a_form_cannot_share_a_channel() -> None:
    text = GOOD.replace('by = ["web"]', 'by = ["web", "post"]')
    whats = [finding.what.english() for finding in run_one(by_id("discloses"), text)]
    assert "A form and a letter give away different things." in whats


def in_folder(root: Path, text: str = GOOD) -> Path:
    folder = root / "good-company"
    (folder / "examples").mkdir(parents=True)
    (folder / "broker.toml").write_text(text, encoding="utf-8")
    return folder


def beside(folder: Path) -> list[Finding]:
    broker = load_text(GOOD.encode(), Broker)
    return [*by_id("beside").run(broker, Setting(folder=folder))]


def test_a_folder_holds_a_definition_and_examples_and_nothing_that_runs(tmp_path: Path) -> None:
    folder = in_folder(tmp_path)
    assert beside(folder) == []
    (folder / "broker.toml").chmod(0o755)
    (folder / "notes.sh").write_text("echo", encoding="utf-8")
    (tmp_path / "link").symlink_to(folder)
    assert len(beside(folder)) == 2
    assert len(beside(tmp_path / "link")) == 3


def test_a_relative_that_nobody_described_is_told_where_the_others_are_known(
    tmp_path: Path,
) -> None:
    text = GOOD.replace('hosts = ["good', 'clears = ["nobody"]\nhosts = ["good')
    found = {finding.where for finding in lint_folder(in_folder(tmp_path, text), on=TODAY)}
    assert "clears[0]" in found
    assert run_one(by_id("family"), text) == []  # alone, nothing is known about the others
    gone = Setting(retired=frozenset({"nobody"}))
    assert [*by_id("family").run(load_text(text.encode(), Broker), gone)]
    twice = text.replace('["nobody"]', '["nobody", "nobody"]')
    assert run_one(by_id("family"), twice)


def test_what_nobody_read_for_a_year_and_sums_that_do_not_fit_are_only_warned_about() -> None:
    assert run_one(by_id("ages"), GOOD, on=date(2027, 11, 2)) == []
    (old,) = run_one(by_id("ages"), GOOD, on=date(2027, 11, 3))
    counts = "\n[declared]\nyear = 2026\n[declared.counts.delete]\nreceived = 3\ngranted = 2\n"
    start = GOOD.index("\n[[channel]]")
    fits = GOOD[:start] + counts + "denied = 1\n" + GOOD[start:]
    assert run_one(by_id("declared"), fits) == []
    (more,) = run_one(by_id("declared"), fits.replace("denied = 1", "denied = 2"))
    assert old.warning
    assert more.warning
    (below,) = run_one(by_id("declared"), fits.replace("denied = 1", "denied = -1"))
    assert not below.warning


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It lists people", "It lists p\u0435ople"),  # a Cyrillic е
        ('["Good Company, Inc.", "1', '["Good C\u03bfmpany, Inc.", "1'),  # a Greek omicron
        ('"Send request"', '"S\uff45nd request"'),  # a wide e
        ("The company's page", "The c\u043empany's page"),
    ],
)
def test_a_foreign_letter_is_found_wherever_people_read(old: str, new: str) -> None:
    assert old in GOOD
    assert run_one(by_id("lookalike"), GOOD.replace(old, new))
    assert run_one(by_id("lookalike"), GOOD.replace(old, f"{old[:-1]}ñé{old[-1]}")) == []


def test_too_many_hosts_are_told() -> None:
    hosts = ", ".join(f'"h{n}.example.com"' for n in range(13))
    text = GOOD.replace('hosts = ["good.example.com"]', f"hosts = [{hosts}]")
    assert [finding.where for finding in run_one(by_id("sizes"), text)] == ["hosts"]


def test_practice_companies_are_spared_what_only_real_ones_can_have() -> None:
    text = GOOD.replace('grade = "drafted"', 'grade = "tested"\nsample = true')
    text = text.replace(FILL + ' = "SEEN"', 'label = "Full name"').replace(" [SEEN]", "")
    for check_id in ("grade", "assumed", "sources"):
        assert run_one(by_id(check_id), text) == []


def test_lint_of_a_definition_without_a_folder_looks_at_nothing_on_disk() -> None:
    assert lint(load_text(GOOD.encode(), Broker), on=TODAY) == ()
