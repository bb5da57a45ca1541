"""Split one full, hash-pinned lock into what the product needs to run and what tests and tools need besides.

python tools/locks.py FULL_LOCK    writes requirements/run.lock and requirements/dev.lock

FULL_LOCK comes from a resolver and names no index: `uv pip compile pyproject.toml --group dev --generate-hashes
--no-emit-index-url -o FULL_LOCK`. Which package needs which is read from the packages installed beside this
Python, so install FULL_LOCK first. Direct requirements: [project] dependencies and [dependency-groups] dev.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent


def read(path: Path) -> dict[str, str]:
    """Read a lock: canonical name -> its lines with version and hashes."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", path.read_text("utf-8"), flags=re.MULTILINE)
    return {canonicalize_name(block.partition("==")[0]): block for block in blocks if "==" in block}


def closure(direct: list[str]) -> set[str]:
    """Everything that the `direct` requirements need on this machine, extras included."""
    found: set[tuple[str, str]] = set()
    waiting = [Requirement(line) for line in direct]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        for extra in {"", *wanted.extras} - {extra for known, extra in found if known == name}:
            found.add((name, extra))
            waiting += _needs(name, extra)
    return {name for name, _ in found}


def _needs(name: str, extra: str) -> list[Requirement]:
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        raise SystemExit(f"{name} is not installed: install the full lock first.") from None
    all_needs = [Requirement(line) for line in lines]
    return [one for one in all_needs if not one.marker or one.marker.evaluate({"extra": extra})]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("full", type=Path, help="the full lock")
    lock = read(parser.parse_args().full)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run = closure(project["project"]["dependencies"])
    dev = closure(project["dependency-groups"]["dev"]) - run
    missing = sorted((run | dev) - lock.keys())
    if missing:
        print(f"Not in the full lock: {', '.join(missing)}", file=sys.stderr)
        return 1
    for file, names in {"run.lock": run, "dev.lock": dev}.items():
        text = "".join(lock[name].rstrip("\n") + "\n" for name in sorted(names))
        (ROOT / "requirements" / file).write_text(text, "utf-8")
        print(f"requirements/{file}: {len(names)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
