"""Region Gävleborg: regional money for social investments, half of the cost at most."""

from sifrules.plugin.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
