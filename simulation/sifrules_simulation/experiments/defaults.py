"""Studies: does a finding hold, why, and on what does it hang?"""

#: How much a study of the return flow does unless given otherwise: draws, replications of each
#: draw, and replications in which causes are separated. The noise of few replications is taken
#: out, so more draws tell more than more replications.
DRAWS, REPLICATIONS, CAUSE_REPLICATIONS = 1_024, 2, 20
#: The same of a quick one.
QUICK_DRAWS, QUICK_CAUSES = 64, 2
#: The same of a thorough one, for a night or a cluster.
THOROUGH_DRAWS, THOROUGH_REPLICATIONS, THOROUGH_CAUSES = 16_384, 4, 100
#: How many draws a calibration makes unless given otherwise, and what share of them it keeps.
CALIBRATION_DRAWS, ACCEPT = 2_048, 0.05
#: How many draws make one Latin hypercube, and so after how many a study first looks.
BLOCK = 64
#: How many years are simulated unless given otherwise.
YEARS = 15
