"""Exempelby's social investment fund: the files of this folder, without code of its own."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
