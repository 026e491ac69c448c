"""Source from the records: every operation as text of a language, or as the NumPy calls that it makes."""

from autograd_lite.source.dialect import Dialect
from autograd_lite.source.javascript import JAVASCRIPT
from autograd_lite.source.listing import Lines, lines
from autograd_lite.source.python import NUMPY, PRELUDE, PYTHON
from autograd_lite.source.recorded import Recorded
from autograd_lite.source.recording import CALLS, Call, Recording
from autograd_lite.source.text import Precedence, Text

__all__ = [
    "CALLS", "JAVASCRIPT", "NUMPY", "PRELUDE", "PYTHON", "Call", "Dialect", "Lines", "Precedence", "Recorded",
    "Recording", "Text", "lines",
]  # fmt: skip
