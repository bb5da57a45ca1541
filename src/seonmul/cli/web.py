"""`seonmul web`: this process becomes the web server."""

from __future__ import annotations

import argparse
import os

from seonmul.cli import roles


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: WEB_HOST, WEB_PORT and WEB_WORKERS say it."""


def run(args: argparse.Namespace) -> int:
    """Replace this process."""
    command = roles.web().command
    os.execv(command[0], command)  # noqa: S606 - our own Python
