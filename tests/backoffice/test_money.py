"""Money at the console: what waits for finance, refunds, days held against the provider, thresholds. P2, P5, P8, P9, B"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit.models import Act
from seonmul.kit import clock, crypto, sheets
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.ledger.queries import balances
from seonmul.members import actions as members
from seonmul.members.models import Buyer
from seonmul.orders import actions as orders
from seonmul.payments import actions, queries
from seonmul.payments.models import (
    Difference,
    Payment,
    PaymentRefund,
    Payout,
    Reconciliation,
    RefundWhy,
)
from seonmul.payments.ports import Account, Bank, Method, Told
from seonmul.payments.ports import Payment as ToldPayment
from seonmul.payments.rules import PayoutRefusal, ReconcileRefusal, RefundRefusal
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import Voucher
from tests import given
from tests.backoffice.conftest import asked, at_console, found, staff_member
from tests.given import Company

pytestmark = pytest.mark.django_db
REFUNDS, DAYS, PREPAID = (reverse(f"backoffice:{name}") for name in ("refunds", "reconciliations", "prepaid"))
NUMBER = "12345678900001"


def url(name: str, kind: str, public_id: str) -> str:
    return reverse(f"backoffice:{name}", args=[kind, public_id])


def decide(client: Client, kind: str, public_id: str, verdict: str, **more: object) -> int:
    typed = {"verdict": verdict, "reason": "", **more}
    return client.post(url("decide", kind, public_id), typed).status_code


def paid(who: Company, won: int = 100_000, came: int = 0, kind: str = "account") -> Payment:
    at = clock.now()
    row = Payment.objects.create(
        kind=kind, buyer=who.buyer, member=who.owner, won=won, asked_at=at, ends_at=at + timedelta(days=14),
        state="asked" if kind == "card" else "waiting", bank="" if kind == "card" else "shinhan",
        subject="S" if kind == "card" else "",
    )  # fmt: skip
    told = ToldPayment(
        row.reference, Told.PAID, won=won, paid_won=came or won, method=Method.CARD,
        subject=queries.facts(row).subject, at=at,
    )  # fmt: skip
    actions.note(row.id, told, at=at)
    row.refresh_from_db()
    return row


def failed_refund(who: Company, *, is_failed: bool = True) -> PaymentRefund:
    refund = actions.give_back(
        paid(who).id, 40_000, why=RefundWhy.ORDER, source=Kind.CASH, cause="test",
        to=Account(Bank.KOOKMIN, NUMBER, "한지원"), at=clock.now(),
    )  # fmt: skip
    if is_failed:
        PaymentRefund.objects.filter(id=refund.id).update(
            state="failed", vendor_code="PAYMENT_NOT_PAID", next_try_at=None
        )
    return refund


def payout(who: Company, won: int = 40_000, told: str = "주식회사 시험") -> Payout:
    at, ring = clock.now(), crypto.ring()
    row = Payout(
        buyer=who.buyer, member=who.owner, won=won, bank="kookmin", state="checked", asked_at=at,
        number_sealed=ring.seal(Payout.NUMBER, NUMBER), told_sealed=ring.seal(Payout.TOLD, told) if told else b"",
    )  # fmt: skip
    row.hold_id = ledger.hold(who.buyer.id, [(Kind.CASH, won)], cause=f"payout:{row.id}", at=at).id
    row.save(force_insert=True)
    return row


def difference() -> Difference:
    day = clock.seoul_date(clock.now()) - timedelta(days=1)
    Reconciliation.objects.get_or_create(
        day=day,
        defaults={"theirs": 3, "theirs_won": 300_000, "matched": 2, "differences": 1, "done_at": clock.now()},
    )
    return Difference.objects.create(
        day=day, reference="STRANGE1", kind="missing_here", ours="", theirs="paid:70000:0", ours_won=0,
        theirs_won=70_000, found_at=clock.now(),
    )  # fmt: skip


def now(row: Payment | PaymentRefund | Payout | Difference) -> str:
    row.refresh_from_db()
    return str(row.state)


def test_a_parked_deposit_is_credited(console: Callable[[str], Client]) -> None:
    """P2: finance decides on another sum than was asked."""
    who = given.company(cash_won=0, at=clock.now())
    row, client = paid(who, came=90_000), console("finance")
    page = client.get(url("matter", "parked", row.public_id)).content.decode()
    assert "10,000원 덜 들어왔습니다" in page and "90,000원" in page and "캐쉬로 적립하기" in page
    assert decide(client, "parked", row.public_id, "approve") == 302
    assert now(row) == "paid" and balances(who.buyer.id).cash_won == 90_000
    assert "처리가 끝난 일" in client.get(url("matter", "parked", row.public_id)).content.decode()


def test_a_parked_deposit_goes_to_the_account_that_was_typed(console: Callable[[str], Client]) -> None:
    """P2: returned; what was typed stays when it is not enough."""
    who = given.company(cash_won=0, at=clock.now())
    row, client = paid(who, came=90_000), console("super")
    answer = client.post(
        url("decide", "parked", row.public_id),
        {"verdict": "refuse", "bank": "kookmin", "number": "", "holder": "한지원"},
    )
    assert answer.status_code == 422 and RefundRefusal.NO_ACCOUNT.sentence in answer.content.decode()
    assert 'value="한지원"' in answer.content.decode()
    assert (
        decide(client, "parked", row.public_id, "refuse", bank="kookmin", number=NUMBER, holder="한지원")
        == 302
    )
    refund = PaymentRefund.objects.get()
    account = queries.account_of(refund)
    assert account and (account.number, account.holder) == (NUMBER, "한지원")
    assert queries.waiting_parked() == []


def test_a_failed_refund_is_tried_again_or_paid_by_hand(console: Callable[[str], Client]) -> None:
    """P5, P9: with a note, for good."""
    refund, client = failed_refund(given.company(at=clock.now())), console("finance")
    page = client.get(url("matter", "refund", refund.public_id)).content.decode()
    assert "PAYMENT_NOT_PAID" in page and NUMBER not in page and "123-****-0001" in page
    assert decide(client, "refund", refund.public_id, "approve") == 302 and now(refund) == "open"
    PaymentRefund.objects.filter(id=refund.id).update(state="failed")
    assert decide(client, "refund", refund.public_id, "refuse") == 422
    assert decide(client, "refund", refund.public_id, "refuse", reason="이체함") == 302
    assert now(refund) == "by_hand" and refund.note == "이체함"


def test_a_payout_is_approved_and_its_rest_is_confirmed(console: Callable[[str], Client]) -> None:
    """P5: what no charge gives back is transferred by hand, with a note."""
    who, client = given.company(at=clock.now()), console("finance")
    row = payout(who)
    page = client.get(url("matter", "payout", row.public_id)).content.decode()
    assert "예금주 일치" in page and "40,000원은 충전 취소로 돌려줄 수 없어" in page
    assert decide(client, "payout", row.public_id, "approve") == 302 and now(row) == "approved"
    hand = client.get(url("matter", "payout_hand", row.public_id)).content.decode()
    assert "직접 송금할 금액" in hand and 'aria-keyshortcuts="A"' not in hand
    assert decide(client, "payout_hand", row.public_id, "refuse") == 422
    assert decide(client, "payout_hand", row.public_id, "refuse", reason="이체함") == 302
    assert now(row) == "done" and queries.faults() == []


def test_of_a_stopped_company_finance_is_warned(console: Callable[[str], Client]) -> None:
    """M8, P5: before an approval, which is refused, and before a transfer by hand."""
    who, client = given.company(at=clock.now()), console("finance")
    row, warning = payout(who), "이 회원의 모든 결제가 멈춰 있습니다."
    assert warning not in client.get(url("matter", "payout", row.public_id)).content.decode()
    members.freeze(who.owner, at=clock.now())
    assert warning in client.get(url("matter", "payout", row.public_id)).content.decode()
    answer = client.post(url("decide", "payout", row.public_id), {"verdict": "approve"})
    assert answer.status_code == 422 and PayoutRefusal.FROZEN.sentence in answer.content.decode()
    members.release_spending(who.buyer.id, "cleared", by=given.operator(), at=clock.now())
    assert decide(client, "payout", row.public_id, "approve") == 302
    members.freeze(who.owner, at=clock.now())
    assert warning in client.get(url("matter", "payout_hand", row.public_id)).content.decode()


def test_an_unknown_holder_takes_a_box_and_a_no_takes_a_reason(console: Callable[[str], Client]) -> None:
    who, client = given.company(at=clock.now()), console("finance")
    row = payout(who, told="")
    answer = client.post(url("decide", "payout", row.public_id), {"verdict": "approve"})
    assert PayoutRefusal.HOLDER_UNSEEN.sentence in answer.content.decode()
    assert decide(client, "payout", row.public_id, "refuse") == 422
    assert decide(client, "payout", row.public_id, "refuse", reason="본인 계좌로 신청해 주세요.") == 302
    assert now(row) == "refused" and row.reason


def test_a_difference_is_asked_about_and_accepted(console: Callable[[str], Client]) -> None:
    """P9: nothing is settled by hand without a trace."""
    row, client = difference(), console("finance")
    page = client.get(url("matter", "difference", row.public_id)).content.decode()
    assert "결제됨, 70,000원, 취소 0원" in page and "우리 장부에 없음" in page
    assert decide(client, "difference", row.public_id, "approve") == 302
    assert ProcrastinateJob.objects.filter(task_name="payments.look_again").exists() and now(row) == "open"
    assert decide(client, "difference", row.public_id, "refuse") == 422
    assert decide(client, "difference", row.public_id, "refuse", reason="다른 상점") == 302
    assert now(row) == "accepted" and row.note == "다른 상점"


def left_cash(won: int = 4_500) -> Buyer:
    """A closed account to which cash has come back."""
    who = given.person()
    orders.close_account(who, is_proved=True, gives_up_reward=False, at=clock.now())
    buyer = Buyer.objects.get(memberships__member=who)
    ledger.charge(buyer.id, won, cause="a voucher that arrived nowhere", at=clock.now())
    return buyer


def test_cash_of_a_closed_account_is_transferred_and_noted(console: Callable[[str], Client]) -> None:
    """M9: it waits in the queue until finance says how much was transferred, and how."""
    row, client = left_cash(), console("finance")
    assert row.public_id in client.get(reverse("backoffice:queue")).content.decode()
    page = client.get(url("matter", "left_cash", row.public_id)).content.decode()
    assert "4,500원" in page and "탈퇴한 회원" in page and "송금한 금액" in page
    for won in ("많이", "4,501"):
        assert decide(client, "left_cash", row.public_id, "refuse", reason="이체", won=won) == 422
    assert decide(client, "left_cash", row.public_id, "refuse", reason="이체", won="4,500") == 302
    assert balances(row.id).cash_won == 0
    assert "처리가 끝난 일" in client.get(url("matter", "left_cash", row.public_id)).content.decode()
    assert row.public_id not in client.get(reverse("backoffice:queue")).content.decode()


def test_only_finance_and_super_decide_on_money(console: Callable[[str], Client]) -> None:
    who = given.company(at=clock.now())
    rows = {
        "parked": paid(who, came=90_000), "refund": failed_refund(who), "payout": payout(who), "difference": difference(),
    }  # fmt: skip
    for role in ("support", "approver"):
        client = console(role)
        for kind, row in rows.items():
            assert client.get(url("matter", kind, row.public_id)).status_code == 200
            assert decide(client, kind, row.public_id, "approve") == 403
        assert client.get(REFUNDS).status_code == client.get(PREPAID).status_code == 403
        assert (
            client.get(
                reverse("backoffice:account_whole", args=["payout", rows["payout"].public_id])
            ).status_code
            == 403
        )
        assert client.post(reverse("backoffice:reconcile"), {"day": "2026-11-01"}).status_code == 403


def test_a_whole_account_is_shown_and_the_look_is_logged() -> None:
    """B: an audit log of everything that staff looked at unmasked."""
    boss = staff_member("finance")
    client, who = at_console(boss), given.company(at=clock.now())
    for kind, row in (("payout", payout(who)), ("refund", failed_refund(who))):
        page = client.get(reverse("backoffice:account_whole", args=[kind, row.public_id])).content.decode()
        assert NUMBER in page
        act = Act.objects.get(verb="account_seen", subject=str(row.id))
        assert (act.by, act.facts) == (str(boss.id), {"kind": kind}) and NUMBER not in str(act.facts)
    assert client.get(reverse("backoffice:account_whole", args=["payout", "nobody"])).status_code == 404


def test_refunds_that_the_provider_does_not_finish_are_seen(console: Callable[[str], Client]) -> None:
    """P5: SENT or OPEN for more than a business day."""
    who, client = given.company(at=clock.now()), console("finance")
    refund = failed_refund(who, is_failed=False)
    PaymentRefund.objects.filter(id=refund.id).update(state="sent", asked_at=clock.now() - timedelta(days=10))
    page = client.get(REFUNDS).content.decode()
    assert "끝내지 않은 환불이 1건" in page and refund.public_id in page
    for only, is_there in (("late", True), ("open", True), ("failed", False), ("done", False), ("", True)):
        assert (refund.public_id in client.get(REFUNDS, {"only": only}).content.decode()) is is_there
    assert refund.public_id in found(client, REFUNDS, refund.payment.reference).content.decode()
    assert refund.public_id not in found(client, REFUNDS, "없는 회사").content.decode()


def test_days_show_their_numbers_and_a_day_is_held_again(console: Callable[[str], Client]) -> None:
    """P9: matched, missing, different, day by day; staff do a day again."""
    row, client = difference(), console("finance")
    page = client.get(DAYS).content.decode()
    assert "300,000원" in page and clock.korean_date(row.day) in page
    day = client.get(reverse("backoffice:reconciliation", args=[row.day.isoformat()])).content.decode()
    assert "STRANGE1" in day and "결제됨, 70,000원" in day
    again = reverse("backoffice:reconcile")
    assert client.post(again, {"day": row.day.isoformat()}).status_code == 302
    assert ProcrastinateJob.objects.get(task_name="payments.reconcile").args == {
        "day_id": row.day.isoformat()
    }
    late = client.post(again, {"day": clock.seoul_date(clock.now()).isoformat()})
    assert late.status_code == 422 and ReconcileRefusal.NOT_OVER.sentence in late.content.decode()
    assert client.post(again, {"day": "x"}).status_code == 422
    for nothing in ("2020-01-01", "yesterday"):
        assert client.get(reverse("backoffice:reconciliation", args=[nothing])).status_code == 404


def issue(face_won: int, count: int = 1, **fields: object) -> list[Voucher]:
    made = given.product(price_won=face_won, at=clock.now())
    at = clock.now()
    ids = vouchers.issue(made.id, count, rest_won=0, valid_until=at + timedelta(days=30), at=at)
    if fields:
        Voucher.objects.filter(id__in=ids).update(**fields)
    return list(Voucher.objects.filter(id__in=ids))


def test_outstanding_money_and_the_years_issue_stand_against_the_thresholds(
    console: Callable[[str], Client],
) -> None:
    """P8: 3,000,000,000 won outstanding, 50,000,000,000 won of issue in a year."""
    who = given.company(cash_won=1_000_000, at=clock.now())
    ledger.hold(who.buyer.id, [(Kind.CASH, 200_000)], cause="h", at=clock.now())
    issue(60_000, 3)
    issue(60_000, 1, state="used")
    issue(60_000, 1, state="void")
    page = console("finance").get(PREPAID).content.decode()
    assert "1,180,000원" in page  # 800,000 cash, 200,000 held, 180,000 of vouchers that are still good
    assert "3,000,000,000원" in page and "50,000,000,000원" in page
    assert "240,000원" in page  # issued this year, without the one that was voided


def test_stamp_duty_goes_by_face_value_on_the_page_and_in_the_sheet(console: Callable[[str], Client]) -> None:
    """P8: above 50,000 won 400, above 100,000 won 800; not for replaced codes and cancels within seven days."""
    for face, count in ((50_000, 5), (50_001, 2), (100_000, 1), (100_001, 1)):
        issue(face, count)
    issue(100_001, 1, state="void")
    client, today = console("finance"), clock.seoul_date(clock.now())
    early, late = issue(70_000)[0], issue(70_000)[0]
    vouchers.refund([early.id], by="test", where="test", at=clock.now())
    # the other one later, not issued earlier: in the first week of January that was last year's
    vouchers.refund([late.id], by="test", where="test", at=clock.now() + timedelta(days=8))
    asked_for = {"year": str(today.year), "month": "0"}
    page = client.get(PREPAID, asked_for).content.decode()
    assert "2,400원" in page  # (2 + 1 + 1) x 400 + 800
    sheet = client.get(reverse("backoffice:stamp_duty"), asked_for)
    rows = list(zip(*sheets.read(sheet.content, "stamp.xlsx").columns, strict=True))
    assert len(rows) == 6 and sum(int(cells[6]) for cells in rows[1:]) == 2_400
    assert [int(cell) for cell in rows[3][:5]] == [70_000, 2, 0, 1, 1]
    empty = client.get(PREPAID, {"year": "2025", "month": "1"}).content.decode()
    assert "발행한 쿠폰이 없어요" in empty
    assert client.get(PREPAID, {"year": "x", "month": "99"}).status_code == 200


def test_pages_ask_a_fixed_number_of_questions(console: Callable[[str], Client]) -> None:
    client, who = console("super"), given.company(at=clock.now())
    failed_refund(who)
    counts = [asked(client, address) for address in (REFUNDS, DAYS, PREPAID)]
    for _ in range(3):
        actions.give_back(
            paid(who).id, 1_000, why=RefundWhy.ORDER, source=Kind.CASH, cause=f"more{_}", at=clock.now()
        )
    assert [asked(client, address) for address in (REFUNDS, DAYS, PREPAID)] == counts
    assert max(counts) < 25
