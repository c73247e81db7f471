"""How the site is built out of the pages and docstrings; see docs/contributing.md."""

import sifrules

project = "sifrules"
author = "The sifrules developers"
copyright = author
version = release = sifrules.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
# The whole checkout is the source, as pages link to READMEs and these to pages.
root_doc = "docs/index"
include_patterns = [
    "docs/*.md",
    "docs/**/*.md",
    "docs/**/*.ipynb",
    "README.md",
    "CHANGELOG.md",
    "benchmarks/README.md",
    "plugins/README.md",
    "plugins/sifrules-example/README.md",
    "plugins/sifrules_plugins/*/README.md",
    "policies/README.md",
    "simulation/README.md",
]
exclude_patterns = ["**/.*", ".tox", ".venv", "build", "dist"]

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
# Outputs stand in the notebook; tests run it and hold them.
nb_execution_mode = "off"

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
autodoc_default_options = {"members": True, "undoc-members": True, "no-value": True}
python_use_unqualified_type_names = True
maximum_signature_line_length = 88

html_theme = "furo"
html_title = f"sifrules {release}"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
