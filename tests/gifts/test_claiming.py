"""V4: money at the end of a voucher, asked for by whom it is due, decided, booked; and reminders before it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given as chosen
from hypothesis import strategies as st

from seonmul.cli import prove
from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.models import Attempt, Message
from seonmul.dispatch.ports import Result
from seonmul.figures.rules import Figures
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import Claim, Gift, Reminder
from seonmul.gifts.queries import Typed
from seonmul.gifts.rules import Claimable, ClaimFacts, ClaimRefusal
from seonmul.kit import clock, crypto, euckr
from seonmul.kit.refusals import No, Refused
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Entry
from seonmul.members import rules as member_rules
from seonmul.members.models import Proof
from seonmul.orders.models import Line, Order
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import Voucher
from seonmul.vouchers.rules import TERMS, Preset
from tests import given
from tests.gifts.test_cancelling import sent
from tests.given import MONDAY, Company
from tests.sandbox.outside import Outside
from tests.threads import at_once
from tests.vouchers import shops

DAY = timedelta(days=1)
T25 = TERMS[Preset.TERMS_2025]
ENDED = ClaimFacts("expired", MONDAY, MONDAY - 93 * DAY, 4_500, 4_500, None, False, False)
PARTLY = ClaimFacts("partly_used", MONDAY + DAY, MONDAY, 30_000, 30_000, 12_000, False, False)


def with_(facts: ClaimFacts, **more: Any) -> ClaimFacts:
    from dataclasses import replace

    return replace(facts, **more)


@pytest.mark.parametrize(
    ("facts", "terms", "days", "expected"),
    [
        (ENDED, T25, 1, Claimable(False, 4_050, 4_500)),
        (with_(ENDED, state="issued"), T25, 1, Claimable(False, 4_050, 4_500)),
        (with_(ENDED, state="issued"), T25, -1, ClaimRefusal.NOT_OVER),
        (ENDED, TERMS[Preset.NONE], 1, ClaimRefusal.NOT_GIVEN),
        (with_(ENDED, state="used"), T25, 1, ClaimRefusal.NOTHING),
        (with_(ENDED, state="refunded"), T25, 1, ClaimRefusal.NOTHING),
        (with_(ENDED, has_open=True), T25, 1, ClaimRefusal.CLAIMED),
        (ENDED, T25, 180, Claimable(False, 4_050, 4_500)),
        (ENDED, T25, 181, ClaimRefusal.LATE),
        (with_(ENDED, is_buyer=True), T25, 180, ClaimRefusal.TOO_EARLY),
        (with_(ENDED, is_buyer=True), T25, 181, Claimable(False, 4_050, 4_500)),
        (with_(ENDED, is_buyer=True), T25, 5 * 366, ClaimRefusal.OVER),
        (PARTLY, T25, 0, Claimable(True, 12_000, 0)),
        (with_(PARTLY, rest_won=12_001), T25, 0, ClaimRefusal.NOT_ENOUGH_USED),
        (PARTLY, TERMS[Preset.NONE], 0, ClaimRefusal.NOT_GIVEN),
        (with_(PARTLY, state="issued", rest_won=30_000), T25, 0, ClaimRefusal.NOT_OVER),
    ],
)
def test_what_may_be_claimed(facts: ClaimFacts, terms: Any, days: int, expected: Any) -> None:
    """V4: the recipient within 180 days, then the buyer, up to five years after the purchase."""
    found = rules.claimable(facts, terms, at=MONDAY + days * DAY)
    assert (found.why if isinstance(found, No) else found) == expected
    assert not isinstance(found, No) or found.say()


@chosen(
    st.sampled_from(["issued", "partly_used", "expired", "used", "refunded", "frozen", "void", "ordered"]),
    st.booleans(), st.integers(-100, 3_000), st.sampled_from(list(Preset)), st.integers(1, 200_000),
)  # fmt: skip
def test_never_both_at_once_and_never_more_than_was_paid(
    state: str, is_amount: bool, days: int, preset: Preset, price: int
) -> None:
    """V4"""
    rest = price // 3 if is_amount else None
    facts = ClaimFacts(state, MONDAY, MONDAY - 93 * DAY, price, price, rest, False, False)
    ways = [
        rules.claimable(with_(facts, is_buyer=is_buyer), TERMS[preset], at=MONDAY + days * DAY)
        for is_buyer in (False, True)
    ]
    given_ = [one for one in ways if isinstance(one, Claimable) and not one.is_balance]
    assert len(given_) <= 1
    assert all(max(one.money_won, one.points_won) <= price for one in given_)


def wrong() -> list[str]:
    found = [fault["what"] for fault in prove.prove()[0]]
    return [what for what in found if "carrier" not in what and "does not answer" not in what]


def ended(firm: Company, copies: int = 1, *, product: Any = None, partly: int = 0) -> list[Gift]:
    """Copies bought from the general list, delivered, past their end."""
    order = given.placed(firm, given.numbers(copies), product)
    policy = vouchers.stamp(order.lines.get().product_id, "general", at=MONDAY)
    Order.objects.filter(id=order.id).update(list="general")
    Line.objects.filter(order=order).update(policy=policy)
    from seonmul.gifts.models import Chunk

    actions.start(order.id, at=MONDAY)
    for chunk in Chunk.objects.filter(order=order):
        actions.issue_chunk(chunk.id, at=MONDAY)
    Gift.objects.filter(order=order).update(result=Result.DELIVERED, result_at=MONDAY)
    if partly:
        Voucher.objects.update(state="partly_used", rest_won=partly)
    return list(Gift.objects.filter(order=order).order_by("position"))


OVER = MONDAY + 94 * DAY
ACCOUNT = Typed("110123450001", "김민서", date(1990, 1, 1))


def claimed(
    gift: Gift, way: str = "bank", at: Any = OVER, typed: Typed | None = ACCOUNT, **more: Any
) -> Claim:
    proof_id = actions.ask_claim_code(gift.id, client="203.0.113.9", at=at)
    digits = crypto.ring().open(Proof.CODE, Proof.objects.get(id=proof_id).code_sealed)
    return actions.claim(
        gift.id, way, proof_id=proof_id, digits=more.pop("digits", digits), bank="kookmin" if typed else "",
        typed=typed, at=at, **more,
    )  # fmt: skip


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


@pytest.mark.django_db
def test_the_day_of_purchase_is_stamped_on_the_line() -> None:
    """V4: by an order's own placing, for its list."""
    firm = given.company()
    order = given.placed(firm, given.numbers(1))
    line = order.lines.select_related("policy").get()
    assert line.policy is not None and (line.policy.list, line.policy.preset) == ("corporate", "none")


@pytest.mark.django_db
def test_a_recipient_is_paid_to_the_bank_after_the_phone_the_holder_and_finance(carrier: Outside) -> None:
    """V4: 90 % of the price; out of what was earned, once."""
    from seonmul.sandbox.portone.people import PEOPLE

    person = next(iter(PEOPLE.values()))
    typed = Typed("110123450001", person.name, date.fromisoformat(person.born_on))
    firm = given.company()
    (gift,) = ended(firm)
    row, finance = claimed(gift, typed=typed), given.operator()
    assert (row.state, row.won) == ("asked", 4_050) and b"110123450001" not in bytes(row.account_sealed)
    assert Voucher.objects.get().state == "expired"
    actions.check_claim(row.id, at=OVER)
    row.refresh_from_db()
    assert row.state == "checked" and wrong() == []
    actions.approve_claim(row.id, by=finance, at=OVER)
    row.refresh_from_db()
    assert row.state == "approved" and Voucher.objects.get().state == "refunded" and wrong() == []
    confirm = partial(actions.confirm_claim, row.id, by=finance, at=OVER)
    assert refusal_of(lambda: confirm(note=" ")) is ClaimRefusal.NO_NOTE
    confirm(note="이체했습니다.")
    assert refusal_of(lambda: confirm(note="또")) is ClaimRefusal.DECIDED
    booked = Entry.objects.filter(transfer__cause=f"claim:{row.id}").values_list(
        "account__kind", "amount_won"
    )
    assert dict(booked) == {"sales": -4_050, "bank": 4_050}
    assert queries.closing(gift.order).adds_up and wrong() == []


@pytest.mark.django_db
def test_a_holder_of_another_name_gets_nothing_and_may_ask_again(carrier: Outside) -> None:
    """V4"""
    (gift,) = ended(given.company())
    row = claimed(gift, typed=Typed("110123450009", "김민서", date(1990, 1, 1)))
    actions.check_claim(row.id, at=OVER)
    row.refresh_from_db()
    assert row.state == "mismatch" and wrong() == []
    assert claimed(gift, at=OVER + DAY).state == "asked"


@pytest.mark.django_db
def test_who_the_bank_cannot_tell_is_seen_by_finance(carrier: Outside) -> None:
    """V4"""
    (gift,) = ended(given.company())
    row, finance = claimed(gift, typed=Typed("110123450404", "김민서", date(1990, 1, 1))), given.operator()
    for hours in range(6):  # the bank does not answer: in the end finance looks itself
        actions.check_claim(row.id, at=OVER + timedelta(hours=hours))
    approve = partial(actions.approve_claim, row.id, by=finance, at=OVER)
    assert refusal_of(approve) is ClaimRefusal.HOLDER_UNSEEN
    approve(is_holder_seen=True)
    assert refusal_of(lambda: approve(is_holder_seen=True)) is ClaimRefusal.DECIDED


@pytest.mark.django_db
def test_a_member_takes_all_of_it_as_points() -> None:
    """V4: 100 %, to whoever is a member with that number."""
    (gift,) = ended(given.company())
    assert refusal_of(lambda: claimed(gift, "points", typed=None)) is ClaimRefusal.NO_MEMBER
    phone = queries.cells_of(gift).phone
    member = given.person(phone=phone)
    row = claimed(gift, "points", at=OVER + timedelta(minutes=20), typed=None)
    assert (row.state, row.won) == ("checked", 4_500)
    actions.approve_claim(row.id, by=given.operator(), at=OVER + DAY)
    from seonmul.members import queries as members

    buyer = members.buyer_of(member)
    assert buyer is not None and ledger.balances(buyer.id).reward_won == 4_500 and wrong() == []


@pytest.mark.django_db
def test_a_wrong_code_pays_nobody() -> None:
    """V4: and is counted."""
    (gift,) = ended(given.company())
    why = refusal_of(lambda: claimed(gift, digits="000000x"))
    assert why is member_rules.ProofRefusal.WRONG and not Claim.objects.exists()
    assert Proof.objects.get().tries == 1 and Voucher.objects.get().state == "issued"
    other = ended(given.company(), 2)[1]
    proof_id = actions.ask_claim_code(gift.id, client="", at=OVER)
    digits = crypto.ring().open(Proof.CODE, Proof.objects.get(id=proof_id).code_sealed)
    does = lambda: actions.claim(  # noqa: E731
        other.id, "bank", proof_id=proof_id, digits=digits, bank="kookmin", typed=ACCOUNT, at=OVER
    )
    assert refusal_of(does) is ClaimRefusal.NOT_THEIRS, "another copy's number"


@pytest.mark.django_db
def test_what_is_typed_of_an_account_is_looked_at() -> None:
    """V4"""
    from seonmul.payments.rules import RefundRefusal

    (gift,) = ended(given.company())
    assert refusal_of(lambda: claimed(gift, typed=None)) is ClaimRefusal.NO_HOLDER
    short = Typed("12", "김민서", date(1990, 1, 1))
    assert (
        refusal_of(lambda: claimed(gift, at=OVER + timedelta(minutes=1), typed=short))
        is RefundRefusal.NO_ACCOUNT
    )


@pytest.mark.django_db
def test_the_buyer_has_it_as_cash_when_the_recipient_did_not_ask() -> None:
    """V4: after 180 days; a pay-out takes it to the bank."""
    firm = given.company(cash_won=4_500)
    (gift,) = ended(firm)
    ask = partial(actions.claim_as_buyer, gift.id, by=firm.owner)
    assert refusal_of(lambda: ask("cash", at=OVER)) is ClaimRefusal.TOO_EARLY
    later = MONDAY + 93 * DAY + 181 * DAY
    assert (
        refusal_of(lambda: actions.claim_as_buyer(gift.id, "cash", by=given.company().owner, at=later))
        is ClaimRefusal.NOT_A_BUYER
    )
    assert refusal_of(lambda: ask("bank", at=later)) is ClaimRefusal.NO_BANK
    assert refusal_of(lambda: claimed(gift, at=later)) is ClaimRefusal.LATE
    row = ask("cash", at=later)
    assert refusal_of(lambda: ask("cash", at=later)) is ClaimRefusal.CLAIMED
    actions.approve_claim(row.id, by=given.operator(), at=later)
    assert ledger.balances(firm.buyer.id).cash_won == 4_050
    assert Order.objects.get().buyer_id == firm.buyer.id and wrong() == []


@pytest.mark.django_db
def test_the_rest_is_frozen_while_it_is_asked_for_and_free_again_after_a_no() -> None:
    """V4: 60 % used."""
    product = given.product(price_won=30_000, kind="amount")
    (gift,) = ended(given.company(), product=product, partly=12_000)
    row = claimed(gift, at=MONDAY + DAY)
    assert (row.why, row.won, Voucher.objects.get().state) == ("balance", 12_000, "frozen") and wrong() == []
    Claim.objects.filter(id=row.id).update(state="checked")
    refuse = partial(actions.refuse_claim, row.id, by=given.operator(), at=MONDAY + DAY)
    assert refusal_of(lambda: refuse(reason=" ")) is ClaimRefusal.NO_REASON
    refuse(reason="매장에서 쓴 것을 확인했습니다.")
    assert Voucher.objects.get().state == "partly_used" and wrong() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("rest", "due"), [(4_000, 4_000), (12_000, 12_000), (12_001, None)])
def test_what_a_shop_gives_back_meanwhile_is_paid_too(rest: int, due: int | None) -> None:
    """V4, V3: by what is left as it is approved; when that is more than is given back, staff refuse it and it thaws."""
    product = given.product(price_won=30_000, kind="amount")
    (gift,) = ended(given.company(), product=product, partly=2_000)
    row = claimed(gift, at=MONDAY + DAY)
    Claim.objects.filter(id=row.id).update(state="checked", told_sealed=b"x")
    Voucher.objects.update(rest_won=rest)  # as cancelling a redemption does, frozen or not
    approve = partial(actions.approve_claim, row.id, by=given.operator(), at=MONDAY + DAY)
    if due is None:
        assert refusal_of(approve) is ClaimRefusal.NOT_ENOUGH_USED
        actions.refuse_claim(row.id, reason="다시 쓸 수 있습니다.", by=given.operator(), at=MONDAY + DAY)
        assert Voucher.objects.get().state == "partly_used"
        return
    approve()
    row.refresh_from_db()
    assert (row.state, row.won) == ("approved", due) and wrong() == []


@pytest.mark.django_db
def test_a_shop_that_undoes_after_the_end_gives_the_recipient_the_whole() -> None:
    """V4, V3: through the till itself."""
    from seonmul.vouchers import queries as vouchers_now

    product = given.product(price_won=30_000, kind="amount")
    (gift,) = ended(given.company(), product=product)
    shop = shops.shop(product)
    code = vouchers_now.code_of(Voucher.objects.get())
    at = Voucher.objects.get().valid_until - DAY
    taken = vouchers.redeem(
        shop, code, terminal="POS-1", day=clock.seoul_date(at), number="1", amount_won=20_000, place="", at=at
    )  # fmt: skip
    given.person(phone=queries.cells_of(gift).phone)
    row = claimed(gift, "points", typed=None)
    assert row.won == 10_000
    vouchers.cancel_redemption(shop, taken.public_id, at=OVER)
    actions.approve_claim(row.id, by=given.operator(), at=OVER)
    row.refresh_from_db()
    assert (row.state, row.won) == ("paid", 30_000) and wrong() == []


@pytest.mark.django_db
def test_whoever_bought_without_a_refund_gets_none() -> None:
    """V4: the corporate list."""
    firm = given.company()
    sent(firm, 1, list_="corporate")
    gift = Gift.objects.get()
    assert refusal_of(lambda: claimed(gift)) is ClaimRefusal.NOT_GIVEN
    row = rules.claim_won(Claimable(False, 10, 0), "points")
    assert isinstance(row, No) and row.why is ClaimRefusal.NO_POINTS


@pytest.mark.django_db(transaction=True)
def test_a_till_and_a_claim_of_the_rest_meet_and_what_is_paid_was_left() -> None:
    """V4, V3: real threads."""
    firm = given.company()
    product = given.product(price_won=30_000, kind="amount")
    from seonmul.vouchers import queries as vouchers_now
    from seonmul.vouchers.models import Redemption

    for number in range(4):
        (gift,) = ended(firm, product=product)
        Voucher.objects.filter(id=gift.voucher_id).update(state="partly_used", rest_won=12_000)
        shop = shops.shop(product, f"{number}호점")
        code = vouchers_now.code_of(Voucher.objects.get(id=gift.voucher_id))
        proof_id = actions.ask_claim_code(gift.id, client="", at=MONDAY + DAY)
        digits = crypto.ring().open(Proof.CODE, Proof.objects.get(id=proof_id).code_sealed)
        claim = partial(
            actions.claim, gift.id, "bank", proof_id=proof_id, digits=digits, bank="kookmin", typed=ACCOUNT,
            at=MONDAY + DAY,
        )  # fmt: skip
        taken, asked = at_once([partial(shops.redeem, shop, code, str(number), amount_won=2_000), claim])
        won = asked.won if isinstance(asked, Claim) else 0
        used = 2_000 if isinstance(taken, Redemption) else 0
        assert won in (0, 10_000, 12_000) and won + used <= 12_000


def reminded(at: Any) -> list[int]:
    """The days before the end of what is reminded at a moment."""
    before = Reminder.objects.count()
    actions.remind(at=at)
    return list(Reminder.objects.order_by("id").values_list("days", flat=True)[before:])


@pytest.mark.django_db
def test_recipients_are_reminded_30_7_and_1_days_before_once_each_by_day() -> None:
    """V4: only what lay ahead at issue; not at night; stopping when used."""
    ended(given.company())
    last = clock.seoul_date(Voucher.objects.get().valid_until)
    noon = lambda day: clock.end_of_day(day) - timedelta(hours=12)  # noqa: E731
    assert reminded(noon(last - 31 * DAY)) == []
    assert reminded(clock.end_of_day(last - 30 * DAY)) == [], "at night"
    assert reminded(noon(last - 30 * DAY)) == [30] and reminded(noon(last - 30 * DAY)) == []
    assert reminded(noon(last - 20 * DAY)) == []
    assert reminded(noon(last - 6 * DAY)) == [7], "a day late, since nobody worked on the day"
    Voucher.objects.update(state="used")
    assert reminded(noon(last - DAY)) == []
    Voucher.objects.update(state="issued")
    assert reminded(noon(last - DAY)) == [1] and Message.objects.count() == 4
    parcel = dispatch.parcels_of(Attempt.objects.order_by("-opened_at", "-id")[0].batch)[0]
    assert "아직 쓰지 않으셨어요" in parcel.text and "90%" not in parcel.text and "100%" in parcel.text


@pytest.mark.django_db
def test_what_was_issued_too_late_for_a_reminder_gets_only_the_next() -> None:
    """V4"""
    ended(given.company())
    Voucher.objects.update(valid_until=clock.end_of_day(clock.seoul_date(MONDAY) + 7 * DAY))
    assert reminded(MONDAY + timedelta(hours=2)) == []
    assert reminded(MONDAY + 6 * DAY) == [1]


@pytest.mark.django_db
def test_what_did_not_arrive_is_not_reminded_and_what_lasts_longer_is_anew() -> None:
    """V4"""
    ended(given.company(), 2)
    Gift.objects.filter(position=1).update(result=Result.POWER_OFF)
    last = clock.seoul_date(Voucher.objects.first().valid_until)  # type: ignore[union-attr]
    noon = clock.end_of_day(last - DAY) - timedelta(hours=12)
    assert reminded(noon) == [1]
    Voucher.objects.update(valid_until=clock.end_of_day(last + 30 * DAY))
    assert reminded(noon + 30 * DAY) == [1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_each_once() -> None:
    """V4, S3: exactly once, and set-based."""
    ended(given.company(), 40)
    last = clock.seoul_date(Voucher.objects.first().valid_until)  # type: ignore[union-attr]
    noon = clock.end_of_day(last - DAY) - timedelta(hours=12)
    at_once([partial(actions.remind, at=noon)] * 3)
    assert Reminder.objects.count() == 40 and Message.objects.count() == 80


def test_reminders_fit_into_their_messages() -> None:
    """V4, O3: an SMS has 90 bytes with its link."""
    link = "https://gift.example/g/" + "x" * 24
    short = rules.REMINDER_SHORT.format(day="11.30", link=link)
    assert not euckr.cannot_carry(short) and len(short.encode("euc-kr")) <= 90
    whole = rules.REMINDER.format(
        gift="가" * 60, day="2026.11.30(월)", back=rules.REMINDER_BACK.format(percent=90), link=link
    )
    assert not euckr.cannot_carry(whole) and len(whole.encode("euc-kr")) <= 2_000
    assert len(rules.REMINDER_TITLE.format(day="2026.11.30(월)").encode("euc-kr")) <= 40
    assert rules.remind_days(Figures()) == (30, 7, 1)
    assert "연장·환불되지 않아요" in rules.REMINDER_NO_BACK
