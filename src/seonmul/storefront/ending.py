"""What follows the end of validity, as a buyer reads it before buying. V4, C2"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from seonmul.kit import clock
from seonmul.vouchers import queries, rules


def words_on(product_ids: Iterable[UUID], list_: str, at: datetime) -> dict[UUID, str]:
    """In words, for what is bought of these products at this moment; one question for all of them."""
    found = queries.terms_on(product_ids, list_, clock.seoul_date(at))
    said = {product: rules.end_words(terms) for product, terms in found.items()}
    return {product: gettext(words).format(**numbers) for product, (words, numbers) in said.items()}
