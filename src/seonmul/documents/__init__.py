"""Papers as PDF: reads what other apps have decided and sets it on one page. Never moves money, decides nothing.

Built so far: the handing-over document of M5. Quotations, statements and receipts (D1-D12) are not built yet.
Nouns: paper.
"""
