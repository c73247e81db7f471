"""TOML files and changed values, read as plain data with exact decimals."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sifrules.errors import Fault, FaultyFile, SifError, shown
from sifrules.values.errors import reported
from sifrules.values.messages import Borrowed, Message, Text, as_text
from sifrules.values.quantities import is_quantity

Tree = Mapping[str, Any]

#: The longest file that is read as a guideline: one million characters.
LONGEST = 1_000_000
#: How deep tables and lists may lie in one another: a condition of conditions takes two levels.
DEEPEST = 60
#: The longest whole number that is read: some four thousand digits.
_MOST_BITS = 13_000


def read_toml(file: Path | Traversable) -> dict[str, Any]:
    """A TOML file as plain data, decimals exact; `FaultyFile` where it cannot be read."""
    name = str(file)
    try:
        text = _text(file)
    except FileNotFoundError:
        raise FaultyFile([Fault(name, "", Message("file.not_there"))]) from None
    except IsADirectoryError:
        raise FaultyFile([Fault(name, "", Message("file.is_folder"))]) from None
    except UnicodeDecodeError:
        raise FaultyFile(
            [Fault(name, "", Message("file.not_utf8"), fix=Message("file.save_as_utf8"))]
        ) from None
    except ValueError:  # a name that no file can have
        raise FaultyFile([Fault(name, "", Message("file.name_with_nul"))]) from None
    except OSError as error:
        raise FaultyFile(
            [Fault(name, "", Message("file.unreadable", strerror=reported(error)))]
        ) from None
    if len(text) > LONGEST:
        raise FaultyFile([Fault(name, "", Message("file.too_long", longest=LONGEST))])
    tree = _parsed(text, name)
    if _holds_endless_number(tree):
        raise FaultyFile([Fault(name, "", Message("file.too_many_digits"))])
    deep = [key for key, value in tree.items() if _too_deep(value)]
    if deep:
        raise FaultyFile([Fault(name, key, Message("file.nested_too_deep")) for key in deep])
    return tree


def as_toml(value: object) -> str:
    """A value as TOML writes it.

    >>> as_toml("nämnd"), as_toml(True), as_toml(Decimal("0.50")), as_toml([3, 9])
    ('"nämnd"', 'true', '0.50', '[3, 9]')
    """
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, Mapping):
        pairs = (f"{as_toml(str(key))} = {as_toml(each)}" for key, each in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | dt.date):
        return str(value)
    text = json.dumps(str(value), ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")  # the one sign that JSON lets stand and TOML does not


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        raise FaultyFile(
            [Fault(name, "", Message("file.not_toml", error=_reported(error)))]
        ) from None
    except RecursionError:
        raise FaultyFile([Fault(name, "", Message("file.nested_too_deep"))]) from None
    except ValueError:  # a whole number of thousands of digits
        raise FaultyFile([Fault(name, "", Message("file.too_many_digits"))]) from None
    except SifError as error:
        raise FaultyFile([Fault(name, "", error.what, fix=error.fix)]) from None


def _reported(error: tomllib.TOMLDecodeError) -> Text:
    """What the parser says is wrong, and where."""
    found = _PLACE.fullmatch(str(error))
    if found is None:
        return as_text(str(error))
    what = Borrowed(found["what"])
    if found["line"] is None:
        return Message("fault.at_end", what=what)
    return Message("fault.at", what=what, line=found["line"], column=found["column"])


#: What tomllib puts after what is wrong.
_PLACE = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"
)


def _text(file: Path | Traversable) -> str:
    """What a file says; of a pipe, which can be read but once, what was read of it then."""
    if isinstance(file, Path) and (file.is_fifo() or file.is_char_device()):
        return _read_once(file)
    return file.read_text("utf-8-sig")


@cache
def _read_once(pipe: Path) -> str:
    """What comes out of a pipe, remembered as long as the process lasts."""
    return pipe.read_text("utf-8-sig")


def _too_deep(value: object, left: int = DEEPEST) -> bool:
    """Whether tables and lists lie deeper in one another than any file needs."""
    if not isinstance(value, Mapping | list):
        return False
    inside = value.values() if isinstance(value, Mapping) else value
    return left == 0 or any(_too_deep(each, left - 1) for each in inside)


def _holds_endless_number(tree: object) -> bool:
    """Whether a whole number is there that Python will not write out in decimals."""
    left = [tree]
    while left:
        value = left.pop()
        if isinstance(value, Mapping | list):
            left += value.values() if isinstance(value, Mapping) else value
        elif isinstance(value, int) and value.bit_length() > _MOST_BITS:
            return True
    return False


def _exact(text: str) -> Decimal:
    """A TOML float as an exact decimal; exponents and NaN are no way to write money."""
    if not re.fullmatch(r"[+-]?[\d_]+\.[\d_]+", text):
        raise SifError(Message("file.inexact_number", text=text), fix=Message("file.write_out"))
    return Decimal(text.replace("_", ""))


#: The path of a value: names with points between, no more than tables may be nested.
_PATH = rf"[\w-]+(\.[\w-]+){{0,{DEEPEST}}}"


def read_setting(setting: str) -> tuple[str, Any]:
    """A changed value as the command line takes it: ``return_model.floor=0.0``.

    >>> read_setting("return_model.floor=0.0")
    ('return_model.floor', Decimal('0.0'))
    >>> read_setting("return_model.transition.gap=no_return")
    ('return_model.transition.gap', 'no_return')
    >>> read_setting("funding.amount=6,2 mnkr")
    ('funding.amount', '6,2 mnkr')
    """
    path, equals, written = setting.partition("=")
    path, written = path.strip(), written.strip()
    if not equals or not written or not re.fullmatch(_PATH, path):
        raise SifError(
            Message("setting.unreadable", setting=shown(setting)),
            fix=Message("setting.write_as"),
        )
    if re.fullmatch(r"[A-Za-z_]\w*", written) and written not in ("true", "false", "nan", "inf"):
        return path, written
    try:
        read = tomllib.loads(f"value = {written}", parse_float=_exact)
    except (ValueError, RecursionError):
        read = {"value": written} if is_quantity(written) else {}
    if read.keys() != {"value"} or _too_deep(read["value"]):
        raise SifError(
            Message("setting.value_unreadable", setting=shown(setting)),
            fix=Message("setting.write_in_quotes"),
        )
    return path, read["value"]
