"""The exporters are tested on the statement sets of the page's tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "view"))
