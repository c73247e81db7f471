"""Citations (hänvisningar): the document, reference number, place and date that state a value."""

from __future__ import annotations

from attrs import field, frozen, validators

from sifrules.values.text import Language, LocalizedText

#: Placeholder for what is still to be filled in, in a generated file.
FILL_IN = "FILL IN"

_text = validators.and_(validators.instance_of(str), validators.min_len(1))


@frozen
class Citation:
    """The place in a document that states a value or a rule.

    ``document`` is the document's own title, ``reference`` its registry number (diarienummer)
    where it has one, ``place`` the section or page, ``date`` as precise as the document gives
    it. ``reading`` (tolkning) is set where the wording is doubtful: how it is read here, and why.

    >>> fee = Citation("Sociala investeringar i Örebro", place="Ekonomi", date="2017")
    >>> print(fee)
    Sociala investeringar i Örebro, Ekonomi (2017)
    """

    document: str = field(validator=_text)
    reference: str | None = None
    place: str | None = None
    date: str | None = None
    reading: LocalizedText | None = field(
        default=None, validator=validators.optional(validators.instance_of(LocalizedText))
    )
    #: whether a what-if states it, instead of a guideline
    what_if: bool = False
    #: the citation in words, cached: millions of decisions show the same one
    _text: str = field(init=False, eq=False, repr=False)

    @_text.default
    def _in_words(self) -> str:
        named = ", ".join(part for part in (self.document, self.reference, self.place) if part)
        return f"{named} ({self.date})" if self.date else named

    def __str__(self) -> str:
        return self._text

    def as_json(self, language: Language) -> dict[str, str | None]:
        """The citation as plain data for the JSON output of commands."""
        return {
            "document": self.document,
            "reference": self.reference,
            "place": self.place,
            "date": self.date,
            "reading": self.reading.text(language) if self.reading else None,
        }
