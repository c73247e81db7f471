"""Facts, conditions, rules and decisions, and the engines. May import values only."""
