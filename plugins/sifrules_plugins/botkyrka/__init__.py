"""Botkyrka: no fund, a baseline to compare with."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
