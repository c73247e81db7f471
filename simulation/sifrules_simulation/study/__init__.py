"""Studies: does a finding hold, why, and on what does it hang?"""
