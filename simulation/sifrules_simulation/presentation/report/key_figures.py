"""Key figures (nyckeltal): what a reader wants first of each policy, and what it says in words.

Five measures: uptake, the fund, money back, the municipality's saving and people's gains. The
page, the summary for the board and the workbook begin with the same table and sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from sifrules.presentation.table import Column, Table
from sifrules.values.messages import Message
from sifrules.values.text import Language
from sifrules_simulation.presentation.formatting import interval, listed, number, unit_of
from sifrules_simulation.results.reader import Data, SavedResults
from sifrules_simulation.statistics.estimates import Estimate

#: The measures of the table; of an older comparison the saving less administration.
KEY = ("application_uptake", "months_exhausted", "returned", "municipal_saving", "human_gain")
_OLDER = {"municipal_saving": "net_municipal_saving"}
_SAVINGS = ("municipal_saving", "net_municipal_saving")
_HEADS = {
    "application_uptake": Message("report_key.uptake"),
    "months_exhausted": Message("report_key.fund"),
    "returned": Message("report_key.returned"),
    "municipal_saving": Message("report_key.saving"),
    "net_municipal_saving": Message("report_key.net_saving"),
    "human_gain": Message("report_key.people"),
}
_POLICY = Message("report_key.policy")
_TITLE = Message("report_key.title")
_MARKS = Message("report_key.marks")
_HIGHER, _LOWER = " ▲", " ▼"

_MONTHS = Message("report_key.says_months")
_NEVER = Message("report_key.says_never")
_RETURNED = Message("report_key.says_returned")
_NOTHING_BACK = Message("report_key.says_nothing_back")
_SAVING = Message("report_key.says_saving")
_ADMINISTRATION = Message("report_key.says_administration")
_PEOPLE = Message("report_key.says_people")
_OVERLAP = Message("report_key.says_overlap")
_NO_FUND = Message("report_key.without_fund")
_EQUAL = Message("report_key.says_equal")
_SEVERAL = Message("report_key.several")
#: How many policies that share the highest or lowest figure are named; more are counted.
_NAMED = 3


def estimate(each: Mapping[str, float | None]) -> Estimate:
    """An estimate out of plain data."""
    return Estimate(each["mean"], each["low"], each["high"], 0)


def key_measures(saved: SavedResults) -> list[str]:
    """The key measures that were measured of every policy."""
    measured = [each["measures"] for each in saved.comparison["policies"]]
    found = []
    for name in KEY:
        for either in (name, _OLDER.get(name, name)):
            if measured and all(either in each for each in measured):
                found.append(either)
                break
    return found


def heading(measure: str, lang: Language) -> str:
    """What a key measure is called at the head of its column, with its unit."""
    return _HEADS[measure].text(lang)


def key_table(saved: SavedResults, lang: Language) -> Table | None:
    """A row for each policy and a column for each key measure; None where none was measured.

    A mark says where a policy is higher or lower than the baseline, as far as the interval
    of their difference says so.
    """
    measures = key_measures(saved)
    if not measures:
        return None
    rows = [
        [each["id"], *(_cell(each, name, saved.baseline, lang) for name in measures)]
        for each in saved.comparison["policies"]
    ]
    columns = [Column(_POLICY.text(lang))]
    columns += [Column(heading(name, lang), number=True) for name in measures]
    level = number(100 * saved.comparison.get("level", 0.95), "count", lang)
    title = _TITLE.format(level=level.removesuffix(",0").removesuffix(".0")).text(lang)
    if len(rows) > 1:
        title = f"{title} {_MARKS.format(baseline=saved.baseline).text(lang)}"
    return Table(columns, rows, title)


def _cell(policy: Data, measure: str, baseline: str, lang: Language) -> str:
    of = policy["measures"][measure]
    shown = interval(estimate(of), of["unit"], lang)
    if policy["id"] == baseline:
        return shown
    sign = side(estimate(policy["difference"][measure]))
    return shown + {1: _HIGHER, -1: _LOWER, 0: ""}[sign]


def side(difference: Estimate) -> int:
    """1 where a difference is above nothing with its whole interval, -1 below, else 0.

    >>> side(Estimate(2.0, 1.0, 3.0, 9)), side(Estimate(2.0, -1.0, 5.0, 9))
    (1, 0)
    """
    if difference.low is None or difference.high is None:
        return 0
    return int(difference.low > 0) - int(difference.high < 0)


# --- in words -------------------------------------------------------------------------


def key_sentences(saved: SavedResults, lang: Language) -> list[str]:
    """What the table says of fund, money back, saving and people, most against least."""
    if len(saved.policies) < 2:
        return []
    measures = key_measures(saved)
    found = [each for name in measures[1:] for each in _sentence(saved, name, lang)]
    funds = without_fund(saved)
    if found and funds:
        found.append(_NO_FUND.format(policies=listed(funds, lang)).text(lang))
    return found


def without_fund(saved: SavedResults) -> list[str]:
    """The policies under which there is no fund: of none is it known how long it is empty."""
    return [
        each["id"]
        for each in saved.comparison["policies"]
        if "mean" in (of := each["measures"].get("months_exhausted", {})) and of["mean"] is None
    ]


def _sentence(saved: SavedResults, measure: str, lang: Language) -> Iterator[str]:
    unfunded = without_fund(saved)
    known = [
        (each["id"], each["measures"][measure])
        for each in saved.comparison["policies"]
        if each["measures"][measure]["mean"] is not None and each["id"] not in unfunded
    ]
    if len(known) < 2:
        return
    most, least = (_extreme(known, pick, lang) for pick in (max, min))
    nothing = not any(each["mean"] for _, each in known)
    values = {
        "most": most[0],
        "least": least[0],
        "high": _shown(most[1], lang),
        "low": _shown(least[1], lang),
    }
    what = _HEADS[measure].text(lang).partition(" (")[0]
    ends = {id for id, each in known if each["mean"] in (most[1]["mean"], least[1]["mean"])}
    chance = "" if _differ(saved, measure, ends) else _chance(most[1], least[1], lang)
    of_nothing = nothing and measure in ("months_exhausted", "returned")
    if most[1]["mean"] == least[1]["mean"] and not of_nothing:
        yield _EQUAL.format(what=what, figure=values["high"]).text(lang)
    elif measure == "months_exhausted":
        months = 12 * int(saved.comparison.get("years", 0))
        yield (_NEVER if nothing else _MONTHS.format(**values, months=months)).text(lang)
    elif measure == "returned":
        yield (_NOTHING_BACK if nothing else _RETURNED.format(**values)).text(lang)
    elif measure == "human_gain":
        yield _PEOPLE.format(**values).text(lang) + chance
    else:
        yield _SAVING.format(**values, what=what).text(lang) + chance
    if measure in _SAVINGS:
        funded = [each for each in saved.comparison["policies"] if each["id"] not in unfunded]
        yield from _administration(funded, measure, lang)


def _extreme(
    known: Sequence[tuple[str, Data]], pick: Callable[..., float], lang: Language
) -> tuple[str, Data]:
    """The policies whose mean is the highest or lowest, by name or how many, and that figure."""
    end = pick(of["mean"] for _, of in known)
    found = [(policy, of) for policy, of in known if of["mean"] == end]
    names = [policy for policy, _ in found]
    if len(names) > _NAMED:
        return _SEVERAL.format(n=len(names)).text(lang), found[0][1]
    return listed(names, lang), found[0][1]


def _administration(policies: Sequence[Data], measure: str, lang: Language) -> Iterator[str]:
    costs = [each["measures"].get("administration", {}).get("mean") for each in policies]
    known = [cost for cost in costs if cost is not None]
    if measure in _OLDER and known:
        low, high = (number(pick(known), "SEK", lang) for pick in (min, max))
        yield _ADMINISTRATION.format(low=low, high=high).text(lang)


def _shown(of: Data, lang: Language) -> str:
    unit = of["unit"]
    words = unit_of(unit).shown.text(lang)
    shown = interval(estimate(of), unit, lang)
    return shown if unit == "months" else f"{shown} {words}"


def _differ(saved: SavedResults, measure: str, ends: Collection[str]) -> bool:
    """Whether most and least differ beyond chance in the same worlds, whatever their intervals.

    Known where one of the two is the baseline: others are not compared with each other.
    """
    policies = saved.comparison["policies"]
    others = [each for each in policies if each["id"] in ends and each["id"] != saved.baseline]
    beside = len(ends) == 2 and len(others) == 1
    return beside and side(estimate(others[0]["difference"][measure])) != 0


def _chance(most: Data, least: Data, lang: Language) -> str:
    """That an order may be chance, where the intervals of most and least overlap."""
    low, high = most["low"], least["high"]
    return f" {_OVERLAP.text(lang)}" if low is None or high is None or low <= high else ""
