"""A class: submissions on the disk, graded side by side, each journalled once.

::

    classroom                    a class from folder to reports; how a run goes on after it was ended
      names, contents            whose is what; bytes under caps, no link followed
      attempts > executors       calls side by side, tried again; threads, processes, Dask
        one                      one submission: read, matched with its paper, judged
          submission             answer_table, form, notebook, archives, text: every form of it
          matching, variables    which field an answer is for; a notebook's values, from the sandbox
      journal > records, lock    one line each, on the disk before it counts; one run at a time
      publishing                 pages and marks
    command                      flowgrade run, flowgrade report
"""

from grading.course.classroom import Options, grade_class
from grading.course.submission import Submission, read_submission

__all__ = ["Options", "Submission", "grade_class", "read_submission"]
