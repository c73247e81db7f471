"""Nynäshamn: a public health fund (folkhälsofond) without return, as described in 2018."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
