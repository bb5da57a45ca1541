"""Shops take vouchers: once, by amounts, and undone. V3"""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given as chosen
from hypothesis import settings
from hypothesis import strategies as st

from seonmul.catalog.models import Brand
from seonmul.figures import actions as figures
from seonmul.figures.rules import Figures
from seonmul.kit.refusals import Refused
from seonmul.members.models import Staff
from seonmul.vouchers import actions, queries, rules
from seonmul.vouchers.models import (
    Change,
    Redemption,
    RedemptionState,
    Shop,
    Voucher,
    VoucherState,
    WrongCode,
)
from tests import given
from tests.given import MONDAY
from tests.threads import at_once
from tests.vouchers import codes, shops
from tests.vouchers.shops import TODAY, redeem

pytestmark = pytest.mark.django_db


def refused(call: Any, **more: Any) -> str:
    with pytest.raises(Refused) as raised:
        call(**more)
    return raised.value.no.code


def only() -> Voucher:
    return Voucher.objects.get()


def test_a_goods_voucher_is_taken_whole_and_once() -> None:
    """V3, V2: who, where and when are written down."""
    product, (code,) = shops.goods()
    shop = shops.shop(product)
    row = redeem(shop, f" {code[:4]}-{code[4:8]} {code[8:]}", "1")
    assert (row.state, row.rest_won, only().state) == ("done", 0, "used")
    change = Change.objects.get(after="used")
    assert (change.by, change.where, change.changed_at) == (f"shop:{shop.public_id}", "강남점", MONDAY)
    assert refused(lambda: redeem(shop, code, "2")) == "voucher_used"
    assert refused(lambda: redeem(shop, code, "3", amount_won=100)) == "voucher_used"
    assert Redemption.objects.count() == 1


def test_an_amount_is_taken_in_parts_until_nothing_is_left() -> None:
    """V3"""
    product, (code,) = shops.money(10_000)
    shop = shops.shop(product)
    assert refused(lambda: redeem(shop, code, "0")) == "amount_missing"
    assert redeem(shop, code, "1", amount_won=4_000).rest_won == 6_000
    assert only().state == "partly_used"
    assert refused(lambda: redeem(shop, code, "2", amount_won=6_001)) == "amount_too_much"
    assert redeem(shop, code, "2", amount_won=6_000).rest_won == 0
    assert only().state == "used"


def test_an_amount_means_nothing_for_goods() -> None:
    """V3"""
    product, (code,) = shops.goods()
    assert refused(lambda: redeem(shops.shop(product), code, "1", amount_won=100)) == "amount_not_for_goods"


def test_a_number_repeated_gets_its_first_answer_and_with_another_body_none() -> None:
    """V3"""
    product, (code, other) = shops.money(count=2)
    shop = shops.shop(product)
    first = redeem(shop, code, "1", amount_won=1_000)
    assert redeem(shop, code, "1", amount_won=1_000).id == first.id
    assert refused(lambda: redeem(shop, code, "1", amount_won=1_001)) == "number_taken"
    assert refused(lambda: redeem(shop, other, "1", amount_won=1_000)) == "number_taken"
    assert redeem(shop, code, "1", amount_won=1_000, terminal="POS-2").rest_won == 8_000
    assert redeem(shops.shop(product, "서초점"), code, "1", amount_won=1_000).rest_won == 7_000


def test_what_was_not_answered_is_reversed_before_or_after_it_arrives() -> None:
    """V3"""
    product, (code, late) = shops.goods(2)
    shop = shops.shop(product)
    undo = partial(actions.reverse, shop, terminal="POS-1", day=TODAY, at=MONDAY)
    redeem(shop, code, "1")
    assert undo(number="1").state == undo(number="1").state == "reversed"
    assert refused(lambda: redeem(shop, code, "1")) == "number_reversed"
    assert undo(number="2").state == "reversed"
    assert refused(lambda: redeem(shop, late, "2")) == "number_reversed"
    assert set(Voucher.objects.values_list("state", flat=True)) == {"issued"}
    assert redeem(shop, code, "3").state == "done"


def test_a_redemption_is_cancelled_by_its_approval_number() -> None:
    """V3"""
    product, (code,) = shops.money(10_000)
    shop, other = shops.shop(product), shops.shop(product, "서초점")
    one, two = redeem(shop, code, "1", amount_won=3_000), redeem(shop, code, "2", amount_won=7_000)
    cancel = actions.cancel_redemption
    assert refused(lambda: cancel(other, one.public_id, at=MONDAY)) == "redemption_unknown"
    assert cancel(shop, one.public_id, at=MONDAY).state == "cancelled"
    assert (only().state, only().rest_won) == ("partly_used", 3_000)
    assert cancel(shop, one.public_id, at=MONDAY).state == "cancelled" and only().rest_won == 3_000
    assert refused(lambda: redeem(shop, code, "1", amount_won=3_000)) == "number_cancelled"
    later = MONDAY + timedelta(days=Figures().redeem_cancel_days, seconds=1)
    assert refused(lambda: cancel(shop, two.public_id, at=later)) == "redemption_late"
    assert cancel(shop, two.public_id, at=MONDAY).state == "cancelled"
    assert (only().state, only().rest_won) == ("issued", 10_000)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "frozen"}, "voucher_frozen"),
        ({"state": "expired"}, "voucher_expired"),
        ({"valid_until": MONDAY - timedelta(seconds=1)}, "voucher_expired"),
        ({"state": "void"}, "voucher_ended"),
        ({"state": "refunded"}, "voucher_ended"),
        ({"wakes_at": MONDAY + timedelta(minutes=5)}, "voucher_asleep"),
    ],
)
def test_what_cannot_be_taken_is_told_why(change: dict[str, Any], code: str) -> None:
    """V3, S6"""
    product, (number,) = shops.goods()
    Voucher.objects.update(**change)
    shop = shops.shop(product)
    assert refused(lambda: redeem(shop, number, "1")) == code
    _, no = actions.inquire(shop, number, place="", at=MONDAY)
    assert no is not None and no.code == code and Redemption.objects.count() == 0


def test_a_shop_takes_its_own_brand_of_our_own_issue_while_it_is_open() -> None:
    """V3, C3"""
    product, (code,) = shops.goods()
    elsewhere = actions.open_shop(Brand.objects.create(name="다른가게").id, "본점", by=shops.STAFF, at=MONDAY)
    assert refused(lambda: redeem(elsewhere, code, "1")) == "voucher_elsewhere"
    shop = shops.shop(product)
    actions.set_shop_open(shop.id, is_open=False, by=shops.STAFF, at=MONDAY)
    shop.refresh_from_db()
    assert refused(lambda: redeem(shop, code, "1")) == "shop_closed"


def test_codes_of_a_pool_are_taken_where_they_came_from() -> None:
    """C3"""
    product = codes.product(1)
    (number,) = shops.codes_of(
        actions.supply(
            product,
            "pool",
            1,
            kept_for=shops.STAFF,
            subject=shops.STAFF,
            rest_won=0,
            valid_until=shops.UNTIL,
            at=MONDAY,
        )
    )
    assert refused(lambda: redeem(shops.shop(product), number, "1")) == "voucher_elsewhere"


def test_numbers_and_days_have_a_form() -> None:
    """V3"""
    product, (code,) = shops.goods()
    shop = shops.shop(product)
    for terminal, number in (
        ("", "1"),
        ("P" * 21, "1"),
        ("P", ""),
        ("P", "1" * 41),
        ("P", "1 2"),
        ("단말", "1"),
    ):
        assert refused(lambda t=terminal, n=number: redeem(shop, code, n, terminal=t)) == "number_form"
    assert refused(lambda: redeem(shop, code, "1", at=MONDAY + timedelta(days=2))) == "number_day"


def test_guessing_is_stopped_and_staff_are_told_once() -> None:
    """V3: for the shop, and for the address it comes from."""
    product, (code,) = shops.goods()
    shop = shops.shop(product)
    Staff.objects.create(member=given.operator(), role="catalogue")
    figures.change("wrong_codes_of_shop", 3, by="test", at=MONDAY)
    figures.change("wrong_codes_from_place", 4, by="test", at=MONDAY)
    for _ in range(3):
        assert refused(lambda: redeem(shop, "1234 5678 9012 3456", "1")) == "voucher_unknown"
    assert refused(lambda: redeem(shop, code, "1")) == "voucher_tries" and only().state == "issued"
    assert given.worked(only="notices") == 2
    other = shops.shop(product, "서초점")
    assert refused(lambda: redeem(other, "1", "1")) == "voucher_unknown"
    assert refused(lambda: redeem(other, code, "1")) == "voucher_tries"
    assert redeem(other, code, "1", at=MONDAY + timedelta(minutes=11)).state == "done"
    actions.forget_wrong_codes(at=MONDAY + timedelta(days=2))
    assert WrongCode.objects.count() == 0


def test_keys_open_a_shop_until_they_are_revoked() -> None:
    """V3"""
    product, _ = shops.goods()
    shop = shops.shop(product)
    assert (
        refused(lambda: actions.make_shop_key(shop.id, " ", by=shops.STAFF, at=MONDAY)) == "shop_key_no_label"
    )
    secret = actions.make_shop_key(shop.id, "1번 계산대", by=shops.STAFF, at=MONDAY)
    (key,) = queries.keys_of(shop.id)
    assert key.tail == secret[-4:] and secret.encode() not in bytes(key.secret_index)
    assert queries.shop_by_key(secret) == shop and queries.shop_by_key(secret + "x") is None
    actions.revoke_shop_key(shop.id, key.public_id, by=shops.STAFF, at=MONDAY)
    assert queries.shop_by_key(secret) is None


def test_shops_have_names_of_their_own() -> None:
    """V3"""
    product, _ = shops.goods()
    shops.shop(product)
    assert refused(lambda: shops.shop(product)) == "shop_same_name"
    assert refused(lambda: shops.shop(product, " ")) == "shop_no_name"


def test_what_was_refunded_since_takes_nothing_back() -> None:
    """V3, P5"""
    product, (code,) = shops.money()
    shop = shops.shop(product)
    row = redeem(shop, code, "1", amount_won=9_000)
    Voucher.objects.update(state=VoucherState.REFUNDED, rest_won=0)
    assert (
        refused(lambda: actions.cancel_redemption(shop, row.public_id, at=MONDAY))
        == "redemption_voucher_ended"
    )
    assert Redemption.objects.get().state == "done"


def test_a_code_that_another_has_replaced_says_so() -> None:
    """S5, V3"""
    product, (code,) = shops.goods()
    actions.replace(only().id, by="staff", where="number_change", at=MONDAY)
    assert refused(lambda: redeem(shops.shop(product), code, "1")) == "voucher_replaced"


@pytest.mark.django_db(transaction=True)
def test_two_tills_with_one_code_at_the_same_moment_one_wins() -> None:
    """V3"""
    product, (code,) = shops.goods()
    tills = [shops.shop(product, f"{n}호점") for n in range(6)]
    outcomes = at_once([partial(redeem, shop, code, "1") for shop in tills])
    assert sum(isinstance(one, Redemption) for one in outcomes) == 1
    assert {one.no.code for one in outcomes if isinstance(one, Refused)} == {"voucher_used"}
    assert Redemption.objects.count() == 1 and Change.objects.filter(after="used").count() == 1


@pytest.mark.django_db(transaction=True)
def test_six_tills_take_parts_of_one_voucher_at_once() -> None:
    """V3: whoever finds it moved looks again, and takes of what is left."""
    product, (code,) = shops.money(10_000)
    shop = shops.shop(product)
    outcomes = at_once([partial(redeem, shop, code, str(number), amount_won=1_000) for number in range(6)])
    assert sorted(one.rest_won for one in outcomes) == [4_000, 5_000, 6_000, 7_000, 8_000, 9_000]
    assert only().rest_won == 4_000 and only().state == "partly_used"


@pytest.mark.django_db(transaction=True)
def test_what_else_changes_meanwhile_is_kept() -> None:
    """V3, V4: a till waits for whoever extends the voucher, and takes it as it is then."""
    product, (code,) = shops.goods()
    shop, until = shops.shop(product), MONDAY + timedelta(days=400)
    taken: list[Any] = []
    till = threading.Thread(target=lambda: (taken.append(redeem(shop, code, "1")), connection.close()))
    with transaction.atomic():
        Voucher.objects.update(valid_until=until)
        till.start()
        till.join(1)
        assert till.is_alive() and not taken
    till.join(30)
    assert taken[0].state == "done" and (only().state, only().valid_until) == ("used", until)


@pytest.mark.django_db(transaction=True)
def test_a_redeem_sent_six_times_at_once_takes_once() -> None:
    """V3"""
    product, (code,) = shops.money(10_000)
    shop = shops.shop(product)
    outcomes = at_once([partial(redeem, shop, code, "1", amount_won=4_000)] * 6)
    assert len({one.id for one in outcomes}) == 1 and only().rest_won == 6_000


@pytest.mark.django_db(transaction=True)
def test_a_redeem_and_its_reverse_meet_and_nothing_is_taken() -> None:
    """V3: whichever comes first."""
    product, found = shops.goods(5)
    shop = shops.shop(product)
    for number, code in enumerate(found):
        undo = partial(actions.reverse, shop, terminal="POS-1", day=TODAY, number=str(number), at=MONDAY)
        taken, undone = at_once([partial(redeem, shop, code, str(number)), undo])
        assert isinstance(taken, Redemption) or taken.no.code == "number_reversed"
        assert undone.state == "reversed"
    assert set(Voucher.objects.values_list("state", flat=True)) == {"issued"}


_STEPS = st.lists(
    st.tuples(st.sampled_from(["redeem", "cancel", "reverse"]), st.integers(0, 5), st.integers(1, 4_000)),
    max_size=14,
)


@settings(max_examples=25, deadline=None)
@chosen(steps=_STEPS)
def test_whatever_shops_do_the_rest_is_what_was_not_taken(steps: list[tuple[str, int, int]]) -> None:
    """V3: rest + what stands of redemptions = face, after every step."""
    Redemption.objects.all().delete()
    product, (code,) = shops.money(10_000)
    (voucher_id,) = Voucher.objects.filter(product=product).values_list("id", flat=True)
    shop: Shop = shops.shop(product, product.code)
    for verb, number, won in steps:
        try:
            if verb == "redeem":
                redeem(shop, code, str(number), amount_won=won)
            elif verb == "reverse":
                actions.reverse(shop, terminal="POS-1", day=TODAY, number=str(number), at=MONDAY)
            else:
                row = Redemption.objects.filter(shop=shop, number=str(number)).first()
                actions.cancel_redemption(shop, row.public_id if row else "x", at=MONDAY)
        except Refused:
            pass
        voucher = Voucher.objects.get(id=voucher_id)
        standing = Redemption.objects.filter(voucher=voucher, state=RedemptionState.DONE)
        taken = sum(standing.values_list("amount_won", flat=True))
        assert voucher.rest_won + taken == 10_000
        assert voucher.state == ("issued" if not taken else "used" if taken == 10_000 else "partly_used")


def test_every_refusal_of_shops_is_named_here() -> None:
    """House rule: a refusal nobody can reach is none."""
    named = open(__file__, encoding="utf-8").read()
    for kind in (
        rules.RedeemRefusal, rules.NumberRefusal, rules.ReturnRefusal, rules.GuessRefusal, rules.ShopRefusal,
    ):  # fmt: skip
        assert [one.code for one in kind if f'"{one.code}"' not in named] == []
