"""The municipalities: one package each, each an ordinary plugin."""
