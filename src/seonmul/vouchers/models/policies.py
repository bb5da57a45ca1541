"""What is refunded and extended at the end of validity, from which day on. V4"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.catalog.models import List
from seonmul.kit import ids, states


class Preset(models.TextChoices):
    """Where terms come from; `rules.TERMS` knows their numbers."""

    NONE = "none", _("연장·환불 없음")
    TERMS_2015 = "terms_2015", _("2015년 표준약관")
    TERMS_2020 = "terms_2020", _("2020년 표준약관")
    TERMS_2025 = "terms_2025", _("2025년 9월 16일 표준약관")


class Policy(models.Model):
    """Terms that hold for what is bought from a day on: of one product, or of all (None), on one list. V4

    Never changed: others hold from another day. The numbers stand here, not only the preset's name, and whatever was bought
    names its row, so that nobody's money changes by what is decided or programmed later. `made_by` "": the default.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, null=True, related_name="+")
    list = models.CharField(max_length=10, choices=List)
    preset = models.CharField(max_length=12, choices=Preset)
    from_on = models.DateField()
    low_percent = models.PositiveSmallIntegerField()
    high_percent = models.PositiveSmallIntegerField()
    high_above_won = models.PositiveIntegerField()
    points_percent = models.PositiveSmallIntegerField()
    rest_percent = models.PositiveSmallIntegerField()
    small_rest_percent = models.PositiveSmallIntegerField()
    small_up_to_won = models.PositiveIntegerField()
    extension_months = models.PositiveSmallIntegerField()
    extensions_most = models.PositiveSmallIntegerField()
    claim_days = models.PositiveSmallIntegerField()
    claim_years = models.PositiveSmallIntegerField()
    made_by = models.CharField(max_length=60, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "list", "from_on"], nulls_distinct=False, name="one_policy_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(low_percent__lte=100, high_percent__lte=100, points_percent__lte=100),
                name="no_policy_gives_more_than_was_paid",
            ),
        ]
        indexes = [models.Index(fields=["list", "-from_on", "-id"])]
        triggers = [states.append_only("policies_stay")]

    def __str__(self) -> str:
        return f"{self.product_id or 'all'} {self.list} {self.from_on}"


class Extension(models.Model):
    """One time that a voucher's validity was made longer. V4"""

    voucher = models.ForeignKey("vouchers.Voucher", on_delete=models.PROTECT, related_name="extensions")
    before = models.DateTimeField()
    after = models.DateTimeField()
    by = models.CharField(max_length=60)
    extended_at = models.DateTimeField()

    class Meta:
        triggers = [states.append_only("extensions_stay")]

    def __str__(self) -> str:
        return f"{self.voucher_id} {self.after}"
