"""What a new plugin is called: its key, its package, its municipality and its year."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from attrs import frozen

from sifrules.errors import SifError, shown
from sifrules.values.messages import Message

#: Names of distributions and packages that are the project's own.
_OURS = frozenset({"example", "plugins", "policies", "simulation"})
_LONGEST = 40
_KEY = re.compile(r"[a-z](-?[a-z0-9])*")
_MUNICIPALITY = re.compile(r"[^\W\d_]([ .-]*[^\W_])*")


@frozen
class Names:
    """The names that a new plugin's files carry.

    >>> names = Names("upplands-vasby", "Upplands Väsby", 2024)
    >>> names.distribution, names.package, names.policy
    ('sifrules-upplands-vasby', 'sifrules_upplands_vasby', 'upplands-vasby@2024')
    >>> names.genitive, names.class_name
    ('Upplands Väsbys', 'UpplandsVasby')
    """

    key: str
    municipality: str
    year: int

    @property
    def word(self) -> str:
        """The key as a part of names in Python."""
        return self.key.replace("-", "_")

    @property
    def distribution(self) -> str:
        """What is installed, and the folder that it lies in."""
        return f"sifrules-{self.key}"

    @property
    def package(self) -> str:
        """What is imported."""
        return f"sifrules_{self.word}"

    @property
    def policy(self) -> str:
        """The id of the first policy."""
        return f"{self.key}@{self.year}"

    @property
    def class_name(self) -> str:
        """The key as a class is named."""
        return "".join(word.capitalize() for word in self.key.split("-"))

    @property
    def genitive(self) -> str:
        """The municipality's, in Swedish: nothing is added after an s, an x or a z."""
        ends_so = self.municipality[-1] in "sxzSXZ"
        return self.municipality if ends_so else f"{self.municipality}s"


def names_for(name: str, municipality: str | None, year: int, taken: Iterable[str]) -> Names:
    """The names for a plugin of this name; `SifError` where they cannot be used.

    ``taken`` are the plugins that there are. Without a municipality its name is made of
    the plugin's.

    >>> names_for("Växjö", None, 2024, ())
    Names(key='vaxjo', municipality='Växjö', year=2024)
    >>> names_for("malmo", None, 2024, ["malmo"])
    Traceback (most recent call last):
    sifrules.errors.SifError: there is a plugin 'malmo' already; choose another name
    """
    key = _ascii(name)
    if not _KEY.fullmatch(key) or len(key) > _LONGEST:
        raise SifError(
            Message("scaffold.bad_name", name=shown(name)),
            fix=Message("scaffold.name_rules", longest=_LONGEST),
        )
    if key in _OURS or key in set(taken):
        raise SifError(Message("scaffold.name_taken", key=key), fix=Message("name.choose_another"))
    if municipality is None:
        written = unicodedata.normalize("NFC", name).strip()
        municipality = written if written != key else key.replace("-", " ").title()
    municipality = unicodedata.normalize("NFC", municipality).strip()
    if not _MUNICIPALITY.fullmatch(municipality):
        raise SifError(
            Message("scaffold.bad_municipality", municipality=shown(municipality)),
            fix=Message("scaffold.municipality_rules"),
        )
    return Names(key, municipality, year)


def _ascii(name: str) -> str:
    """A name in small letters from a to z, digits and hyphens, as far as it can be."""
    plain = unicodedata.normalize("NFKD", name.strip())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\s_]+", "-", kept.lower())
