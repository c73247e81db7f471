"""Issues of a record: the texts for `sifrules.validation.record`."""

from __future__ import annotations

import attrs

from sifrules.validation.issues import IssueTemplate, Severity
from sifrules.values.messages import Message

_LOOK_UP = Message("validate_record_messages.look_up")

BEFORE_ANY = IssueTemplate(
    kind="granted_before_any_guideline",
    level=Severity.DOUBTFUL,
    what=Message("validate_record_messages.before_any_what"),
    why=Message("validate_record_messages.before_any_why"),
    do=Message("validate_record_messages.before_any_do"),
)
NONE_IN_FORCE = IssueTemplate(
    kind="granted_without_guideline",
    level=Severity.WRONG,
    what=Message("validate_record_messages.none_in_force_what"),
    why=Message("validate_record_messages.none_in_force_why"),
    do=Message("validate_record_messages.none_in_force_do"),
)
STARTED_FIRST = IssueTemplate(
    kind="started_before_granted",
    level=Severity.DOUBTFUL,
    what=Message("validate_record_messages.started_first_what"),
    why=Message("validate_record_messages.started_first_why"),
    do=_LOOK_UP,
)
ENDS_FIRST = IssueTemplate(
    kind="ends_before_starts",
    level=Severity.WRONG,
    what=Message("validate_record_messages.ends_first_what"),
    why=Message("validate_record_messages.ends_first_why"),
    do=Message("validate_record_messages.ends_first_do"),
)
REFUSED = IssueTemplate(
    kind="would_be_refused",
    level=Severity.WRONG,
    what=Message("validate_record_messages.refused_what"),
    why=Message("validate_record_messages.refused_why"),
    do=_LOOK_UP,
)
MAY_BE_REFUSED = attrs.evolve(
    REFUSED,
    kind="may_be_refused",
    level=Severity.DOUBTFUL,
    why=Message("validate_record_messages.may_be_refused_why"),
    do=Message("validate_record_messages.may_be_refused_do"),
)
YEAR_REFUSED = IssueTemplate(
    kind="year_would_be_refused",
    level=Severity.WRONG,
    what=Message("validate_record_messages.year_refused_what"),
    why=Message("validate_record_messages.year_refused_why"),
    do=_LOOK_UP,
)
YEAR_MAY_BE_REFUSED = attrs.evolve(
    YEAR_REFUSED,
    kind="year_may_be_refused",
    level=Severity.DOUBTFUL,
    why=Message("validate_record_messages.year_may_be_refused_why"),
    do=Message("validate_record_messages.year_may_be_refused_do"),
)
OVERDRAWN = IssueTemplate(
    kind="more_granted_than_set_aside",
    level=Severity.WRONG,
    what=Message("validate_record_messages.overdrawn_what"),
    why=Message("validate_record_messages.overdrawn_why"),
    do=Message("validate_record_messages.overdrawn_do"),
)
MAY_BE_OVERDRAWN = attrs.evolve(
    OVERDRAWN,
    kind="maybe_more_granted_than_set_aside",
    level=Severity.DOUBTFUL,
    why=Message("validate_record_messages.may_be_overdrawn"),
)
