"""News of gifts."""

#: A change of number that an external issuer was asked about has come to its end, one way or the other: change_id.
NUMBER_CHANGED = "gifts.number_changed"
#: Money at the end of a voucher was approved, paid or refused: claim_id.
CLAIM_CHANGED = "gifts.claim_changed"
