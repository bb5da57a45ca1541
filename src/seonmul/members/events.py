"""News of members."""

#: A spend code was made and must reach the member's phone: code_id.
SPEND_CODE_ASKED = "members.spend_code_asked"
#: The payment password was locked after wrong tries: member_id.
PAYMENT_PASSWORD_LOCKED = "members.payment_password_locked"  # noqa: S105 - the name of an event
