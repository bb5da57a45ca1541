"""News of vouchers."""

#: A pool has fewer free codes than its level, for the first time since it had more: product_id.
POOL_LOW = "vouchers.pool_low"
#: The external issuer has given, refused or taken back codes for a subject: subject_id.
SUPPLIED = "vouchers.supplied"
#: The external issuer gives us nothing until staff mend it: health_id.
HINDERED = "vouchers.hindered"
