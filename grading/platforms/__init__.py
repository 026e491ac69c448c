"""Where grading runs: one internal record, and what each platform reads, written from it.

gradescope, prairielearn   a `Report` as their results file
pytest_plugin              a test suite with points, as a `Report`
bank                       questions with their wrong answers as tables, which `moodle` and
                           `prairielearn_question` write
nbgrader, otter            an assignment as a notebook with their cells and tests
"""
