"""What others wrote is as it was brought in; icons exist; no template needs what the policy forbids."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "seonmul"
# how a template names an icon: as a tag, or as an attribute of a component
ICON = re.compile(
    r"""{%\s*icon\s+["']([\w-]+)["']|<c-(?:icon|notice|state)\b[^>]*?\s(?:name|icon)="([\w-]+)\""""
)


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor_tool", ROOT / "tools" / "vendor.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def templates() -> list[Path]:
    return [path for path in SRC.rglob("*.html") if "templates" in path.parts]


def test_committed_files_are_those_that_were_brought_in(vendor: ModuleType) -> None:
    assert vendor.faults() == []
    assert vendor.faults(vendor.FONTS) == []


def test_the_check_finds_changed_missing_and_strange_files(vendor: ModuleType, tmp_path: Path) -> None:
    place = tmp_path / "vendor"
    shutil.copytree(vendor.PLACE, place)
    (place / "icons.svg").write_text("<svg/>")
    (place / "htmx" / "htmx.min.js").unlink()
    (place / "left-over.js").write_text("1")
    assert vendor.faults(place) == [
        "htmx/htmx.min.js is missing.",
        "left-over.js is not in the manifest.",
        "icons.svg was changed by hand.",
    ]
    (place / vendor.MANIFEST).unlink()
    assert vendor.faults(place) == ["MANIFEST.sha256 is missing. Run tools/vendor.py."]


def test_every_package_has_a_licence_text_and_no_source_map(vendor: ModuleType) -> None:
    for name in vendor.wanted():
        assert (vendor.PLACE / "licences" / f"{name}.txt").stat().st_size > 300
    for path in vendor.PLACE.rglob("*"):
        if path.suffix in {".js", ".css"}:
            assert b"sourceMappingURL" not in path.read_bytes(), path


def test_source_map_references_are_taken_out(vendor: ModuleType) -> None:
    package = {
        "a.js": b"x()\n//# sourceMappingURL=a.js.map",
        "b.css": b"a{}\n/*# sourceMappingURL=b.css.map */\n",
    }
    picked = vendor.pick(package, {"a.js": "a/a.js", "b.css": "b.css"})
    assert picked == {"a/a.js": b"x()\n", "b.css": b"a{}\n"}
    with pytest.raises(vendor.Wrong, match=r"no file c\.js"):
        vendor.pick(package, {"c.js": "c.js"})


def test_every_icon_named_in_a_template_is_in_the_sprite(vendor: ModuleType) -> None:
    sprite = ElementTree.parse(vendor.PLACE / "icons.svg").getroot()  # noqa: S314 - our own file
    known = {symbol.attrib["id"] for symbol in sprite}
    named = {
        (match[1] or match[2], path.relative_to(SRC).as_posix())
        for path in templates()
        for match in ICON.finditer(path.read_text("utf-8"))
    }
    assert len(named) > 4
    assert {(icon, path) for icon, path in named if icon not in known} == set()


def test_no_template_has_inline_style_script_or_handler() -> None:
    forbidden = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|\shx-on|javascript:", re.I)
    found = {
        path.name: match[0] for path in templates() if (match := forbidden.search(path.read_text("utf-8")))
    }
    assert found == {}
