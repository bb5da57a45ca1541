"""Bring in what vendor.toml names, or check that what is committed is what was brought in.

python tools/vendor.py           fetch with npm (needs node; for the maintainer who upgrades)
python tools/vendor.py --check   compare every file with MANIFEST.sha256 (Python only, no network)
"""

from __future__ import annotations

import argparse
import base64
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from fnmatch import fnmatchcase
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "src/seonmul/ui/static/vendor"
FONTS = ROOT / "src/seonmul/kit/fonts"
MANIFEST = "MANIFEST.sha256"
MAP_LINE = re.compile(rb"\n?(?://|/\*)[#@] sourceMappingURL=[^\n*]*(?:\*/)?\s*")


class Wrong(Exception):
    """Something is not what vendor.toml or the manifest says; the text is for the reader."""


def wanted(path: Path = ROOT / "vendor.toml") -> dict[str, dict[str, Any]]:
    """Read what is wanted: package name -> version, integrity, licence, files or icons."""
    return tomllib.loads(path.read_text("utf-8"))


def fetch(name: str, version: str, integrity: str, into: Path) -> dict[str, bytes]:
    """Fetch one package by name and return its files, path inside the package -> content.

    Raises Wrong when the archive is not the one that `integrity` (sha512, base64) names.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise Wrong("npm is not installed. It is needed to upgrade only; --check works without it.")
    into.mkdir()
    subprocess.run(
        [npm, "pack", "--silent", f"{name}@{version}"], cwd=into, check=True, stdout=subprocess.DEVNULL
    )
    (archive,) = into.glob("*.tgz")
    found = "sha512-" + base64.b64encode(sha512(archive.read_bytes()).digest()).decode()
    if found != integrity:
        raise Wrong(f"{name} {version} is not the package that was reviewed: its integrity is {found}.")
    files = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None:
                files[member.name.partition("/")[2]] = content.read()
    return files


def pick(package: dict[str, bytes], files: dict[str, str]) -> dict[str, bytes]:
    """Choose the wanted files: place below static/vendor -> content, without source map references."""
    picked = {}
    for pattern, place in files.items():
        names = [name for name in package if fnmatchcase(name, pattern)]
        if not names:
            raise Wrong(f"The package holds no file {pattern}.")
        for name in names:
            to = place + name.rpartition("/")[2] if place.endswith("/") else place
            picked[to] = MAP_LINE.sub(b"\n", package[name]) if to.endswith((".js", ".css")) else package[name]
    return picked


def sprite(package: dict[str, bytes], icons: list[str]) -> bytes:
    """Build one SVG with a symbol for each icon; colour and stroke are set by the page that uses it."""
    symbols = []
    for name in sorted(icons):
        source = package.get(f"icons/{name}.svg")
        if source is None:
            raise Wrong(f"There is no icon named {name}.")
        shapes = re.search(r"<svg[^>]*>(.*)</svg>", source.decode("utf-8"), re.S)
        if shapes is None:
            raise Wrong(f"The icon {name} is not an SVG.")
        inner = re.sub(r">\s+<", "><", shapes[1].strip()).replace(" />", "/>")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>\n')
    head = '<svg xmlns="http://www.w3.org/2000/svg">\n'
    return (head + "".join(symbols) + "</svg>\n").encode()


def bring(name: str, want: dict[str, Any], scratch: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Fetch one package and return what of it is committed: for the browser, and fonts for the server.

    Its licence text is among each of the two that is not empty.
    """
    package = fetch(name, want["version"], want["integrity"], scratch / name)
    files = pick(package, want.get("files", {}))
    if "icons" in want:
        files[want["sprite"]] = sprite(package, want["icons"])
    text = package[want["licence"]] if "licence" in want else want["licence_text"].lstrip().encode()
    files[f"licences/{name}.txt"] = text
    fonts = pick(package, want["fonts"]) | {f"licences/{name}.txt": text} if "fonts" in want else {}
    return files, fonts


def write(files: dict[str, bytes], place: Path = PLACE) -> None:
    """Replace the whole folder by `files` and list their hashes in the manifest."""
    shutil.rmtree(place, ignore_errors=True)
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    (place / MANIFEST).write_text("".join(lines), "utf-8")


def faults(place: Path = PLACE) -> list[str]:
    """List in words every file that is missing, changed or not in the manifest. Empty when all is well."""
    manifest = place / MANIFEST
    if not manifest.is_file():
        return [f"{MANIFEST} is missing. Run tools/vendor.py."]
    listed = {}
    for line in manifest.read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    there = {p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file()} - {MANIFEST}
    found = [f"{name} is missing." for name in sorted(listed.keys() - there)]
    found += [f"{name} is not in the manifest." for name in sorted(there - listed.keys())]
    for name in sorted(there & listed.keys()):
        if sha256((place / name).read_bytes()).hexdigest() != listed[name]:
            found.append(f"{name} was changed by hand.")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare with the manifest and change nothing")
    if parser.parse_args().check:
        found = faults() + faults(FONTS)
        print("\n".join(found) or "vendor: all files are as they were brought in.")
        return 1 if found else 0
    files: dict[str, bytes] = {}
    fonts: dict[str, bytes] = {}
    try:
        with tempfile.TemporaryDirectory() as scratch:
            for name, want in wanted().items():
                more_files, more_fonts = bring(name, want, Path(scratch))
                files |= more_files
                fonts |= more_fonts
    except Wrong as wrong:
        print(f"vendor: {wrong}", file=sys.stderr)
        return 1
    write(files)
    write(fonts, FONTS)
    print(f"vendor: {len(files) + len(fonts)} files written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
