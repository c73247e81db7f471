"""Estimates, intervals and sequential stopping. May import the library alone."""
