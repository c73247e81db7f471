"""Public names of the test kit, and where each is."""

from .cases import Case as Case, Expected as Expected, Settled as Settled, read_cases as read_cases
from .conformance import PolicyConformance as PolicyConformance
from .outcome import Reason as Reason, TrialResult as TrialResult, try_policy as try_policy
from .run_cases import (
    Difference as Difference,
    Tried as Tried,
    run_case as run_case,
    run_cases as run_cases,
)
from .toy import toy_facts as toy_facts, toy_guideline as toy_guideline, toy_policy as toy_policy
