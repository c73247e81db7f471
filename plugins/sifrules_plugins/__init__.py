"""The municipalities: one package each, each a plugin like anyone's."""
