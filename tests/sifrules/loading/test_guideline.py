"""Guidelines and settings are read exactly, and no text is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from sifrules import FaultyFile, FundPolicy, Guideline, SifError, read_guideline, registry
from sifrules.loading.toml import LONGEST, read_setting

TOY = "toy@2020"


def _file(folder: Path, text: str | bytes) -> Path:
    file = folder / "mine.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a = ", "is not TOML"),
        ("a = 1\na = 2", "is not TOML"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        ("a = 1e5", "exponent"),
        ("a = nan", "no value"),
        ("a = -inf", "no value"),
        ("a = " + "[" * 5_000 + "]" * 5_000, "nested too deep|not TOML"),
        ("a = " + "1" * 5_000, "not TOML|digits|whole number"),
        ("#" * (LONGEST + 1), "longer than"),
    ],
    ids=["cut", "twice", "utf16", "exponent", "nan", "inf", "nested", "digits", "long"],
)
def test_a_file_that_cannot_be_read_says_so_with_its_name(
    tmp_path: Path, content: str | bytes, told: str
) -> None:
    """One line naming the file and what to mend, never a traceback."""
    with pytest.raises(FaultyFile, match=told) as caught:
        read_guideline(_file(tmp_path, content))
    assert "mine.toml" in str(caught.value)


def test_a_folder_and_a_file_that_is_not_there_are_distinguished(tmp_path: Path) -> None:
    """Each with its path."""
    with pytest.raises(FaultyFile, match="is a folder"):
        read_guideline(tmp_path)
    with pytest.raises(FaultyFile, match=r"none\.toml: no such file"):
        read_guideline(tmp_path / "none.toml")


def test_decimals_are_read_exactly_and_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """What Windows editors put in front of a text does no harm, and 0.1 is 0.1."""
    tree = read_guideline(_file(tmp_path, "\ufeffa = 0.1\nb = 1_000.50")).tree
    assert tree == {"a": Decimal("0.1"), "b": Decimal("1000.50")}


@pytest.mark.parametrize(
    "code", ["__import__('os').abort()", "{0.__class__}", "$(exit 1)", "${HOME}", "%(x)s", "`id`"]
)
def test_a_text_that_looks_like_code_is_only_text(
    policy_of: Callable[..., FundPolicy], code: str
) -> None:
    """Wherever a text may stand, it is shown as it was written."""
    policy = policy_of(title=code, not_modelled=[code])
    assert policy.title.sv == code
    assert policy.not_modelled[0].en == code


@pytest.mark.parametrize("code", ["1+1", "__import__('os')", "0.1 if 1 else 2", "1\nb = 2"])
def test_a_setting_that_looks_like_code_is_refused(code: str) -> None:
    """Only plain values can be set: nothing is worked out, and nothing more is smuggled in."""
    with pytest.raises(SifError, match="cannot read"):
        read_setting(f"return_model.floor={code}")


def test_a_guideline_without_an_id_is_named_after_its_file() -> None:
    """A what-if also says over which base it stands."""
    assert Guideline({}, "some/mine.toml").id == "mine"
    assert Guideline({"base": TOY}, "some/mine.toml").id == f"{TOY}+mine"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("3", 3),
        ("0.50", Decimal("0.50")),
        ('"2013"', "2013"),
        ("spring", "spring"),
        ("none", "none"),
        ('["a"]', ["a"]),
        ("1_000", 1000),
    ],
)
def test_a_setting_is_a_plain_value(written: str, value: object) -> None:
    """As TOML has it; one word needs no quotes."""
    assert read_setting(f"a.b={written}") == ("a.b", value)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "a",
        "=1",
        "a=",
        "a..b=1",
        ".a=1",
        "a b=1",
        "a=1e5",
        "a=nan",
        "a=inf",
        "a=[1",
        "a=two words",
        "a=" + "[" * 5000,
        "a=" + "1" * 5000,
    ],
    ids=lambda text: text[:12],
)
def test_a_setting_that_cannot_be_read_is_refused(wrong: str) -> None:
    """With the way to write it."""
    with pytest.raises(SifError):
        read_setting(wrong)


@pytest.mark.parametrize("id", ["5", "true", '""', '["orebro@2016"]'])
@pytest.mark.parametrize("settings", [(), ("return_model.floor=0.0",)])
def test_an_id_that_is_none_is_refused(tmp_path: Path, id: str, settings: tuple[str, ...]) -> None:
    """In a guideline of its own and in a what-if, changed or not."""
    mine = tmp_path / "mine.toml"
    mine.write_text(f'base = "orebro@2016"\nid = {id}\n', "utf-8")
    with pytest.raises(FaultyFile, match="id: expected a text"):
        registry().policy(mine, settings)
