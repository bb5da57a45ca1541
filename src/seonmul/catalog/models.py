"""Tables of the catalogue."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids


class Brand(models.Model):
    """A brand; `shops` says where its vouchers are taken."""

    name = models.CharField(max_length=60, unique=True)
    shops = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A shelf of the catalogue."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ProductKind(models.TextChoices):
    GOODS = "goods", _("상품교환권")
    AMOUNT = "amount", _("금액권")


class Supplier(models.TextChoices):
    """Where a product's vouchers come from. C3"""

    OWN = "own", _("자체 발행")
    POOL = "pool", _("코드 풀")
    EXTERNAL = "external", _("외부 발행사")


def every_channel() -> list[str]:
    """A product goes by every channel (`rules.CHANNELS`) until somebody says otherwise."""
    return ["lms", "mms", "sms", "mail"]


class Product(models.Model):
    """One thing that a voucher is good for. `search_text` is brand and name without blanks, in lower case.

    On sale from and to: the first and the last day, in Seoul; None does not bound. `substitute`: what to buy instead
    when it is sold out or no longer on sale.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    search_text = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=ProductKind)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    face_value_won = models.PositiveIntegerField()
    picture = models.CharField(max_length=30)
    notes = models.TextField(blank=True)
    is_gift_certificate = models.BooleanField(default=False)
    copies_most = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    channels = ArrayField(models.CharField(max_length=5), default=every_channel)
    supplier = models.CharField(max_length=10, choices=Supplier, default=Supplier.OWN)
    on_sale_from = models.DateField(null=True, blank=True)
    on_sale_to = models.DateField(null=True, blank=True)
    is_sold_out = models.BooleanField(default=False)
    substitute = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sold = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="product_search")]
        constraints = [
            models.CheckConstraint(condition=Q(copies_most__gte=1, copies_most__lte=5), name="copies_1_to_5"),
            models.CheckConstraint(condition=~Q(channels=[]), name="product_goes_by_a_channel"),
        ]

    def __str__(self) -> str:
        return self.code


class List(models.TextChoices):
    GENERAL = "general", _("일반회원 상품리스트")
    CORPORATE = "corporate", _("기업회원 상품리스트")


class Offer(models.Model):
    """A product on one list: shown or hidden, price and validity of its own. M3

    `cancel_days`: so many days after paying its unused vouchers may be cancelled although they were sent, beyond what the
    general list always allows; 0 for none. O10
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="offers")
    list = models.CharField(max_length=10, choices=List)
    is_shown = models.BooleanField(default=True)
    price_won = models.PositiveIntegerField()
    validity_days = models.PositiveSmallIntegerField()
    cancel_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "list"], name="one_offer_per_list")]
        indexes = [models.Index(fields=["list", "is_shown", "price_won"])]

    def __str__(self) -> str:
        return f"{self.product_id} {self.list}"
