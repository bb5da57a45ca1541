"""A mail service by its API instead of SMTP: any that django-anymail speaks. What is known of it: docs/providers/esp.md."""
