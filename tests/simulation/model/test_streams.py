"""Streams of many replications at once give what numpy's own generators give each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings, strategies as st

from sifrules_simulation.model.streams import ManyStreams, RandomStreams

#: Seeds and numbers of replications of one word of 32 bits, and of more.
numbers = st.one_of(st.integers(0, 1000), st.integers(2**31, 2**34), st.integers(2**62, 2**63 - 1))


@settings(max_examples=30)
@given(
    seed=numbers,
    replications=st.lists(numbers, min_size=1, max_size=4, unique=True),
    names=st.sets(st.sampled_from(["cost", "luck", "stock.arises", "fact.x"]), min_size=1).map(
        list
    ),
)
def test_each_replication_draws_what_a_generator_of_its_own_draws(
    seed: int, replications: list[int], names: list[str]
) -> None:
    """Whether its stream was seeded with others or alone, and in whatever order it is drawn."""
    together = ManyStreams(seed, tuple(replications), tuple(names))
    for name in (*reversed(names), "another"):
        uniform, normal = together.uniform(name, 3, 2), together.normal(name, 5)
        for row, replication in enumerate(replications):
            alone = RandomStreams(seed, replication)
            assert (uniform[row] == alone.stream(name).random((3, 2))).all()
            assert (normal[row] == alone.stream(name).standard_normal(5)).all()


def test_threads_that_draw_at_once_do_not_disturb_each_other() -> None:
    """Each thread has a generator of its own: a cluster's workers and a page's server have many."""
    streams = ManyStreams(1, tuple(range(200)))
    alone = streams.uniform("cost", 50)
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: streams.uniform("cost", 50), range(40)))
    assert all((each == alone).all() for each in drawn)
