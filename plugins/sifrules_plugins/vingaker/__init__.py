"""Vingåker: a small municipality with one million kronor earmarked and a return flow."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
