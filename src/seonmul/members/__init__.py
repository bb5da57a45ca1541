"""Who buys, who acts for it, and by what a payment is proved: buyers, members, roles, spend authentication. M.

Refuses to know what is bought. A buyer is a person or a company and owns orders and balances; members act for it.
Nouns: buyer, member, membership, spend code, spend grant.
"""
