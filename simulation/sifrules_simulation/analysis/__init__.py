"""Numbers out of results; no files, no texts. May import experiments and below."""
