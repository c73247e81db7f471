"""Measures (mått) of a simulated portfolio: what the comparison is made of.

Each is a function of one portfolio. Amounts are kronor here, at the edge; a share of
nothing is not defined, and None. Plugins add measures through the hook. Fractions are summed
by `fsum`: how the built-in sum rounds differs between versions of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import fsum

from sifrules.plugin.simulation import IdeaHistory, Measure, Portfolio
from sifrules.policy.ledger import (
    ADMINISTRATION,
    EXEMPTED,
    FINANCIERS,
    FRAMES,
    OUTSTANDING,
    SPENT,
    WRITTEN_DOWN,
    Ledger,
)
from sifrules.values.text import LocalizedText

_ORE = 100
#: A fund that could not pay for a tenth of what it was first given is called exhausted.
_LEAST = 0.1

Compute = Callable[[Portfolio], float | None]

MEASURES: list[Measure] = []


def _measure(
    sv: str, en: str, unit: str, formula_sv: str, formula_en: str
) -> Callable[[Compute], Compute]:
    """Put a function among the measures, under its own name."""

    def add(compute: Compute) -> Compute:
        words, formula = LocalizedText(sv=sv, en=en), LocalizedText(sv=formula_sv, en=formula_en)
        MEASURES.append(Measure(compute.__name__, words, unit, formula, compute))
        return compute

    return add


def _count(lives: Iterable[bool]) -> float:
    return float(sum(lives))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _given(portfolio: Portfolio) -> int:
    """What was put into the fund over the years (öre)."""
    return sum(portfolio.put_in)


# --- uptake -------------------------------------------------------------------------


@_measure(
    "idéer", "ideas", "count", "idéer som uppstår under åren", "ideas that arise over the years"
)
def ideas(portfolio: Portfolio) -> float:
    return float(len(portfolio.lives))


@_measure(
    "livskraftiga idéer",
    "viable ideas",
    "count",
    "idéer som inte är ordinarie verksamhet och vars väntade vinster för samhället når kostnaden",
    "ideas that are no regular operations and whose expected gains to society reach their cost",
)
def viable_ideas(portfolio: Portfolio) -> float:
    return float(portfolio.counts.viable)


@_measure(
    "nämnder som vill söka",
    "committees that want to apply",
    "share",
    "idéer som nämnden vill söka med ÷ idéer som nämnden tar ställning till",
    "ideas that the committee wants to apply with ÷ ideas it makes up its mind on",
)
def willingness(portfolio: Portfolio) -> float | None:
    return _share(float(len(portfolio.pursued)), portfolio.counts.considered)


@_measure("ansökningar", "applications", "count", "inlämnade ansökningar", "applications handed in")
def applications(portfolio: Portfolio) -> float:
    return _count(life.applied is not None for life in portfolio.pursued)


@_measure(
    "ansökningsgrad",
    "application uptake",
    "share",
    "livskraftiga idéer som blir en ansökan ÷ livskraftiga idéer",
    "viable ideas that become an application ÷ viable ideas",
)
def application_uptake(portfolio: Portfolio) -> float | None:
    applied = _count(life.applied is not None and life.idea.viable for life in portfolio.pursued)
    return _share(applied, portfolio.counts.viable)


@_measure(
    "avslagna ansökningar",
    "applications refused",
    "count",
    "ansökningar som reglerna eller styrelsen avslår",
    "applications that the rules or the board refuse",
)
def refusals(portfolio: Portfolio) -> float:
    return _count(life.refused for life in portfolio.pursued)


@_measure(
    "ansökningar som inte kan avgöras",
    "applications that cannot be decided",
    "count",
    "idéprövningar och ansökningar som saknar något som en regel läser, och som ingen regel avslår",
    "idea tests and applications that lack what a rule reads, and that no rule refuses",
)
def undecided(portfolio: Portfolio) -> float:
    return _count(bool(each.undecided_by) for each in portfolio.halted)


@_measure(
    "förutsedda avslag",
    "refusals foreseen",
    "count",
    "idéer som nämnden inte söker med, eftersom den vet att reglerna utesluter dem",
    "ideas that the committee does not apply with, as it knows that the rules rule them out",
)
def foreseen_refusals(portfolio: Portfolio) -> float:
    return _count(bool(each.foreseen_by) for each in portfolio.halted)


@_measure(
    "beviljade satsningar", "grants", "count", "beviljade ansökningar", "granted applications"
)
def grants(portfolio: Portfolio) -> float:
    return float(len(portfolio.granted))


@_measure("beviljat", "granted", "SEK", "summan av beviljade medel", "the sum of all grants")
def granted(portfolio: Portfolio) -> float:
    return sum(life.applied_for for life in portfolio.granted) / _ORE


# --- the fund -----------------------------------------------------------------------


@_measure(
    "utnyttjandegrad",
    "money put to use",
    "share",
    "använt i satsningarna ÷ det som satts av under åren, också det som sedan förföll; "
    "över 1 när återfört används igen",
    "used in investments ÷ what was set aside over the years, also what lapsed later; "
    "above 1 where returns are used again",
)
def money_used(portfolio: Portfolio) -> float | None:
    return _share(portfolio.ledger.balance("spent"), _given(portfolio))


@_measure(
    "kvar i fonden, medel",
    "balance, mean",
    "SEK",
    "medelvärdet av det som är kvar vid varje månads slut",
    "the mean of what is left at the end of each month",
)
def balance_mean(portfolio: Portfolio) -> float:
    return sum(portfolio.balances) / len(portfolio.balances) / _ORE


@_measure(
    "kvar i fonden vid slutet",
    "balance at the end",
    "SEK",
    "det som är kvar att bevilja efter sista månaden",
    "what is left to grant after the last month",
)
def balance_end(portfolio: Portfolio) -> float:
    return portfolio.balances[-1] / _ORE


@_measure(
    "månader med nästan tom fond",
    "months exhausted",
    "months",
    "månader som slutar med mindre kvar än en tiondel av det som först sattes av",
    "months that end with less left than a tenth of what was first set aside",
)
def months_exhausted(portfolio: Portfolio) -> float | None:
    if not portfolio.has_fund:
        return None
    least = _LEAST * max(portfolio.put_in[0], 1)
    return _count(balance < least for balance in portfolio.balances)


@_measure(
    "återfört",
    "returned",
    "SEK",
    "det som nämnderna betalat tillbaka till fonden",
    "what the committees have paid back into the fund",
)
def returned(portfolio: Portfolio) -> float:
    books = portfolio.ledger
    paid = -books.balance(FRAMES) - books.balance(ADMINISTRATION) - _financiers(books)[1]
    return paid / _ORE


def _financiers(books: Ledger) -> tuple[int, int]:
    """What financiers from outside have put in, and what they were paid back (öre)."""
    if not any(account == FINANCIERS for account, _ in books.balances):
        return 0, 0
    put_in = sum(each.amount for each in books.postings if each.credit[0] == FINANCIERS)
    return put_in, put_in + books.balance(FINANCIERS)


@_measure(
    "kvar att återföra",
    "outstanding",
    "SEK",
    "krav som inte förfallit än",
    "claims that are not yet due",
)
def outstanding(portfolio: Portfolio) -> float:
    return portfolio.ledger.balance(OUTSTANDING) / _ORE


@_measure(
    "nedskrivet",
    "written down",
    "SEK",
    "krav som skrivits ned",
    "claims that were written down",
)
def written_down(portfolio: Portfolio) -> float:
    return portfolio.ledger.balance(WRITTEN_DOWN) / _ORE


@_measure("befriat", "exempted", "SEK", "krav som befriats", "claims that were exempted")
def exempted(portfolio: Portfolio) -> float:
    return portfolio.ledger.balance(EXEMPTED) / _ORE


@_measure(
    "administration",
    "administration",
    "SEK",
    "tjänster centralt, när det finns en fond, samt handläggning av ansökningar och krav",
    "central posts, where there is a fund, and the handling of applications and claims",
)
def administration(portfolio: Portfolio) -> float:
    cost = portfolio.parameters
    posts = cost["administration.posts"] * cost["administration.post_cost"] * portfolio.years
    claims = sum(life.claims for life in portfolio.pursued)
    return (
        (posts if portfolio.has_fund else 0.0)
        + (applications(portfolio) or 0.0) * cost["administration.application_cost"]
        + claims * cost["administration.claim_cost"]
    )


# --- what comes of it ---------------------------------------------------------------


def lasting(life: IdeaHistory, kept: float) -> float:
    """The share of an idea's hoped-for gains that comes, over their whole lifetime."""
    return life.realised * (1.0 if life.implemented else kept)


def _came(portfolio: Portfolio, of: Callable[[IdeaHistory], int]) -> float:
    kept = portfolio.parameters["effects.kept_without"]
    return fsum(of(life) * lasting(life, kept) for life in portfolio.granted) / _ORE


@_measure(
    "kommunal besparing",
    "municipal saving",
    "SEK",
    "kommunala effekter av avslutade satsningar över hela livslängden − använt, också nämndernas "
    "egen del; "
    "en extern finansiärs pengar räknas när de betalas tillbaka; administrationen är inte avdragen",
    "municipal effects of ended investments over their whole lifetime − used, also the committees' "
    "own part; "
    "a financier's money from outside counts when it is paid back; administration is not deducted",
)
def municipal_saving(portfolio: Portfolio) -> float:
    effects = _came(portfolio, lambda life: life.idea.effect)
    effects -= sum(life.early_costs for life in portfolio.granted) / _ORE
    spent = portfolio.ledger.balance(SPENT)
    put_in, paid_back = _financiers(portfolio.ledger)
    own = sum(life.own_spent for life in portfolio.pursued)
    borne = spent - min(spent, put_in) + paid_back + own
    return effects - borne / _ORE


@_measure(
    "kommunal nettobesparing",
    "net municipal saving",
    "SEK",
    "kommunal besparing − administration",
    "municipal saving − administration",
)
def net_municipal_saving(portfolio: Portfolio) -> float:
    return municipal_saving(portfolio) - administration(portfolio)  # type: ignore[operator]  # always numbers


@_measure(
    "mänskliga vinster",
    "human gain",
    "SEK",
    "värdet av de mänskliga vinsterna av avslutade satsningar, över hela sin livslängd",
    "the worth of the human gains of ended investments, over their whole lifetime",
)
def human_gain(portfolio: Portfolio) -> float:
    return _came(portfolio, lambda life: life.idea.human)


@_measure(
    "utvärderade",
    "evaluated",
    "share",
    "avslutade satsningar vars effekt mäts ÷ avslutade satsningar",
    "ended investments whose effect is measured ÷ ended investments",
)
def evaluated(portfolio: Portfolio) -> float | None:
    known = [life.evaluated for life in portfolio.granted if life.evaluated is not None]
    return _share(_count(known), len(known))


@_measure(
    "övervikt för lättmätta effekter",
    "pull towards easily counted effects",
    "share",
    "härledbar andel av effekten hos de beviljade, medel, − samma hos livskraftiga idéer",
    "attributable share of the effect among the granted, mean, − the same among viable ideas",
)
def countable_pull(portfolio: Portfolio) -> float | None:
    among = [life.idea.attributable for life in portfolio.granted]
    of_all = portfolio.counts
    if not among or not of_all.viable:
        return None
    return fsum(among) / len(among) - of_all.attributable / of_all.viable


@_measure(
    "satsningar där återföringen inte kan avgöras",
    "investments whose return cannot be told",
    "count",
    "avslutade satsningar där det inte går att avgöra allt som ska återföras",
    "ended investments of which not all that is to be returned can be determined",
)
def unsettled(portfolio: Portfolio) -> float:
    return _count(life.unsettled for life in portfolio.pursued)


#: What tables show where nothing else is asked for, in this order.
SHOWN = (
    "application_uptake",
    "applications",
    "grants",
    "granted",
    "months_exhausted",
    "returned",
    "municipal_saving",
    "administration",
    "human_gain",
)
