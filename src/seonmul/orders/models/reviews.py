"""Links by which somebody without a login looks at an order before or after it is paid. O12"""

from __future__ import annotations

from django.db import models

from seonmul.kit import ids


class ReviewLink(models.Model):
    """A link to one draft or the order that it became (`draft_id`), read only and masked, until `expires_at`.

    The link itself is kept as keyed hash alone: it is shown once, to whoever made it. `confirmed_what`: a digest of what
    was seen when it was confirmed; another one now means that the order has changed since. O12
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    draft_id = models.UUIDField()
    link_index = models.BinaryField(unique=True)
    made_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_what = models.CharField(max_length=64, blank=True)

    LINK = "orders.review.link"

    class Meta:
        indexes = [models.Index(fields=["draft_id", "-made_at"], name="review_links_of_an_order")]

    def __str__(self) -> str:
        return self.public_id
