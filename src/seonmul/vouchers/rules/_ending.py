"""What a voucher is worth at the end of its validity: terms, presets, and who gets how much. V4

Everything is counted from the terms of the day of purchase, the price paid and the face value, in whole won, rounded down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _


class Preset(StrEnum):
    """Where terms come from: none, or the standard terms of a year (providers.md 6.1)."""

    NONE = "none"
    TERMS_2015 = "terms_2015"
    TERMS_2020 = "terms_2020"
    TERMS_2025 = "terms_2025"


@dataclass(frozen=True)
class Terms:
    """What is given back and extended; all zero gives nothing.

    After the end: `low_percent` of the price paid, above a face value of `high_above_won` `high_percent`, as points
    `points_percent`. Before it: the rest of an amount voucher once `rest_percent` of it is used, up to a face value of
    `small_up_to_won` `small_rest_percent`. `extension_months` at a time, `extensions_most` times. The recipient claims for
    `claim_days` after the end, then the buyer, until `claim_years` after the purchase.
    """

    low_percent: int = 0
    high_percent: int = 0
    high_above_won: int = 0
    points_percent: int = 0
    rest_percent: int = 0
    small_rest_percent: int = 0
    small_up_to_won: int = 0
    extension_months: int = 0
    extensions_most: int = 0
    claim_days: int = 180
    claim_years: int = 5

    @property
    def gives_back(self) -> bool:
        return bool(self.low_percent or self.high_percent or self.points_percent)


_REST = {"rest_percent": 60, "small_rest_percent": 80, "small_up_to_won": 10_000}
#: V4. 2015: one extension of three months; since 2020 by three months on request. 2025: 95 % above 50,000 won, or points.
TERMS = {
    Preset.NONE: Terms(),
    Preset.TERMS_2015: Terms(90, 90, 50_000, extension_months=3, extensions_most=1, **_REST),
    Preset.TERMS_2020: Terms(90, 90, 50_000, extension_months=3, extensions_most=4, **_REST),
    Preset.TERMS_2025: Terms(90, 95, 50_000, 100, extension_months=3, extensions_most=4, **_REST),
}
#: What holds where staff have set nothing, by list: preset and the day from which it holds. The revision of 2020 by its month.
DEFAULTS = {
    "corporate": ((Preset.NONE, date(2015, 1, 1)),),
    "general": (
        (Preset.TERMS_2015, date(2015, 1, 1)),
        (Preset.TERMS_2020, date(2020, 12, 1)),
        (Preset.TERMS_2025, date(2025, 9, 16)),
    ),
}


def default_of(list_: str, day: date) -> tuple[Preset, date]:
    """What holds on a list for what is bought on a day where staff have set nothing, and since when. V4"""
    return [(preset, since) for preset, since in DEFAULTS[list_] if since <= day][-1]


def default_preset(list_: str, day: date) -> Preset:
    """The preset alone. V4"""
    return default_of(list_, day)[0]


class PolicyRefusal(Refusal):
    UNKNOWN = "policy_unknown", _("조건을 골라 주세요. 바꾸지 않았습니다.")
    PAST = (
        "policy_past",
        _("내일부터의 조건만 정할 수 있습니다. 이미 산 쿠폰은 산 날의 조건을 지킵니다. 바꾸지 않았습니다."),
    )
    SAME_DAY = "policy_same_day", _("그날부터의 조건이 이미 있습니다. 다른 날을 골라 주세요.")


def why_not_set_policy(preset: str, from_on: date | None, *, is_taken: bool, today: date) -> No | None:
    """Say why terms do not hold from a day on: never for what is bought already. V4"""
    if preset not in list(Preset):
        return No(PolicyRefusal.UNKNOWN)
    if from_on is None or from_on <= today:
        return No(PolicyRefusal.PAST)
    return No(PolicyRefusal.SAME_DAY) if is_taken else None


def share_won(price_won: int, *, face_won: int, rest_won: int | None) -> int:
    """What of the price stands for what is left of an amount voucher; all of it where `rest_won` is None."""
    if rest_won is None or face_won <= 0:
        return price_won
    return price_won * min(rest_won, face_won) // face_won


def ended_won(
    terms: Terms, *, price_won: int, face_won: int, rest_won: int | None = None, as_points: bool = False
) -> int:
    """What comes back of a voucher after its end. `rest_won`: what is left of an amount voucher, None for goods. V4"""
    percent = terms.high_percent if face_won > terms.high_above_won else terms.low_percent
    if as_points:
        percent = terms.points_percent
    return share_won(price_won, face_won=face_won, rest_won=rest_won) * percent // 100


def balance_won(terms: Terms, *, price_won: int, face_won: int, rest_won: int) -> int:
    """What comes back of the rest of an amount voucher while it still holds: 0 until enough of it is used. V4"""
    is_small = face_won <= terms.small_up_to_won
    percent = terms.small_rest_percent if is_small else terms.rest_percent
    used = face_won - rest_won
    if not percent or not 0 < rest_won < face_won or used * 100 < face_won * percent:
        return 0
    return share_won(price_won, face_won=face_won, rest_won=rest_won)


def recipient_until(terms: Terms, valid_until: datetime) -> datetime:
    """Until when the recipient may claim. V4"""
    return valid_until + timedelta(days=terms.claim_days)


def buyer_until(terms: Terms, paid_at: datetime) -> datetime:
    """Until when the buyer may claim: the end of the same day some years after the purchase. V4"""
    return clock.end_of_day(clock.seoul_date(clock.months_after(paid_at, 12 * terms.claim_years)))


class ExtendRefusal(Refusal):
    NOT_ALLOWED = "extend_not_allowed", _("살 때의 조건에 따라 기간을 연장하지 않는 쿠폰입니다.")
    ENOUGH = "extend_enough", _("기간 연장은 {most}번까지 할 수 있습니다. 더 연장할 수 없습니다.")
    TOO_EARLY = "extend_too_early", _("유효기간이 {days}일 남았을 때부터 연장할 수 있습니다.")
    OVER = "extend_over", _("유효기간이 지나 연장할 수 없습니다. 이 화면에서 환불을 신청해 주세요.")
    ENDED = "extend_ended", _("이미 사용했거나 끝난 쿠폰이라 연장할 수 없습니다.")
    NOT_OURS = (
        "extend_not_ours",
        _("발행사가 기간을 정하는 쿠폰이라 연장할 수 없습니다."),
    )
    TOO_LONG = "extend_too_long", _("산 날부터 {years}년이 지나면 쓸 수 없어 더 연장할 수 없습니다.")


#: From so many days before its end a voucher may be extended: when the first reminder comes.
EXTEND_DAYS = 30


@dataclass(frozen=True)
class Extendable:
    """A voucher whose validity should be extended. `times`: how often it was; `is_own`: of our own issue."""

    state: str
    valid_until: datetime
    paid_at: datetime
    times: int
    is_own: bool


def extended_until(terms: Terms, valid_until: datetime) -> datetime:
    """The new last moment: the same day some months later. V4"""
    return clock.end_of_day(clock.seoul_date(clock.months_after(valid_until, terms.extension_months)))


def why_not_extend(voucher: Extendable, terms: Terms, *, at: datetime) -> No | None:
    """Say why a voucher's validity is not extended. First reason wins. V4"""
    if not terms.extension_months:
        return No(ExtendRefusal.NOT_ALLOWED)
    if not voucher.is_own:
        return No(ExtendRefusal.NOT_OURS)
    if voucher.state == "expired" or at > voucher.valid_until:
        return No(ExtendRefusal.OVER)
    if voucher.state not in ("issued", "partly_used"):
        return No(ExtendRefusal.ENDED)
    if voucher.times >= terms.extensions_most:
        return No(ExtendRefusal.ENOUGH, {"most": terms.extensions_most})
    if at < voucher.valid_until - timedelta(days=EXTEND_DAYS):
        return No(ExtendRefusal.TOO_EARLY, {"days": EXTEND_DAYS})
    if extended_until(terms, voucher.valid_until) > buyer_until(terms, voucher.paid_at):
        return No(ExtendRefusal.TOO_LONG, {"years": terms.claim_years})
    return None


def remind_on(valid_on: date, days: int) -> date:
    """The day of the reminder that comes `days` before the last one. V4"""
    return valid_on - timedelta(days=days)


def end_words(terms: Terms) -> tuple[str, dict[str, int]]:
    """What a buyer and a recipient read about the end of validity: a marked sentence and its numbers. V4, C2"""
    if not terms.gives_back:
        if terms.extension_months:
            return _("기간이 끝나면 환불되지 않아요. 끝나기 전에 연장할 수 있어요."), {}
        return _("기간이 끝나면 연장이나 환불이 되지 않아요."), {}
    numbers = {
        "low": terms.low_percent,
        "high": terms.high_percent,
        "above": terms.high_above_won,
        "points": terms.points_percent,
    }
    if terms.low_percent == terms.high_percent:
        return _("기간이 끝나면 낸 금액의 {low}%를 받는 분이 환불받을 수 있어요."), numbers
    return (
        _(
            "기간이 끝나면 낸 금액의 {low}%(권면금액이 {above:,}원을 넘으면 {high}%)를 받는 분이 환불받을 수 있어요."
        ),
        numbers,
    )
