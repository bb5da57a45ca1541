"""Who buys, who acts for it, and by what a payment is proved: sign-up, companies, roles, spend authentication. M.

Refuses to know what is bought. A buyer is a person or a company and owns orders and balances; members act for it.
Nouns: buyer, member, membership, invitation, conversion, verification, spend code, spend grant, staff.
"""
