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
    "papers_of_this": Text("Its papers, to open and to print"),
    "this_company": Text("What is known of it"),
    "by_an_office": Text("an office that helps you prints that letter with this program"),
    "did_not_send": Text("I did not send it"),
    "not_here": Text("Not done on this page: get help"),
    "company_why": Text(
        "From public sources. The company learns nothing when you read this. Every request to it "
        "can be left out."
    ),
    "company_sources": Text("Where this was read: the words in [ ]"),
    "company_ways": Text("What can be asked, and how"),
    "this_request": Text("Everything about this request"),
    "mail_to_send": Text("The mail, to send it yourself"),
    "mail_how": Text(
        "Open your e-mail as you always do and begin a new mail. Copy these three into it, look "
        "once more, and send it."
    ),
    "mail_from": Text("Send it from this address of yours:"),
    "mail_to": Text("To"),
    "mail_subject": Text("Subject"),
    "mail_text": Text("The text of the mail"),
    "mail_open": Text("Begin it in the mail program of this computer"),
    "mail_open_why": Text("Only the address and the subject go along. Paste the text there."),
    "mail_copied_stays": Text(
        "What you copied stays on this computer until you copy something else."
    ),
    "copy_it": Text("Copy"),
    "copied": Text("Copied"),
    "no_papers": Text("No paper was written yet."),
    "before": Text("What was said before"),
    "lock": Text("Lock"),
    "menu": Text("Menu"),
    "skip": Text("Go to the content"),
    "language": Text("Language"),
    "locked": Text("The locked folder is closed."),
    "locked_why": Text(
        "It locks by itself after fifteen quiet minutes. What was kept is still there. What you "
        "were just writing is not."
    ),
    "left": Text("Nobody was here for a while."),
    "left_why": Text(
        "So nothing of yours is shown. The folder is still open. To close it: “Lock”."
    ),
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
    "practice": Text("Practice first"),
    "practice_why": Text(
        "With a made-up person and made-up companies. Nothing leaves this computer, and your own "
        "folder is not touched."
    ),
    "practice_beside": Text(
        "The practice page opens beside this one. If you do not see it, copy this address to the "
        "top of a new window of this browser:"
    ),
    "practice_here": Text(
        "This is practice. The person and the companies are made up. Nothing leaves this computer."
    ),
    "practice_mail": Text("Practice mail"),
    "practice_mail_why": Text(
        "What the made-up companies wrote. Copy a link or a code from here to where it is asked "
        "for."
    ),
    "practice_later": Text("Three days later"),
    "practice_later_why": Text(
        "Whether a record is gone is seen by two looks, at least three days apart. Here three days "
        "pass when you press."
    ),
    "practice_no_mail": Text("No mail has come yet."),
    "practice_opens": Text("If it locks, this opens it:"),
    "go_on": Text("Go on"),
    "answer": Text("Answer"),
    "stop": Text("Stop here"),
    "not_kept_yet": Text(
        "What you answered last is not kept yet: if you stop here, it is asked again."
    ),
    "kept_at_once": Text("What you answered is kept: if you stop here, you go on from here."),
    "question_before": Text("Back to the question before"),
    "left_empty": Text("left empty"),
    "was": Text("You said before:"),
    "is_kept": Text(
        "There is no way back from here. What was kept can be corrected later: optout person add, "
        "optout status"
    ),
    "tick": Text("Tick what you want. Nothing is ticked for you."),
    "take_ticked": Text("Go on with what is ticked"),
    "take_all": Text("Take all {count}"),
    "working": Text("Working. This can take a minute. A browser window may open."),
    "look_again": Text("Look again"),
    "ended": Text("That is all for now."),
    "wrong": Text("This did not work."),
    "back_home": Text("Back to what you can do now"),
    "other_open": Text("This is open and waits for you:"),
    "go_to_it": Text("Go to it"),
    "nothing_to_do": Text("Nothing to do now."),
    "nothing_asked": Text(
        "You have not asked any company yet, so nobody was told anything. Begin here, or go on "
        "where you stopped:"
    ),
    "no_requests": Text("No requests yet. Begin with a plan."),
    "these": Text("{first} to {last} of {count}"),
    "before_these": Text("Those before"),
    "after_these": Text("Those after"),
    "more_requests": Text("More requests"),
    "no_dates": Text("No dates yet. They begin when a request was sent."),
    "until": Text("Until"),
    "together": Text("Together about {minutes} minutes."),
    "by": Text("By"),
    "sending": Text("Sending"),
    "their_answer": Text("Their answer"),
    "they_got": Text("They got"),
    "they_get_later": Text("They get this when you send it"),
    "next_date": Text("Next date"),
    "reference": Text("Reference, to find this request again"),
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
    "page_number": Text(
        "Number of this page. You need not note it: it shows later that what you said yes to was "
        "not changed:"
    ),
    "type_by_hand": Text("Type this by hand:"),
    "typed_already": Text("Typed on the page already:"),
    "into": Text("into"),
    "last_button": Text("You press the last button yourself."),
    "about_minutes": Text("About {minutes} min."),
    "picture": Text("The page as it is now"),
    "is_locked_here": Text("Only this computer can open this page."),
    "not_found": Text("There is no such page."),
    "other_things": Text("Other things you can begin"),
    "you_said": Text("You said:"),
    "what_happened": Text("What happened, and what is due"),
    "today": Text("today"),
    "over": Text("settled"),
    "open_proof": Text("Open"),
    "fingerprint": Text(
        "Its fingerprint begins with {number}. If one letter of it were changed, it would be "
        "another: only a lawyer or a court ever asks for it."
    ),
    "proof_as_kept": Text("As it was kept in the locked folder. Nothing was changed since."),
    "proof_not_shown": Text("This cannot be shown here as plain words. Save it to open it."),
    "proof_save": Text("Save it on this computer"),
    "proof_save_why": Text(
        "A saved file is outside the locked folder: anyone who opens it can read it."
    ),
    "pictures": Text("See it as pictures"),
    "map": Text("Where your data goes"),
    "no_map": Text("Nothing is known yet about the companies on your list."),
    "in_words": Text("The same in words"),
    "reading_copy": Text("To read in your language"),
    "answer_came": Text("An answer came"),
    "answer_came_why": Text("Keep their letter or mail here, and say what they said."),
    "answer_whose": Text("Which request did they answer?"),
    "answer_to_none": Text("No request was sent yet, so none can have an answer."),
    "answer_in_hand": Text("First write down that you sent these"),
    "paper": Text("Their letter or mail"),
    "paper_hint": Text(
        "A PDF, a picture or a saved mail, at most 25 MB. You can drop it here. You can also leave "
        "this empty."
    ),
    "paste": Text("Or paste here what they wrote"),
    "paste_hint": Text("With a file above, this is kept as your note."),
    "paper_again": Text(
        "What you pasted still stands here: copy it before you leave this page. If you chose a "
        "file, choose it once more."
    ),
    "paper_kept": Text(
        "It is kept in the locked folder only. The file that you choose stays where it is too: "
        "delete it there if others use this computer."
    ),
}
