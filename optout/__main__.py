"""`python -m optout`: the same as `optout`."""

from optout.cli.main import run

if __name__ == "__main__":
    run()
