"""News of vouchers."""

#: A pool has fewer free codes than its level, for the first time since it had more: product_id.
POOL_LOW = "vouchers.pool_low"
