"""How the documents are built: MyST Markdown, furo, and reference pages written from the source."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from docs import generator  # noqa: E402  (the checkout is only now on the path)
from palermo import __version__  # noqa: E402

generator.write(HERE / "reference" / "_generated")

project = "palermo"
author = "The palermo authors"
copyright = "The palermo authors, Apache-2.0"
version = release = __version__
language = "en"

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings: list[str] = []

html_theme = "furo"
html_title = f"palermo {__version__}"
html_copy_source = False
html_show_sphinx = False
