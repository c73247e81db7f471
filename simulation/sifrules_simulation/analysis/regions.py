"""Where in the assumptions the finding turns (vändpunkter): a few rules that can be read.

A decision tree at most three questions deep is fitted to two thirds of the draws and tried
on the rest. Its rules are worth reading only where they do better there than one who always
says what is most common, surely and by a margin; that there is no such region is an answer too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from sifrules.errors import SifError, shown
from sifrules.values.messages import Message
from sifrules.values.numbers import written
from sifrules.values.text import Language
from sifrules_simulation.analysis.errors import not_installed, too_few
from sifrules_simulation.statistics.estimates import Estimate

Array = NDArray[np.float64]
Texts = NDArray[np.str_]

#: Fewer draws than this cannot be both fitted to and held out.
FEWEST = 60
#: How many questions deep a rule may go, and the share of draws that is fitted to.
DEEPEST, FITTED = 3, 2 / 3
#: Each answer to a question must be given in this share of draws and in so many of them.
SMALLEST, SINGLE = 0.05, 10
#: How much purer a question must leave the draws (Gini), times the draws if these are few: the
#: best of some thousand questions about nothing gains that much by chance.
GAIN, CHANCE = 0.02, 10
#: By how much rules must be right more often than one who always says what is most common.
BEATS = 0.05
#: The outcome of a draw whose effect is not known; such draws are left out.
UNKNOWN = ""


class DrawOutcome(StrEnum):
    """What comes of the finding in one draw, as a code."""

    HOLDS = "holds"
    REVERSED = "reversed"
    NEITHER = "neither"


@frozen
class ParameterInterval:
    """The values of one parameter for which a rule applies: above one, at most another.

    >>> str(ParameterInterval("ideas.evaluable", above=0.2, most=0.5))
    '0.2 < ideas.evaluable <= 0.5'
    """

    path: str
    above: float = -math.inf
    most: float = math.inf

    def met(self, column: Array) -> NDArray[np.bool_]:
        """In which draws it is met."""
        return (self.above < column) & (column <= self.most)

    def text(self, language: Language) -> str:
        """The condition with its numbers as the language writes them.

        >>> ParameterInterval("ideas.evaluable", most=0.5).text("sv")
        'ideas.evaluable <= 0,5'
        """
        above, most = (written(end, ".12g", language) for end in (self.above, self.most))
        if self.above == -math.inf:
            return f"{self.path} <= {most}"
        if self.most == math.inf:
            return f"{self.path} > {above}"
        return f"{above} < {self.path} <= {most}"

    def format(self, **values: object) -> ParameterInterval:
        """The same: it has room for nothing."""
        return self

    def __str__(self) -> str:
        return self.text("en")


@frozen
class RegionRule:
    """What comes of the finding where all conditions are met.

    ``covered`` is the share of held-out draws that it speaks of, and ``right`` the share of
    these in which it is right (None where it speaks of no held-out draw).
    """

    conditions: tuple[ParameterInterval, ...]
    outcome: DrawOutcome
    covered: float
    right: Estimate


@frozen
class Region:
    """Rules for where the finding turns, the one that covers most first, and their worth.

    ``accuracy`` is the share of held-out draws in which the rules are right, ``guess`` that of
    always saying the outcome that is most common there, ``seen`` the outcomes in all draws.
    """

    rules: tuple[RegionRule, ...]
    accuracy: Estimate
    guess: float
    seen: tuple[DrawOutcome, ...]

    @property
    def tells(self) -> bool:
        """Whether the rules are surely better than always guessing the same, and by a margin."""
        mean, low = self.accuracy.mean, self.accuracy.low
        return mean is not None and low is not None and low > self.guess <= mean - BEATS


def turns(holds: Array, reverse: Array) -> Texts:
    """What comes of a finding in each draw: what is likelier there than not.

    ``holds`` is how likely it is to hold in each draw, ``reverse`` the opposite.

    >>> holds, reverse = np.array([0.9, 0.2, 0.0, np.nan]), np.array([0.0, 0.3, 0.8, np.nan])
    >>> turns(holds, reverse).tolist()
    ['holds', 'neither', 'reversed', '']
    """
    cases = [np.isnan(holds), holds > 0.5, reverse > 0.5]
    chosen = np.select(
        cases,
        [UNKNOWN, DrawOutcome.HOLDS.value, DrawOutcome.REVERSED.value],
        DrawOutcome.NEITHER.value,
    )
    return np.asarray(chosen, dtype=np.str_)


def region(paths: Sequence[str], values: Array, outcomes: Texts, *, seed: int = 1) -> Region:
    """The region of the assumptions where the finding turns, from draws × parameters.

    Outcomes are those of `turns`, one a draw. What a rule shows is what was tried on the draws
    held out: its numbers were rounded before. `SifError` where too few draws are known.
    """
    values, outcomes = _known(paths, values, outcomes)
    fitted = _split(outcomes, np.random.default_rng(seed))
    seen = tuple(turn for turn in DrawOutcome if (outcomes == turn.value).any())
    tree = _tree(values[fitted], outcomes[fitted], seed)
    leaves = list(_leaves(tree, _columns(paths, values), 0, {}))
    held, came = values[~fitted], outcomes[~fitted]
    rules = [_tried(paths, conditions, turn, held, came) for conditions, turn in leaves]
    rules.sort(key=lambda rule: -rule.covered)
    right = sum(round((rule.right.mean or 0) * rule.right.count) for rule in rules)
    return Region(
        tuple(rules),
        Estimate.of_share(right, len(came)),
        max(float((came == turn.value).mean()) for turn in seen),
        seen,
    )


def _known(paths: Sequence[str], values: Array, outcomes: Texts) -> tuple[Array, Texts]:
    """The draws whose outcome is known; `SifError` where they do not do."""
    if values.shape != (len(outcomes), len(paths)):
        raise SifError(
            Message(
                "draws.wrong_shape",
                draws=len(outcomes),
                parameters=len(paths),
                shape=" × ".join(map(str, values.shape)),
            )
        )
    strange = set(outcomes.tolist()) - {UNKNOWN, *(turn.value for turn in DrawOutcome)}
    if strange:
        raise SifError(
            Message("outcome.unknown", outcome=shown(sorted(map(str, strange))[0])),
            fix=Message("outcome.known", outcomes=", ".join(DrawOutcome)),
        )
    known = outcomes != UNKNOWN
    if known.sum() < FEWEST:
        raise too_few(Message("region.too_few", fewest=FEWEST, got=int(known.sum())))
    return values[known], outcomes[known]


def _split(outcomes: Texts, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which draws are fitted to: two thirds of those of each outcome, drawn by lot."""
    fitted = np.zeros(len(outcomes), dtype=bool)
    for turn in DrawOutcome:
        these = rng.permutation(np.flatnonzero(outcomes == turn.value))
        fitted[these[: math.ceil(FITTED * len(these))]] = True
    return fitted


def _tree(values: Array, outcomes: Texts, seed: int) -> Any:
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError as error:
        raise not_installed("region.needs", "scikit-learn") from error
    tree = DecisionTreeClassifier(
        max_depth=DEEPEST,
        min_samples_leaf=max(SINGLE, round(SMALLEST * len(values))),
        min_impurity_decrease=max(GAIN, CHANCE / len(values)),
        random_state=seed,
    )
    return tree.fit(values, outcomes)


@frozen(eq=False)
class _Column:
    """A parameter as a rule speaks of it."""

    path: str
    span: float
    whole: bool

    def rounded(self, threshold: float) -> float:
        """A threshold as it is shown: three digits, more where these would move it far."""
        if self.whole:
            threshold = math.floor(threshold)
        for digits in range(3, 18):
            short = float(f"{threshold:.{digits}g}")
            if abs(short - threshold) <= self.span / 100:
                return short
        return threshold


def _columns(paths: Sequence[str], values: Array) -> list[_Column]:
    spans, whole = np.ptp(values, axis=0), (values == np.floor(values)).all(axis=0)
    return [
        _Column(path, float(span), bool(each))
        for path, span, each in zip(paths, spans, whole, strict=True)
    ]


Conditions = dict[str, ParameterInterval]


def _leaves(
    tree: Any, columns: list[_Column], node: int, so_far: Conditions
) -> Iterator[tuple[Conditions, DrawOutcome]]:
    """The rules below a node; a question whose answers come to the same is not asked."""
    inner = tree.tree_
    below = _outcomes(tree, node)
    if len(below) == 1:
        yield so_far, below.pop()
        return
    column = columns[inner.feature[node]]
    threshold = column.rounded(float(inner.threshold[node]))
    here = so_far.get(column.path, ParameterInterval(column.path))
    less = evolve(here, most=min(here.most, threshold))
    more = evolve(here, above=max(here.above, threshold))
    yield from _leaves(tree, columns, inner.children_left[node], {**so_far, column.path: less})
    yield from _leaves(tree, columns, inner.children_right[node], {**so_far, column.path: more})


def _outcomes(tree: Any, node: int) -> set[DrawOutcome]:
    """All outcomes that the tree gives below a node."""
    inner = tree.tree_
    left, right = inner.children_left[node], inner.children_right[node]
    if left == right:  # a leaf: both are -1
        return {DrawOutcome(tree.classes_[np.argmax(inner.value[node])])}
    return _outcomes(tree, left) | _outcomes(tree, right)


def _tried(
    paths: Sequence[str], conditions: Conditions, turn: DrawOutcome, held: Array, came: Texts
) -> RegionRule:
    """A rule with how it does on the draws held out."""
    met = np.ones(len(held), dtype=bool)
    for path, condition in conditions.items():
        met &= condition.met(held[:, list(paths).index(path)])
    right = int((came[met] == turn.value).sum())
    return RegionRule(
        tuple(conditions.values()),
        turn,
        float(met.mean()),
        Estimate.of_share(right, int(met.sum())),
    )
