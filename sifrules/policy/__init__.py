"""Fund policies, their parts, settlement and ledger. May import rules and values."""
