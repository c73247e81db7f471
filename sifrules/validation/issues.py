"""Issues (anmärkningar) of a guideline: where, what, why it matters and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen

from sifrules.values.messages import Joined, Message, Text
from sifrules.values.text import Language


class Severity(StrEnum):
    """How sure it is that something is amiss."""

    WRONG = "wrong"
    DOUBTFUL = "doubtful"

    @property
    def words(self) -> Text:
        return _LEVELS[self]


_LEVELS = {
    Severity.WRONG: Message("validate_issues.levels_wrong"),
    Severity.DOUBTFUL: Message("validate_issues.levels_doubtful"),
}


@frozen
class Issue:
    """One thing wrong or doubtful in a guideline or a record.

    ``kind`` names the sort of issue and is stable between versions. ``file``
    and ``key`` are where it stands, as in the faults of a file.
    """

    level: Severity
    kind: str
    file: str
    key: str
    what: Text
    why: Text
    do: Text

    @property
    def place(self) -> str:
        """The file and the key in it."""
        return f"{self.file}: {self.key}" if self.key else self.file

    def as_json(self, language: Language) -> dict[str, str]:
        """The issue as the command's JSON has it."""
        return {
            "level": self.level,
            "kind": self.kind,
            "file": self.file,
            "key": self.key,
            "what": self.what.text(language),
            "why": self.why.text(language),
            "do": self.do.text(language),
        }


@frozen(kw_only=True)
class IssueTemplate:
    """A sort of issue, with texts that have ``{names}`` to fill in."""

    kind: str
    level: Severity
    what: Text
    why: Text
    do: Text

    def at(self, file: str, key: str, **values: object) -> Issue:
        """The issue at one place, the texts filled in.

        >>> from sifrules.values.text import LocalizedText
        >>> late = IssueTemplate(
        ...     kind="late",
        ...     level=Severity.DOUBTFUL,
        ...     what=LocalizedText(sv="{n} sena", en="{n} late"),
        ...     why=LocalizedText(sv="s", en="w"),
        ...     do=LocalizedText(sv="g", en="d"),
        ... )
        >>> late.at("mine.toml", "terms", n=3).what.text("en")
        '3 late'
        """
        texts = (each.format(**values) for each in (self.what, self.why, self.do))
        return Issue(self.level, self.kind, file, key, *texts)


def joined(each: Sequence[Text]) -> Text:
    """Several texts in a row."""
    return Joined(tuple(each), "; ")
