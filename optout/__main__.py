"""The program starts here: `optout` and `python -m optout`.

Loading modules makes thousands of objects that live to the end; looking through them for
garbage again and again takes a tenth of the start. `optout.cli.main` switches it on again.
"""

import gc

gc.disable()

from optout.cli.main import run  # noqa: E402 - after the line above, or it helps nobody

if __name__ == "__main__":
    run()
