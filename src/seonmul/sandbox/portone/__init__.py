"""PortOne V2 under /portone: its API, its browser script, the windows that the script opens, and a bank.

Everything a person decides in a window is on disk before the window answers (docs/providers/portone.md). Each change
of a payment is one transaction with the webhook that tells of it.
Nouns: verification (one identity verification), payment, window (the page a person sees), account (virtual),
cancellation, news (webhooks), person (an invented one).
"""
