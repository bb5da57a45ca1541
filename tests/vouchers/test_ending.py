"""V4: what comes back at the end of validity, by the terms of the day of purchase and by no later ones."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given as chosen
from hypothesis import settings
from hypothesis import strategies as st

from seonmul.catalog.models import List
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.vouchers import actions, queries, rules
from seonmul.vouchers.models import Change, Policy, Voucher
from seonmul.vouchers.rules import TERMS, Extendable, ExtendRefusal, PolicyRefusal, Preset, Terms
from tests import given
from tests.given import MONDAY
from tests.vouchers import coupons, shops

TODAY = clock.seoul_date(MONDAY)
DAY = timedelta(days=1)
WON = st.integers(1, 500_000)
PRESETS = st.sampled_from(list(Preset))


@pytest.mark.parametrize(
    ("preset", "face", "price", "money", "points"),
    [
        (Preset.NONE, 50_000, 50_000, 0, 0),
        (Preset.TERMS_2015, 100_000, 95_000, 85_500, 0),
        (Preset.TERMS_2020, 50_000, 48_000, 43_200, 0),
        (Preset.TERMS_2025, 50_000, 50_000, 45_000, 50_000),
        (Preset.TERMS_2025, 50_001, 50_001, 47_500, 50_001),
        (Preset.TERMS_2025, 100_000, 97_000, 92_150, 97_000),
        (Preset.TERMS_2025, 4_500, 4_499, 4_049, 4_499),
    ],
)
def test_what_the_presets_give(preset: Preset, face: int, price: int, money: int, points: int) -> None:
    """V4: 90 % up to 50,000 won, 95 % above, 100 % as points; on the price paid."""
    terms = TERMS[preset]
    assert rules.ended_won(terms, price_won=price, face_won=face) == money
    assert rules.ended_won(terms, price_won=price, face_won=face, as_points=True) == points


@pytest.mark.parametrize(
    ("face", "rest", "won"),
    [
        (30_000, 12_001, 0), (30_000, 12_000, 12_000), (30_000, 1, 1), (10_000, 2_001, 0), (10_000, 2_000, 2_000),
        (10_001, 4_001, 0), (10_001, 4_000, 4_000), (30_000, 30_000, 0), (30_000, 0, 0),
    ],
)  # fmt: skip
def test_the_rest_comes_back_when_enough_is_used(face: int, rest: int, won: int) -> None:
    """V4: 60 %, or 80 % up to 10,000 won."""
    terms = TERMS[Preset.TERMS_2025]
    assert rules.balance_won(terms, price_won=face, face_won=face, rest_won=rest) == won
    assert rules.balance_won(Terms(), price_won=face, face_won=face, rest_won=rest) == 0


@chosen(PRESETS, WON, WON, st.integers(0, 500_000))
def test_nobody_gets_more_than_was_paid(preset: Preset, price: int, face: int, rest: int) -> None:
    """V4: not for goods, not for a rest, not as points; and points are never fewer than money where there are any."""
    terms = TERMS[preset]
    for left in (None, rest):
        money = rules.ended_won(terms, price_won=price, face_won=face, rest_won=left)
        points = rules.ended_won(terms, price_won=price, face_won=face, rest_won=left, as_points=True)
        assert 0 <= money <= price and 0 <= points <= price and (points >= money or not points)
    assert 0 <= rules.balance_won(terms, price_won=price, face_won=face, rest_won=min(rest, face)) <= price


@chosen(PRESETS, WON, st.integers(0, 500_000), st.integers(0, 500_000))
def test_less_left_is_never_worth_more(preset: Preset, face: int, one: int, other: int) -> None:
    """V4"""
    less, more = sorted((min(one, face), min(other, face)))
    won = [rules.ended_won(TERMS[preset], price_won=face, face_won=face, rest_won=r) for r in (less, more)]
    assert won[0] <= won[1]


@pytest.mark.parametrize(
    ("list_", "day", "preset"),
    [
        ("corporate", date(2026, 11, 26), Preset.NONE),
        ("general", date(2019, 1, 1), Preset.TERMS_2015),
        ("general", date(2025, 9, 15), Preset.TERMS_2020),
        ("general", date(2025, 9, 16), Preset.TERMS_2025),
        ("general", date(2026, 11, 26), Preset.TERMS_2025),
    ],
)
def test_the_standard_terms_of_the_day_hold_where_nothing_is_set(
    list_: str, day: date, preset: Preset
) -> None:
    """V4"""
    assert rules.default_preset(list_, day) == preset


def test_every_terms_is_said_in_words() -> None:
    """V4, C2: before buying, and on the page."""
    said = [words.format(**numbers) for words, numbers in map(rules.end_words, TERMS.values())]
    assert said[0] == "기간이 끝나면 연장이나 환불이 되지 않아요."
    assert "90%" in said[1] and "95%" in said[3] and "50,000원" in said[3]


FINE = Extendable("issued", MONDAY + 5 * DAY, MONDAY - 300 * DAY, 0, True)


@pytest.mark.parametrize(
    ("voucher", "preset", "why"),
    [
        (FINE, Preset.TERMS_2025, None),
        (FINE, Preset.NONE, ExtendRefusal.NOT_ALLOWED),
        (Extendable("issued", FINE.valid_until, FINE.paid_at, 0, False), Preset.TERMS_2025, ExtendRefusal.NOT_OURS),
        (Extendable("expired", FINE.valid_until, FINE.paid_at, 0, True), Preset.TERMS_2025, ExtendRefusal.OVER),
        (Extendable("issued", MONDAY - DAY, FINE.paid_at, 0, True), Preset.TERMS_2025, ExtendRefusal.OVER),
        (Extendable("used", FINE.valid_until, FINE.paid_at, 0, True), Preset.TERMS_2025, ExtendRefusal.ENDED),
        (Extendable("issued", FINE.valid_until, FINE.paid_at, 1, True), Preset.TERMS_2015, ExtendRefusal.ENOUGH),
        (Extendable("issued", MONDAY + 31 * DAY, FINE.paid_at, 0, True), Preset.TERMS_2025, ExtendRefusal.TOO_EARLY),
        (Extendable("issued", FINE.valid_until, MONDAY - 1_780 * DAY, 0, True), Preset.TERMS_2025, ExtendRefusal.TOO_LONG),
    ],
)  # fmt: skip
def test_why_not_extend(voucher: Extendable, preset: Preset, why: ExtendRefusal | None) -> None:
    """V4: where the terms allow it."""
    no = rules.why_not_extend(voucher, TERMS[preset], at=MONDAY)
    assert (no.why if no else None) is why and (no is None or no.say())


@pytest.mark.parametrize(
    ("preset", "from_on", "is_taken", "why"),
    [
        ("terms_2020", TODAY + DAY, False, None),
        ("terms_2020", TODAY, False, PolicyRefusal.PAST),
        ("terms_2020", None, False, PolicyRefusal.PAST),
        ("terms_1999", TODAY + DAY, False, PolicyRefusal.UNKNOWN),
        ("none", TODAY + DAY, True, PolicyRefusal.SAME_DAY),
    ],
)
def test_why_not_set_policy(preset: str, from_on: date | None, is_taken: bool, why: Any) -> None:
    """V4: never for what is bought already."""
    no = rules.why_not_set_policy(preset, from_on, is_taken=is_taken, today=TODAY)
    assert (no.why if no else None) is why


def set_policy(product: Any, preset: str, from_on: date, list_: str = "general") -> Policy:
    return actions.set_policy(product.id if product else None, list_, preset, from_on, by=uuid4(), at=MONDAY)


@pytest.mark.django_db
def test_a_products_own_terms_go_before_those_of_the_list_and_later_before_earlier() -> None:
    """V4"""
    one, other = given.product(), given.product()
    set_policy(None, "none", TODAY + DAY)
    set_policy(one, "terms_2020", TODAY + 2 * DAY)
    set_policy(one, "terms_2015", TODAY + 9 * DAY)
    for days, of_one, of_other in ((0, "terms_2025", "terms_2025"), (1, "none", "none"),
                                   (5, "terms_2020", "none"), (9, "terms_2015", "none")):  # fmt: skip
        found = queries.terms_on([one.id, other.id], "general", TODAY + days * DAY)
        assert found == {one.id: TERMS[Preset(of_one)], other.id: TERMS[Preset(of_other)]}
    assert queries.terms_on([one.id], "corporate", TODAY + 9 * DAY)[one.id] == TERMS[Preset.NONE]
    with pytest.raises(Refused):
        set_policy(one, "none", TODAY + 9 * DAY)


@pytest.mark.django_db
def test_a_row_is_never_changed() -> None:
    """V4: the database refuses it."""
    row = set_policy(None, "none", TODAY + DAY)
    for does in (lambda: Policy.objects.update(low_percent=50), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            does()


@settings(max_examples=20, deadline=None)
@chosen(st.lists(st.tuples(st.sampled_from(["all", "one"]), PRESETS, st.integers(1, 400)), max_size=6))
@pytest.mark.django_db
def test_nobodys_money_changes_by_what_is_set_later(later: list[tuple[str, Preset, int]]) -> None:
    """V4: what was stamped on the day of purchase gives the same won, whatever rows come afterwards."""
    with transaction.atomic():
        product = given.product()
        stamped = {list_: actions.stamp(product.id, list_, at=MONDAY) for list_ in List.values}
        before = {list_: queries.terms_of(row) for list_, row in stamped.items()}
        for which, preset, days in later:
            for list_ in List.values:
                try:
                    set_policy(product if which == "one" else None, preset, TODAY + days * DAY, list_)
                except Refused:
                    continue
        for list_, row in stamped.items():
            row.refresh_from_db()
            assert queries.terms_of(row) == before[list_]
            assert queries.terms_on([product.id], list_, TODAY)[product.id] == before[list_]
            assert actions.stamp(product.id, list_, at=MONDAY + timedelta(hours=3)) == row
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_default_becomes_a_row_once() -> None:
    """V4: so that what was bought keeps it, whatever the program says later."""
    one, other = given.product(), given.product()
    first, second = (actions.stamp(product.id, "general", at=MONDAY) for product in (one, other))
    assert first == second and Policy.objects.count() == 1 and first.made_by == ""
    assert queries.terms_of(first) == TERMS[Preset.TERMS_2025]
    assert set(asdict(TERMS[Preset.NONE])) == set(Terms.__dataclass_fields__)


@pytest.mark.django_db
def test_what_is_past_its_last_moment_ends_by_the_job() -> None:
    """V2, V4: used ones and those that still hold stay; who, when."""
    shops.goods(3)
    one, two, three = Voucher.objects.order_by("id")
    Voucher.objects.exclude(id=three.id).update(valid_until=MONDAY)
    Voucher.objects.filter(id=two.id).update(state="used")
    assert actions.expire(at=MONDAY) == 0, "the last moment still counts"
    assert actions.expire(at=MONDAY + timedelta(seconds=1)) == 1 and actions.expire(at=MONDAY + DAY) == 0
    states = [Voucher.objects.get(id=row.id).state for row in (one, two, three)]
    assert states == ["expired", "used", "issued"]
    assert Change.objects.get(after="expired").by == "platform"


@pytest.mark.django_db
def test_those_of_an_issuer_end_by_its_word() -> None:
    """V4, C3: one that was used on its last day is told of later."""
    from seonmul.vouchers.models import ExternalGoods

    product = given.product(supplier="external")
    ExternalGoods.objects.create(
        product=product, goods_code=coupons.GOODS, is_on_sale=True, next_check_at=MONDAY
    )
    actions.supply(
        product, "external", 1, kept_for=uuid4(), subject=uuid4(), rest_won=0, valid_until=MONDAY, at=MONDAY
    )  # fmt: skip
    assert actions.expire(at=MONDAY + DAY) == 0


@pytest.mark.django_db
def test_a_voucher_lasts_longer_by_months_and_is_written_down() -> None:
    """V4"""
    shops.goods()
    Voucher.objects.update(valid_until=clock.end_of_day(TODAY + 5 * DAY))
    voucher, terms = Voucher.objects.get(), TERMS[Preset.TERMS_2015]
    until = actions.extend(voucher.id, terms, paid_at=MONDAY - 90 * DAY, by="recipient", at=MONDAY)
    voucher.refresh_from_db()
    assert voucher.valid_until == until and clock.seoul_date(until) == date(2027, 2, 28)
    late = clock.end_of_day(date(2027, 2, 20))
    with pytest.raises(Refused) as refused:
        actions.extend(voucher.id, terms, paid_at=MONDAY - 90 * DAY, by="recipient", at=late)
    assert refused.value.no.why is ExtendRefusal.ENOUGH and voucher.extensions.count() == 1


@chosen(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), PRESETS)
def test_an_extension_is_never_shorter(naive: datetime, preset: Preset) -> None:
    """V4"""
    until = clock.end_of_day(naive.date())
    longer = rules.extended_until(TERMS[preset], until)
    assert longer >= until and longer - until <= 93 * DAY
