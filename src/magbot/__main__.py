"""`python -m magbot` is the command line."""

from magbot.interfaces.cli import app

app()
