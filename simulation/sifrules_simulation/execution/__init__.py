"""Executors (who runs tasks): this machine or a cluster's workers. May import model."""
