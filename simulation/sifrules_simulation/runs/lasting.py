"""Runs that last (långa körningar): kept as they go, and gone on with where they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from sifrules.errors import SifError
from sifrules.plugin.registry import Registry
from sifrules_simulation.model.fingerprints import environment_fingerprint
from sifrules_simulation.results.checkpoints import CheckpointStore, opened, unlike_before
from sifrules_simulation.results.manifest import Manifest, differences, manifest_in

Asked = TypeVar("Asked")
Result = TypeVar("Result")


@contextmanager
def stored(
    out: Path | None, manifest: Callable[[], Manifest], *, resumed: bool = False
) -> Iterator[CheckpointStore | None]:
    """The store of a run while it lasts; None where it is kept nowhere."""
    if out is None:
        yield None
        return
    store = opened(out, manifest(), resumed=resumed)
    try:
        yield store
    finally:
        store.leave()


def unfinished(out: Path) -> Manifest:
    """What the run in a folder is, that can be gone on with.

    Raises `SifError` where the folder holds none, or one that is finished.
    """
    before = manifest_in(out)
    if before is None:
        raise SifError(
            f"{out} holds nothing to resume",
            fix="name the folder that --out of a comparison or study was given",
        )
    if before.finished:
        raise SifError(f"what {out} holds is finished", fix=f"see sif results {out}")
    return before


def asked_again(
    registry: Registry,
    out: Path,
    before: Manifest,
    understood: Callable[[], Asked],
    go_on: Callable[[Asked, Path], Result],
) -> Result:
    """Go on with a run from where it was begun, so that the files it names are found.

    ``understood`` gives what was asked for, and raises where it cannot be asked for any more;
    ``go_on`` is given that, and the folder. Raises `SifError` where what it hangs on has
    changed, with all that has.
    """
    place, folder = Path(str(before.asked.get("place", "."))), out.absolute()
    with chdir(place) if place.is_dir() else nullcontext():
        try:
            asked = understood()
        except (SifError, TypeError) as error:  # may be for what has changed since
            now = environment_fingerprint(registry)
            unlike = differences({name: before.plan.get(name) for name in now}, now)
            raise unlike_before(out, (*unlike, str(error)), resumed=True) from None
        return go_on(asked, folder)
