"""Sheets and scripts can be collected under hashed names, and refer to each other by them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.core.management import call_command


def test_every_reference_inside_a_sheet_resolves_to_a_hashed_name(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    hashed = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": hashed}
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    sheet = (tmp_path / names["ui/app.css"]).read_text()
    bootstrap = names["vendor/bootstrap/bootstrap.min.css"].rpartition("/")[2]
    assert f'@import url("../vendor/bootstrap/{bootstrap}") layer(bootstrap);' in sheet
    fonts = (tmp_path / names["vendor/pretendard/pretendard.css"]).read_text()
    assert len(re.findall(r"subset\.\d+\.[0-9a-f]{12}\.woff2", fonts)) > 80


def test_no_sheet_or_script_of_ours_asks_another_host() -> None:
    own = Path(__file__).resolve().parents[2] / "src" / "seonmul" / "ui" / "static" / "ui"
    for path in own.iterdir():
        outside = re.findall(
            r"""(?:url\(|@import|fetch\(|src=)\s*["']?(?:https?:)?//""", path.read_text("utf-8")
        )
        assert outside == [], path
