"""TOML files: what is not TOML is reported in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from sifrules.errors import FaultyFile
from sifrules.loading.toml import read_toml


@pytest.mark.parametrize(
    ("written", "swedish"),
    [
        ("a", "väntade = efter nyckeln (i slutet av filen)"),
        ("a = 1\na = 2\nb = 1", "nyckeln står två gånger (rad 2, kolumn 6)"),
        ("[a]\n[a]", "tabellen ('a',) står två gånger (rad 2, kolumn 3)"),
        ("a = [1", "listan saknar ] (i slutet av filen)"),
        ('a = "x\n', "otillåtet tecken '\\n' (rad 1, kolumn 7)"),
        ("a = Örebro", "värdet går inte att tyda; en text står inom citattecken (rad 1, kolumn 5)"),
        ("a = {b = 1, b = 2}", "nyckeln 'b' står två gånger i tabellen (rad 1, kolumn 18)"),
        ("a = 2020-13-01", "väntade radslut efter uppgiften (rad 1, kolumn 9)"),
    ],
)
def test_what_is_not_toml_is_reported_in_both_languages(
    tmp_path: Path, written: str, swedish: str
) -> None:
    """What the parser found and where, in Swedish too; the English is the parser's own."""
    file = tmp_path / "mine.toml"
    file.write_text(written, "utf-8")
    with pytest.raises(FaultyFile) as refused:
        read_toml(file)
    assert refused.value.text("sv") == f"{file}: är inte TOML: {swedish}"
    place = "line" if "rad" in swedish else "end of document"
    assert "is not TOML: " in str(refused.value)
    assert f"(at {place}" in str(refused.value)
