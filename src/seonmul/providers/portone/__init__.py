"""PortOne V2: who a person is, by a browser window; money from outside and back. What is known of it:
docs/providers/portone.md.
"""
