"""Years of portfolios under a fund's rules; nothing is here yet."""
