"""A model with a latent variable on a page: encoder, q(z|x), z, decoder in a row, the bound above."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from autograd_lite.node import Node
from autograd_lite.rules.namespaces import plain
from viz.forms import words
from viz.forms.board import Board
from viz.forms.form import Asked
from viz.forms.latent import Latent
from viz.forms.latent_words import Speech, example, matrix
from viz.forms.rows import Row
from viz.formulas.escaping import upright
from viz.layout.geometry import Box, Cubic, Point, straight
from viz.look import palette
from viz.scene.scene import Scene

_ROW, _ABOVE, _BELOW, _FLOOR = 262.0, 482.0, 92.0, 34.0
_PANEL: Final = Box(222.0, 92.0, 404.0, 432.0)
_MU, _SPREAD = Point(313.0, 342.0), Point(313.0, 186.0)
_LATENT, _RIGHT, _KL = 522.0, 868.0, 536.0
_X, _XHAT = 46.0, 764.0
_MODULE: Final = palette.BUBBLES["module"]


def draw(asked: Asked, latent: Latent) -> list[Scene]:
    """One page."""
    return [_Page(asked, latent).scene()]


class _Page:
    def __init__(self, asked: Asked, latent: Latent) -> None:
        self.asked, self.latent = asked, latent
        self.speech = Speech(asked, latent)
        self.board = Board(f"a model with a latent variable: {asked.names.text(latent.z)}")

    def scene(self) -> Scene:
        """All of it."""
        self.board.panel(_PANEL)
        self._posterior()
        self._latent()
        self._networks()
        self._bound()
        self._partials()
        self._notes()
        return self.board.scene()

    def _bubble(  # noqa: PLR0913 - keywords, each a question of its own
        self,
        at: Point,
        v: Node,
        title: str,
        *,
        least: tuple[float, float] = (150.0, 84.0),
        role: str = "inner",
        accent: bool = False,
        widest: float = 160.0,
    ) -> str:
        """A variable with its value and, on the lower edge, its total derivative."""
        speech = self.speech
        rows: list[Row] = [words.equation(title), speech.value(v)]
        return self.board.bubble(
            at, rows, role, least=least, accent=accent, tag=speech.tag(v, widest), grow=1.12
        )

    # --- the row -------------------------------------------------------------------------------------

    def _posterior(self) -> None:
        latent, speech, board = self.latent, self.speech, self.board
        mu, spread = speech.name(latent.mu), speech.name(latent.spread)
        title = rf"q(z\,|\,x)=\mathcal{{N}}({mu},\,\Sigma)".replace("z", speech.name(latent.z), 1)
        board.label(
            Point(_PANEL.center.x, _PANEL.top - 18), [words.note(title, palette.GROUND.text, True)]
        )
        self.mu = self._bubble(_MU, latent.mu, mu, widest=150.0)
        if latent.full:
            rows = matrix(example(latent.spread.value, 2), spread, palette.VALUE)
            tag = speech.matrix_tag(latent.spread)
            self.spread = board.bubble(_SPREAD, rows, least=(150.0, 96.0), tag=tag, grow=1.12)
        else:
            self.spread = self._bubble(_SPREAD, latent.spread, spread, widest=150.0)

    def _latent(self) -> None:
        latent, speech, board = self.latent, self.speech, self.board
        self.z = self._bubble(
            Point(_LATENT, _ROW), latent.z, speech.sample(), least=(166.0, 96.0), accent=True
        )
        rows: list[Row] = [words.equation(speech.noise()), speech.held(latent.noise)]
        self.noise = board.bubble(Point(_LATENT, _BELOW), rows, "held", least=(140.0, 60.0))
        self._up(self.noise, self.z)
        self._lock(Point(board.box_of(self.noise).right - 12, board.box_of(self.noise).top - 2))
        self._into(self.mu, 158.0)
        self._into(self.spread, 204.0)

    def _into(self, key: str, angle: float) -> None:
        """A curve from q's numbers to z, which it meets at this angle, in degrees."""
        box, z = self.board.box_of(key), self.board.box_of(self.z)
        turn = math.radians(angle)
        end = Point(
            z.center.x + z.width / 2 * math.cos(turn), z.center.y + z.height / 2 * math.sin(turn)
        )
        start = Point(box.right, box.center.y)
        bend = (end.x - start.x) * 0.6
        curve = Cubic(start, Point(start.x + bend, start.y), Point(end.x - bend, end.y), end)
        self.board.curve(key, self.z, (curve,))

    def _up(self, source: str, target: str) -> None:
        """Straight up, to the lower edge of what is above or of its tag."""
        box, above = self.board.box_of(source), self.board.whole(target)
        way = straight(Point(box.center.x, box.top), Point(box.center.x, above.bottom))
        self.board.curve(source, target, (way,))

    def _lock(self, at: Point) -> None:
        """A padlock: derivatives hold what it stands at."""
        ink = palette.Ink(palette.EDGE, palette.EDGE, palette.EDGE)
        self.board.panel(Box(at.x - 6, at.y - 5, at.x + 6, at.y + 5), ink, 2.0)
        points = [
            Point(at.x - 4, at.y + 4),
            Point(at.x - 4, at.y + 11),
            Point(at.x + 4, at.y + 11),
            Point(at.x + 4, at.y + 4),
        ]
        self.board.wire(points, palette.EDGE, width=1.8, corner=4.0)

    def _networks(self) -> None:
        latent, board = self.latent, self.board
        self.x = self._column(_X, latent.data, "x", "held" if self._is_held() else "input")
        self.xhat = self._column(_XHAT, latent.decoded, r"\hat{x}", "inner")
        left, right = board.box_of(self.x).right, board.box_of(self.xhat).left
        self._network(108.0, 196.0, 86.0, 44.0, "encoder", latent.encoder)
        z = board.box_of(self.z).right
        self._network(z + 24, right - 22, 44.0, 86.0, "decoder", latent.decoder)
        self._line(Point(left, _ROW), Point(108.0, _ROW))
        for key, up in ((self.mu, 24.0), (self.spread, -24.0)):
            box = board.box_of(key)
            self._line(
                Point(196.0, _ROW + up * 0.5),
                Point(box.left + 6, box.center.y - (16 if up > 0 else -16)),
            )
        self._line(Point(z, _ROW), Point(z + 24, _ROW))
        self._line(Point(right - 22, _ROW), Point(right, _ROW))

    def _is_held(self) -> bool:
        data = self.latent.data
        return data is not None and not data.requires_grad

    def _line(self, a: Point, b: Point) -> None:
        self.board.wire([a, b], palette.EDGE, head=True)

    def _network(
        self,
        left: float,
        right: float,
        first: float,
        last: float,
        name: str,
        widths: tuple[int, ...],
    ) -> None:
        """A trapezoid that stands for layers, with the size of each."""
        points = (
            Point(left, _ROW - first),
            Point(right, _ROW - last),
            Point(right, _ROW + last),
            Point(left, _ROW + first),
        )
        self.board.plate(points, _MODULE)
        rows = [words.note(upright(name), palette.TEXT, is_math=True)]
        for kept in (widths, (widths[0], widths[-1]) if widths else ()):
            sizes = words.value(r"\to ".join(map(str, kept)) or r"\cdots", palette.NOTE)
            if widths and sizes.box.width <= right - left - 8:
                rows.append(sizes)
                break
        self.board.label(Point((left + right) / 2, _ROW), rows)

    def _column(self, x: float, v: Node | None, fallback: str, role: str) -> str:
        board, speech = self.board, self.speech
        rows = speech.cells(v.value) if v is not None else [words.value(r"\cdots")]
        key = board.box(Point(x, _ROW), rows, role, least=(40.0, 90.0))
        name = speech.name(v) if v is not None else fallback
        box = board.box_of(key)
        at = Point(x - (8 if role == "held" else 0), box.top + 17)
        label = board.label(at, [words.name(name)])
        if role == "held":
            self._lock(Point(label.right + 12, label.center.y - 3))
        if v is not None and role == "inner" and speech.has_total(v):
            board.tag(key, Point(x, box.bottom - 27), speech.column_tag(v))
        return key

    # --- the bound -----------------------------------------------------------------------------------

    def _bound(self) -> None:
        latent, speech, board = self.latent, self.speech, self.board
        self.likelihood = self._bubble(
            Point(_RIGHT, _ROW),
            latent.likelihood,
            speech.name(latent.likelihood),
            least=(120.0, 84.0),
            widest=112.0,
        )
        self.divergence = self._bubble(
            Point(_KL, _ABOVE),
            latent.divergence,
            speech.name(latent.divergence),
            least=(150.0, 76.0),
        )
        self.bound = self._bubble(
            Point(_RIGHT, _ABOVE), latent.bound, speech.bound(), role="output"
        )
        right = board.box_of(self.xhat).right
        self._line(Point(right, _ROW), Point(board.box_of(self.likelihood).left, _ROW))
        self._up(self.likelihood, self.bound)
        middle = (board.box_of(self.divergence).right + board.box_of(self.bound).left) / 2
        board.arrow(self.divergence, self.bound, via=[Point(middle, _ABOVE)])
        x = _PANEL.center.x
        board.wire(
            [Point(x, _PANEL.top), Point(x, _ABOVE), Point(board.box_of(self.divergence).left, _ABOVE)],
            palette.EDGE, head=True,
        )  # fmt: skip
        plus, minus = (("+1" if s > 0 else "{-}1") for s in latent.signs)
        board.label(Point(middle, _ABOVE + 15), [words.value(minus)])
        board.label(Point(_RIGHT + 20, 352.0), [words.value(plus)])
        board.label(
            Point(_RIGHT - 14, 394.0), [words.value(speech.bound_numbers(), palette.TEXT)], "right"
        )
        if latent.seen_again:
            self._seen_again()

    def _seen_again(self) -> None:
        board = self.board
        start, end = board.box_of(self.x).bottom, board.whole(self.likelihood).bottom
        name = "x" if self.latent.data is None else self.speech.name(self.latent.data)
        text = words.note(rf"{name}\ \mathrm{{is\ held}}", is_math=True)
        box = board.label(Point(_LATENT, _FLOOR - 8), [text])
        board.wire(
            [Point(_X, start), Point(_X, box.center.y), Point(box.left - 6, box.center.y)],
            palette.EDGE,
        )
        board.wire(
            [Point(box.right + 6, box.center.y), Point(_RIGHT, box.center.y), Point(_RIGHT, end)],
            palette.EDGE, head=True,
        )  # fmt: skip

    def _partials(self) -> None:
        speech, board, latent = self.speech, self.board, self.latent
        board.label(Point(432.0, 346.0), [words.value(speech.partial_mu())], "left")
        lines = [words.value(text) for text in speech.partial_spread()]
        if lines:  # beside the line from ε, or where that of L meets z
            at = Point(414.0, 152.0) if latent.full else Point(534.0, 158.0)
            board.label(at, lines, "left")
        for k, formula in enumerate(speech.divergence_partials()):
            board.label(Point(20.0, 512.0 - 24 * k), [words.value(formula)], "left")

    def _notes(self) -> None:
        latent, notes = self.latent, []
        count = np.shape(plain(latent.mu.value))
        if len(count) > 1 and count[0] > 1:
            notes.append(f"numbers: example 1 of {count[0]}")
        for k, text in enumerate(notes):
            self.board.label(
                Point(_PANEL.center.x, 62.0 + 18 * k), [words.note(upright(text), is_math=True)]
            )
