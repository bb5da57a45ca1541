"""NHN Cloud SMS v3.0 as a second carrier of text messages: its protocol, its codes, its webhook.

Documented in docs/providers/nhn.md; what the vendor's documents do not say is marked there as ours.
"""
