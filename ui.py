"""Starts magbot's web page and HTTP API: `python ui.py`, the same as `magbot serve`."""

from magbot.interfaces.cli import app

if __name__ == "__main__":
    app(["serve"])
