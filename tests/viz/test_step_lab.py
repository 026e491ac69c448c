"""The stepper in a real JupyterLab: the live page where it is trusted, the picture everywhere."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

import viz
from tests.processes import PATIENCE, end
from tests.viz.stepping import flow_of


def notebook(stepper, title):
    """A notebook that somebody ran and sent: its outputs are in the file."""
    bundle = stepper._repr_mimebundle_()
    output = {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": bundle}
    cell = {"id": "a", "cell_type": "code", "execution_count": 1, "metadata": {},
            "source": "viz.step(flow)", "outputs": [output]}  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "title": title}  # a signature is of the content
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [cell]}


@pytest.fixture
def lab(tmp_path) -> Iterator[str]:
    """The address of a running JupyterLab that knows nothing of its user's settings."""
    pytest.importorskip("jupyterlab", reason="no test in JupyterLab: pip install jupyterlab")
    folders = {
        f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("DATA", "CONFIG", "RUNTIME")
    }
    environment = {**os.environ, **folders, "HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path)}
    work = tmp_path / "work"
    work.mkdir()
    stepper = viz.step(flow_of("three_step"))
    for title in ("trusted", "untrusted"):
        (work / f"{title}.ipynb").write_text(json.dumps(notebook(stepper, title)))
    jupyter = [sys.executable, "-m"]
    run = {
        "cwd": work,
        "env": environment,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    trust = [*jupyter, "jupyter", "trust", "trusted.ipynb"]
    subprocess.run(trust, check=True, timeout=PATIENCE, **run)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
               "--IdentityProvider.token=", f"--ServerApp.root_dir={work}"]  # fmt: skip
    server = subprocess.Popen([*jupyter, "jupyterlab", *options], **run)
    try:
        wait_for(port, server)
        yield f"http://127.0.0.1:{port}/lab/workspaces"
    finally:
        end(server)


def wait_for(port, server):
    for _ in range(360):
        if answers(port):
            return
        if server.poll() is not None:
            break
        time.sleep(0.25)
    pytest.fail(f"JupyterLab does not answer at port {port}; it ended with {server.poll()}")


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_in_jupyterlab_the_page_lives_where_it_is_trusted_and_the_picture_stays_elsewhere(
    lab, browser
):
    outputs = ".jp-OutputArea-output"
    for title, frames in (("untrusted", 0), ("trusted", 1)):
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{lab}/{title}/tree/{title}.ipynb")
        picture = page.locator(f"{outputs} img")
        picture.wait_for(timeout=60_000)
        assert picture.evaluate("image => image.decode().then(() => image.clientWidth)") > 300
        assert page.locator(f"{outputs} iframe").count() == frames
        if frames:
            inside = page.frame_locator(f"{outputs} iframe")
            inside.locator("#last").click()
            assert inside.locator("#count").text_content() == "backward 10/10"
            assert inside.locator("#result .number").text_content() == "−0.622"
        page.close()
