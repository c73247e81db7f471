"""Public names of the library, and where each is; `sifrules.lazy` reads this at import."""

from sifrules_simulation import (
    Comparison as Comparison,
    Correlation as Correlation,
    Distribution as Distribution,
    Estimate as Estimate,
    Experiment as Experiment,
    Exploration as Exploration,
    Mechanisms as Mechanisms,
    OwnIdeas as OwnIdeas,
    Scenario as Scenario,
    best_under_uncertainty as best_under_uncertainty,
    compare as compare,
    experiment as experiment,
    explore as explore,
    own_ideas as own_ideas,
    pareto as pareto,
    prim as prim,
    probability_best as probability_best,
    salib_problem as salib_problem,
    scenario as scenario,
    search as search,
    table as table,
    value_of_information as value_of_information,
)

from . import ema as ema
from .errors import (
    FactError as FactError,
    FaultyFile as FaultyFile,
    LedgerError as LedgerError,
    RuleError as RuleError,
    SifError as SifError,
)
from .loading.guideline import Guideline as Guideline, read_guideline as read_guideline
from .loading.history import (
    Entry as Entry,
    Grant as Grant,
    History as History,
    Total as Total,
    read_history as read_history,
)
from .plugin.discovery import Plugin as Plugin
from .plugin.hookspecs import hookimpl as hookimpl
from .plugin.registry import Registry as Registry, registry as registry
from .plugin.simulation import (
    Behaviour as Behaviour,
    Event as Event,
    Idea as Idea,
    IdeaHistory as IdeaHistory,
    Measure as Measure,
    Observer as Observer,
    OutcomeForecast as OutcomeForecast,
    Portfolio as Portfolio,
    Prospect as Prospect,
)
from .plugin.timelines import timeline as timeline
from .policy.decide import decide as decide
from .policy.decide_many import decide_many as decide_many
from .policy.fund_policy import FundPolicy as FundPolicy
from .policy.ledger import Ledger as Ledger
from .policy.parts import (
    Clause as Clause,
    Funding as Funding,
    Part as Part,
    Priority as Priority,
    ReturnModel as ReturnModel,
    Slot as Slot,
    WriteDown as WriteDown,
    clause as clause,
)
from .policy.procedure import Procedure as Procedure
from .policy.settlement import (
    Claim as Claim,
    ClaimKind as ClaimKind,
    Investment as Investment,
    Reduction as Reduction,
    ReductionKind as ReductionKind,
    Rest as Rest,
    Settlement as Settlement,
)
from .policy.tracks import Track as Track
from .record_replay import Replay as Replay, replay as replay
from .rules.conditions import (
    Condition as Condition,
    Fact as Fact,
    all_of as all_of,
    any_of as any_of,
)
from .rules.decisions import (
    Decision as Decision,
    Finding as Finding,
    Outcome as Outcome,
    Verdict as Verdict,
)
from .rules.kinds import Kind as Kind
from .rules.rulebook import (
    Derivation as Derivation,
    Rule as Rule,
    RuleBook as RuleBook,
    Stage as Stage,
)
from .rules.vocabulary import (
    FACTS as FACTS,
    FactGroup as FactGroup,
    Vocabulary as Vocabulary,
    application as application,
    fund as fund,
    investment as investment,
    parts as parts,
)
from .values.citations import Citation as Citation
from .values.dates import Month as Month, PartialDate as PartialDate
from .values.money import (
    Ore as Ore,
    kronor as kronor,
    ore as ore,
    share_of as share_of,
    split as split,
)
from .values.text import LocalizedText as LocalizedText

__version__: str
