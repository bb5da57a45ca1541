"""Tables of orders being written: the basket, and who gets what of it. O1, O12"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from seonmul.catalog.models import List
from seonmul.dispatch.models import Channel
from seonmul.kit import ids, mails, phones


def no_places() -> list[str]:
    """A list without further columns. (`list` inside these models is a field.)"""
    return []


class Purpose(models.TextChoices):
    """What the gifts are for; it decides what they mean for tax. O6, P6"""

    EMPLOYEES = "employees", _("임직원")
    CLIENTS = "clients", _("거래처")
    PRIZES = "prizes", _("고객 경품")


class OrderKind(models.TextChoices):
    """Where an order's vouchers are sent: to phones or to mailboxes. O1"""

    TEXT = "text", _("문자발송")
    MAIL = "mail", _("이메일발송")


class Draft(models.Model):
    """An order being written. It lives on the server, so another device goes on where the first stopped.

    `channel`: mail for an order by mail, and only for one. `sender`: of an order by text; kept meanwhile. `places`: titles of the sheet's further columns, whose cells the message
    may show; each row has its own in this order. O3

    `falls_back`: what fails by its channel is sent by another one. S1

    `is_ad`: it holds advertising, by the member's word; it gets its marks and leaves out who refused. O3

    `holds_kept`: numbers stand in it that nobody typed into it, from an old order or the address book; members
    without the right see them masked. M7

    `is_later`: at `send_at` and not as soon as it is paid; None: not chosen yet. `asleep_minutes`: how long its
    vouchers cannot be used after sending begins, so that a wrong list is called back whole. `takes_substitute`: sent
    with the product's substitute when it is no longer sold by then. `spreads`: what is too much for a recipient at once
    goes later. O5, S6, O12, S7
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=10, choices=List)
    kind = models.CharField(max_length=5, choices=OrderKind, default=OrderKind.TEXT)
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.LMS)
    sender = models.CharField(max_length=12, blank=True)
    title_sealed = models.BinaryField(default=b"")
    text_sealed = models.BinaryField(default=b"")
    places = ArrayField(models.CharField(max_length=20), default=no_places)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.EMPLOYEES)
    is_lawful = models.BooleanField(default=False)
    is_ad = models.BooleanField(default=False)
    falls_back = models.BooleanField(default=False)
    is_later = models.BooleanField(default=False)
    send_at = models.DateTimeField(null=True)
    asleep_minutes = models.PositiveSmallIntegerField(default=0)
    takes_substitute = models.BooleanField(default=False)
    spreads = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200, blank=True)
    holds_kept = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    TITLE = "orders.title"
    TEXT = "orders.text"

    class Meta:
        indexes = [models.Index(fields=["buyer", "-saved_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="mail", channel="mail") | (~Q(kind="mail") & ~Q(channel="mail")),
                name="a_draft_goes_as_its_kind",
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class DraftItem(models.Model):
    """One product of a draft's basket, in the order in which they were put there. O1"""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=1)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "product"], name="a_product_is_in_a_basket_once")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.product_id}"


class DraftRow(models.Model):
    """One row of a draft's list. `cells_sealed`: see lists.Cells. `fault` "" means that it can be sent.

    `phone_index`, `mail_index`: of where it goes, so only one of them is filled; `to_index` is that one. `item` None:
    gets every product of the basket. `is_over`: more copies of a product for this address than it allows. O1, O2
    `field_bytes`: how long the cells of the draft's `places` are in EUC-KR, -1 where no carrier carries them. O3
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="rows", db_index=False)
    item = models.ForeignKey(DraftItem, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    cells_sealed = models.BinaryField()
    phone_index = models.BinaryField(null=True)
    mail_index = models.BinaryField(null=True)
    to_index = models.GeneratedField(
        expression=Coalesce("phone_index", "mail_index"),
        output_field=models.BinaryField(null=True),
        db_persist=True,
    )
    copies = models.PositiveSmallIntegerField(default=1)
    name_bytes = models.PositiveSmallIntegerField(default=0)
    field_bytes = ArrayField(models.SmallIntegerField(), default=list)
    fault = models.CharField(max_length=30, blank=True)
    repair = models.CharField(max_length=30, blank=True)
    is_over = models.BooleanField(default=False)

    CELLS = "orders.cells"
    PHONE = phones.INDEX
    MAIL = mails.INDEX

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "position"], name="draft_rows_in_order")]
        indexes = [
            models.Index(fields=["draft", "to_index"], name="draft_rows_by_address"),
            models.Index(fields=["item"], condition=Q(item__isnull=False), name="draft_rows_by_item"),
            models.Index(
                fields=["draft", "position"],
                condition=~Q(fault="") | Q(is_over=True),
                name="draft_rows_to_mend",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.position}"
