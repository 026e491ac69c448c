"""On a Dask cluster everybody is graded and journalled once, also where a worker is killed midway."""

import asyncio
import os
import signal
from collections import Counter
from contextlib import suppress

import pytest

from autograd_lite.errors import GradingError
from grading.course.classroom import Options, grade_class
from grading.course.executors import dask_executor
from tests.grading.course import tasks
from tests.grading.course.conftest import RIGHT
from tests.grading.course.test_classroom import journalled

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of Dask's own
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's"),
]


# A busy machine starts workers again in its own time, where Dask gives one up after 15 seconds: with all of
# them given up, nobody would ever take the tasks. Nor do they rest when memory is short.
BUSY = {"distributed.deploy.lost-worker-timeout": "1h"}


@pytest.fixture
def cluster():
    with dask.config.set(BUSY):
        made = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50,
            memory_limit=None,
        )  # fmt: skip
        try:
            yield made
        finally:
            closed(made)


def closed(cluster):
    """A cluster waits for workers that are starting, and may for ever: it is asked, and then ended."""
    pids = workers(cluster)
    try:
        cluster.close(timeout=60)
    except (TimeoutError, asyncio.TimeoutError):  # two classes before Python 3.11
        for pid in (*pids, *workers(cluster)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def workers(cluster):
    running = [worker.process for worker in cluster.workers.values()]
    return [process.pid for process in running if process and process.pid]


def test_a_killed_worker_costs_nobody_a_grade(homework, handed_in, tmp_path, cluster):
    folder = handed_in({f"s{k:03}.csv": RIGHT for k in range(60)})
    victims = workers(cluster)[:1]

    def kill(done, of):
        if done >= 8 and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    with dask_executor(cluster.scheduler_address) as (executor, busy):
        options = Options(jobs=busy, executor=executor)
        reports = grade_class(homework, folder, tmp_path / "out", options, progress=kill)
    assert not victims
    assert {report.score for report in reports} == {4.0}
    assert Counter(x["student"] for x in journalled(tmp_path / "out")) == Counter(
        f"s{k:03}" for k in range(60)
    )


def test_a_poison_submission_costs_its_own_grade_alone(programs, handed_in, tmp_path, cluster):
    folder = handed_in({f"s{k}.py": "deadly" if k == 2 else "fine" for k in range(6)})
    with dask_executor(cluster.scheduler_address) as (executor, busy):
        options = Options(jobs=busy, executor=executor, coder=tasks.coder)
        reports = grade_class(programs, folder, tmp_path / "out", options)
    assert [r.score for r in reports] == [3.0, 3.0, 0, 3.0, 3.0, 3.0]
    assert reports[2].items[0].status == "grader_error"
    assert "KilledWorker" in reports[2].items[0].note


def test_where_no_scheduler_answers_one_is_told():
    with (
        pytest.raises(GradingError, match="no Dask scheduler answers"),
        dask_executor("nonsense://x"),
    ):
        pass
