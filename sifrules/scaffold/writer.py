"""Writing a new plugin's folder, atomically: all of it, or nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sifrules.errors import SifError
from sifrules.loading.builder import Kinds
from sifrules.scaffold.names import Names
from sifrules.scaffold.template import GUIDELINE, path_of, the_template
from sifrules.values.errors import reported
from sifrules.values.messages import Message
from sifrules.values.text import Language


def new_plugin(
    names: Names, kinds: Kinds, into: Path, *, with_code: bool = False
) -> tuple[Path, tuple[str, ...]]:
    """Write a plugin's folder into another; returns its path and its files.

    ``kinds`` are the kinds of part that its guideline explains, ``with_code`` adds the
    example's own code. Raises `SifError` for a folder that has something in it, and
    where nothing can be written; nothing half-written is left behind.
    """
    target = into / names.distribution
    texts = _texts(names, kinds, with_code=with_code)
    if not into.is_dir():
        raise SifError(
            Message("scaffold.no_folder", into=into), fix=Message("scaffold.make_folder")
        )
    if target.is_symlink() or (target.exists() and not _is_empty(target)):
        raise SifError(
            Message("scaffold.target_exists", target=target), fix=Message("scaffold.move_away")
        )
    try:
        with tempfile.TemporaryDirectory(prefix=f".{names.distribution}-", dir=into) as beside:
            whole = Path(beside) / names.distribution
            for path, text in texts.items():
                file = whole / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8", newline="\n")
            if target.exists():
                target.rmdir()
            os.replace(whole, target)
    except OSError as error:
        raise SifError(
            Message("scaffold.unwritable", target=target, value=reported(error)),
            fix=Message("scaffold.other_place"),
        ) from None
    return target, tuple(texts)


def empty_guideline(kinds: Kinds, lang: Language) -> str:
    """A guideline to fill in as a file of its own, with what it may say explained."""
    names = Names("mine", Message("guideline_file.my_municipality").text(lang), _YEAR)
    return the_template().rewritten(GUIDELINE, names, kinds, with_code=False, lang=lang)


#: The year of the guideline, until its author writes another.
_YEAR = 2024


def _texts(names: Names, kinds: Kinds, *, with_code: bool) -> dict[str, str]:
    """Every file of the new plugin, by its path."""
    template = the_template()
    return {
        path_of(path, names): template.rewritten(path, names, kinds, with_code=with_code)
        for path in template.files(with_code=with_code)
    }


def _is_empty(folder: Path) -> bool:
    try:
        return folder.is_dir() and not any(folder.iterdir())
    except OSError as error:
        raise SifError(
            Message("scaffold.unreadable", folder=folder, value=reported(error))
        ) from None
