"""S5: another code in the place of one, and exactly one that is left of each chain."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from hypothesis import given as chosen
from hypothesis import strategies as st

from seonmul.catalog.models import Product
from seonmul.kit.refusals import Refused
from seonmul.vouchers import actions, queries, rules
from seonmul.vouchers.models import Change, PoolCode, Redemption, Replacement, Voucher, VoucherState
from seonmul.vouchers.rules import RedeemRefusal, Replaceable, ReplaceRefusal
from tests.given import MONDAY
from tests.threads import at_once
from tests.vouchers import codes, shops
from tests.vouchers.shops import UNTIL, redeem

pytestmark = pytest.mark.django_db
FINE = Replaceable("issued", UNTIL, "own")
replace = partial(actions.replace, by="staff", where="number_change", at=MONDAY)


def refused(call: Any, *args: Any, **more: Any) -> Any:
    with pytest.raises(Refused) as raised:
        call(*args, **more)
    return raised.value.no.why


def chains() -> list[str]:
    """What does not add up about codes and those that replaced them."""
    return [what for what, *_ in queries.faults()]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (FINE, None),
        (Replaceable("used", UNTIL, "own"), ReplaceRefusal.USED),
        (Replaceable("partly_used", UNTIL, "own"), ReplaceRefusal.PARTLY_USED),
        (Replaceable("expired", UNTIL, "own"), ReplaceRefusal.EXPIRED),
        (Replaceable("issued", MONDAY - timedelta(seconds=1), "own"), ReplaceRefusal.EXPIRED),
        (Replaceable("refunded", UNTIL, "own"), ReplaceRefusal.ENDED),
        (Replaceable("void", UNTIL, "own"), ReplaceRefusal.ENDED),
        (Replaceable("frozen", UNTIL, "own"), ReplaceRefusal.STOPPED),
        (Replaceable("ordered", UNTIL, "external"), ReplaceRefusal.UNDER_WAY),
        (Replaceable("issued", UNTIL, "external", is_settled=False), ReplaceRefusal.UNDER_WAY),
        (Replaceable("issued", UNTIL, "external"), None),
        (Replaceable("issued", UNTIL, "pool"), ReplaceRefusal.NOT_VOIDABLE),
        (Replaceable("issued", UNTIL, "pool", is_voidable=True), None),
    ],
)
def test_why_not_replace(facts: Replaceable, why: ReplaceRefusal | None) -> None:
    """S5: only what nobody has used any of; of a pool only where its issuer ends single codes."""
    no = rules.why_not_replace(facts, at=MONDAY)
    assert (no.why if no else None) is why and (no is None or no.say())


@chosen(st.sampled_from(VoucherState.values), st.sampled_from(["own", "pool", "external"]))
def test_nothing_but_an_unused_code_is_ever_replaced(state: str, source: str) -> None:
    """S5"""
    no = rules.why_not_replace(Replaceable(state, UNTIL, source, is_voidable=True), at=MONDAY)
    assert (no is None) == (state == "issued")


def test_the_old_code_is_dead_and_the_new_one_worth_the_same() -> None:
    """S5, V2: what is left, until when and who did it."""
    product, (code,) = shops.money(10_000)
    old = Voucher.objects.get()
    Voucher.objects.update(wakes_at=MONDAY + timedelta(minutes=30))
    made = replace(old.id)
    new = Voucher.objects.get(id=made.new_id)
    old.refresh_from_db()
    assert (old.state, new.state, new.rest_won, new.valid_until) == (
        "void",
        "issued",
        10_000,
        old.valid_until,
    )
    assert new.wakes_at == old.wakes_at and queries.code_of(new) != code
    assert Change.objects.get(voucher=old).by == "staff"
    shop = shops.shop(product)
    assert refused(redeem, shop, code, "1", amount_won=1) is RedeemRefusal.REPLACED
    later = MONDAY + timedelta(hours=1)
    assert redeem(shop, queries.code_of(new), "2", amount_won=4_000, at=later).rest_won == 6_000
    assert (
        refused(replace, new.id) is ReplaceRefusal.PARTLY_USED
        and refused(replace, old.id) is ReplaceRefusal.ENDED
    )
    assert chains() == []


def test_a_till_says_why_before_it_takes_anything() -> None:
    """S5, V3"""
    product, (code,) = shops.goods()
    replace(Voucher.objects.get().id)
    voucher, no = actions.inquire(shops.shop(product), code, place="10.0.0.1", at=MONDAY)
    assert voucher.state == "void" and no is not None and no.code == "voucher_replaced"


def test_a_chain_goes_on_and_its_last_code_is_the_one_that_is_left() -> None:
    """S5"""
    shops.goods()
    last = Voucher.objects.get().id
    for _ in range(3):
        last = replace(last).new_id
    assert Voucher.objects.filter(state="void").count() == 3
    assert Voucher.objects.get(state="issued").id == last and chains() == []


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ("UPDATE vouchers_voucher SET state = 'issued' WHERE id = %(old)s",
         "a chain of codes has not exactly one that is left"),
        ("UPDATE vouchers_voucher SET state = 'not_issued' WHERE id = %(new)s",
         "a chain of codes has not exactly one that is left"),
        ("UPDATE vouchers_replacement SET state = 'kept' WHERE old_id = %(old)s", ""),
        ("UPDATE vouchers_voucher SET state = 'frozen' WHERE id = %(old)s",
         "a replaced code does not stand as its replacement does"),
    ],
)  # fmt: skip
def test_a_broken_chain_is_found(broken: str, what: str) -> None:
    """S5: `prove` would not say that all is well."""
    shops.goods()
    made = replace(Voucher.objects.get().id)
    assert chains() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("vouchers_voucher", "vouchers_replacement"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(broken, {"old": made.old_id, "new": made.new_id})
    assert what in chains() or not what


def pool(count: int = 2, *, is_voidable: bool = True) -> tuple[Product, Voucher]:
    """A voucher of a pool with so many codes."""
    product = codes.product(count)
    actions.set_pool(
        product.id, scheme="none", low_below=None, is_voidable=is_voidable, by=codes.STAFF, at=MONDAY
    )
    actions.supply(
        product, "pool", 1, kept_for=codes.STAFF, subject=codes.STAFF, rest_won=0, valid_until=UNTIL, at=MONDAY
    )  # fmt: skip
    return product, Voucher.objects.get(product=product)


def test_a_pool_gives_its_next_code_where_its_issuer_ends_the_old_one() -> None:
    """S5, C3: and staff say that it has."""
    product, old = pool()
    assert refused(replace, old.id) is ReplaceRefusal.NOT_VOIDED
    made = replace(old.id, is_voided_there=True)
    assert Voucher.objects.get(id=made.new_id).state == "issued"
    assert PoolCode.objects.filter(pool_id=product.id, state="assigned").count() == 2
    assert refused(replace, made.new_id, is_voided_there=True) is ReplaceRefusal.NO_CODE
    assert Voucher.objects.get(id=made.new_id).state == "issued" and chains() == []


def test_a_pool_whose_issuer_ends_no_code_keeps_it() -> None:
    """S5: refused with the reason."""
    _, old = pool(is_voidable=False)
    assert refused(replace, old.id, is_voided_there=True) is ReplaceRefusal.NOT_VOIDABLE
    assert PoolCode.objects.filter(state="free").count() == 1 and not Replacement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_till_and_a_change_of_number_meet_and_one_wins() -> None:
    """S5, V3: never a voucher that was used and replaced."""
    product, found = shops.goods(6)
    shop = shops.shop(product)
    for number, code in enumerate(found):
        voucher = queries.by_code(code)
        assert voucher is not None
        taken, made = at_once([partial(redeem, shop, code, str(number)), partial(replace, voucher.id)])
        voucher.refresh_from_db()
        if isinstance(taken, Redemption):
            assert made.no.why is ReplaceRefusal.USED and voucher.state == "used"
        else:
            assert taken.no.why is RedeemRefusal.REPLACED and isinstance(made, Replacement)
            assert voucher.state == "void"
    assert chains() == []


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_one_code_at_once_make_one() -> None:
    """S5"""
    shops.goods()
    old = Voucher.objects.get()
    outcomes = at_once([partial(replace, old.id)] * 3)
    assert sum(isinstance(one, Replacement) for one in outcomes) == 1
    assert Voucher.objects.filter(state="issued").count() == 1 and chains() == []
