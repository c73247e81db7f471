"""The report next to saved results (rapport intill), written by every command that saves them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sifrules.errors import SifError
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.report import page
from sifrules_simulation.results.folder import ResultsFolder
from sifrules_simulation.results.reader import read_results

NAME = "report.html"

_NO_REPORT = Message("report_beside_results.no_report")


def attach_report(folder: Path, lang: Language) -> tuple[str, ...]:
    """Write the report of a folder's results into it; returns the lines to print.

    Where it cannot be made, as the extra ``report`` is not installed, an older one is taken
    away, and the line says why: the results are saved all the same.
    """
    try:
        page.refuse_without_means()
        content = page.page(read_results(folder), lang).encode()
        ResultsFolder(folder).write(NAME, partial(Path.write_bytes, data=content))
    except SifError as error:
        (folder / NAME).unlink(missing_ok=True)
        return (_NO_REPORT.format(why=error).text(lang),)
    return (str(folder / NAME),)
