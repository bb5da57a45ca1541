"""The outside world on one machine: emulators of all outside parties, over real HTTP, in one process.

Knows only kit; nobody imports it. Refuses to know the product: it is reached by base URLs in settings alone.
One folder per provider, its routes under one prefix (/solapi). What it accepted is on disk before it answers.
Nouns: provider, fault, visit (one request that came in), text (a message a phone got).
Documented in docs/providers/sandbox.md.
"""
