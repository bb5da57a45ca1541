"""Messages and their carriers: sender numbers, letters, batches, attempts, results. S, M6.

Knows no voucher: whom a message is about is an opaque subject, and what may still be sent is asked through Gate.
Nouns: sender number, letter (one text for many), message, batch, attempt, result, report.
"""
