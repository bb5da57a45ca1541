"""Codes that shops take: made here, sealed, looked up by a keyed index, each with its states. V1, V2.

Refuses to know who received one, who paid, or how it was sent.
Nouns: voucher, change.
"""
