"""What a command file declares its commands with.

    from optout.cli.commands import Commands, Json

    app = Commands()                  # commands of the top level: optout plan
    noun = Commands("Work with it.")  # commands under a noun: optout vault info

    @app.command(example="optout plan --json")
    def plan(*, json: Json = False) -> None: ...

The docstring is the help text (translated when shown), `example` one or more lines that work.
Say in the table of `optout.cli.main` in which file a command lives, and its one-line help.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any, Final, NamedTuple, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info, get_command_name

from optout.cli.framework import Context, Formatter, did_you_mean
from optout.cli.values import light_value
from optout.i18n import _

Json = Annotated[bool, typer.Option("--json", help=_("Print JSON, for a program to read."))]
"""The `--json` of every command that reads."""

F = TypeVar("F", bound=Callable[..., Any])


class _Spoken:
    """What commands and groups have in common: our words, our values, our examples."""

    context_class = Context
    help: str | None
    epilog: str | None
    params: list[Any]

    def _prepare(self) -> None:
        self.help = _(inspect.cleandoc(self.help)) if self.help else self.help
        for param in self.params:
            _convert_lightly(param)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's signature
        """Return `--help`, converted lightly too."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # the mix-in's other half
        if option is not None:
            _convert_lightly(option)
        return option

    def format_epilog(self, ctx: typer.Context, formatter: Formatter) -> None:  # noqa: ARG002 - typer's signature
        """Write the examples as they are typed."""
        if not self.epilog:
            return
        formatter.write_paragraph()
        formatter.write_heading("Example")
        for line in self.epilog.splitlines():
            formatter.write(f"  {line.strip()}\n")


def _convert_lightly(param: Any) -> None:  # noqa: ANN401 - typer's parameter type is private
    """Put our converter where typer keeps the one that it builds late."""
    param._runtime_param = light_value(param.type_descriptor.annotation)  # noqa: SLF001 - see optout.cli.values


class Command(_Spoken, TyperCommand):  # type: ignore[misc]  # the mix-in sets typer's own names
    """One command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - typer's signature
        """Make it as typer does, then put our words in."""
        super().__init__(*args, **kwargs)
        self._prepare()


class Group(_Spoken, TyperGroup):  # type: ignore[misc]  # the mix-in sets typer's own names
    """Commands under one noun."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - typer's signature
        """Make it as typer does, then put our words in."""
        super().__init__(**kwargs)
        self._prepare()

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - typer's signature
        """Write each command with the first line of its help, whole."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, (made.help or "").partition("\n")[0])
                    for name, made in self.commands.items()
                ]
            )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer's signature
        """Return the command that was named, or offer near names."""
        name = args[0]
        if not name.startswith("-") and name not in self.commands:
            near = get_close_matches(name, self.commands)
            what = _("There is no command {name}.").format(name=repr(name))
            ctx.fail(f"{what} {did_you_mean(near)}" if near else what)
        return super().resolve_command(ctx, args)


class Commands(typer.Typer):
    """The commands of one file."""

    def __init__(self, help: str = "", *, cls: type[TyperGroup] = Group) -> None:  # noqa: A002 - typer's word
        """Take the help of a noun; commands of the top level need none."""
        super().__init__(
            cls=cls,
            help=help or None,
            no_args_is_help=True,
            add_completion=False,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
        )
        self._elsewhere: list[Entry] = []

    def elsewhere(self, name: str, file: str, *, noun: bool = False) -> None:
        """Declare a command that another file holds, imported only when it is asked for."""
        self._elsewhere.append(Entry(name, file, "", noun=noun))

    def command(  # type: ignore[override]  # fewer things to say: name, example, hidden
        self, name: str | None = None, *, example: str, hidden: bool = False
    ) -> Callable[[F], F]:
        """Declare one command; `example` is shown under its help, a line each."""
        return super().command(name, cls=Command, epilog=example, hidden=hidden)

    def group(self) -> Group:
        """Return the commands as one group, each built when it is asked for."""
        late: dict[str, Callable[[], Any]] = {
            info.name or get_command_name(getattr(info.callback, "__name__", "")): partial(
                get_command_from_info, info, pretty_exceptions_short=False, rich_markup_mode=None
            )
            for info in self.registered_commands
        }
        for below in self.registered_groups:
            assert isinstance(below.typer_instance, Commands)
            late[str(below.name)] = below.typer_instance.group
        late |= {entry.name: entry.load for entry in self._elsewhere}
        return Group(
            commands=LateCommands(late),
            help=self.info.help,
            no_args_is_help=True,
            rich_markup_mode=None,
        )


class LateCommands(Mapping[str, Any]):
    """Commands by name; making one reads its signature, so only what is used is made."""

    def __init__(self, late: Mapping[str, Callable[[], Any]]) -> None:
        """Take what makes each."""
        self._late = late
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer's command or group
        """Make it, once."""
        if name not in self._made:
            self._made[name] = self._late[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names in the order of their declaration."""
        return iter(self._late)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._late)

    def __contains__(self, name: object) -> bool:
        """Say whether there is one of that name, making none."""
        return name in self._late


class Entry(NamedTuple):
    """Where a top-level command lives: known without importing it."""

    name: str
    file: str  # in optout/cli
    help: str
    noun: bool = False  # `noun` of that file; else the command of this name in its `app`

    def load(self) -> TyperCommand | TyperGroup:
        """Import the file and return the command."""
        module = importlib.import_module(f"optout.cli.{self.file}")
        command = module.noun.group() if self.noun else module.app.group().commands[self.name]
        assert isinstance(command, (TyperCommand, TyperGroup))
        return command


class LateGroup(Group):
    """The top level: it knows every command's name and help, and imports one when it runs."""

    sections: Final[dict[str, tuple[Entry, ...]]] = {}  # heading -> entries, set by main

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - typer's signature
        """Fill the list of commands with names only."""
        super().__init__(**kwargs)
        self.entries: Mapping[str, Entry] = {
            entry.name: entry for entries in self.sections.values() for entry in entries
        }
        self.commands.update({name: TyperCommand(name) for name in self.entries})

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - typer's signature
        """Import the command now."""
        entry = self.entries.get(cmd_name)
        return entry.load() if entry else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - typer's signature
        """Write all commands by what they are for, importing none."""
        for heading, entries in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl([(entry.name, _(entry.help)) for entry in entries])
