"""What there is to say of a guideline: where, what, why it matters and what to do about it."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from sifrules.values.text import Language, Words


class Level(StrEnum):
    """How sure it is that something is amiss."""

    WRONG = "wrong"
    DOUBTFUL = "doubtful"

    @property
    def words(self) -> Words:
        return _LEVELS[self]


_LEVELS = {
    Level.WRONG: Words(sv="fel", en="wrong"),
    Level.DOUBTFUL: Words(sv="tveksamt", en="doubtful"),
}


@frozen
class Doubt:
    """One thing wrong or doubtful in a guideline or a record.

    ``kind`` names the sort of thing and stays the same from version to version. ``file``
    and ``key`` are where it stands, as in the faults of a file.
    """

    level: Level
    kind: str
    file: str
    key: str
    what: Words
    why: Words
    do: Words

    @property
    def place(self) -> str:
        """The file and the key in it."""
        return f"{self.file}: {self.key}" if self.key else self.file

    def as_json(self, language: Language) -> dict[str, str]:
        """The doubt as the command's JSON carries it."""
        return {
            "level": self.level,
            "kind": self.kind,
            "file": self.file,
            "key": self.key,
            "what": self.what.say(language),
            "why": self.why.say(language),
            "do": self.do.say(language),
        }


@frozen(kw_only=True)
class Remark:
    """A sort of doubt, with its texts still open at the ``{names}`` in them."""

    kind: str
    level: Level
    what: Words
    why: Words
    do: Words

    def at(self, file: str, key: str, **values: object) -> Doubt:
        """The doubt at one place, the texts filled in.

        >>> late = Remark(kind="late", level=Level.DOUBTFUL, what=Words(sv="sen", en="{n} late"),
        ...               why=Words(sv="s", en="w"), do=Words(sv="g", en="d"))
        >>> late.at("mine.toml", "terms", n=3).what.en
        '3 late'
        """
        texts = (each.put(**values) for each in (self.what, self.why, self.do))
        return Doubt(self.level, self.kind, file, key, *texts)


def joined(each: list[Words]) -> Words:
    """Several texts in a row, in both languages."""
    return Words(sv="; ".join(w.sv for w in each), en="; ".join(w.en for w in each))
