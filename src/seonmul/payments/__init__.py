"""Money from outside and back: charges by virtual account, cards, refunds, pay-outs, reconciliation. P2, P3, P5, P9

Knows no order and no product: whoever pays is a buyer, what for is an opaque subject. Moves money by the ledger only.
Nouns: payment (one try to bring money in), refund, pay-out, deposit, issuer, report, difference.
"""
