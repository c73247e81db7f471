"""TOML files and changed values, read as plain data with exact decimals."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sifrules.errors import Fault, FaultyFile, SifError, shown

Tree = Mapping[str, Any]

#: A guideline longer than this is no guideline: one million characters.
LONGEST = 1_000_000


def read_toml(file: Path | Traversable) -> dict[str, Any]:
    """A TOML file as plain data, decimals exact; `FaultyFile` where it cannot be read."""
    name = str(file)
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        raise FaultyFile([Fault(name, "", "no such file")]) from None
    except IsADirectoryError:
        raise FaultyFile([Fault(name, "", "is a folder, expected a TOML file")]) from None
    except UnicodeDecodeError:
        raise FaultyFile([Fault(name, "", "is not UTF-8 text; save it as UTF-8")]) from None
    except OSError as error:
        raise FaultyFile([Fault(name, "", f"cannot be read: {error.strerror}")]) from None
    if len(text) > LONGEST:
        raise FaultyFile([Fault(name, "", f"is longer than {LONGEST} characters")])
    try:
        return tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        raise FaultyFile([Fault(name, "", f"is not TOML: {error}")]) from None
    except RecursionError:
        raise FaultyFile([Fault(name, "", "is nested too deep")]) from None
    except ValueError:  # a whole number of thousands of digits
        raise FaultyFile([Fault(name, "", "holds a whole number of too many digits")]) from None
    except SifError as error:
        raise FaultyFile([Fault(name, "", str(error))]) from None


def _exact(text: str) -> Decimal:
    """A TOML float as an exact decimal; exponents and NaN are no way to write money."""
    if not re.fullmatch(r"[+-]?[\d_]+\.[\d_]+", text):
        raise SifError(f"the number {text} has an exponent or no value", fix="write it out")
    return Decimal(text.replace("_", ""))


def read_setting(setting: str) -> tuple[str, Any]:
    """A changed value as the command line takes it: ``return_model.floor=0.0``.

    >>> read_setting("return_model.floor=0.0")
    ('return_model.floor', Decimal('0.0'))
    >>> read_setting("return_model.transition.gap=no_return")
    ('return_model.transition.gap', 'no_return')
    """
    path, equals, written = setting.partition("=")
    path, written = path.strip(), written.strip()
    if not equals or not written or not re.fullmatch(r"[\w-]+(\.[\w-]+)*", path):
        raise SifError(
            f"cannot read the change {shown(setting)}", fix="write it as return_model.floor=0.0"
        )
    if re.fullmatch(r"[A-Za-z_]\w*", written) and written not in ("true", "false", "nan", "inf"):
        return path, written
    try:
        read = tomllib.loads(f"value = {written}", parse_float=_exact)
    except (ValueError, RecursionError):
        read = {}
    if read.keys() != {"value"}:
        raise SifError(
            f"cannot read the value in {shown(setting)}", fix='write texts in quotes, as "2013"'
        )
    return path, read["value"]
