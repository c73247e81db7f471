"""Years of portfolios under a fund's rules."""
