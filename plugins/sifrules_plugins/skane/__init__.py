"""Region Skåne: a region's fund of 2013 and 2014, and its call for applications in 2018."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
