"""News of payments."""

#: An account was issued and may be shown and mailed: payment_id.
ACCOUNT_ISSUED = "payments.account_issued"
#: A deposit was credited to cash: payment_id.
CHARGED = "payments.charged"
#: A deposit is not what was asked and waits for finance: payment_id.
PARKED = "payments.parked"
#: An account got no deposit in time: payment_id.
ACCOUNT_ENDED = "payments.account_ended"
#: A card has paid for a subject, exactly what was asked: payment_id.
CARD_PAID = "payments.card_paid"
#: A card window has ended without money: payment_id.
CARD_ENDED = "payments.card_ended"
#: Money is on its way back for good: refund_id.
REFUNDED = "payments.refunded"
#: A wish for a pay-out was decided, or failed at the bank: payout_id.
PAYOUT_CHANGED = "payments.payout_changed"
#: Cash has fallen below the level that the buyer set: buyer_id.
CASH_LOW = "payments.cash_low"
#: Reward of a buyer ends soon: buyer_id, lot_id (the first of those that end on its day).
REWARD_ENDING = "payments.reward_ending"
