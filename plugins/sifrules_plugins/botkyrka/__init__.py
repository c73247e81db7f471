"""Botkyrka: no fund, a baseline to compare with."""

from sifrules.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
