"""News of the address book."""

#: Anniversaries are near, and a draft was prepared or could not be: reminder_id.
ANNIVERSARY_NEAR = "people.anniversary_near"
