"""The kit for testing guidelines: worked cases, toys, answers in the field's words, promises.

No test framework is needed for any of it. Under pytest an author derives from
`PolicyConformance`, and finds the fixtures that `sifrules.testing.pytest_plugin` offers.

>>> from sifrules.testing import toy_facts, toy_policy, try_policy
>>> print(try_policy(toy_policy(), toy_facts(areas=1)))  # doctest: +ELLIPSIS
toy@2020: not eligible
- not met: at least 2 areas of operation cooperate (... = 1) [The guideline, 2 (2020)]
"""

from sifrules.lazy import attach

__getattr__, __dir__, __all__ = attach(__name__)
