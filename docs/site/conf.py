"""Sphinx: what stands in no page. `python docs/site` builds; this is only read by it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

project = "netcea"
copyright = "the netcea authors, MIT licence"  # noqa: A001  Sphinx's own name
html_title = "netcea"
root_doc = "index"
extensions = ["myst_parser", "mathml"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["tree/**"]

myst_enable_extensions = ["dollarmath", "attrs_block"]
myst_heading_anchors = 4
myst_dmath_double_inline = True
myst_links_external_new_tab = False
suppress_warnings = ["myst.header"]  # a page of an author may begin a section one level down

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
html_show_search_summary = False  # it fetches pages, which a browser refuses where they are files
html_permalinks_icon = "#"
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
highlight_language = "none"
