"""The page with sliders (webbsidan): may import all of the simulation but commands."""
