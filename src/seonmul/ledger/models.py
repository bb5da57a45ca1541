"""Tables of the books.

A member's accounts keep their balance and lock while they move; the platform's own accounts keep none, since one
hot row would line up every worker: their balance is the sum of their entries.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from seonmul.kit import ids, states, triggers


class Kind(models.TextChoices):
    """What an account is for. A buyer has the first four; the others are the platform's own."""

    CASH = "cash", "캐쉬"
    REWARD = "reward", "리워드"
    HELD = "held", "보류"
    CARD = "card", "카드"  # paid by card for an order that is not placed yet, or on its way back
    BANK = "bank", "입금 계좌"
    SALES = "sales", "매출"
    CLEARING = "clearing", "카드 정산"  # what the payment company owes us
    OWED = "owed", "환불 예정"  # what we owe to cards and accounts until the payment company has done it
    SUSPENSE = "suspense", "확인할 입금"
    COST = "cost", "리워드 비용"


class Account(models.Model):
    """One account of one owner; the platform's own accounts have the owner ""."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    owner = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    balance_won = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind"], name="one_account_per_kind"),
            models.CheckConstraint(condition=Q(balance_won__gte=0), name="never_below_zero"),
            models.CheckConstraint(
                condition=Q(owner="", balance_won__isnull=True)
                | (~Q(owner="") & Q(balance_won__isnull=False)),
                name="members_accounts_keep_a_balance",
            ),
        ]
        triggers = [triggers.Protect(name="accounts_stay", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner}"


class Transfer(models.Model):
    """One movement. `cause` names what made it and can post once; `subject` is the row it is about.

    `is_new`: set on what an action has just posted; a repeat gives the row that was there.
    """

    is_new = False

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    cause = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=60, blank=True)
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cause"], name="a_cause_posts_once")]
        triggers = [states.append_only("transfers_stay")]

    def __str__(self) -> str:
        return self.cause


class Entry(models.Model):
    """A transfer's part on one account: plus is money in. `balance_after_won` is kept for members' accounts."""

    # both are led by an index of their own below
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="entries", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    amount_won = models.BigIntegerField()
    balance_after_won = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "account"], name="one_entry_per_account"),
            models.CheckConstraint(condition=~Q(amount_won=0), name="an_entry_moves_something"),
        ]
        indexes = [models.Index(fields=["account", "-id"])]
        triggers = [
            states.append_only("entries_stay"),
            # by statement, since a transfer is one: cheaper than a deferred look at every row, and no less strict
            triggers.Trigger(
                name="entries_sum_to_zero",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="posted"),  # type: ignore[no-untyped-call]
                func="""
                    IF EXISTS (SELECT FROM posted GROUP BY transfer_id HAVING sum(amount_won) <> 0) THEN
                        RAISE EXCEPTION 'the entries of a transfer do not sum to zero'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_won} on {self.account_id}"


class Hold(models.Model):
    """Money set aside for one purpose: captured as it is earned, the rest released.

    `refunded_won`: what of the captured money was given back later. `is_new`: as of a transfer.
    """

    is_new = False

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    owner = models.CharField(max_length=60)
    cause = models.CharField(max_length=120)
    subject = models.CharField(max_length=60, blank=True)
    amount_won = models.BigIntegerField()
    captured_won = models.BigIntegerField(default=0)
    released_won = models.BigIntegerField(default=0)
    refunded_won = models.BigIntegerField(default=0)
    held_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cause"], name="a_cause_holds_once"),
            models.CheckConstraint(
                condition=Q(
                    amount_won__gt=0,
                    captured_won__gte=0,
                    released_won__gte=0,
                    amount_won__gte=F("captured_won") + F("released_won"),
                ),
                name="a_hold_gives_what_it_holds",
            ),
            models.CheckConstraint(
                condition=Q(refunded_won__gte=0, refunded_won__lte=F("captured_won")),
                name="a_hold_refunds_what_it_earned",
            ),
        ]
        indexes = [models.Index(fields=["owner"])]

    def __str__(self) -> str:
        return self.cause

    @property
    def rest_won(self) -> int:
        return self.amount_won - self.captured_won - self.released_won


class HoldPart(models.Model):
    """From which account a part of a hold came, in the order in which it is spent.

    What is given back, by a release or a refund, goes the other way round: the last part first. P5
    """

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="parts", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    amount_won = models.BigIntegerField()
    returned_won = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "position"], name="hold_parts_in_order"),
            models.CheckConstraint(
                condition=Q(amount_won__gt=0, returned_won__gte=0, amount_won__gte=F("returned_won")),
                name="a_part_gives_what_it_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_won} of {self.hold_id}"


class Lot(models.Model):
    """A part of a reward balance that ends on a day of its own. `origin`: the cause that gave it. P4

    The lots of an account sum to its balance.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lots", db_index=False)
    origin = models.CharField(max_length=120)
    amount_won = models.BigIntegerField()
    left_won = models.BigIntegerField()
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_won__gt=0, left_won__gte=0, amount_won__gte=F("left_won")),
                name="a_lot_gives_what_it_has",
            )
        ]
        indexes = [
            models.Index(fields=["account", "expires_at"], condition=Q(left_won__gt=0), name="lots_to_spend"),
            models.Index(fields=["expires_at"], condition=Q(left_won__gt=0), name="lots_by_end"),
            models.Index(fields=["origin"]),
        ]

    def __str__(self) -> str:
        return f"{self.left_won} until {self.expires_at}"


class LotUse(models.Model):
    """What a hold took of a lot, so that it can go back with its old end. P5"""

    part = models.ForeignKey(HoldPart, on_delete=models.PROTECT, related_name="uses")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="uses")
    amount_won = models.BigIntegerField()
    returned_won = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_won__gt=0, returned_won__gte=0, amount_won__gte=F("returned_won")),
                name="a_use_gives_back_what_it_took",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_won} of {self.lot_id}"
