"""How `make docs` builds the pages of this folder as a site (docs/decisions/0045-docs-site.md)."""

project = "Propis"
html_title = "Propis"
extensions = ["myst_parser"]
html_theme = "furo"
html_show_sphinx = False
myst_heading_anchors = 4
exclude_patterns = ["conf.py"]
suppress_warnings = ["myst.header"]  # pages of figures begin where their command begins
linkcheck_timeout = 20
linkcheck_ignore = [r"http://(localhost|127\.0\.0\.1|propis\.example)"]
