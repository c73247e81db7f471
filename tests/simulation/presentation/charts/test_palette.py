"""How policies look on charts: always the same, and distinguished by more than colour."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from sifrules import registry
from sifrules_simulation.presentation.charts.palette import LOOKS, looks

BUNDLED = [policy.id for policy in registry().policies]
#: What light of the sun becomes to eyes that lack a kind of cone (Machado and others, 2009).
EYES = {
    "all": np.eye(3),
    "no red": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "no green": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "no blue": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
#: The page's paper, by day and by night.
PAPERS = ("#ffffff", "#14181c")


@pytest.mark.parametrize("first", range(len(BUNDLED) - 9))
def test_any_ten_policies_all_look_different(first: int) -> None:
    """Ten colours, ten shapes."""
    found = looks(BUNDLED[first : first + 10])
    assert len({each.colour for each in found.values()}) == 10
    assert len({each.shape for each in found.values()}) == 10


def test_a_policy_looks_the_same_whoever_it_is_compared_with() -> None:
    """In every pair, in any order, as alone; of two that would look alike one gives way."""
    alone = {each: looks([each])[each] for each in BUNDLED}
    for pair in permutations(BUNDLED, 2):
        found = looks(pair)
        as_alone = [found[each] == alone[each] for each in pair]
        assert all(as_alone) or alone[pair[0]] == alone[pair[1]]
        assert any(as_alone)
        assert len(set(found.values())) == 2
    assert looks(reversed(BUNDLED)) == looks(BUNDLED)


def test_a_change_of_a_policy_never_takes_its_look() -> None:
    """What-ifs have longer names: the policy keeps its look, and the others' differ from it."""
    for policy in BUNDLED:
        changes = [f"{policy} {at}" for at in range(8)]
        found = looks([*changes, policy])
        assert found[policy] == looks([policy])[policy]
        assert len(set(found.values())) == 9


def test_more_policies_than_looks_share_them_evenly() -> None:
    """Nobody is left without one."""
    found = looks(f"town{at}@2020" for at in range(25))
    counts = [list(found.values()).count(each) for each in LOOKS]
    assert sorted(counts) == [2] * 5 + [3] * 5


def test_no_two_looks_share_a_shape_nor_both_colour_and_dash() -> None:
    """Ten colours cannot all be safe, so colour is never alone."""
    for one, other in combinations(LOOKS, 2):
        assert one.colour != other.colour
        assert one.shape != other.shape


@pytest.mark.parametrize("eyes", EYES)
def test_colours_stay_apart_for_any_colour_vision(eyes: str) -> None:
    """At least 0.075 in OKLab, several times what is just seen to differ."""
    seen = {look.colour: _oklab(EYES[eyes] @ _light(look.colour)) for look in LOOKS}
    closest = min(np.linalg.norm(a - b) for a, b in combinations(seen.values(), 2))
    assert closest > 0.075


@pytest.mark.parametrize("paper", PAPERS)
def test_colours_stand_out_from_the_paper(paper: str) -> None:
    """At least 3 to 1, as WCAG asks of graphics, on white and in the dark."""
    for look in LOOKS:
        bright, dim = sorted((_luminance(look.colour), _luminance(paper)), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 3


def _light(colour: str) -> np.ndarray:
    """The linear light of a colour in sRGB."""
    part = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    return float(_light(colour) @ np.array([0.2126, 0.7152, 0.0722]))


def _oklab(light: np.ndarray) -> np.ndarray:
    """Linear light in OKLab, where distance is how different colours look (Ottosson, 2020)."""
    cones = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.63]]
    lab = [[0.2105, 0.7936, -0.0041], [1.978, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
    seen: np.ndarray = np.array(lab) @ np.cbrt(np.array(cones) @ np.clip(light, 0, 1))
    return seen
