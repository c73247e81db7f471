"""Hooks, and the registry of what plugins offer. May import presentation and below."""
