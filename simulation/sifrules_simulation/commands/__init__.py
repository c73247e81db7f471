"""What is typed: the commands that the simulation offers. May import all but the plugin."""
