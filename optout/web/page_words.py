"""The page's own words, in one place, so that they can be translated like every other sentence."""

from __future__ import annotations

from typing import Final

from optout.text import Text

WORDS: Final = {
    "home": Text("What you can do now"),
    "status": Text("Where everything stands"),
    "due": Text("Who must answer until when"),
    "papers": Text("Your papers"),
    "papers_why": Text(
        "Letters and other files that were written for you. Anyone who opens them can read them."
    ),
    "no_papers": Text("No paper was written yet."),
    "before": Text("What was said before"),
    "lock": Text("Lock"),
    "menu": Text("Menu"),
    "skip": Text("Go to the content"),
    "language": Text("Language"),
    "locked": Text("The locked folder is closed."),
    "locked_why": Text("It locks by itself after fifteen quiet minutes. Nothing is lost."),
    "unlock": Text("Open it"),
    "passphrase": Text("Passphrase, or your recovery code"),
    "keyring": Text("Leave it empty if this computer keeps the key for you."),
    "welcome": Text("Welcome"),
    "welcome_why": Text(
        "Companies collect and sell where people live. Here you ask them to stop, to delete, or to "
        "show what they have. Everything stays on this computer until you say yes to a request."
    ),
    "begin": Text("Begin"),
    "begin_why": Text(
        "First you read a few short truths. Then a locked folder is made, which nobody else opens."
    ),
    "go_on": Text("Go on"),
    "answer": Text("Answer"),
    "stop": Text("Stop here"),
    "working": Text("Working. This can take a minute. A browser window may open."),
    "look_again": Text("Look again"),
    "ended": Text("That is all for now."),
    "wrong": Text("This did not work."),
    "back_home": Text("Back to what you can do now"),
    "other_open": Text("This is open and waits for you:"),
    "go_to_it": Text("Go to it"),
    "nothing_to_do": Text("Nothing to do now."),
    "no_requests": Text("No requests yet. Begin with a plan."),
    "no_dates": Text("No dates yet. They begin when a request was sent."),
    "until": Text("Until"),
    "together": Text("Together about {minutes} minutes."),
    "by": Text("By"),
    "sending": Text("Sending"),
    "their_answer": Text("Their answer"),
    "they_got": Text("They got"),
    "next_date": Text("Next date"),
    "reference": Text("Reference"),
    "basis": Text("Basis"),
    "late": Text("late"),
    "nothing_given": Text("nothing"),
    "what_now": Text("What you can do with it"),
    "they_get": Text("They get:"),
    "no_value": Text("They get no personal value."),
    "new": Text("NEW to them"),
    "known": Text("they probably have this"),
    "goes_to": Text("Goes to:"),
    "post_to": Text("Goes by post to:"),
    "through": Text("through this web site"),
    "the_text": Text("The text"),
    "note": Text("Note:"),
    "page_number": Text("Number of this page (it changes when anything above changes):"),
    "type_by_hand": Text("Type this by hand:"),
    "into": Text("into"),
    "last_button": Text("You press the last button yourself."),
    "about_minutes": Text("About {minutes} min."),
    "picture": Text("The page as it is now"),
    "is_locked_here": Text("Only this computer can open this page."),
    "not_found": Text("There is no such page."),
    "other_things": Text("Other things you can begin"),
    "you_said": Text("You said:"),
}
