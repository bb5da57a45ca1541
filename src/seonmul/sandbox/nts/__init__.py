"""The National Tax Service's two questions under /nts, as public client code tells (docs/providers/nts.md).

It keeps nothing: every answer follows from the number asked about.
Nouns: number (ten digits), firm (an invented business of the register).
"""
