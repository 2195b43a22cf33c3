"""What only a terminal can do, said as the page does it. The sentence of the terminal is the key.

A command that has a place on the page becomes a link by itself (`linked`): here stand only the
sentences whose words, too, are those of a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from optout.text import Text

_LOOK_AT_THE_DAY: Final = Text("Check the date on the letter or mail, and choose that day.")
_DAY_OF_SENDING: Final = Text("Choose the day on which you sent it.")
_NO_ROOM: Final = Text("Look whether this disk is full. If it is not: optout doctor")

SAID_HERE: Final[Mapping[str, Text]] = {
    "Run the command in a terminal, or pass it with --passphrase-fd": Text(
        "Type your passphrase, or your recovery code. This computer does not keep the key for you."
    ),
    "optout letter post {r}": Text("open the page again, find {r}, and choose “I sent it”."),
    "Write year-month-day, like 2026-11-20, or month/day/year with all four digits of the year: "
    "11/20/2026.": Text("Write it like this: 2026-11-20."),
    "The file is here: {path}": Text("Open it here, to read it and to print it: {path}"),
    "Open the file in your mail program and send it, then: optout letter post {r}": Text(
        "Copy the mail from here into your mail program, or open the file there: optout report "
        "--proof {r}. When you have sent it: optout letter post {r}"
    ),
    "To go on another day, type: optout": Text(
        "To go on another day, open this page again. It shows what comes next."
    ),
    "Nothing waits for you. To look again another day: optout": Text(
        "Nothing waits for you. To look again another day, open this page again."
    ),
    "Which companies there are: optout broker list": Text(
        "None of the companies that we know can be searched. You can practice a search first."
    ),
    "{told} To decide each time instead: optout person edit --share {kind}=ask": Text(
        "{told} To decide each time instead: optout person edit"
    ),
    "To change them: optout person edit --person NAME. For another person, write a “label” of "
    "their own into a card: optout person add --from FILE": Text(
        "To change them, choose “Correct it”. Another person needs another name: optout person add"
    ),
    "{what} --person {number}": Text("{what}"),
    "Check the date on the letter, and give it with --on YYYY-MM-DD": _LOOK_AT_THE_DAY,
    "Check the date on the letter or mail, and give it with --on YYYY-MM-DD": _LOOK_AT_THE_DAY,
    "Give the day on which you received it: --on {t}": Text(
        "Choose the day on which you received it."
    ),
    "Give the day on which you sent it: --on {today}": _DAY_OF_SENDING,
    "Give the day on which you sent it, with --on YYYY-MM-DD": _DAY_OF_SENDING,
    "If it came on another day, add that day: --on YYYY-MM-DD. If the letter left earlier, correct "
    "that first: optout letter post {r} --on YYYY-MM-DD. If they answered something else, write "
    "it down there: optout status": Text(
        "If it came on another day, choose that day. If the letter left earlier, correct that "
        "first: optout letter post {r}. If they answered something else, write it down there: "
        "optout status"
    ),
    "- To send something on it another way, name the company and the way: optout plan --only "
    "appriss-insights --by post": Text(
        "- To send something on it another way, open it there and choose “Send it another way”."
    ),
    "On paper instead: optout plan --only {company} --by post. As it is: optout file {r}": Text(
        "On paper instead: optout plan --by {r}. As it is: optout file {r}"
    ),
    "Choose another place with: --to FOLDER": _NO_ROOM,
    "Choose another folder or name, or move that file away.": Text(
        "Move that file away, or give it another name. Then try again."
    ),
}
