"""Values without rules: money, dates, citations, numbers, texts. May import errors only."""
