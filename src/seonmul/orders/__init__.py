"""What was asked and agreed: drafts with their recipient lists, orders, lines. O, C.

Refuses to know codes' insides, carriers, and how messages fare: gifts stands above.
Nouns: draft, draft row, order, line, recipient.
"""
