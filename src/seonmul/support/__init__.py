"""Help, notices on the site and inquiries. Not built yet."""
