"""What the page shows (läget): all of it stands in the link, and nothing is saved elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from attrs import define, field, frozen

from sifrules.errors import SifError, nearest
from sifrules.loading.toml import read_setting
from sifrules.values.messages import Joined, Message, Text
from sifrules.values.quantities import in_kronor, read_amount
from sifrules.values.text import LANGUAGES, Language
from sifrules_simulation.app.offers import LONGEST_ID, Offers
from sifrules_simulation.experiments.defaults import YEARS
from sifrules_simulation.model.scenarios import bundled

#: So many policies stand next to one's own at most.
MOST_OTHERS = 5
#: So many clauses may be changed, and so long may a value be.
MOST_CHANGES, LONGEST_VALUE = 200, 200
#: How the money of the funds may be: their own, or the same for all, or an amount of kronor.
OWN, EQUAL, AMOUNT = "own", "equal", "amount"
MOST_YEARS = 40

#: A request's parameters, in order; a name may stand more than once.
Query = Sequence[tuple[str, str]]


@frozen(kw_only=True)
class AppState:
    """A policy with changed values, compared with others in one scenario.

    ``changes`` are paths with values as ``--set`` takes them. ``money`` is ``own``, ``equal`` or
    whole kronor.
    """

    policy: str
    lang: Language
    changes: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()
    money: str = OWN
    scenario: str = "default"
    years: int = YEARS

    @property
    def settings(self) -> tuple[str, ...]:
        """The changes as ``--set`` takes them."""
        return tuple(f"{path}={value}" for path, value in self.changes)

    def query(self, lang: Language | None = None) -> str:
        """The query string by which a link asks for it; in another language if one is given."""
        pairs = [("policy", self.policy), *(("set", each) for each in self.settings)]
        pairs += [("with", each) for each in self.others]
        pairs += [("money", self.money)] if self.money != OWN else []
        pairs += [("scenario", self.scenario)] if self.scenario != "default" else []
        pairs += [("years", str(self.years))] if self.years != YEARS else []
        return urlencode([*pairs, ("lang", lang or self.lang)])


@define
class Mistakes:
    """What is wrong with a request, by the name of the field; under ``""`` what is of none."""

    by_field: dict[str, Text] = field(factory=dict)

    def add(self, name: str, wrong: Text | SifError) -> None:
        """Note one; the first of a field stays."""
        words = _in_words(wrong) if isinstance(wrong, SifError) else wrong
        self.by_field.setdefault(name, words)

    def __bool__(self) -> bool:
        return bool(self.by_field)


def _in_words(error: SifError) -> Text:
    return Joined.of("; ", error.what, error.fix)


def one(query: Query, name: str, usual: str = "") -> str:
    """The last value of a name."""
    return next((value for each, value in reversed(query) if each == name), usual).strip()


def language_of(query: Query, usual: Language) -> Language:
    """The language that is asked for, if it is one of ours."""
    named = one(query, "lang")
    return next((each for each in LANGUAGES if each == named), usual)


def read_state(query: Query, offers: Offers, usual: Language, mistakes: Mistakes) -> AppState:
    """The state that a query asks for, but the clauses of a form; what is wrong is noted.

    What is unknown or impossible is replaced by what is usual, so that there is a page to show.
    """
    policy = one(query, "policy") or offers.first
    if policy not in offers.policies:
        mistakes.add("policy", _unknown(policy, offers.policies))
        policy = offers.first
    scenario = one(query, "scenario") or "default"
    if scenario not in bundled():
        known = nearest(scenario, bundled())
        mistakes.add("scenario", Joined.of("; ", Message("app.no_scenario"), known))
        scenario = "default"
    return AppState(
        policy=policy,
        lang=language_of(query, usual),
        changes=_changes(query, mistakes),
        others=_others(query, policy, offers, mistakes),
        money=_money(query, mistakes),
        scenario=scenario,
        years=_years(query, mistakes),
    )


def _unknown(policy: str, known: Iterable[str]) -> Text:
    return Joined.of(
        "; ", Message("policy.unknown", name=policy[:LONGEST_ID]), nearest(policy, known)
    )


def _changes(query: Query, mistakes: Mistakes) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for setting in (value for name, value in query if name == "set"):
        path, _, value = (piece.strip() for piece in setting.partition("="))
        try:
            if len(setting) > LONGEST_VALUE or len(found) >= MOST_CHANGES:
                raise SifError(Message("app.too_much"))
            found[path] = _unquoted(path, value, read_setting(setting)[1])
        except SifError as error:
            mistakes.add("", error)
    return tuple(sorted(found.items()))


def _unquoted(path: str, value: str, read: object) -> str:
    """A text without quotes where it says the same without them: one state has one link."""
    try:
        same = isinstance(read, str) and read_setting(f"{path}={read}")[1] == read
    except SifError:
        return value
    return str(read) if same else value


def _others(query: Query, policy: str, offers: Offers, mistakes: Mistakes) -> tuple[str, ...]:
    named = dict.fromkeys(value for name, value in query if name == "with" and value)
    for each in named:
        if each not in offers.policies:
            mistakes.add("with", _unknown(each, offers.policies))
    known = [each for each in named if each in offers.policies and each != policy]
    if len(known) > MOST_OTHERS:
        mistakes.add("with", Message("app.too_many_others", most=MOST_OTHERS))
    return tuple(known[:MOST_OTHERS])


def _money(query: Query, mistakes: Mistakes) -> str:
    money = one(query, "money", OWN)
    if money in (OWN, EQUAL):
        return money
    written = one(query, "amount") if money == AMOUNT else money
    try:
        amount = read_amount(written)
        if amount <= 0:
            raise SifError(Message("app.amount_above_nothing"))
    except SifError as error:
        mistakes.add("amount", error)
        return OWN
    return str(int(in_kronor(amount)))


def _years(query: Query, mistakes: Mistakes) -> int:
    written = one(query, "years", str(YEARS))
    whole = written.isascii() and written.isdigit() and len(written) < 4
    if whole and 1 <= int(written) <= MOST_YEARS:
        return int(written)
    mistakes.add("years", Message("app.years_between", most=MOST_YEARS))
    return YEARS
