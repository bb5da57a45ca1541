"""One copy for one recipient: its voucher, its link, its messages. Issue, send, resend, results. S, V5.

The only one who introduces money, codes and messages to each other. Refuses to know screens and vendors.
Nouns: gift, chunk.
"""
