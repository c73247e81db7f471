"""TOML files and changed values, read as plain data with exact decimals."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sifrules.errors import Fault, FaultyFile, SifError, shown
from sifrules.values.messages import Message
from sifrules.values.quantities import is_quantity

Tree = Mapping[str, Any]

#: The longest file that is read as a guideline: one million characters.
LONGEST = 1_000_000


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
    except OSError as error:
        raise FaultyFile(
            [Fault(name, "", Message("file.unreadable", strerror=error.strerror))]
        ) from None
    if len(text) > LONGEST:
        raise FaultyFile([Fault(name, "", Message("file.too_long", longest=LONGEST))])
    try:
        return tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        raise FaultyFile([Fault(name, "", Message("file.not_toml", error=error))]) from None
    except RecursionError:
        raise FaultyFile([Fault(name, "", Message("file.nested_too_deep"))]) from None
    except ValueError:  # a whole number of thousands of digits
        raise FaultyFile([Fault(name, "", Message("file.too_many_digits"))]) from None
    except SifError as error:
        raise FaultyFile([Fault(name, "", error.what, fix=error.fix)]) from None


def _text(file: Path | Traversable) -> str:
    """What a file says; of a pipe, which can be read but once, what was read of it then."""
    if isinstance(file, Path) and (file.is_fifo() or file.is_char_device()):
        return _read_once(file)
    return file.read_text("utf-8-sig")


@cache
def _read_once(pipe: Path) -> str:
    """What comes out of a pipe, remembered as long as the process lasts."""
    return pipe.read_text("utf-8-sig")


def _exact(text: str) -> Decimal:
    """A TOML float as an exact decimal; exponents and NaN are no way to write money."""
    if not re.fullmatch(r"[+-]?[\d_]+\.[\d_]+", text):
        raise SifError(Message("file.inexact_number", text=text), fix=Message("file.write_out"))
    return Decimal(text.replace("_", ""))


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
    if not equals or not written or not re.fullmatch(r"[\w-]+(\.[\w-]+)*", path):
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
    if read.keys() != {"value"}:
        raise SifError(
            Message("setting.value_unreadable", setting=shown(setting)),
            fix=Message("setting.write_in_quotes"),
        )
    return path, read["value"]
