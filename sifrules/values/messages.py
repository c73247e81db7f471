"""Messages (meddelanden): a code and its arguments, put into words by a catalogue.

What is saved or raised holds codes; the words of each language stand in gettext catalogues
under ``locale/`` of the packages that show them.
"""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from sifrules.values.text import Language, LocalizedText, same

#: The packages whose ``locale`` folders are looked through, in this order.
_PACKAGES = ["sifrules.presentation"]


#: A brace that is written twice, so that nothing is filled in there.
_BRACES = re.compile(r"([{}])\1")
#: A value in the text of a library: quoted, or a key as a tuple.
_VALUE = re.compile(r"'.*'|\".*\"|\(.*\)")


class Worded(Protocol):
    """What can be put into words in both languages: a text, an error, a date."""

    def text(self, language: Language) -> str:
        """The words in one language, ``"sv"`` or ``"en"``."""
        ...


@runtime_checkable
class Text(Worded, Protocol):
    """Words that may still have room for values: a message, a text of the law."""

    def format(self, **values: Any) -> Text:
        """The text with values filled in."""
        ...


@frozen(init=False)
class Message:
    """A code of a catalogue and the arguments that its text has room for.

    An argument that can itself be put into words is, in the same language. One called ``n``
    chooses between singular and plural where the catalogue has both.

    >>> Message("policy.unknown", name="orebo").text("sv")
    "det finns ingen policy 'orebo'"
    """

    code: str
    arguments: Mapping[str, Any] = field(hash=False)

    def __init__(self, code: str, /, **arguments: Any) -> None:
        self.__attrs_init__(code, arguments)

    def format(self, **arguments: Any) -> Message:
        """The message with more arguments filled in.

        >>> Message("policy.unknown").format(name="x") == Message("policy.unknown", name="x")
        True
        """
        return Message(self.code, **{**self.arguments, **arguments})

    def text(self, language: Language) -> str:
        """The words in one language; the code itself where no catalogue has it."""
        values = {name: _worded(value, language) for name, value in self.arguments.items()}
        template = _template(self.code, language, self.arguments.get("n"))
        return template.format(**values) if values else _BRACES.sub(r"\1", template)

    def as_json(self) -> dict[str, Any]:
        """The code and the arguments as plain data; `message_of` reads them back."""
        return {"code": self.code, **({"with": _plain(self.arguments)} if self.arguments else {})}

    @property
    def sv(self) -> str:
        """The text in Swedish."""
        return self.text("sv")

    @property
    def en(self) -> str:
        """The text in English."""
        return self.text("en")

    def __str__(self) -> str:
        return self.en


@frozen
class Joined:
    """Several texts in a row, with a sign or a word between them.

    >>> Joined(("a", LocalizedText(sv="golv", en="floor")), "; ").text("sv")
    'a; golv'
    """

    parts: Sequence[Worded | str]
    between: Text | str = ""

    @classmethod
    def of(cls, between: Text | str, *parts: Worded | str | None) -> Joined:
        """Those of the texts that there are.

        >>> str(Joined.of(": ", "a", None, "b"))
        'a: b'
        """
        return cls(tuple(part for part in parts if part is not None and part != ""), between)

    def text(self, language: Language) -> str:
        """The texts in one language."""
        between = str(_worded(self.between, language))
        return between.join(str(_worded(each, language)) for each in self.parts)

    def format(self, **values: Any) -> Joined:
        """The same with values filled in."""
        parts = tuple(p.format(**values) if isinstance(p, Text) else p for p in self.parts)
        return Joined(parts, self.between)

    @property
    def sv(self) -> str:
        """The text in Swedish."""
        return self.text("sv")

    @property
    def en(self) -> str:
        """The text in English."""
        return self.text("en")

    def __str__(self) -> str:
        return self.en


@frozen
class Borrowed:
    """A text of a library or of the system: English as it is, Swedish where it is a known one.

    What it has in quotes or brackets may be a value, which is the same in both.

    >>> Borrowed("Illegal character 'x'").text("sv"), Borrowed("Out of luck").text("sv")
    ("otillåtet tecken 'x'", 'Out of luck')
    """

    source: str

    def text(self, language: Language) -> str:
        """The text in one language."""
        found = translated(self.source, language, "libraries")
        if found == self.source and (value := _VALUE.search(found)):
            form = f"{found[: value.start()]}{{value}}{found[value.end() :]}"
            known = translated(form, language, "libraries")
            return self.source if known == form else known.format(value=value[0])
        return found

    def format(self, **values: Any) -> Borrowed:
        """The same: nothing is left to fill in."""
        return self

    def __str__(self) -> str:
        return self.source


def as_text(words: Text | str) -> Text:
    """A text as it is; a plain one reads the same in both languages."""
    return same(words) if isinstance(words, str) else words


def message_of(data: Mapping[str, Any]) -> Message:
    """The message that was saved as plain data.

    >>> message_of(Message("policy.unknown", name="x").as_json())
    Message(code='policy.unknown', arguments={'name': 'x'})
    """
    read = {name: _read(value) for name, value in data.get("with", {}).items()}
    return Message(data["code"], **read)


def plain_text(text: Text | str) -> Any:
    """A text as plain data: the code and arguments of a message, what both languages say, or str.

    >>> plain_text(Message("policy.unknown", name="x")), plain_text("as it is")
    ({'code': 'policy.unknown', 'with': {'name': 'x'}}, 'as it is')
    """
    return _plain(text)


def add_catalogue(package: str) -> None:
    """Look through the ``locale`` folder of a package too; done when the package is imported."""
    if package not in _PACKAGES:
        _PACKAGES.append(package)


def _worded(value: Any, language: Language) -> Any:
    text: Callable[[Language], str] | None = getattr(value, "text", None)
    return text(language) if callable(text) else value


def _plain(value: Any) -> Any:
    """An argument as JSON carries it."""
    if isinstance(value, Message):
        return value.as_json()
    if isinstance(value, Joined):
        return {"joined": [_plain(part) for part in value.parts], "between": _plain(value.between)}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if callable(getattr(value, "text", None)):
        return {"sv": value.text("sv"), "en": value.text("en")}
    return json.loads(json.dumps(value, default=str))


def _read(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "code" in value:
            return message_of(value)
        if "joined" in value:
            return Joined(tuple(map(_read, value["joined"])), _read(value["between"]))
        if value.keys() == {"sv", "en"}:
            return LocalizedText(**value)
    return value


def _template(code: str, language: Language, n: Any) -> str:
    for package in _PACKAGES:
        catalogue = _catalogue(package, language, "messages")
        if isinstance(n, int) and (found := catalogue.ngettext(code, code, n)) != code:
            return found
        if (found := catalogue.gettext(code)) != code:
            return found
    return code


def translated(source: str, language: Language, name: str = "help") -> str:
    """An English text in a language, by the catalogues of a name; as it is where none has it.

    >>> translated("Show this message and exit.", "sv")
    'Visa den här texten och avsluta.'
    """
    if language == "en" or not source:
        return source
    for package in _PACKAGES:
        if (found := _catalogue(package, language, name).gettext(source)) != source:
            return found
    return source


@cache
def _catalogue(package: str, language: Language, name: str) -> gettext.NullTranslations:
    """A catalogue of a package; compiled on the way where only its source is there."""
    folder = files(package) / "locale" / language / "LC_MESSAGES"
    compiled = folder / f"{name}.mo"
    if compiled.is_file():
        return gettext.GNUTranslations(BytesIO(compiled.read_bytes()))
    source = folder / f"{name}.po"
    if not source.is_file():
        return gettext.NullTranslations()
    return gettext.GNUTranslations(BytesIO(compiled_of(source.read_bytes())))


def compiled_of(source: bytes) -> bytes:
    """A catalogue's source (.po) in the form that gettext reads (.mo)."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = BytesIO()
    write_mo(made, read_po(BytesIO(source)))
    return made.getvalue()
