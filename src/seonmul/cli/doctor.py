"""`seonmul doctor`: what is wrong, one plain line a check, with what to do. Exit 1 when anything is."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib import import_module

from django.utils.translation import gettext as _

from seonmul.kit.env import BadEnvironment

_VERSION_LEAST = 16
_OLDEST_JOB_SECONDS = 60
_CLOCK_SECONDS = 2.0
_PARKED_HOURS = 24
_DISK_GB_LEAST = 1.0

#: The order of C.UTF-8 (capitals before small letters, Hangul last) and case folding beyond ASCII.
_ORDER = "SELECT 'B' < 'a' AND 'z' < '가' AND '가' < '나' AND upper('é') = 'É'"


@dataclass(frozen=True)
class Finding:
    """What one check found. `advice` says what to do when `is_ok` is false."""

    check: str
    is_ok: bool
    text: str
    advice: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="JSON 한 줄로 출력합니다")


def run(args: argparse.Namespace) -> int:
    """Check everything and print it."""
    findings = list(examine())
    is_ok = all(one.is_ok for one in findings)
    if args.json:
        print(json.dumps({"ok": is_ok, "checks": [asdict(one) for one in findings]}, ensure_ascii=False))
        return 0 if is_ok else 1
    for one in findings:
        word = _("정상") if one.is_ok else _("문제")
        print(f"{word}  {one.check}: {one.text}")
        if not one.is_ok:
            print(f"      → {one.advice}")
    problems = sum(not one.is_ok for one in findings)
    print(_("고칠 것이 %(count)s개 있습니다.") % {"count": problems} if problems else _("모두 정상입니다."))
    return 0 if is_ok else 1


def examine() -> Iterator[Finding]:
    """Make every check that can be made; those that need the database are left out when it does not answer."""
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
        import django

        django.setup()
    except BadEnvironment as wrong:
        yield Finding("settings", False, str(wrong), ".env.example, README.md")
        return
    yield _settings()
    yield _disk()
    database = _database()
    yield database
    can_ask = False
    if database.is_ok:
        for finding in _tables_and_above():
            can_ask = can_ask or finding.check == "queue"
            yield finding
    yield from _carriers(can_ask)
    yield _outside("tax office", "TAX_OFFICE")
    yield _outside("identity", "IDENTITY")
    yield _outside("payments", "PAYMENT_PROVIDER")
    yield from _issuer()


def _tables_and_above() -> Iterator[Finding]:
    from seonmul.cli import prepare

    if prepare.tables_are_old():
        yield Finding(
            "migrations",
            False,
            _("데이터베이스의 테이블이 지금 코드보다 오래되었습니다."),
            _("seonmul migrate 를 실행해 주세요. 데이터는 그대로 남습니다."),
        )
        return
    yield Finding("migrations", True, _("테이블이 지금 코드와 맞습니다."))
    yield _clock()
    yield _queue()
    yield _batches()
    yield _reports()
    yield _deposits()


def _settings() -> Finding:
    from django.conf import settings
    from django.core.checks import ERROR, run_checks

    wrong = [str(message.msg) for message in run_checks() if message.level >= ERROR]
    if settings.DEBUG and not settings.DEMO:
        wrong.append(_("DEBUG가 켜져 있어 오류 화면에 내부 정보가 보입니다."))
    if settings.DEMO and settings.SECURE:
        wrong.append(_("공개 주소(https)에서 데모 자료와 샌드박스를 쓰고 있습니다."))
    if wrong:
        return Finding("settings", False, " ".join(wrong), _("환경 변수를 고쳐 주세요(.env.example 참고)."))
    return Finding("settings", True, _("데모로 실행합니다.") if settings.DEMO else _("운영으로 실행합니다."))


def _disk() -> Finding:
    from django.conf import settings

    places = {settings.HOME} | ({settings.EMBEDDED.home} if settings.EMBEDDED else set())
    free = {place: shutil.disk_usage(place).free / 1e9 for place in places if place.exists()}
    if not free:
        return Finding(
            "disk",
            False,
            _("폴더가 없습니다: %(path)s") % {"path": settings.HOME},
            _("SEONMUL_HOME을 확인하거나 seonmul up 을 먼저 실행해 주세요."),
        )
    place = min(free, key=lambda one: free[one])
    text = _("%(gb)s GB가 비어 있습니다(%(path)s).") % {"gb": f"{free[place]:.1f}", "path": place}
    advice = _("디스크를 비우거나 SEONMUL_HOME을 넓은 곳으로 옮겨 주세요.")
    return Finding("disk", free[place] >= _DISK_GB_LEAST, text, advice)


def _database() -> Finding:
    from seonmul.cli import prepare

    trouble = prepare.why_no_database()
    if trouble:
        return Finding(
            "database", False, trouble, _("데이터베이스를 시작하거나 DATABASE_URL을 확인해 주세요.")
        )
    with prepare.connect() as connection:
        major = connection.info.server_version // 10_000
        row = connection.execute(_ORDER).fetchone()
    if major < _VERSION_LEAST:
        text = _("PostgreSQL %(major)s: %(least)s 이상이 필요합니다.") % {
            "major": major,
            "least": _VERSION_LEAST,
        }
        return Finding("database", False, text, _("서버를 올린 뒤 다시 점검해 주세요."))
    if not row or not row[0]:
        return Finding(
            "database",
            False,
            _("정렬 순서가 C.UTF-8이 아니어서 검색과 목록의 순서가 달라집니다."),
            _("데이터베이스를 C.UTF-8로 새로 만들어 옮겨 주세요."),
        )
    return Finding("database", True, _("PostgreSQL %(major)s에 연결했습니다.") % {"major": major})


def _clock() -> Finding:
    from django.conf import settings
    from django.db import connection

    from seonmul.kit import clock

    with connection.cursor() as cursor:
        before = clock.now()
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
        after = clock.now()
    apart = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    text = _("데이터베이스와 %(seconds)s초 차이, 시간대 %(zone)s.")
    text %= {"seconds": f"{apart:.1f}", "zone": settings.TIME_ZONE}
    advice = _("두 컴퓨터의 시계를 맞춰 주세요(NTP).")
    return Finding("clock", apart <= _CLOCK_SECONDS, text, advice)


def _queue() -> Finding:
    from django.conf import settings

    from seonmul.kit import clock, queue

    now = queue.standing(seconds_stalled=settings.SECONDS_STALLED, at=clock.now())
    text = _(
        "작업자 %(workers)s, 대기 %(waiting)s건(가장 오래된 것 %(oldest)s초), "
        "멈춘 작업 %(stalled)s건, 최근 1시간 실패 %(failed)s건."
    ) % {
        "workers": now.workers,
        "waiting": now.waiting,
        "oldest": f"{now.oldest_seconds:.0f}",
        "stalled": now.stalled,
        "failed": now.failed_last_hour,
    }
    if not now.workers:
        return Finding(
            "queue", False, text, _("작업자가 없습니다. seonmul up 이나 seonmul worker 를 실행해 주세요.")
        )
    if now.oldest_seconds > _OLDEST_JOB_SECONDS:
        return Finding(
            "queue", False, text, _("작업이 밀렸습니다. WORKERS를 늘리거나 작업자 로그를 확인해 주세요.")
        )
    if now.stalled:
        return Finding(
            "queue",
            False,
            text,
            _("멈춘 작업은 곧 다시 시작됩니다. 줄지 않으면 작업자 로그를 확인해 주세요."),
        )
    if now.failed_last_hour:
        return Finding(
            "queue", False, text, _("남은 일은 다시 찾아 처리합니다. 까닭은 작업자 로그를 확인해 주세요.")
        )
    return Finding("queue", True, text)


def _batches() -> Finding:
    from seonmul.dispatch import queries as dispatch
    from seonmul.kit import clock

    stuck = dispatch.troubled()
    if not stuck:
        return Finding("batches", True, _("발송이 막힌 묶음이 없습니다."))
    minutes = (clock.now() - stuck[0].opened_at) // timedelta(minutes=1)
    text = _("발송이 막힌 묶음 %(count)s개, 가장 오래된 것 %(minutes)s분 전: %(trouble)s")
    text %= {"count": len(stuck), "minutes": minutes, "trouble": stuck[0].trouble}
    return Finding(
        "batches", False, text, _("발송사의 상태와 잔액을 확인해 주세요. 풀리면 저절로 이어서 보냅니다.")
    )


def _reports() -> Finding:
    from seonmul.kit import clock
    from seonmul.payments import queries as payments

    oldest = payments.oldest_unread_report()
    if oldest is None:
        return Finding("payment reports", True, _("읽지 않은 결제 통보가 없습니다."))
    seconds = (clock.now() - oldest) // timedelta(seconds=1)
    text = _("읽지 않은 결제 통보 가운데 가장 오래된 것이 %(seconds)s초 전에 왔습니다.") % {
        "seconds": seconds
    }
    advice = _("작업자 로그를 확인해 주세요. 입금은 통보가 없어도 한 시간 안에 다시 물어 충전합니다.")
    return Finding("payment reports", seconds <= _OLDEST_JOB_SECONDS, text, advice)


def _deposits() -> Finding:
    from seonmul.kit import clock
    from seonmul.payments import queries as payments

    count, oldest = payments.parked()
    if oldest is None:
        return Finding("deposits", True, _("확인을 기다리는 입금이 없습니다."))
    hours = (clock.now() - oldest) // timedelta(hours=1)
    text = _("확인을 기다리는 입금 %(count)s건, 가장 오래된 것 %(hours)s시간 전.")
    advice = _("정산 담당자가 콘솔의 대기 목록에서 충전하거나 돌려주어야 합니다.")
    return Finding("deposits", hours < _PARKED_HOURS, text % {"count": count, "hours": hours}, advice)


def _resting() -> dict[str, Finding]:
    """Carriers that get no traffic although they answer just now."""
    from seonmul.dispatch import queries as dispatch

    advice = _("곧 다시 확인하고 저절로 돌아옵니다. 이어지면 콘솔의 설정, 발송사 화면에서 까닭을 봐 주세요.")
    return {
        one.name: Finding(
            f"carrier {one.name}",
            False,
            _("잇따른 실패로 쉬고 있습니다: %(trouble)s") % {"trouble": one.trouble},
            advice,
        )
        for one in dispatch.standings()
        if one.is_resting
    }


def _carriers(is_asked: bool) -> Iterator[Finding]:
    """`is_asked`: the tables can be asked, so that a carrier that rests is told."""
    from django.conf import settings

    from seonmul.dispatch import carriers
    from seonmul.kit import wire

    resting = _resting() if is_asked else {}
    for name in settings.CARRIERS:
        try:
            answer = carriers.carrier_of(name).check()
            yield resting.get(name) or Finding(f"carrier {name}", True, answer)
        except wire.WireError as error:
            yield Finding(
                f"carrier {name}",
                False,
                _("발송사가 응답하지 않거나 거절합니다: %(error)s") % {"error": error},
                _("주소와 키를 확인해 주세요. 데모라면 샌드박스가 켜져 있어야 합니다."),
            )


def _issuer() -> Iterator[Finding]:
    """Whoever sells no coupons of others has no key there."""
    from django.conf import settings

    if settings.GIFTISHOW_AUTH_CODE:
        yield _outside("issuer", "ISSUER")


def _outside(check: str, setting: str) -> Finding:
    """Ask an outside party whose adapter a setting names by its dotted path."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    from seonmul.kit import wire

    try:
        return Finding(check, True, import_string(getattr(settings, setting))().check_health())
    except (wire.WireError, ImportError) as error:
        return Finding(
            check,
            False,
            _("응답하지 않거나 거절합니다: %(error)s") % {"error": error},
            _("주소와 키를 확인해 주세요. 데모라면 샌드박스가 켜져 있어야 합니다."),
        )
