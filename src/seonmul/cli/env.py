"""`seonmul env --example`: `.env.example`, every variable with its meaning, printed from the settings module."""

from __future__ import annotations

import argparse
import os
from importlib import import_module
from pathlib import Path

from seonmul.kit.env import BadEnvironment

_ROOT = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--example`, the only form so far."""
    parser.add_argument(
        "--example", action="store_true", required=True, help=".env.example의 내용을 출력합니다"
    )


def run(args: argparse.Namespace) -> int:
    """Print the example: what holds where nothing is set, and no path of this machine."""
    settings = os.environ["DJANGO_SETTINGS_MODULE"]
    os.environ.clear()  # what this machine has set must not show; this process does nothing else
    try:
        environment = import_module(settings).ENV
    except BadEnvironment as wrong:  # nothing is set, so the secrets are missing
        environment = wrong.environment
    print(environment.example().replace(f"{_ROOT}/", ""), end="")
    return 0
