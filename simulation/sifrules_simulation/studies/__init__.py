"""Whole studies, and the files that describe them. May import analysis and below."""
