"""The tests' environment, set before settings are read (a pytest plugin, loaded by `-p tests.env`)."""

import os
from pathlib import Path

os.environ.setdefault("SEONMUL_DEMO", "1")
os.environ.setdefault("SEONMUL_HOME", str(Path(__file__).parents[1] / "build" / "test"))
os.environ.setdefault("SECONDS_SWEEP", "2")
