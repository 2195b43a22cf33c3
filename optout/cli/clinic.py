"""`optout clinic`: the paper day of an office that helps many clients.

Each command lives in a file of its own, imported only when it is asked for:

    noun.elsewhere("papers", "clinic_papers", noun=True)  # `noun` of optout/cli/clinic_papers.py
    noun.elsewhere("plan", "clinic_plan")                 # the command `plan` of its `app`
"""

from __future__ import annotations

from optout.cli.commands import Commands
from optout.i18n import _

noun = Commands(_("Work for many clients: import, papers, print."))
noun.elsewhere("start", "clinic_start")
noun.elsewhere("import", "clinic_import")
noun.elsewhere("conflict", "clinic_conflict")
noun.elsewhere("authorize", "clinic_authorize")
noun.elsewhere("signed", "clinic_authorize")
noun.elsewhere("authorizations", "clinic_authorize")
noun.elsewhere("revoke", "clinic_authorize")
noun.elsewhere("as-agent", "clinic_authorize")
noun.elsewhere("papers", "clinic_papers", noun=True)
noun.elsewhere("plan", "clinic_plan")
noun.elsewhere("approve", "clinic_plan")
noun.elsewhere("file", "clinic_file")
noun.elsewhere("print", "clinic_print")
noun.elsewhere("posted", "clinic_print")
noun.elsewhere("responsible", "clinic_responsible")
noun.elsewhere("docket", "clinic_docket")
noun.elsewhere("summary", "clinic_summary")
noun.elsewhere("export", "clinic_export")
noun.elsewhere("close", "clinic_close")
noun.elsewhere("hold", "clinic_close")
noun.elsewhere("erase", "clinic_close")
noun.elsewhere("answer", "clinic_answer")
