"""Texts in Swedish and English (språk).

Both languages of a text are one value, so that neither can be forgotten.
"""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen, validators

from sifrules.moved import warn_of

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")

_text = validators.and_(validators.instance_of(str), validators.min_len(1))


@frozen
class LocalizedText:
    """The same text in Swedish and in English.

    >>> LocalizedText(sv="golv", en="floor").text("sv")
    'golv'
    """

    sv: str = field(validator=_text)
    en: str = field(validator=_text)

    def text(self, language: Language) -> str:
        """The text in one language, ``"sv"`` or ``"en"``."""
        return self.sv if language == "sv" else self.en

    def format(self, **values: object) -> LocalizedText:
        """The text with its ``{names}`` filled in, in both languages.

        A value with a method ``text(language)``, such as a text or a date, is put in that language.

        >>> LocalizedText(sv="minst {n}", en="at least {n}").format(n=2)
        LocalizedText(sv='minst 2', en='at least 2')
        """
        filled = {
            language: {
                name: worded(language) if (worded := getattr(value, "text", None)) else value
                for name, value in values.items()
            }
            for language in LANGUAGES
        }
        return LocalizedText(sv=self.sv.format(**filled["sv"]), en=self.en.format(**filled["en"]))

    def say(self, language: Language) -> str:
        """The former name of `text`."""
        warn_of("LocalizedText.say is now LocalizedText.text")
        return self.text(language)

    def put(self, **values: object) -> LocalizedText:
        """The former name of `format`."""
        warn_of("LocalizedText.put is now LocalizedText.format")
        return self.format(**values)


def same(text: str) -> LocalizedText:
    """A text that is the same in both languages: a name, a number, a key."""
    return LocalizedText(sv=text, en=text)
