"""`seonmul erase`: erase what is due now; with `--report` only print what was erased and when. M9"""

from __future__ import annotations

import argparse
import json

from django.utils.translation import gettext as _

from seonmul.kit import clock
from seonmul.members import actions, lookups, queries


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--report` and `--json`."""
    parser.add_argument("--report", action="store_true", help="지우지 않고 지금까지의 보고만 보여 줍니다")
    parser.add_argument("--json", action="store_true", help="JSON 한 줄로 출력합니다")


def run(args: argparse.Namespace) -> int:
    """Erase, then print the newest reports: counts only, nothing personal."""
    at = clock.now()
    if not args.report:
        for member_id in queries.members_to_erase(at):
            actions.erase(member_id, at=at)
        actions.erase_kept(at=at)
    rows = lookups.erasures_page().rows
    if args.json:
        print(
            json.dumps(
                [
                    {"kind": row.kind, "day": str(row.day), "members": row.members, "counts": row.counts}
                    for row in rows
                ]
            )
        )
        return 0
    for row in rows:
        counts = ", ".join(f"{name} {number}" for name, number in row.counts.items())
        people = _("회원 %(count)s명") % {"count": row.members}
        print(f"{row.day}  {row.get_kind_display()}  {people}  {counts}")
    if not rows:
        print(_("아직 지운 것이 없습니다."))
    return 0
