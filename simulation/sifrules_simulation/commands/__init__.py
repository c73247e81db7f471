"""The commands (kommandon) that the simulation offers. May import all but the plugin."""
