"""The National Tax Service: state and truth of business numbers. What is known of it: docs/providers/nts.md."""
