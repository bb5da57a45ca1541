"""`.env.example` is what the settings module declares."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_is_printed_from_the_settings_whatever_is_set_here(tmp_path: Path) -> None:
    env = os.environ | {"WEB_PORT": "9999", "SECRET_KEY": "of-this-machine", "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "seonmul.cli.main", "env", "--example"],
        env=env, capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout == (ROOT / ".env.example").read_text(), "run: seonmul env --example > .env.example"
    assert "of-this-machine" not in done.stdout and "9999" not in done.stdout
    assert str(ROOT) not in done.stdout
    assert "\nSECRET_KEY=\n" in done.stdout
