"""Södertälje: a return flow by a deadline (2015), and the proposal of 2018 to abolish it."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
