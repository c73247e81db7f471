"""Bring the Swedish catalogues of help up to date with the commands.

    python .ci/help_texts.py

adds an empty entry for each text of a command's help that has no Swedish one, takes out those that
no help has any more, and says where what is still to be written. A text of the library's commands,
and one that both share, is in the library's catalogue.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import normalize, read_po

from sifrules.cli import sif
from sifrules.cli.help import CLICKS_OWN, contexts, help_texts

ROOT = Path(__file__).parents[1]
CATALOGUES = {
    package: ROOT / folder / "presentation/locale/sv/LC_MESSAGES/help.po"
    for package, folder in {
        "sifrules": "sifrules",
        "sifrules_simulation": "simulation/sifrules_simulation",
    }.items()
}
HEADER = """\
# Help of the commands, by its English text, as python .ci/help_texts.py lists it.
msgid ""
msgstr ""
"Language: sv\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def needed() -> dict[str, dict[str, str]]:
    """For each package the texts that its catalogue must have, each with a command that has it."""
    of: dict[str, dict[str, str]] = {"sifrules": dict.fromkeys(CLICKS_OWN, "sif")}
    for ctx in contexts(sif, "sif"):
        package = str(getattr(ctx.command.callback, "__module__", "")).partition(".")[0]
        for text in help_texts(ctx):
            of.setdefault(package, {}).setdefault(text, ctx.command_path)
    shared = of["sifrules"]
    return {
        package: {
            text: command
            for text, command in of.get(package, {}).items()
            if package == "sifrules" or text not in shared
        }
        for package in CATALOGUES
    }


def there(file: Path) -> dict[str, str]:
    """What a catalogue has, by the English text."""
    if not file.is_file():
        return {}
    with file.open("rb") as read:
        return {str(each.id): str(each.string) for each in read_po(read) if each.id}


def main() -> None:
    """Write the catalogues anew, in the order of their English texts."""
    for package, texts in needed().items():
        file = CATALOGUES[package]
        known = there(file)
        entries = (
            f"msgid {normalize(text, width=0)}\nmsgstr {normalize(known.get(text, ''), width=0)}\n"
            for text in sorted(texts)
        )
        file.write_text("\n".join([HEADER, *entries]), "utf-8")
        for text, command in texts.items():
            if not known.get(text):
                print(f"{file.relative_to(ROOT)}: {command}: {text}")


if __name__ == "__main__":
    main()
