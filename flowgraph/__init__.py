"""The commands `flowgraph` and `flowgrade` from their first moment: Ctrl-C ends them also while modules load.

What they do is in `viz.cli` and `grading.cli`, how they end in `viz.command`: 0 done, 1 a stream or the disk
failed, 2 refused with a sentence, 130 Ctrl-C.
"""

import importlib
import os
import signal
import sys


def main() -> None:
    """The command `flowgraph`."""
    _run("viz.cli")


def grade() -> None:
    """The command `flowgrade`."""
    _run("grading.cli")


def _run(module: str) -> None:
    """Load a command, run it, and leave."""
    usual = signal.getsignal(signal.SIGINT)
    heeds = usual is signal.default_int_handler  # not behind nohup
    if heeds:
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    command = importlib.import_module(module).main  # a second, in which Ctrl-C may come

    sys.unraisablehook = _heed

    try:
        signal.signal(signal.SIGINT, usual)
        command()
    except KeyboardInterrupt:
        os._exit(130)
    except SystemExit as end:
        if end.code == 130:
            os._exit(
                130
            )  # a module that was interrupted while it loaded can fail once more at the end
        raise
    finally:
        if heeds:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Python's own end has no handler


def _heed(lost: "sys.UnraisableHookArgs") -> None:
    """End also where Python would print a Ctrl-C and go on: in its own callbacks, as while modules load."""
    if lost.exc_type is KeyboardInterrupt:
        os._exit(130)
    sys.__unraisablehook__(lost)
