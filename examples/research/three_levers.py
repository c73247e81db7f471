"""A what-if of three levers: how much, with what floor and with what fee should come back?"""

import os

import sifrules

if __name__ == "__main__":
    small = "SMALL" in os.environ  # the test runs a small one
    found = sifrules.explore(
        "orebro@2016",
        {
            "return_model.share": [0.0, 0.25, 0.5, 0.75, 1.0],
            "return_model.floor": [0.0, 0.15, 0.3, 0.5],
            "return_model.fee": [0.0, 0.05, 0.1],
        },
        "scenario",
        ["application_uptake", "returned"],
        draws=2 if small else 30,
        years=2 if small else 15,
    )
    print(sifrules.best_under_uncertainty(found, "application_uptake", regret="p90").head(5))
