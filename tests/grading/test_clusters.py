"""Equal unexplained answers of a class are put together."""

from grading.clusters import Unexplained, clusters, unexplained
from grading.results import Item, Report


def of(*answers):
    return [Unexplained(f"s{i}", "q1", "h_0", a) for i, a in enumerate(answers)]


def test_the_same_number_in_other_words_is_the_same():
    (found,) = clusters(of("0.8127", "0,8127", ".8127", "0.81270001", "8.127e-1", "1.5"))
    assert found.students == ("s0", "s1", "s2", "s3", "s4")
    assert str(found) == "q1, h_0: 5 students gave 0.8127"


def test_questions_are_kept_apart_and_large_clusters_come_first():
    answers = [*of("1.25", "1.25"), *(Unexplained(f"t{i}", "q2", "", "1.25") for i in range(3))]
    assert [(c.question, len(c.students)) for c in clusters(answers)] == [("q2", 3), ("q1", 2)]


def test_one_student_twice_is_no_cluster():
    twice = [Unexplained("s", "q1", "", "1.25")] * 3
    assert clusters(twice) == []


def test_texts_and_arrays_are_compared_too():
    assert len(clusters(of("[1, 2.5]", "1; 2.5", "dunno", "dunno", "[1, 2.6]"))) == 2


def test_only_wrong_answers_without_a_name_are_unexplained():
    items = (
        Item("q1", "a", "wrong", 0.0, 1.0, answer="1.25"),
        Item("q1", "b", "wrong", 0.0, 1.0, ids=("A4",), answer="1.25"),
        Item("q1", "c", "right", 1.0, 1.0, answer="1.25"),
        Item("q1", "d", "missing", 0.0, 1.0),
        Item("q1", "e", "grader_error", None, 1.0, answer="1.25"),
    )
    assert [u.part for u in unexplained([Report("ana", "week 1", items)])] == ["a"]
