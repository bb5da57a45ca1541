"""Draws what messages show: the voucher of a gift, and a sample for whoever writes one. S1"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from uuid import UUID

from seonmul.giftpage import faces
from seonmul.gifts import queries as gifts
from seonmul.kit import clock
from seonmul.orders import queries as orders
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers import rules as vouchers


class Album:
    """Implements dispatch.ports.Album. Subjects are gifts, drafts, and trials of drafts.

    What is drawn hangs on nothing that may change between two tries, so that a picture is never kept.
    """

    def drawers(self, subjects: Sequence[UUID]) -> Mapping[UUID, Callable[[], bytes]]:
        """What draws each; a voucher without a code has no picture."""
        found = {gift.id: partial(faces.picture, gift) for gift in gifts.to_draw(subjects)}
        return found | self._samples([one for one in subjects if one not in found])

    def _samples(self, subjects: Sequence[UUID]) -> dict[UUID, Callable[[], bytes]]:
        if not subjects:
            return {}
        now, found = clock.now(), orders.to_sample(subjects)
        terms = {
            list_: vouchers_now.terms_on(
                {one.product.id for one in found.values() if one.list == list_}, list_, clock.seoul_date(now)
            )
            for list_ in {one.list for one in found.values()}
        }
        return {
            subject: partial(
                faces.sample,
                one.buyer,
                one.product,
                one.seed,
                vouchers.valid_until(now, one.validity_days),
                terms[one.list][one.product.id],
            )
            for subject, one in found.items()
        }
