"""Double-entry books: accounts, transfers whose entries sum to zero, holds. Append-only. P1, O9.

Owners and causes are opaque texts: knows no order, no member, no voucher.
Nouns: account, transfer, entry, hold.
"""
