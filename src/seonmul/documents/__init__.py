"""Quotations, statements and receipts: reads, never moves money. Not built yet."""
