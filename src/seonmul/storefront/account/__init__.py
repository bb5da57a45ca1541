"""Coming in: sign-up, login, second factor, recovery, devices. Logging in itself is allauth's; its words are ours."""
