"""A request becomes saved results. May import results, studies, analysis and below."""
