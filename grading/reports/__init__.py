"""Reports: a page for each student, one for the instructor, and marks as CSV; they open offline.

::

    student, instructor > questions, histogram    the pages
    marks                                         the table for a spreadsheet
      sheet, words, names                         what is told of an assignment, and how
        html > page.css                           markup in which a stranger's text stays text
"""
