from sifrules.packaged import PackagedMunicipality

plugin = PackagedMunicipality(__name__)
