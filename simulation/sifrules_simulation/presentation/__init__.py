"""Presentation: tables, charts, reports. May import results, studies, analysis and below."""
