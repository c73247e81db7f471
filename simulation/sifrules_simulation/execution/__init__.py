"""Who runs it: processes of this machine, or workers of a cluster. May import model."""
