"""python -m tests.server start|stop: the embedded server of the test run, quick because it need not survive a crash."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from seonmul.kit.postgres import Server

_HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def main(verb: str) -> int:
    """Say "started" or "was running", so that whoever started it knows to stop it."""
    server = Server(Path(os.environ["SEONMUL_HOME"]) / "postgres", settings=_HASTE)
    if verb == "stop":
        server.stop()
        return 0
    if (server.data / "PG_VERSION").exists() and server.answers():
        print("was running")
        return 0
    server.start()
    server.ensure_database("seonmul")
    print("started")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
