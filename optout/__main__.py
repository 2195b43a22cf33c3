"""The program starts here: `optout` and `python -m optout`."""

import sys

try:
    from optout.cli.main import run
except KeyboardInterrupt:  # loading takes a moment, and Ctrl-C can fall into it
    sys.exit("Stopped. Nothing was opened or sent.")

if __name__ == "__main__":
    run()
