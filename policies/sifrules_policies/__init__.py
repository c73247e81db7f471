"""The parts a fund policy is composed of: criteria, return models, write-downs, caps and more.

Each is a small frozen class that a guideline names by its ``kind``.
"""

from sifrules_policies.base_amounts import BaseAmountsPerInvestment
from sifrules_policies.caps import (
    AmountPerInvestment,
    AmountPerInvestmentAndYear,
    AmountPerYear,
    CofundingShare,
    DurationCap,
    NewInvestmentsPerYear,
    ShareOfCost,
)
from sifrules_policies.outcome_contracts import OutcomeContract, OutcomeShare, PaymentOnTarget
from sifrules_policies.return_models import ReturnFlow
from sifrules_policies.transitions import Transition
from sifrules_policies.without_return import BudgetModel, CoFunding
from sifrules_policies.write_downs import (
    ByDecision,
    NoWriteDown,
    OnFailureToNothing,
    ToMeasuredEffect,
)

__all__ = [
    "AmountPerInvestment",
    "AmountPerInvestmentAndYear",
    "AmountPerYear",
    "BaseAmountsPerInvestment",
    "BudgetModel",
    "ByDecision",
    "CoFunding",
    "CofundingShare",
    "DurationCap",
    "NewInvestmentsPerYear",
    "NoWriteDown",
    "OnFailureToNothing",
    "OutcomeContract",
    "OutcomeShare",
    "PaymentOnTarget",
    "ReturnFlow",
    "ShareOfCost",
    "ToMeasuredEffect",
    "Transition",
]
