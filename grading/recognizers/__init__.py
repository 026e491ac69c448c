"""The recognisers of a wrong answer, a file each, in the order in which they are asked:

1 form            type, shape, finiteness; the right answer in another form
2 follow_through  a line of a table that is right given an earlier one
3 factor          a known multiple of the right answer, in every entry
4 path_regression paths counted not at all, twice, or with the wrong sign
5 candidates      the catalogue
6 support         which entries are wrong
7 pairs           two mistakes at once
"""

from grading.recognizers.recognizing import recognized

__all__ = ["recognized"]
