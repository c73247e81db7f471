"""The rules of Swedish social investment funds: decide, settle, account and compare.

>>> import sifrules
>>> policy = sifrules.registry().policy("orebro@2016")
>>> sifrules.decide(policy, {"application.areas": 1}, stages=["idea_test"]).outcome.value
'not_eligible'
"""

from sifrules import moved
from sifrules.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__)
moved.install()
