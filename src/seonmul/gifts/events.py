"""News of gifts."""

#: A change of number that an external issuer was asked about has come to its end, one way or the other: change_id.
NUMBER_CHANGED = "gifts.number_changed"
