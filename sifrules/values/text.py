"""Texts in both of the tool's languages.

A text that people see is one value holding Swedish and English together, so that
neither can be forgotten.
"""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen, validators

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")

_text = validators.and_(validators.instance_of(str), validators.min_len(1))


@frozen
class Words:
    """The same text in Swedish and in English.

    >>> Words(sv="golv", en="floor").say("sv")
    'golv'
    """

    sv: str = field(validator=_text)
    en: str = field(validator=_text)

    def say(self, language: Language) -> str:
        """The text in one language, ``"sv"`` or ``"en"``."""
        return self.sv if language == "sv" else self.en

    def put(self, **values: object) -> Words:
        """The text with its ``{names}`` filled in, in both languages.

        What says itself in a language, as a text or a date does, is put in so.

        >>> Words(sv="minst {n}", en="at least {n}").put(n=2)
        Words(sv='minst 2', en='at least 2')
        """
        filled = {
            language: {
                name: say(language) if (say := getattr(value, "say", None)) else value
                for name, value in values.items()
            }
            for language in LANGUAGES
        }
        return Words(sv=self.sv.format(**filled["sv"]), en=self.en.format(**filled["en"]))


def same(text: str) -> Words:
    """A text that reads the same in both languages: a name, a number, a quotation of a key."""
    return Words(sv=text, en=text)
