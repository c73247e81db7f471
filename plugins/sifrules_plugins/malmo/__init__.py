"""Malmö: three social investment funds with a return flow, as public documents up to 2016 tell of them."""

from sifrules.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
