"""What is it worth to know more before the rules are chosen?"""

import sifrules

found = sifrules.explore(
    "orebro@2016",
    {"return_model.share": [0.0, 0.5, 1.0]},
    {"behaviour.horizon": "scenario", "behaviour.mission_weight": "scenario"},
    ["net_municipal_saving"],
    draws=32,
    replications=3,
    years=6,
    jobs=1,
)
print(sifrules.probability_best(found, "net_municipal_saving"))
print(sifrules.value_of_information(found, "net_municipal_saving"))
