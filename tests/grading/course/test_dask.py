"""On a Dask cluster everybody is graded and journalled once, also where a worker is killed midway."""

import os
import signal
from collections import Counter

import pytest

from autograd_lite.errors import GradingError
from grading.course.classroom import Options, grade_class
from grading.course.executors import dask_executor
from tests.grading.course import tasks
from tests.grading.course.conftest import RIGHT
from tests.grading.course.test_classroom import journalled

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of Dask's own
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's"),
]


@pytest.fixture
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def workers(cluster):
    return [worker.process.pid for worker in cluster.workers.values() if worker.process]


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
