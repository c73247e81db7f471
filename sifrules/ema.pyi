"""Public names for the EMA workbench, and where each is."""

from sifrules_simulation.runs.ema import model as model
