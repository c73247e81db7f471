"""Luleå: four million kronor a year for equal health, given in three forms."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
