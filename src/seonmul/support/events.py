"""News of inquiries."""

#: Staff have answered, or decided what was asked for: inquiry_id.
INQUIRY_ANSWERED = "support.inquiry_answered"
