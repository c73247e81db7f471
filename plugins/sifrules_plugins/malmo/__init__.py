"""Malmö: three social investment funds with a return flow, as described up to 2016."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
