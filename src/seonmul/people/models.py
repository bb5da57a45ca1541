"""Tables of the address book."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.catalog.models import List
from seonmul.kit import ids


class LabelKind(models.TextChoices):
    TAG = "tag", _("태그")
    GROUP = "group", _("그룹")


class Label(models.Model):
    """A word under which people are found together."""

    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=5, choices=LabelKind)
    name = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "kind", "name"], name="one_label_for_a_word")]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody a buyer sends to. `cells_sealed`: see rules.Cells; the indexes find what is sealed in it.

    `name_index`: the whole name; `head_index`: its first two letters, so that a beginning finds it. `birthday`: month *
    100 + day, without the year; `joined_on`: when they came into the company. None: not known.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+", db_index=False)
    cells_sealed = models.BinaryField()
    phone_index = models.BinaryField()
    name_index = models.BinaryField()
    head_index = models.BinaryField()
    birthday = models.PositiveSmallIntegerField(null=True)
    joined_on = models.DateField(null=True)
    labels = models.ManyToManyField(Label, related_name="+")
    changed_at = models.DateTimeField()

    CELLS, NAME, HEAD = "people.cells", "people.name", "people.head"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "phone_index"], name="one_person_for_a_number"),
            models.CheckConstraint(
                condition=Q(birthday=None) | Q(birthday__gte=101, birthday__lte=1231),
                name="a_birthday_is_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-changed_at", "-id"], name="people_in_order"),
            models.Index(fields=["buyer", "name_index"], name="people_by_name"),
            models.Index(fields=["buyer", "head_index"], name="people_by_head"),
            models.Index(fields=["buyer", "birthday"], name="people_by_birthday"),
        ]

    def __str__(self) -> str:
        return self.public_id


class OccasionKind(models.TextChoices):
    BIRTHDAY = "birthday", _("생일")
    JOINING = "joining", _("입사일")


class Occasion(models.Model):
    """What is prepared before each anniversary of a kind: `days_before` it, a draft of this product with this text.

    `member` is told and goes on with the draft. `label` None: for everybody. `ended_at`: nothing is prepared any more.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=OccasionKind)
    days_before = models.PositiveSmallIntegerField()
    list = models.CharField(max_length=10, choices=List)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    label = models.ForeignKey(Label, on_delete=models.SET_NULL, null=True, related_name="+")
    title_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    TITLE, TEXT = "people.occasion.title", "people.occasion.text"

    def __str__(self) -> str:
        return self.public_id


class Reminder(models.Model):
    """One draft that was prepared. `draft` "": none could be made, `why` has the code. One for a day of an occasion."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    occasion = models.ForeignKey(Occasion, on_delete=models.CASCADE, related_name="reminders")
    day = models.DateField()
    people = models.PositiveIntegerField()
    draft = models.CharField(max_length=16, blank=True)
    why = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occasion", "day"], name="one_reminder_a_day")]

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.day}"


class Reminded(models.Model):
    """That somebody's anniversary of a year was prepared for: once a year each."""

    occasion = models.ForeignKey(Occasion, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occasion", "person", "year"], name="once_a_year_for_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.person_id} {self.year}"
