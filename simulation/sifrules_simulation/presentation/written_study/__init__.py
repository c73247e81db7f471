"""The study as a written page, in Swedish and English."""
