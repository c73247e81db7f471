"""Örebro: a return flow with shared risk, and since 2016 a cap of three new investments a year."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
