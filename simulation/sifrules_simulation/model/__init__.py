"""One fund, one policy, one replication. May import the library alone."""
