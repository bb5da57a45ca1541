"""What operators changed, row by row: the newest row of a name holds."""

from django.db import models

from seonmul.kit import states


class Change(models.Model):
    """A figure's new value from a moment on. `by` is the opaque id of who changed it."""

    name = models.CharField(max_length=60)
    value = models.BigIntegerField()
    by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "-changed_at"])]
        triggers = [states.append_only("figure_changes_stay")]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


_DAY_KINDS = [(kind, kind) for kind in ("open", "closed", "usual")]  # rules.DayKind


class HolidayOverride(models.Model):
    """A day that is open or closed against the rule, or is given back to it: the newest row of a day holds. H"""

    day = models.DateField()
    kind = models.CharField(max_length=6, choices=_DAY_KINDS)
    note = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["day", "-changed_at"])]
        triggers = [states.append_only("holiday_overrides_stay")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


_LANGUAGES = [(one, one) for one in ("ko", "en")]  # rules.LANGUAGES


class TextChange(models.Model):
    """A text as operators wrote it from a moment on: the newest row of a name and language holds. P6"""

    name = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=_LANGUAGES)
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "language", "-changed_at"])]
        triggers = [states.append_only("text_changes_stay")]

    def __str__(self) -> str:
        return f"{self.name} {self.language}"
