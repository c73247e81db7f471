"""``sif test``: worked cases against the guidelines that they were written for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import click
from attrs import evolve

from sifrules.cli.options import (
    engine_note,
    engine_option,
    output_options,
    put_out,
    the_registry,
)
from sifrules.errors import SifError, nearest
from sifrules.loading.toml import read_toml
from sifrules.presentation.answer import Answer, Cite, Sources, cited
from sifrules.presentation.table import Column, Table
from sifrules.testing.cases import Case, cases_of, read_cases
from sifrules.testing.run_cases import Tried, run_cases
from sifrules.values.messages import Message
from sifrules.values.text import Language

File = Path | Traversable

#: What a file of worked cases is called where a guideline's are sought.
CASES = "cases.toml"

_HEADS = {
    "case": (Message("sif_test.heads_case"), 34),
    "policy": (Message("sif_test.heads_policy"), 22),
    "result": (Message("sif_test.heads_result"), None),
    "difference": (Message("sif_test.heads_difference"), 34),
    "decided_by": (Message("sif_test.heads_decided_by"), 44),
    "citation": (Message("sif_test.heads_citation"), 24),
}
_SUMMARY = Message("sif_test.summary")
_COUNTS = Message("sif_test.counts")
_CASES = Message("sif_test.cases")
_DIFFER = Message("sif_test.differ")
_ALL_MET = Message("sif_test.all_met")


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="GUIDELINE|PLUGIN|CASES.toml...")
@click.option(
    "--cases",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Worked cases for the guideline, in place of those beside it; may be repeated.",
)
@engine_option
@output_options
@click.pass_context
def test(
    ctx: click.Context,
    targets: tuple[str, ...],
    files: tuple[Path, ...],
    engine: str | None,
    form: str,
    lang: Language,
) -> None:
    """Try worked cases: each with what it expected, what came, and the rule that decides.

    The cases of a guideline in a file stand beside it in cases.toml, those of a plugin in
    its own; or give a file of cases itself. The exit code is 0 where all come out as they
    say, else 1.

    \b
    Examples:
      sif test orebro
      sif test mine.toml --cases my-cases.toml
      sif test cases.toml --lang sv
    """
    results = [
        result
        for target in targets
        for result in run_cases(the_registry(), _cases(target, files), engine)
    ]
    put_out(_answer(results, engine, lang), form, lang)
    if not all(result.passed for result in results):
        ctx.exit(1)


# --- finding the cases --------------------------------------------------------------


def _cases(target: str, files: tuple[Path, ...]) -> tuple[Case, ...]:
    """The worked cases that a target stands for."""
    registry = the_registry()
    if target in registry.ids:
        offering = next(p.name for p in registry.plugins if target in registry.offered_by(p.name))
        return _of_policy(target, target, files or _of_plugin(offering))
    if target in {plugin.name for plugin in registry.plugins}:
        found = files or _of_plugin(target)
        return tuple(case for file in found for case in _some(file, read_cases(file)))
    if target.endswith(".toml") or os.sep in target or Path(target).exists():
        return _of_file(Path(target), files)
    if any(id.partition("@")[0] == target for id in registry.ids):
        return _cases(registry.policy(target).id, files)
    known = {*registry.ids, *(plugin.name for plugin in registry.plugins)}
    raise SifError(Message("test.unknown_target", target=target), fix=nearest(target, known))


def _of_file(path: Path, files: tuple[Path, ...]) -> tuple[Case, ...]:
    """The cases in a file of cases, or those of a guideline's file."""
    if "cases" in read_toml(path):
        if files:
            raise SifError(
                Message("test.holds_cases", path=path),
                fix=Message("test.give_guideline_or_file"),
            )
        return _some(path, read_cases(path))
    policy = the_registry().policy(path)
    return _of_policy(policy.id, str(path), files or _next_to(path))


def _next_to(path: Path) -> tuple[Path, ...]:
    """The cases next to a guideline's file, or above its folder in a plugin's package."""
    here = path.parent
    places = [here / CASES, *([here.parent / CASES] if here.name == "guidelines" else [])]
    found = [place for place in places if place.is_file()]
    if not found:
        looked = " and ".join(map(str, places))
        raise SifError(
            Message("test.no_cases", path=path, looked=looked),
            fix=Message("test.write_cases"),
        )
    return (found[0],)


def _of_plugin(plugin: str) -> tuple[File, ...]:
    file = cases_of(the_registry(), plugin)
    if file is None:
        module = the_registry().module_of(plugin)
        looked = getattr(module, "cases_file", None)
        raise SifError(
            Message("test.no_cases_of_plugin", plugin=plugin, looked=looked)
            if looked
            else Message("test.no_cases_file", plugin=plugin),
            fix=Message("test.write_cases"),
        )
    return (file,)


def _of_policy(id: str, name: str, files: Iterable[File]) -> tuple[Case, ...]:
    """The cases of one policy out of files that may hold others' too."""
    found: list[Case] = []
    for file in files:
        read = _some(file, read_cases(file, name))
        own = [case for case in read if case.policy in (id, name) or _same(case.policy, name)]
        if not own:
            of = ", ".join(sorted({case.policy for case in read}))
            raise SifError(
                Message("test.no_case_of", file=file, id=id, of=of),
                fix=Message("test.write_policy", id=id),
            )
        found += [evolve(case, policy=name) for case in own]
    return tuple(found)


def _same(one: str, other: str) -> bool:
    """Whether two names are those of one file."""
    both = one.endswith(".toml") and other.endswith(".toml")
    return both and Path(one).resolve() == Path(other).resolve()


def _some(file: File, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    if not cases:
        raise SifError(
            Message("test.no_cases_in"),
            where=str(file),
            fix=Message("test.write_case"),
        )
    return cases


# --- showing ------------------------------------------------------------------------


def _answer(results: list[Tried], engine: str | None, lang: Language) -> Answer:
    sources = Sources(lang)
    passed = sum(1 for result in results if result.passed)
    differ = len(results) - passed
    counts = _COUNTS.format(
        cases=_CASES.format(n=len(results)), passed=passed, differ=_DIFFER.format(n=differ)
    )
    return Answer(
        data={
            "cases": [_described(result, lang) for result in results],
            "passed": passed,
            "differ": differ,
        },
        tables=(_table(results, lang, sources),),
        csv=_table(results, lang, lambda citation: cited(citation, lang)),
        notes=(sources.note, engine_note(engine, lang), (_SUMMARY, (counts.text(lang),))),
    )


def _table(results: list[Tried], lang: Language, cite: Cite) -> Table:
    columns = [Column(words.text(lang), width=width) for words, width in _HEADS.values()]
    return Table(columns, [row for result in results for row in _rows(result, lang, cite)])


def _rows(result: Tried, lang: Language, cite: Cite) -> Iterator[list[str]]:
    """A row for a case, and one more for each further difference."""
    head = [result.case.name, result.policy, result.verdict.text(lang)]
    why = [_ALL_MET.text(lang) if result.passed else "", ""]
    if result.decided_by is not None:
        reason = result.decided_by
        why = [f"{reason.id}: {reason.words.text(lang)}", cite(reason.citation)]
    differences = [difference.words.text(lang) for difference in result.differences] or [""]
    yield [*head, differences[0], *why]
    for difference in differences[1:]:
        yield ["", "", "", difference, "", ""]


def _described(result: Tried, lang: Language) -> dict[str, Any]:
    reason = result.decided_by
    return {
        "case": result.case.name,
        "policy": result.policy,
        "passed": result.passed,
        "differences": [
            {
                "what": difference.what or None,
                "expected": difference.expected or None,
                "came": difference.came.text(lang),
            }
            for difference in result.differences
        ],
        "decided_by": None
        if reason is None
        else {
            "id": reason.id,
            "why": reason.words.text(lang),
            "citation": reason.citation.as_json(lang) if reason.citation else None,
        },
    }
