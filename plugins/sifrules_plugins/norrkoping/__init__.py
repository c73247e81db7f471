"""Norrköping: a return flow until 2021, abolished to bring in more applications."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
