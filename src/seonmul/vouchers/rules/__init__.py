"""What a code looks like and how long it holds. V1, V4.

A code has 15 random digits (10^15 possibilities) and one check digit by Damm's table, which finds every wrong digit
and every swap of neighbours: the two mistakes people make when they type.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import numpy as np

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _
from seonmul.vouchers.ports import Coupon, Told
from seonmul.vouchers.rules._ending import (
    EXTEND_DAYS,
    TERMS,
    Extendable,
    ExtendRefusal,
    PolicyRefusal,
    Preset,
    Terms,
    balance_won,
    buyer_until,
    default_of,
    default_preset,
    end_words,
    ended_won,
    extended_until,
    recipient_until,
    share_won,
    why_not_extend,
    why_not_set_policy,
)
from seonmul.vouchers.rules._redeeming import (
    GuessRefusal,
    NumberRefusal,
    Redeemable,
    RedeemRefusal,
    ReturnRefusal,
    ShopRefusal,
    after_redeem,
    state_after_return,
    why_not_cancel,
    why_not_label,
    why_not_number,
    why_not_open,
    why_not_redeem,
    why_not_repeat,
    why_not_return,
    why_not_try,
    why_not_use,
)
from seonmul.vouchers.rules._replacing import (
    Replaceable,
    ReplaceRefusal,
    why_not_replace,
    why_not_void,
)

__all__ = [
    "CODE_DIGITS",
    "EXTEND_DAYS",
    "GOODS_CODE_MOST",
    "GOODS_MINUTES",
    "HELD_SECONDS",
    "HINDERED_MINUTES",
    "LEVEL_MOST",
    "RANDOM_DIGITS",
    "SETTLED",
    "TERMS",
    "WATCH_USED_DAYS",
    "ExtendRefusal",
    "Extendable",
    "GoodsRefusal",
    "GuessRefusal",
    "NumberRefusal",
    "PolicyRefusal",
    "PoolRefusal",
    "Preset",
    "RedeemRefusal",
    "Redeemable",
    "ReplaceRefusal",
    "Replaceable",
    "ReturnRefusal",
    "ShopRefusal",
    "StockRefusal",
    "Terms",
    "after_redeem",
    "ask_again_at",
    "balance_won",
    "buyer_until",
    "codes_from",
    "damm",
    "default_of",
    "default_preset",
    "end_words",
    "ended_won",
    "extended_until",
    "grouped",
    "is_at_odds",
    "is_code",
    "is_watched",
    "recipient_until",
    "share_won",
    "stamp_won",
    "state_after_return",
    "state_there",
    "try_again_at",
    "valid_until",
    "why_not_cancel",
    "why_not_extend",
    "why_not_fill",
    "why_not_label",
    "why_not_number",
    "why_not_open",
    "why_not_redeem",
    "why_not_repeat",
    "why_not_replace",
    "why_not_return",
    "why_not_set_goods",
    "why_not_set_policy",
    "why_not_set_pool",
    "why_not_try",
    "why_not_use",
    "why_not_void",
]


RANDOM_DIGITS = 15  # fixed, V1
CODE_DIGITS = RANDOM_DIGITS + 1

_DAMM = np.array(
    [
        [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
        [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
        [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
        [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
        [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
        [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
        [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
        [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
        [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
        [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
    ],
    dtype=np.uint8,
)


def codes_from(random: bytes) -> list[str]:
    """Turn bytes of a cryptographic source into codes, 8 bytes each; those that would be biased are left out.

    So it may return fewer than len(random) / 8.
    """
    numbers = np.frombuffer(random, dtype=np.uint64)
    space = np.uint64(10**RANDOM_DIGITS)
    fair = numbers < (np.uint64(2**64 - 1) // space) * space
    numbers = numbers[fair] % space
    digits = np.empty((len(numbers), CODE_DIGITS), dtype=np.uint8)
    for place in reversed(range(RANDOM_DIGITS)):
        digits[:, place] = numbers % np.uint64(10)
        numbers = numbers // np.uint64(10)
    check = np.zeros(len(digits), dtype=np.uint8)
    for place in range(RANDOM_DIGITS):
        check = _DAMM[check, digits[:, place]]
    digits[:, RANDOM_DIGITS] = check
    text = (digits + ord("0")).tobytes().decode("ascii")
    return [text[start : start + CODE_DIGITS] for start in range(0, len(text), CODE_DIGITS)]


def is_code(text: str) -> bool:
    """Say whether `text` has the form of a code: 16 digits whose check digit fits."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit() and damm(text) == 0


def damm(digits: str) -> int:
    """What Damm's table makes of digits; 0 when the last one is right."""
    check = 0
    for digit in digits:
        check = int(_DAMM[check, int(digit)])
    return check


def grouped(code: str) -> str:
    """A code as people read it: four by four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def valid_until(dispatched_at: datetime, days: int) -> datetime:
    """Day of dispatch + n days, 23:59:59 in Seoul. V4"""
    return clock.end_of_day(clock.seoul_date(dispatched_at) + timedelta(days=days))


class StockRefusal(Refusal):
    SHORT = (
        "stock_short",
        _(
            "남은 수량이 {left:,}개라 {wanted:,}개를 보낼 수 없습니다. 결제하지 않았습니다. "
            "받는 분을 줄이거나 다른 상품을 골라 주세요."
        ),
    )


def why_not_fill(wanted: int, left: int | None) -> No | None:
    """Say why an order cannot be filled, before it is charged. `left` None: as many as one likes. C3"""
    if left is None or wanted <= left:
        return None
    return No(StockRefusal.SHORT, {"left": left, "wanted": wanted})


class PoolRefusal(Refusal):
    NOT_A_POOL = (
        "pool_not_a_pool",
        _("코드 풀 상품이 아닙니다. 상품의 공급처를 코드 풀로 바꾼 뒤 올려 주세요."),
    )
    NO_SCHEME = "pool_no_scheme", _("검증 숫자 방식을 골라 주세요. 바꾸지 않았습니다.")
    LEVEL = "pool_level", _("알림 기준은 0부터 {most:,}까지 정할 수 있습니다. 바꾸지 않았습니다.")


LEVEL_MOST = 1_000_000


def why_not_set_pool(low_below: int | None, *, is_scheme: bool) -> No | None:
    """Say why a pool may not be kept like this. `low_below` None: the figure. C3"""
    if not is_scheme:
        return No(PoolRefusal.NO_SCHEME)
    if low_below is not None and not 0 <= low_below <= LEVEL_MOST:
        return No(PoolRefusal.LEVEL, {"most": LEVEL_MOST})
    return None


class GoodsRefusal(Refusal):
    NO_CODE = (
        "goods_no_code",
        _("발행사의 상품 코드를 적어 주세요. 영문과 숫자 {most}자까지 적을 수 있습니다."),
    )


GOODS_CODE_MOST = 40
#: How long a claimed row is held: a portion's calls fit in, each as long as the wire waits at most.
HELD_SECONDS = 240
#: How long nothing is asked of an issuer whose balance is short or who does not take our key.
HINDERED_MINUTES = 5
#: How often the issuer is asked whether it has a product.
GOODS_MINUTES = 10
_LAST_TRY_MINUTES = 30


def why_not_set_goods(code: str) -> No | None:
    """Say why this is no code of an issuer's product. C3"""
    is_good = code.isascii() and code.isalnum() and len(code) <= GOODS_CODE_MOST
    return None if is_good else No(GoodsRefusal.NO_CODE, {"most": GOODS_CODE_MOST})


def try_again_at(tries: int, at: datetime) -> datetime:
    """When to ask an issuer again that did not answer: soon, then less and less often. C3"""
    return at + min(timedelta(seconds=5 * 2 ** min(tries, 12)), timedelta(minutes=_LAST_TRY_MINUTES))


def ask_again_at(at: datetime, *, figures: Figures) -> datetime:
    """When to ask how a coupon that can be used stands: the issuer does not report by itself. C3"""
    return at + timedelta(hours=figures.external_ask_hours)


#: How long a code that was used there is still asked about: its issuer's shop may take the exchange back. C3, V3
WATCH_USED_DAYS = 7


def state_there(coupon: Coupon, *, face_won: int, is_used: bool = False, print_won: int = 0) -> str:
    """The state of V2 that a coupon's own word means, "" for none. `face_won`: what it was last worth, 0 for goods.

    `is_used`: it counts as used here, so that one that lives there was given back; `print_won`: its worth by print, 0 for goods.
    Cancelled there without our asking: nobody can use it any more, and staff decide on its price.
    """
    if coupon.state is Told.LIVE and is_used:
        rest_won = coupon.rest_won or 0
        if print_won and not rest_won:
            return ""  # a word that says nothing of what came back
        return "partly_used" if rest_won < print_won else "issued"
    if coupon.state is Told.LIVE and face_won and coupon.rest_won is not None and coupon.rest_won < face_won:
        return "partly_used"
    return {Told.USED: "used", Told.EXPIRED: "expired", Told.CANCELLED: "void"}.get(coupon.state, "")


#: Its price goes back, or has: no word of the issuer moves such a voucher any more.
SETTLED = frozenset({"frozen", "expired", "refunded", "void"})
_OVER = frozenset({"expired", "void"})


def is_at_odds(state: str, told: str, *, moves: Collection[str]) -> bool:
    """Whether the issuer says of a voucher what our books cannot follow, so that staff should look. C3, V2

    `told`: by `state_there`; `moves`: where the voucher may go. What is settled here and over there, agrees.
    """
    if not told or told == state or (state in SETTLED and told in _OVER):
        return False
    return state in SETTLED or told not in moves


def is_watched(used_at: datetime, at: datetime) -> bool:
    """Whether a code that was used there may still come back. C3"""
    return at < used_at + timedelta(days=WATCH_USED_DAYS)


def stamp_won(face_won: int, *, figures: Figures) -> int:
    """Stamp duty of one voucher of own issue, by its face value: none up to the first bound. P8"""
    if face_won > figures.stamp_high_above_won:
        return figures.stamp_high_won
    return figures.stamp_low_won if face_won > figures.stamp_low_above_won else 0
