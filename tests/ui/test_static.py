"""Sheets and scripts can be collected under hashed names, and refer to each other by them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.core.management import call_command


def test_sheets_refer_to_hashed_names_and_lie_there_compressed(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    served = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": served}
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    sheet = (tmp_path / names["ui/bootstrap.css"]).read_text()
    bootstrap = names["vendor/bootstrap/bootstrap.min.css"].rpartition("/")[2]
    assert f'@import url("../vendor/bootstrap/{bootstrap}") layer(bootstrap);' in sheet
    fonts = (tmp_path / names["vendor/pretendard/pretendard.css"]).read_text()
    for name in ("vendor/bootstrap/bootstrap.min.css", "ui/app.css", "giftpage/gift.js"):
        whole = tmp_path / names[name]
        pressed = whole.with_name(whole.name + ".br")
        assert pressed.stat().st_size < whole.stat().st_size / 2, "V5: a phone is sent the small one"
    assert len(re.findall(r"subset\.\d+\.[0-9a-f]{12}\.woff2", fonts)) > 80


def test_no_sheet_or_script_of_ours_asks_another_host() -> None:
    own = Path(__file__).resolve().parents[2] / "src" / "seonmul" / "ui" / "static" / "ui"
    for path in own.iterdir():
        outside = re.findall(
            r"""(?:url\(|@import|fetch\(|src=)\s*["']?(?:https?:)?//""", path.read_text("utf-8")
        )
        assert outside == [], path
