"""`seonmul migrate`: bring database and static files up to this code; once for each release, before processes start."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from seonmul.cli import prepare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:
    """Prepare and say what was done."""
    prepare.database()
    trouble = prepare.why_no_database()
    if trouble:
        print(trouble)
        return 1
    changed = [_("테이블")] * prepare.tables() + [_("정적 파일")] * prepare.static_files()
    print(_("새로 맞춘 것: %(what)s") % {"what": ", ".join(changed) or _("없음")})
    return 0
