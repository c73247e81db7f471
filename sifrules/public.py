"""Everything that `import sifrules` offers, in one place."""

from sifrules.api import decide, decide_many
from sifrules.citations import Citation
from sifrules.conditions import Condition, all_of, any_of
from sifrules.dates import Month, PartialDate
from sifrules.decisions import Decision, Finding, Outcome, Verdict
from sifrules.errors import FactError, FaultyFile, LedgerError, RuleError, SifError
from sifrules.facts import Fact, FactGroup, Kind, Vocabulary
from sifrules.guideline import Guideline, read_guideline
from sifrules.history import Entry, Grant, History, Total, read_history
from sifrules.hookspecs import hookimpl
from sifrules.ledger import Ledger
from sifrules.money import Ore, kronor, ore
from sifrules.parts import Clause, Funding, Part, ReturnModel, Slot, WriteDown, clause
from sifrules.policy import FundPolicy
from sifrules.registry import Plugin, Registry, registry
from sifrules.replay import Replay, replay
from sifrules.rules import Derivation, Rule, RuleBook, Stage
from sifrules.settlement import Claim, Investment, Reduction, Settlement
from sifrules.simulated import (
    Behaviour,
    Event,
    Expectation,
    Idea,
    Life,
    Measure,
    Observer,
    Portfolio,
    Prospect,
)
from sifrules.vocabulary import FACTS, application, fund, investment, parts
from sifrules.words import Words

__all__ = [
    "FACTS",
    "Behaviour",
    "Citation",
    "Claim",
    "Clause",
    "Condition",
    "Decision",
    "Derivation",
    "Entry",
    "Event",
    "Expectation",
    "Fact",
    "FactError",
    "FactGroup",
    "FaultyFile",
    "Finding",
    "FundPolicy",
    "Funding",
    "Grant",
    "Guideline",
    "History",
    "Idea",
    "Investment",
    "Kind",
    "Ledger",
    "LedgerError",
    "Life",
    "Measure",
    "Month",
    "Observer",
    "Ore",
    "Outcome",
    "Part",
    "PartialDate",
    "Plugin",
    "Portfolio",
    "Prospect",
    "Reduction",
    "Registry",
    "Replay",
    "ReturnModel",
    "Rule",
    "RuleBook",
    "RuleError",
    "Settlement",
    "SifError",
    "Slot",
    "Stage",
    "Total",
    "Verdict",
    "Vocabulary",
    "Words",
    "WriteDown",
    "all_of",
    "any_of",
    "application",
    "clause",
    "decide",
    "decide_many",
    "fund",
    "hookimpl",
    "investment",
    "kronor",
    "ore",
    "parts",
    "read_guideline",
    "read_history",
    "registry",
    "replay",
]
