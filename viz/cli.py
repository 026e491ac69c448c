"""The command `flowgraph`: equations in, a picture, a page or a table of their flow graph out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import click

import viz
from autograd_lite import equations, example, examples, interop
from autograd_lite.cut import Cut
from autograd_lite.errors import EquationError, GraphError, PictureError, did_you_mean
from autograd_lite.flow import FlowGraph
from autograd_lite.names import pretty
from autograd_lite.node import Node
from autograd_lite.programs import writing
from viz.command import Group, explained, for_any_terminal, read, write
from viz.render import files
from viz.render.files import DERIVATION, MODEL, PAGE, PICTURE, SLIDES, SOURCE

_LARGEST: Final = 1_000_000
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Question:
    """What the shared options ask: equations, inputs, output, by which variables, cut where."""

    file: str
    at: tuple[str, ...]
    of: str | None
    wrt: str | None
    cut: tuple[str, ...] = ()
    cut_after: tuple[str, ...] = ()

    def flow(self) -> FlowGraph:
        """The flow graph of the variable asked for, or of the last equation."""
        values: dict[str, Any] = dict(map(_assignment, self.at))
        graph = equations(_text(self.file), **values)
        output = _named(graph, self.of) if self.of is not None else list(graph.values())[-1]
        if not output.requires_grad:
            raise GraphError(f"{output.describe()} is a constant; --of takes a variable")
        return FlowGraph(output)

    def arguments(self) -> tuple[FlowGraph, dict[str, Any]]:
        """What `viz.draw`, `viz.table` and `viz.derive` take."""
        flow = self.flow()
        return flow, {"wrt": self.variables(), "cut": self.cuts(flow)}

    def variables(self) -> list[str] | None:
        """The names with respect to which the sums at the cuts are; None leaves the choice."""
        return None if self.wrt is None else _listed(self.wrt)

    def cuts(self, flow: FlowGraph) -> list[Cut] | None:
        """The cuts asked for, None without any."""
        at = [flow.cut(_listed(names)) for names in self.cut]
        after = [flow.cut(after=_listed(names)) for names in self.cut_after]
        return [*at, *after] or None


def _asking(command: F) -> F:
    """The argument and options of all commands that read equations."""
    for decorate in reversed((
        click.argument("file"),
        click.option("--at", multiple=True, metavar="NAME=VALUE", help="The value of an input."),
        click.option("--of", metavar="NAME", help="The output; by default the last equation's."),
        click.option("--wrt", metavar="NAMES", help="Derivatives by these variables: u,v"),
    )):  # fmt: skip
        command = decorate(command)
    return command


def _of_tex(command: F) -> F:
    """The option of commands that may write TeX."""
    told = "A .tex file for \\input in another document, not one of its own."
    return click.option("--as-part", is_flag=True, help=told)(command)


def _cutting(command: F) -> F:
    """The options of commands that show the sum at a cut."""
    members, after = "A cut by its members: h_0,h_1", "A cut just after: u,v"
    command = click.option("--cut-after", multiple=True, metavar="NAMES", help=after)(command)
    return click.option("--cut", multiple=True, metavar="NAMES", help=members)(command)


@click.group("flowgraph", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="autograd_lite")
def main() -> None:
    """Flow graphs of equations: partial and total derivatives, and the chain rule at a cut.

    FILE is a shipped example's name (`flowgraph examples` lists them), a path, or - for standard
    input. It holds one equation a line: h = cos(x).

    Graphviz's dot, where it is installed, may take 20 seconds for a layout; FLOWGRAPH_DOT_SECONDS in the
    environment says otherwise. Then the built-in layout takes over.
    """
    for_any_terminal()


@main.command()
@click.option("-o", "--output", metavar="PATH", help=f"A {PICTURE} file.")
@_of_tex
@_asking
@_cutting
def draw(output: str | None, as_part: bool, **asked: Any) -> None:
    """Draw FILE's flow graph into the file named by -o; without it, print the table."""
    with explained():
        if output is not None:
            files.ready(output, PICTURE)
        flow, arguments = Question(**asked).arguments()
        if output is None:
            write(viz.table(flow, **arguments))
        else:
            viz.draw(flow, **arguments).save(output, standalone=not as_part)


@main.command()
@click.option("-o", "--output", metavar="PATH", required=True, help=f"A {PAGE} file.")
@_asking
def step(output: str, **asked: Any) -> None:
    """Write a page in which to step through FILE's flow graph, forward and backward."""
    with explained():
        files.ready(output, PAGE)
        question = Question(**asked)
        flow, wrt = question.flow(), question.variables()
        viz.step(flow, wrt=wrt[0] if wrt else None).save(output)


@main.command()
@click.option("-o", "--output", metavar="PATH", help=f"A {DERIVATION} file.")
@click.option("--hold", metavar="NAMES", help="Hold these constant: a partial derivative.")
@click.option("--paths", is_flag=True, help="The sum over all paths.")
@_of_tex
@_asking
@_cutting
def derive(output: str | None, hold: str | None, paths: bool, as_part: bool, **asked: Any) -> None:
    """Write the chain rule for FILE out, line by line: back-propagation, a cut, or all paths."""
    with explained():
        if output is not None:
            files.ready(output, DERIVATION)
        flow, arguments = Question(**asked).arguments()
        held = _listed(hold) if hold is not None else None
        found = viz.derive(flow, hold=held, paths=paths, **arguments)
        if output is None:
            write(found.text())
        else:
            found.save(output, standalone=not as_part)


@main.command()
@click.option(
    "-o", "--output", metavar="PATH", required=True, help=f"A {SLIDES} file; tex is Beamer."
)
@_of_tex
@_asking
def slides(output: str, as_part: bool, **asked: Any) -> None:
    """Draw back-propagation through FILE step by step: a page, overlay or frame of a film for each."""
    with explained():
        files.ready(output, SLIDES)
        question = Question(**asked)
        found = viz.slides(question.flow(), question.variables())
        found.save(output, standalone=not as_part)


@main.command()
@_asking
@_cutting
def table(**asked: Any) -> None:
    """Print FILE's values, total and partial derivatives, and the sum at each cut."""
    with explained():
        flow, arguments = Question(**asked).arguments()
        write(viz.table(flow, **arguments))


@main.command()
@click.option(
    "-o", "--output", metavar="PATH", help=f"A {SOURCE} file; its suffix says the language."
)
@click.option("--language", metavar="NAME", help="python, latex or javascript; python by default.")
@_asking
def source(output: str | None, language: str | None, **asked: Any) -> None:
    """Write FILE as a program: its values, then its derivatives, a line for each operation."""
    with explained():
        by_suffix = files.ready(output, SOURCE) if output is not None else "python"
        if output is not None and language not in (None, by_suffix):
            raise PictureError(f"{output} is to hold {by_suffix}, and --language says {language}")
        question = Question(**asked)
        text = writing.source_of(
            question.flow().output, language or by_suffix, question.variables()
        )
        if output is None:
            write(text)
        else:
            files.write(output, text.encode("utf-8"), SOURCE.what)


@main.command()
@click.option("-o", "--output", metavar="PATH", required=True, help=f"A {MODEL} file.")
@click.option("--gradients", is_flag=True, help="Its derivatives as outputs too: d_x.")
@_asking
def export(output: str, gradients: bool, **asked: Any) -> None:
    """Write FILE as an ONNX model, whose inputs are the equations' inputs; --wrt is for other commands."""
    with explained():
        files.ready(output, MODEL)
        question = Question(**asked)
        if question.wrt is not None:
            raise PictureError("a model has the derivatives by all inputs: write --gradients")
        model = interop.to_onnx(question.flow().output, gradients=gradients)
        files.write(output, model.SerializeToString(), MODEL.what)


@main.command("examples")
def list_examples() -> None:
    """List the shipped examples, each with its equations."""
    for name in examples():
        lines = "\n".join(f"    {line}".rstrip() for line in example(name).splitlines())
        write(f"{name}\n\n{lines}\n\n")


def _text(file: str) -> str:
    """What FILE names; an example goes before a file of the same name (then write ./name)."""
    if file in examples():
        return example(file)
    try:
        raw = _raw(file)
        if len(raw) > _LARGEST:
            raise ValueError(f"more than {_LARGEST} bytes are no list of equations")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} is not UTF-8 text; save the file as UTF-8"
        raise EquationError(f"cannot read equations from {file!r}: {reason}") from None
    except FileNotFoundError:
        hint = did_you_mean(file, examples())
        raise EquationError(f"{file!r} is neither a file nor a shipped example; {hint}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise EquationError(f"cannot read equations from {file!r}: {why}") from None


def _raw(file: str) -> bytes:
    if file == "-":
        return read(_LARGEST + 1)
    with Path(file).open("rb") as opened:
        return opened.read(_LARGEST + 1)


def _assignment(text: str) -> tuple[str, float]:
    """`x=1.5` or `x=pi/2` as name and number."""
    name, sign, number = text.partition("=")
    if not (sign and name.strip().isidentifier()):
        raise EquationError(f"--at {text}: write --at name=value, such as --at x=1")
    try:
        [(name, value)] = equations(f"{name} = {number}").items()
    except (EquationError, ValueError):
        reason = "the value must be a finite number, such as x=1.5 or x=pi/2"
        raise EquationError(f"--at {text}: {reason}") from None
    return name, value.data


def _named(graph: dict[str, Any], name: str) -> Node:
    for known, node in graph.items():
        if name in (known, pretty(known)):
            return node  # type: ignore[no-any-return]
    raise GraphError(f"--of {name}: no equation has this name; {did_you_mean(name, graph)}")


def _listed(names: str) -> list[str]:
    """`h_0, h_1` as names."""
    found = [name.strip() for name in names.split(",") if name.strip()]
    if not found:
        raise GraphError(f"{names!r} holds no name; write names with commas between, such as u,v")
    return found


if __name__ == "__main__":
    main()
