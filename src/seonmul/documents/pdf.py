"""Setting a page: a template of typst and data become a PDF with embedded fonts and text that can be selected.

Data goes in as JSON and never as markup, so nothing that people typed is read as an instruction. The same data gives the
same bytes. One compiler a thread and template: they are not made to be shared.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import typst

_HERE = Path(__file__).parent / "templates"
_FONTS = Path(__file__).parents[1] / "kit" / "fonts"
_kept = threading.local()


def made(template: str, data: Mapping[str, Any]) -> bytes:
    """Set `templates/<template>.typ` with this data."""
    compilers: dict[str, typst.Compiler] = _kept.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(
            str(_HERE / f"{template}.typ"), font_paths=[str(_FONTS)], ignore_system_fonts=True
        )
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    pdf = compilers[template].compile(format="pdf", sys_inputs=inputs)
    return cast(bytes, pdf)
