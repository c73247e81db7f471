"""Norrköping: a return flow until 2021, abolished in the guideline of 2022 to bring in more applications."""

from sifrules.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
