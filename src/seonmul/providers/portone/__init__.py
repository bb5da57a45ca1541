"""PortOne V2: who a person is, by a browser window. What is known of it: docs/providers/portone.md."""
