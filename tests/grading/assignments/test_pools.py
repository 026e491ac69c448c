"""The numbers of a class: drawn within their ranges, told apart by purpose, better than chance."""

import numpy as np

from grading._design import scored
from grading.assignments.written import asked, assignment, between

SECRET = {"secret": "between us"}

EQUATIONS = "h = sin(a*x)\ny = h*x**2 + exp(a*h)"


def work(**said):
    design = {"x": between(0.2, 1.5), "a": between(-1.2, 1.4)}
    return assignment(
        "T",
        asked("q", "total", wrt=["x", "a"]),
        graph={"equations": EQUATIONS, "design": design},
        **SECRET,
        **said,
    )


def test_a_pool_has_two_hundred_different_sets_within_the_ranges():
    pool = work().pools("graded")["graph"]
    rows = {tuple(point.values()) for point in pool.points}
    assert pool.size == len(rows) == 200
    assert all(0.2 <= p["x"] <= 1.5 and -1.2 <= p["a"] <= 1.4 for p in pool.points)


def test_the_same_secret_gives_the_same_numbers():
    assert work().pools("graded")["graph"].points == work().pools("graded")["graph"].points


def test_purposes_share_no_numbers():
    one = work()
    graded, practice = (
        {tuple(p.values()) for p in one.pools(x)["graph"].points} for x in ("graded", "practice")
    )
    assert not graded & practice


def test_numbers_are_better_than_the_first_that_were_drawn():
    pool = work().pools("graded")["graph"]
    drawn = work().questions[0].graph.draws(np.random.default_rng(0), 400)
    plain = type(pool)(pool.graph, tuple({} for _ in range(400)), drawn)
    part = work().questions[0].parts[1]
    flow = pool.flow("y", 0)
    chosen = scored(pool.asked(part, 0)[0], 4)
    at_random = (
        scored(plain._prepared_at(flow, part), 4) if hasattr(plain, "_prepared_at") else None
    )
    if at_random is None:
        from grading.asking import prepare

        at_random = scored(prepare(flow, part.wrt, values=drawn), 4)
    usual = np.median(at_random[np.isfinite(at_random)])
    assert np.median(chosen) < usual
    assert np.isfinite(chosen).all()


def test_points_without_a_derivative_are_given_to_nobody():
    text = {
        "equations": "y = sqrt(x - 0.5)",
        "design": {"x": {"from": 0.5, "to": 1.5, "decimals": 1}},
    }
    one = assignment("T", asked("q", "total", wrt="x"), graph=text, **SECRET)
    xs = [p["x"] for purpose in ("graded", "practice") for p in one.pools(purpose)["graph"].points]
    assert 0.5 not in xs


def test_an_answer_of_zero_is_asked_all_the_same():
    text = {"equations": "y = 0*x", "design": {"x": between(1, 2)}}
    one = assignment("T", asked("q", "total", wrt="x"), graph=text, **SECRET)
    assert one.pools("graded")["graph"].size > 1
    assert one.paper("a").grade({"q": {"x": "0"}})[0].status == "right"


def test_models_have_twenty_sets_of_arrays():
    graph = {"model": "Linear", "in_features": 2, "out_features": 2, "loss": "upstream"}
    one = assignment("T", asked("q", "array", wrt="W"), graph=graph, **SECRET)
    pool = one.pools("graded")["graph"]
    assert pool.size == 20
    assert len({p["x"].tobytes() for p in pool.points}) == 20
    assert all(
        (x != 0).all() and np.array_equal(x, x.round(2)) for p in pool.points for x in p.values()
    )
