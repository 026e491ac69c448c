"""Homework judged against the graph: it yields the wrong answers too, so students learn what went wrong.

Who answers 0.4919 followed one path and forgot the other:

>>> from autograd_lite import FlowGraph, equations, example
>>> from grading import diagnose
>>> flow = FlowGraph(equations(example("three_step"))["yhat"])
>>> d = diagnose(flow, wrt="h_0", answer="0.4919")
>>> d.status, d.ids[0]
('diagnosed', 'A4:h_0>h_1>ŷ')
>>> print(d)
You gave only the path through h_1: the direct effect of h_0 on ŷ is missing.

What a student typed goes up through rooms, a folder or file each; each knows those below it::

    cli, demo             the command `flowgrade`
    platforms             Moodle, PrairieLearn, Gradescope, notebooks
    course                a folder of submissions, a class
    reports               what students and instructors read
    assignments           questions, points, numbers for each student
    code                  students' functions, modules and engines
    design, lint          numbers and test cases that tell mistakes apart
    diagnose, mistakes    one answer; all that may go wrong
    recognizers           how a wrong answer is recognised, seven ways
    asking, chance        one question with what its mistakes give; how often chance gives the same
    scalars, arrays       the mistakes' values on a graph of Values, of Tensors
    catalogue             the mistakes: what is done, how likely it is, what is said
    answers, sandbox      what was typed; strangers' code

The functions below are in files of their names, with an underscore in front.
"""

from grading._design import Design, design
from grading._diagnose import diagnose
from grading._lint import Lint, lint
from grading._mistakes import mistakes
from grading.diagnosis import Diagnosis

__all__ = ["Design", "Diagnosis", "Lint", "design", "diagnose", "lint", "mistakes"]
