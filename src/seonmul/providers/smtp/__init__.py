"""SMTP, a carrier of mails: any server that takes mail from us. What is known of it: docs/providers/smtp.md."""
