"""Calls side by side: one that fails, hangs or kills its worker harms no other."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from grading.course import attempts
from grading.course.attempts import RETRIES, Attempts, Failure
from grading.course.executors import Processes, Threads
from tests.grading.course import tasks


def outcomes(makes, calls, *, window=3, seconds=60.0):
    found = [each for batch in Attempts(makes, window, seconds).outcomes(calls) for each in batch]
    assert len(found) == len(dict(found))  # each key once
    return dict(found)


def fine(n, but):
    calls = {k: partial(tasks.fine, k) for k in range(n)}
    return list((calls | {k: partial(call, k) for k, call in but.items()}).items())


@pytest.mark.parametrize("makes", [Threads, partial(ThreadPoolExecutor, 2)])
def test_every_call_has_its_result(makes):
    assert outcomes(makes, fine(50, {})) == {k: 10 * k for k in range(50)}


def test_a_call_that_raises_is_tried_again_and_then_told():
    found = outcomes(Threads, fine(9, {4: tasks.failing}))
    assert found.pop(4) == Failure("ValueError: no 4", RETRIES + 1)
    assert found == {k: 10 * k for k in range(9) if k != 4}


def test_a_call_that_works_the_second_time_is_no_failure():
    tries = []

    def shaky():
        tries.append(1)
        if len(tries) < 3:
            raise OSError("busy")
        return "there"

    assert outcomes(Threads, [(0, shaky)]) == {0: "there"}


def test_a_thread_that_hangs_is_left_behind():
    found = outcomes(Threads, fine(9, {4: tasks.hanging}), seconds=0.2)
    assert found.pop(4) == Failure("it took more than 0.2 s", RETRIES + 1)
    assert len(found) == 8


def test_a_worker_that_dies_takes_no_other_call_with_it():
    """The pool breaks for all that is under way; the culprit alone has a failure."""
    found = outcomes(lambda: Processes(2), fine(12, {3: tasks.deadly, 7: tasks.failing}), window=4)
    assert found.pop(3).times == RETRIES + 1
    assert found.pop(7) == Failure("ValueError: no 7", RETRIES + 1)
    assert found == {k: 10 * k for k in range(12) if k not in (3, 7)}


def test_a_process_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(attempts, "RETRIES", 0)
    found = outcomes(lambda: Processes(2), fine(6, {3: tasks.hanging}), window=2, seconds=4.0)
    assert isinstance(found.pop(3), Failure)
    assert found == {k: 10 * k for k in range(6) if k != 3}


def test_a_process_that_is_ended_while_it_sends_its_result_keeps_nobody_waiting(monkeypatch):
    """Half a result was waited for for ever, by the pool and so by the whole class."""
    monkeypatch.setattr(attempts, "RETRIES", 0)
    found = outcomes(lambda: Processes(2), fine(3, {1: tasks.half_sent}), window=1, seconds=6.0)
    assert isinstance(found.pop(1), Failure)
    assert found == {0: 0, 2: 20}


def test_no_more_calls_are_under_way_than_the_window_has_room_for():
    begun, ended, most = [], [], []

    def call(k):
        begun.append(k)
        most.append(len(begun) - len(ended))
        ended.append(k)

    outcomes(partial(ThreadPoolExecutor, 8), [(k, partial(call, k)) for k in range(40)], window=3)
    assert max(most) <= 3


def test_calls_are_made_as_they_are_needed():
    """A class of thousands is not read into memory at once."""
    drawn = []

    def calls():
        for k in range(20):
            drawn.append(k)
            yield k, partial(tasks.fine, k)

    results = Attempts(Threads, 2, 60.0).outcomes(calls())
    next(results)
    assert len(drawn) <= 4
    results.close()
