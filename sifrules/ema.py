"""The EMA workbench (exploratory modelling): `model` makes one of its models of a policy."""

from sifrules.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__)
