"""Reports (rapporter): what was kept of a comparison and a study, for people to look at."""
