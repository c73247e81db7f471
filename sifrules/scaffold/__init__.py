"""A new plugin for a municipality: the example plugin's folder, with its sources left open.

`new_plugin` writes it; every place where an author has yet to name a source is marked
``FILL IN``, and the new plugin's own tests fail on exactly those.
"""

from sifrules.scaffold.names import Names, names_for
from sifrules.scaffold.writer import empty_guideline, new_plugin

__all__ = ["Names", "empty_guideline", "names_for", "new_plugin"]
