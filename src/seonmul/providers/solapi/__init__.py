"""SOLAPI, a carrier of text messages, by its group flow. What is known of it: docs/providers/solapi.md."""
