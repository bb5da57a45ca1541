"""News of vouchers."""

#: A pool has fewer free codes than its level, for the first time since it had more: product_id.
POOL_LOW = "vouchers.pool_low"
#: The external issuer has given, refused or taken back codes for a subject: subject_id.
SUPPLIED = "vouchers.supplied"
#: A shop, or somebody with its key, asks for codes that nobody has: shop_id.
GUESSING = "vouchers.guessing"
#: The external issuer gives us nothing until staff mend it: health_id.
HINDERED = "vouchers.hindered"
#: The external issuer has not taken back a code that should be replaced; it stays good: replacement_id.
REPLACEMENT_KEPT = "vouchers.replacement_kept"
#: The external issuer says of a code what our books cannot follow: voucher_id.
DIFFERS = "vouchers.differs"
#: The external issuer has cancelled a code without our asking, so that nobody can use it: voucher_id.
VOIDED = "vouchers.voided"
