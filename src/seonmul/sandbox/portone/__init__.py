"""PortOne V2 under /portone: its API, its browser script and the windows that the script opens.

Everything a person decides in a window is on disk before the window answers (docs/providers/portone.md).
Nouns: verification (one identity verification), window (the page a person sees), person (an invented one).
"""
