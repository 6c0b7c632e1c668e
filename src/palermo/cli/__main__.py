"""`python -m palermo.cli` is the `palermo` command."""

from palermo.cli.main import run

run()
