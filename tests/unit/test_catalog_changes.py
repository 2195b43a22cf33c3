"""What a change lets out: every field that newly goes somewhere is told, and nothing else is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from optout.catalog.edition import Edition, NoRevision, edition_in, edition_of
from optout.catalog.files import LARGEST
from optout.catalog.reach import Change, changes
from optout.errors import WrongUsage

GROUPS = """
shared = ["example.net"]
[group.fonts]
kind = "asset"
hosts = ["fonts.example.org"]
why = "Fonts."
[group.robot]
kind = "captcha"
hosts = ["robot.example.org"]
why = "A robot check."
"""
FORM = """
slug = "acme"
name = "Acme"
kind = "people-search"
holds = ["name"]
hosts = ["acme.example.com"]
assets = []
captcha = []
mail_domains = ["example.com"]
grade = "drafted"

[[channel]]
right = "opt-out"
by = ["web"]
basis = ["policy"]
flow = "opt-out"
discloses = ["full_name"]
eligible = "anyone"
confidence = "one-source"
sources = ["SEEN"]

[[channel]]
right = "delete"
by = ["email", "post", "phone"]
basis = ["policy"]
discloses = ["full_name"]
eligible = "anyone"
confidence = "one-source"
sources = ["SEEN"]
email = { email = "privacy@example.com", confidence = "one-source", sources = ["SEEN"] }
post = { lines = ["Acme", "1 Plaza"], confidence = "one-source", sources = ["SEEN"] }
phone = { number = "303-555-0100", confidence = "one-source", sources = ["SEEN"] }

[[flow.opt-out.leg]]
steps = [
  { do = "open", url = "https://acme.example.com/" },
  { do = "fill", field = "full_name", label = "Name" },
  { do = "submit", press = "Send", expect = "Request received" },
]

[[sources]]
key = "SEEN"
what = "The page"
read_on = 2026-11-02
"""
STONE = 'slug = "gone"\nname = "Gone"\nreason = "closed"\nretired_on = 2026-01-01\n'


def catalog(root: Path, form: str = FORM, groups: str = GROUPS, slug: str = "acme") -> Path:
    folder = root / "brokers"
    (folder / slug).mkdir(parents=True, exist_ok=True)
    (folder / slug / "broker.toml").write_text(form, encoding="utf-8")
    (folder / "asset-hosts.toml").write_text(groups, encoding="utf-8")
    return folder


def change(root: Path, old: str, new: str) -> list[Change]:
    """What replacing these words in the definition lets out."""
    assert old in FORM
    before = edition_in(catalog(root / "before"))
    after = edition_in(catalog(root / "after", FORM.replace(old, new)))
    return [*changes(before.reaches, after.reaches)]


def sent(change: Change) -> set[tuple[str, str]]:
    return {(one.field.value, one.to) for one in change.added.sends}


@pytest.mark.parametrize(
    ("old", "new", "goes"),
    [
        # a step fills one more box, whether the file says so or not
        (
            'field = "full_name", label = "Name" },',
            'field = "full_name", label = "Name" },\n  { do = "fill", field = "phone" },',
            {("phone", "acme.example.com")},
        ),
        # one more host: everything the form fills may go there
        (
            '["acme.example.com"]',
            '["acme.example.com", "evil.example.org"]',
            {("full_name", "evil.example.org")},
        ),
        # an address opened with personal data in it
        ('.com/" },', '.com/{email}" },', {("email", "acme.example.com")}),
        # the same hidden inside a condition
        (
            '{ do = "submit"',
            '{ do = "when", text = "x", steps = [{ do = "fill", field = "zip" }] },{ do = "submit"',
            {("zip", "acme.example.com")},
        ),
        ('"privacy@example.com"', '"other@example.com"', {("full_name", "other@example.com")}),
        ('"1 Plaza"', '"2 Plaza"', {("full_name", "Acme, 2 Plaza")}),
        ('"303-555-0100"', '"303-555-0101"', {("full_name", "303-555-0101")}),
    ],
)
def test_each_field_that_newly_goes_somewhere_is_told(
    tmp_path: Path, old: str, new: str, goes: set[tuple[str, str]]
) -> None:
    (found,) = change(tmp_path, old, new)
    assert found.kind == "changed"
    assert sent(found) == goes


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('label = "Name"', 'label = "Your name"'),
        ('name = "Acme"', 'name = "Acme, Inc."'),
        ('expect = "Request received"', 'expect = "We got your request"'),
        ("read_on = 2026-11-02", "read_on = 2026-11-03"),
    ],
)
def test_what_sends_nothing_elsewhere_is_not_told(tmp_path: Path, old: str, new: str) -> None:
    assert change(tmp_path, old, new) == []


def test_hosts_channels_robot_checks_and_grades_are_told_too(tmp_path: Path) -> None:
    (loads,) = change(tmp_path / "1", "assets = []", 'assets = ["fonts"]')
    assert loads.added.loads_from == {"fonts.example.org"}
    (robot,) = change(tmp_path / "2", "captcha = []", 'captcha = ["robot"]')
    assert robot.added.captcha == {"robot.example.org"}
    (by,) = change(tmp_path / "3", '"post", "phone"]', '"phone"]')
    assert by.removed.channels == {"delete by post"}
    assert not by.added
    (told,) = change(tmp_path / "4", '["full_name"]\neligible', '["full_name", "city"]\neligible')
    assert {one.field.value for one in told.added.discloses} == {"city"}
    (grade,) = change(tmp_path / "5", '"drafted"', '"tested"')
    assert {each.value for each in grade.added.grade} == {"tested"}
    (mail,) = change(tmp_path / "6", '["example.com"]', '["example.com", "example.org"]')
    assert mail.added.mail_domains == {"example.org"}


def test_a_group_that_the_maintainers_widen_is_told_at_each_company_that_names_it(
    tmp_path: Path,
) -> None:
    form = FORM.replace("assets = []", 'assets = ["fonts"]')
    before = edition_in(catalog(tmp_path / "before", form))
    wider = GROUPS.replace('["fonts.example.org"]', '["fonts.example.org", "more.example.org"]')
    after = edition_in(catalog(tmp_path / "after", form, wider))
    (found,) = changes(before.reaches, after.reaches)
    assert found.added.loads_from == {"more.example.org"}


def git(folder: Path, *words: str) -> str:
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
    }
    name = ("-c", "user.name=Jordan", "-c", "user.email=jordan@example.com")
    done = subprocess.run(
        ["git", *name, *words], cwd=folder, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose first revision is committed; it returns the folder of companies."""
    folder = catalog(tmp_path / "repo")
    (folder / "retired").mkdir()
    (folder / "retired" / "gone.toml").write_text(STONE, encoding="utf-8")
    git(tmp_path / "repo", "init", "-q", "-b", "main")
    git(tmp_path / "repo", "add", "-A")
    git(tmp_path / "repo", "commit", "-q", "-m", "first")
    return folder


def told(edition: Edition) -> set[str]:
    return set(edition.reaches)


def test_a_revision_is_read_without_touching_the_checkout(checkout: Path) -> None:
    catalog(checkout.parent, FORM.replace("acme.example.com", "new.example.com"))
    catalog(checkout.parent, FORM, slug="second")
    before, after = edition_of("main", checkout), edition_in(checkout)
    assert told(before) == {"acme"}
    assert before.retired == {"gone"}
    found = {change.slug: change for change in changes(before.reaches, after.reaches)}
    assert found["second"].kind == "new"
    assert found["acme"].added.hosts == {"new.example.com"}
    assert found["acme"].removed.hosts == {"acme.example.com"}
    assert git(checkout, "status", "--porcelain") != ""
    assert (edition_of("HEAD", checkout), edition_of("main~0", checkout)) == (before, before)


def test_a_folder_is_compared_like_a_revision(checkout: Path) -> None:
    assert edition_of(str(checkout), checkout) == edition_of("main", checkout)
    assert edition_of(str(checkout.parent), checkout) == edition_of("main", checkout)


@pytest.mark.parametrize(
    "base",
    ["-x", "--output=/tmp/x", "", "a b", "main;id", "$(id)", "main\nid", ":/first", "x" * 300],
)
def test_what_is_no_plain_revision_is_refused_before_git_hears_it(
    checkout: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", None)  # whoever called it would fail otherwise
    with pytest.raises(WrongUsage, match="names no folder"):
        edition_of(base, checkout)


@pytest.mark.parametrize("base", ["nosuch", "main:brokers", "main^{tree}", "0" * 40])
def test_what_is_no_commit_is_told(checkout: Path, base: str) -> None:
    with pytest.raises((NoRevision, WrongUsage)):
        edition_of(base, checkout)


def test_where_there_is_no_git_it_is_said_in_words(
    tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NoRevision, match="no such revision"):
        edition_of("main", catalog(tmp_path / "plain"))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(NoRevision, match="git is needed"):
        edition_of("main", checkout)
    assert told(edition_of(str(checkout), checkout)) == {"acme"}  # a folder needs no git


def test_a_revision_without_companies_is_told(checkout: Path) -> None:
    repo = checkout.parent
    git(repo, "rm", "-q", "-r", "brokers")
    git(repo, "commit", "-q", "-m", "none")
    checkout.mkdir(exist_ok=True)
    with pytest.raises(NoRevision, match="no companies"):
        edition_of("main", checkout)


def test_filters_hooks_and_links_of_a_stranger_do_nothing(checkout: Path, tmp_path: Path) -> None:
    """Only bytes come out: no text conversion, no substitution, no link, no huge file."""
    repo, ran = checkout.parent, tmp_path / "ran"
    (repo / ".gitattributes").write_text("*.toml diff=x filter=x\n", encoding="utf-8")
    git(repo, "config", "diff.x.textconv", f"touch {ran};cat")
    git(repo, "config", "filter.x.smudge", f"touch {ran};cat")
    for slug, target in (("link", "/etc/hostname"), ("up", "../acme/broker.toml")):
        (checkout / slug).mkdir()
        (checkout / slug / "broker.toml").symlink_to(target)
    catalog(repo, "# " + "x" * LARGEST, slug="huge")
    catalog(repo, "= =", slug="broken")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "second")
    before, now = edition_of("main", checkout), edition_in(checkout)
    assert told(before) == told(now) == {"acme"}
    assert set(before.unreadable) == set(now.unreadable) == {"link", "up", "huge", "broken"}
    assert not ran.exists()


def test_git_listens_to_no_variable_of_its_surroundings(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert told(edition_of("main", checkout)) == {"acme"}
