"""The command line: one file per noun; a command parses, calls one workflow, prints one result.

    main.py      the entry: rules of the process, the table of commands, errors in words
    commands.py  what a command file declares its commands with
    session.py   what a command works with: folder, clock, person, the unlocked folder
    terminal.py  the person, asked through this terminal
    output.py    results: tables, one fact a line, JSON
    framework.py typer's own words in the person's language; values.py: typer's values, lightly

A command file is imported only when its command runs, and imports workflows inside the command's
body: `optout --help` must answer as fast as `import typer` does.
"""
