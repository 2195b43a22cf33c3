"""The shell: exit codes, errors in words, language, and nothing heavy before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from optout.cli import main as shell
from optout.cli.commands import Commands, Entry, LateGroup
from optout.cli.session import Session
from optout.errors import NeedsPerson, OptoutError, OutcomeUnknown, Refused, WrongUsage
from optout.text import Text

HEAVY = {"playwright", "jinja2", "typst", "sqlite_utils", "keyring", "pydantic", "rich", "holidays"}
MARKER = "Jordan-Q-Marker"


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run optout as people do, in a process of its own without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "optout", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "OPTOUT_LANG": "en", **env},
        timeout=120,
    )


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Failing:
    """Put a command into the table that raises whatever a test sets."""
    return Failing(monkeypatch)


class Failing:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: BaseException = ValueError(MARKER)
        self.app = Commands()
        self.app.command("boom", example="optout boom")(self._boom)
        self.app.command("other", example="optout other")(self._boom)
        monkeypatch.setitem(sys.modules, "optout.cli.boom", self)
        sections = {"Try": (Entry("boom", "boom", "Fail."),)}
        monkeypatch.setattr(LateGroup, "sections", sections)

    def _boom(self) -> None:
        """Fail."""
        address = f"100 {MARKER} Street"
        if address:
            raise self.error


@pytest.mark.parametrize(
    ("kind", "code"), [(Refused, 1), (WrongUsage, 2), (NeedsPerson, 3), (OutcomeUnknown, 4)]
)
def test_an_error_says_what_happened_what_is_known_and_what_to_do(
    kind: type[OptoutError], code: int, failing: Failing, capsys: pytest.CaptureFixture[str]
) -> None:
    failing.error = kind(
        Text("It failed."), known=Text("Nothing was sent."), hint=Text("Try: optout next")
    )
    assert shell.main(["boom"]) == code
    assert capsys.readouterr().err == "It failed.\nNothing was sent.\nTry: optout next\n"


def test_ctrl_c_is_answered_calmly(failing: Failing, capsys: pytest.CaptureFixture[str]) -> None:
    failing.error = KeyboardInterrupt()
    assert shell.main(["boom"]) == 1
    assert capsys.readouterr().err.split("\n") == [
        "",
        "Stopped.",
        "What was kept before is still there. Answers that were not kept yet are gone.",
        "Go on with the same command, or see where you stand: optout status",
        "",
    ]


def test_ctrl_c_after_submit_keeps_its_own_words(failing: Failing) -> None:
    failing.error = OutcomeUnknown(Text("We do not know whether it arrived."))
    failing.error.__cause__ = KeyboardInterrupt()
    assert shell.main(["boom"]) == 4


@pytest.mark.parametrize("developer", ["", "1"])
def test_a_mistake_of_ours_shows_neither_a_stack_nor_a_value(
    developer: str,
    failing: Failing,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPTOUT_DEVELOPER", developer)
    assert shell.main(["boom"]) == 1
    said = capsys.readouterr()
    assert "our mistake" in said.err
    assert "ValueError" in said.err  # the control: this is the error that was raised
    assert MARKER not in said.out + said.err
    assert "Traceback" not in said.err
    assert ("_boom" in said.err) == bool(developer)


def test_a_full_disk_is_said_in_words(failing: Failing, capsys: pytest.CaptureFixture[str]) -> None:
    failing.error = OSError(28, "No space left on device", f"/home/{MARKER}")
    assert shell.main(["boom"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The disk is full.")
    assert MARKER not in said


def test_no_keyboard_means_a_person_is_needed(failing: Failing) -> None:
    failing.error = EOFError()
    assert shell.main(["boom"]) == 3


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["law", "du"], "There is no command 'du'. Did you mean due?"),
        (["brokr"], "There is no command 'brokr'. Did you mean broker?"),
        (["law", "show"], "Missing argument 'LAW'."),
        (["law", "due", "--right", "delete"], "Missing option '--law'."),
        (["law", "due", "--rigth", "x"], "No such option: --rigth. Did you mean --right?"),
        (["law", "due", "--right", "x"], "'x' is not one of: opt-out, delete"),
        (["law", "due", "--right"], "Option --right needs a value."),
        (["law", "list", "--json=1"], "Option --json takes no value."),
        (["law", "list", "more"], "Not expected here: more"),
        (["law", "due", "--received", "2026-02-30"], "'2026-02-30' is not a date."),
        (["--passphrase-fd", "x", "law", "list"], "'x' is not a whole number."),
    ],
)
def test_a_command_line_that_cannot_be_understood_ends_with_2(
    typed: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.main(typed) == 2
    assert says in capsys.readouterr().err


def test_global_options_may_stand_anywhere() -> None:
    typed = ["law", "list", "--vault", "folder", "--json", "--plain", "--passphrase-fd=3"]
    assert shell.global_options_first(typed) == [
        "--vault",
        "folder",
        "--plain",
        "--passphrase-fd=3",
        "law",
        "list",
        "--json",
    ]
    assert shell.global_options_first(["note", "--", "--plain"]) == ["note", "--", "--plain"]
    assert shell.global_options_first(["--plain"]) == ["--plain", "start"]
    assert shell.global_options_first(["--vault"]) == ["--vault", "start"]


def test_the_version_is_said() -> None:
    assert run("--version").stdout == "optout 0.1.0\n"


def test_help_speaks_spanish_down_to_the_frameworks_words() -> None:
    said = run("--help", OPTOUT_LANG="es").stdout
    assert said.startswith("Uso: optout [OPCIONES] COMANDO ...")
    assert "Opciones:" in said
    for english in ("Usage", "Options", "Show this", "COMMAND", "env var"):
        assert english not in said
    wrong = run("law", "due", OPTOUT_LANG="es")
    assert "Falta la opción '--law'." in wrong.stderr
    assert "Missing" not in wrong.stderr
    assert "Usage: optout" in run("--help").stdout  # the control


def test_an_unknown_language_is_english() -> None:
    assert run("--help", OPTOUT_LANG="xx").stdout.startswith("Usage:")


def _loaded_by(*arguments: str) -> set[str]:
    program = (
        "import sys; from optout.cli.main import main; main(sys.argv[1:]);"
        "print('\\0' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.rpartition("\0")[2].split()}


@pytest.mark.parametrize("arguments", [["--help"], ["law", "due", "--help"], ["nothing"]])
def test_nothing_heavy_is_loaded_for_help(arguments: list[str]) -> None:
    assert not _loaded_by(*arguments) & HEAVY


def test_reading_the_catalog_loads_what_it_needs() -> None:
    """The control of the test above: the same measurement does see heavy packages."""
    assert "pydantic_core" in _loaded_by("broker", "list")


def test_files_are_ours_alone_and_debug_variables_are_gone() -> None:
    program = (
        "import os, sys; import optout.cli.main as m; sys.argv = ['optout', '--version'];\n"
        "try: m.run()\n"
        "except SystemExit: pass\n"
        "print(oct(os.umask(0)), sorted({'DEBUG', 'PWDEBUG'} & set(os.environ)))"
    )
    env = {**os.environ, "DEBUG": "pw:api", "PWDEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout.splitlines()[-1] == "0o77 []"


def test_an_old_terminal_shows_question_marks_and_goes_on() -> None:
    done = run("law", "show", "us-co-cpa", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "Colorado Privacy Act" in done.stdout


def test_a_closed_pipe_is_no_error() -> None:
    program = f"{sys.executable} -m optout law list --json | head -c 1"
    done = subprocess.run(program, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout == "["
    assert "Traceback" not in done.stderr


def test_the_usual_folder_is_this_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Session().vault_folder().name == "vault"
    assert Session(folder=tmp_path / "a").vault_folder() == tmp_path / "a"


def test_law_list_is_json_with_stable_keys() -> None:
    listed = json.loads(run("law", "list", "--json").stdout)
    assert {"id", "name", "citation", "rights", "reviewed_by_a_lawyer"} <= set(listed[0])
