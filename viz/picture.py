"""Picture: what `viz.draw` returns. It shows itself in a notebook and saves itself by suffix."""

from __future__ import annotations

import base64
import importlib
import os
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from viz.content.content import Listing
from viz.content.wording import plural
from viz.render import canvas, dot, files, text, tikz
from viz.scene.scene import Scene

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BY_PAGE: Final = frozenset((".png", ".svg", ".tex"))
_PIXELS: Final = 96 / 72  # of a web page, per point
_CELL: Final = 1000  # pixels that a notebook's cell surely has


class Picture:
    """A drawn flow graph.

    scene    what stands where, for any renderer; of several pages, the first
    listing  what the graph says, in plain words and complete
    more     the other pages, of a picture that one page cannot hold

    >>> from autograd_lite import Value
    >>> from viz import draw
    >>> x = Value(3.0, name="x")
    >>> print(draw((x * x).named("y")).text(), end="")
    flow graph of y: 2 variables, 1 arrow
      x = 3   dy/dx = 6
      y = 9   dy/dy = 1
      x → y   ∂y/∂x = 6
    """

    def __init__(self, scene: Scene, listing: Listing, more: Sequence[Scene] = ()) -> None:
        self.scene = scene
        self.listing = listing
        self._more = tuple(more)

    @property
    def pages(self) -> tuple[Picture, ...]:
        """Each page as a picture of its own; mostly there is one, this picture.

        >>> from autograd_lite import Value
        >>> from viz import draw
        >>> len(draw(Value(3.0, name="x").exp().named("y")).pages)
        1
        """
        alone = Picture(self.scene, self.listing) if self._more else self
        return (alone, *(Picture(scene, self.listing) for scene in self._more))

    def __repr__(self) -> str:
        count = plural(len(self.listing.variables), "variable")
        return f"Picture({self.listing.output}, {count})"

    @cached_property
    def _png(self) -> bytes:
        return canvas.render(self.scene, "png")

    def png(self) -> bytes:
        """The picture as PNG, at 144 pixels per inch."""
        return self._png

    def svg(self) -> str:
        """The picture as SVG text; type is outlines, so it looks the same everywhere."""
        return canvas.render(self.scene, "svg").decode("utf-8")

    def pdf(self) -> bytes:
        """The picture as PDF: one page, or all of them."""
        if self._more:
            return canvas.pages([self.scene, *self._more])
        return canvas.render(self.scene, "pdf")

    def dot(self) -> str:
        """The graph in the DOT language, complete; the same graph gives the same text."""
        return dot.dot(self.listing)

    def tex(self, standalone: bool = False) -> str:
        r"""The picture as an editable `tikzpicture` for \input; `standalone`, a whole document.

        What is put in is at most as wide as a line there; the document's page has the picture's size.
        """
        return tikz.tikz(self.scene, standalone)

    def text(self) -> str:
        """The graph as plain text, complete."""
        return text.text(self.listing)

    def paint(self, ax: Axes) -> None:
        """Draw the picture into matplotlib axes that exist, scaled to fit them."""
        canvas.paint(self.scene, ax)

    def save(self, path: str | os.PathLike[str], *, standalone: bool = True) -> Path:
        r"""Write the picture in the form its suffix names: pdf, svg, png, tex, dot or txt.

        A tex file is a document that compiles as it is; without `standalone` it is a `tikzpicture` for
        \input in a document with TikZ and amsmath. Its first line says which.

        Of a picture with several pages, pdf holds all; png, svg and tex get files of their own, the second
        page's name ending in -2. Each file is written beside its place and then moved there, so a failure
        leaves the old one.

        Raises
        ------
        PictureError
            For another suffix, a place that cannot be written to, or `standalone=False` where the
            file is no tex file.
        """
        target = Path(path)
        if target.suffix.lower() in _BY_PAGE:
            for number, page in enumerate(self.pages[1:], 2):
                page.save(target.with_stem(f"{target.stem}-{number}"), standalone=standalone)
        return files.save(self, path, files.PICTURE, standalone=standalone)

    def show(self) -> None:
        """Show the picture: in the notebook, or else in the system's viewer of SVG files."""
        try:
            display = importlib.import_module("IPython.display").display
        except ImportError:
            _open(self.svg())
        else:
            display(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """SVG, PNG at double density, and PDF.

        JupyterLab shows the SVG in trusted notebooks; where it is stripped, as in untrusted ones,
        the PNG takes its place. A wide picture is PNG alone: Lab shrinks that to the cell, and crops SVG.
        PDF is for `nbconvert --to latex`, which asks for Inkscape where it finds SVG alone.
        """
        size = {
            "width": round(self.scene.width * _PIXELS),
            "height": round(self.scene.height * _PIXELS),
        }
        data = {"image/png": base64.b64encode(self.png()).decode("ascii"), "text/plain": repr(self)}
        if size["width"] <= _CELL:
            data["image/svg+xml"] = self.svg()
            data["application/pdf"] = base64.b64encode(self.pdf()).decode("ascii")
        alt = self.scene.title  # what nbconvert gives those who cannot see it
        return data, {"image/png": {**size, "alt": alt}}


def _open(svg: str) -> None:
    import webbrowser  # rarely wanted

    with tempfile.NamedTemporaryFile("w", suffix=".svg", delete=False, encoding="utf-8") as file:
        file.write(svg)
    webbrowser.open(Path(file.name).as_uri())
