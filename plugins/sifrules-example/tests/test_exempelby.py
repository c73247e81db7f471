"""What every plugin must hold, and the worked cases of this one."""

from importlib.resources import files

from sifrules.testing import PolicyConformance


class TestExempelby(PolicyConformance):
    """Exempelby: found, sound, every source filled in, every case as it says."""

    plugin = "exempelby"
    cases = files("sifrules_example") / "cases.toml"
