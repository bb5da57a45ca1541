"""Tables of orders."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from seonmul.catalog.models import List, Supplier
from seonmul.dispatch.models import Channel
from seonmul.kit import ids, states
from seonmul.orders.models.approvals import (
    Approval,
    ApprovalState,
    ApprovalStep,
)
from seonmul.orders.models.budgets import BudgetMonth
from seonmul.orders.models.checking import Look, LookOutcome, Warned
from seonmul.orders.models.drafts import Draft, DraftItem, DraftRow, OrderKind, Purpose, no_places
from seonmul.orders.models.limits import LimitMonth, LimitRaise
from seonmul.orders.models.reviews import ReviewLink
from seonmul.orders.models.staff import StaffRow
from seonmul.orders.models.trials import Trial

__all__ = [
    "CHECKOUT_MOVES",
    "ORDER_MOVES",
    "OVER",
    "Approval",
    "ApprovalState",
    "ApprovalStep",
    "BudgetMonth",
    "Checkout",
    "CheckoutState",
    "Draft",
    "DraftItem",
    "DraftRow",
    "LimitMonth",
    "LimitRaise",
    "Line",
    "Look",
    "LookOutcome",
    "Order",
    "OrderKind",
    "OrderState",
    "Purpose",
    "Recipient",
    "ReviewLink",
    "StaffRow",
    "Trial",
    "Warned",
]


class OrderState(models.TextChoices):
    WAITING = "waiting", _("승인 대기")
    PAID = "paid", _("결제완료")
    SENDING = "sending", _("발송중")
    FINISHED = "finished", _("발송완료")
    REFUSED = "refused", _("반려")
    CANCELLED = "cancelled", _("취소완료")


ORDER_MOVES = {
    OrderState.WAITING: {OrderState.PAID, OrderState.REFUSED, OrderState.CANCELLED},
    OrderState.PAID: {OrderState.SENDING, OrderState.CANCELLED},
    OrderState.SENDING: {OrderState.FINISHED},
}
#: Nothing more happens to such an order by itself.
OVER = (OrderState.FINISHED, OrderState.REFUSED, OrderState.CANCELLED)


class Order(models.Model):
    """An order that was paid. `draft_id` makes the same form sent twice one order. O6

    `reward_won`, `card_won`: with what it was paid, the rest is cash. `grant_id` None: by card alone. `payment_id`: the
    card payment. `earned_won`: reward that it brought; `unearned_won`: what of it was taken back with refunds. P4
    `limit_won`: face value of its gift certificates, counted in the limit of `limit_month`; `limit_back_won`: what of
    it was given back. O7 `department`: of whoever ordered, on that day. `budget_month`: in which the order counts for its
    member and department, None where nothing is counted; `budget_back_won`: what of its sum was given back. M7

    `kind`, `places`, `spreads`, `falls_back`: as in its draft. O1, O3, S1, S7

    `ad`: what stands around its text as it was when it was paid (name, contact, opt_out); None when it is no
    advertising. O3

    `wakes_at`: from when its vouchers can be used, None for at once. `halted_at`: when its sending was stopped; what had
    not gone by then never goes. `why`: the code of the reason for which it was cancelled. S6, O10
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    draft_id = models.UUIDField(unique=True)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=10, choices=List)
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.PAID)
    kind = models.CharField(max_length=5, choices=OrderKind, default=OrderKind.TEXT)
    channel = models.CharField(max_length=5, choices=Channel)
    sender = models.CharField(max_length=12, blank=True)
    title_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    places = ArrayField(models.CharField(max_length=20), default=no_places)
    purpose = models.CharField(max_length=10, choices=Purpose)
    people = models.PositiveIntegerField()
    copies = models.PositiveIntegerField()
    amount_won = models.BigIntegerField()
    reward_won = models.BigIntegerField(default=0)
    card_won = models.BigIntegerField(default=0)
    earned_won = models.BigIntegerField(default=0)
    unearned_won = models.BigIntegerField(default=0)
    hold_id = models.UUIDField()
    grant_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    department = models.ForeignKey(
        "members.Department", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    limit_month = models.DateField(null=True)
    limit_won = models.BigIntegerField(default=0)
    limit_back_won = models.BigIntegerField(default=0)
    budget_month = models.DateField(null=True)
    budget_back_won = models.BigIntegerField(default=0)
    paid_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    ad = models.JSONField(null=True)
    falls_back = models.BooleanField(default=False)
    asleep_minutes = models.PositiveSmallIntegerField(default=0)
    takes_substitute = models.BooleanField(default=False)
    spreads = models.BooleanField(default=False)
    wakes_at = models.DateTimeField(null=True)
    halted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["buyer", "-paid_at", "-id"]),
            models.Index(fields=["buyer", "state", "-paid_at", "-id"], name="orders_by_state"),
            models.Index(
                fields=["paid_at"],
                condition=~Q(state__in=["finished", "refused", "cancelled"]),
                name="orders_under_way",
            ),
            models.Index(
                fields=["buyer", "limit_month"], condition=Q(limit_won__gt=0), name="orders_by_limit"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="mail", channel="mail") | (~Q(kind="mail") & ~Q(channel="mail")),
                name="an_order_goes_as_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    reward_won__gte=0, card_won__gte=0, amount_won__gte=F("reward_won") + F("card_won")
                ),
                name="an_order_is_paid_with_its_sum",
            ),
            models.CheckConstraint(
                condition=Q(card_won=0) | Q(payment_id__isnull=False), name="a_card_share_has_its_payment"
            ),
            models.CheckConstraint(
                condition=Q(earned_won__gte=0, unearned_won__gte=0, unearned_won__lte=F("earned_won")),
                name="no_more_is_taken_back_than_was_earned",
            ),
            models.CheckConstraint(
                condition=Q(limit_won=0) | Q(limit_month__isnull=False), name="a_limit_share_has_its_month"
            ),
            models.CheckConstraint(
                condition=Q(limit_back_won__gte=0, limit_back_won__lte=F("limit_won")),
                name="no_more_limit_goes_back_than_an_order_took",
            ),
            models.CheckConstraint(
                condition=Q(budget_back_won__gte=0, budget_back_won__lte=F("amount_won")),
                name="no_more_budget_goes_back_than_an_order_took",
            ),
        ]
        triggers = [states.guard(ORDER_MOVES, name="order_moves")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def cash_won(self) -> int:
        return self.amount_won - self.reward_won - self.card_won


class CheckoutState(models.TextChoices):
    OPEN = "open", _("카드 결제 중")
    PLACED = "placed", _("주문 완료")
    ENDED = "ended", _("주문하지 않음")


CHECKOUT_MOVES = {CheckoutState.OPEN: {CheckoutState.PLACED, CheckoutState.ENDED}}


class Checkout(models.Model):
    """A draft whose card window is open: reward and cash are held meanwhile, and what was agreed is written down. O6

    `saved_at`: the draft as it was; a draft that was changed since is not placed. `why`: the code of the refusal when
    no order came of it. `grant_id` None: by card alone. `limit_won`: held of the limit of `limit_month`. O7
    `budget_month`: in which its whole sum is held for its member and `department`; None where nothing is counted. M7
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    draft_id = models.UUIDField()
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CheckoutState, default=CheckoutState.OPEN)
    reward_won = models.BigIntegerField()
    cash_won = models.BigIntegerField()
    card_won = models.BigIntegerField()
    left_out = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    hold_id = models.UUIDField(null=True)
    grant_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(unique=True)
    limit_month = models.DateField(null=True)
    limit_won = models.BigIntegerField(default=0)
    department = models.ForeignKey(
        "members.Department", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    budget_month = models.DateField(null=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft_id"], condition=Q(state="open"), name="one_open_checkout_for_a_draft"
            ),
            models.CheckConstraint(
                condition=Q(reward_won__gte=0, cash_won__gte=0, card_won__gt=0),
                name="a_checkout_needs_a_card",
            ),
        ]
        indexes = [models.Index(fields=["draft_id", "-opened_at"])]
        triggers = [states.guard(CHECKOUT_MOVES, name="checkout_moves")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.state}"

    @property
    def total_won(self) -> int:
        return self.reward_won + self.cash_won + self.card_won


class Line(models.Model):
    """One product of an order for a list of recipients, at the price of the day. Validity as agreed. M3

    `face_value_won`: what one of its vouchers is worth by its print; `supplier`: where its vouchers come from; both as
    they were when it was paid. `policy`: the terms of the end of validity on the day of purchase, V4. `cancel_days`: as the offer had
    it, O10. `unissued_copies`: those that an external issuer refused and whose price was given back.
    O7, C3
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(default=1)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    unit_price_won = models.PositiveIntegerField()
    face_value_won = models.PositiveIntegerField(default=0)
    validity_days = models.PositiveSmallIntegerField()
    cancel_days = models.PositiveSmallIntegerField(default=0)
    is_gift_certificate = models.BooleanField(default=False)
    supplier = models.CharField(max_length=10, choices=Supplier, default=Supplier.OWN)
    policy = models.ForeignKey(
        "vouchers.Policy", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    people = models.PositiveIntegerField()
    copies = models.PositiveIntegerField()
    refunded_copies = models.PositiveIntegerField(default=0)
    unissued_copies = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(copies__gte=F("refunded_copies") + F("unissued_copies")),
                name="no_more_copies_go_back_than_there_are",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.product_id}"


class Recipient(models.Model):
    """Who gets how many copies of a line: by number, or in an order by mail by address. O1

    `chunk`: recipients that are issued together. `copies_before`: copies of the same row in the lines before, so that
    a copy's number is told apart in the whole order.
    """

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="recipients", db_index=False)
    position = models.PositiveIntegerField()
    chunk = models.PositiveIntegerField()
    cells_sealed = models.BinaryField()
    phone_index = models.BinaryField(null=True)
    mail_index = models.BinaryField(null=True)
    copies = models.PositiveSmallIntegerField()
    copies_before = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "position"], name="recipients_in_order"),
            models.CheckConstraint(
                condition=Q(phone_index__isnull=False) | Q(mail_index__isnull=False),
                name="a_recipient_has_an_address",
            ),
        ]
        indexes = [
            models.Index(fields=["line", "chunk"], name="recipients_by_chunk"),
            models.Index(fields=["phone_index"], name="recipients_by_phone"),
            models.Index(
                fields=["mail_index"], condition=Q(mail_index__isnull=False), name="recipients_by_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.position}"
