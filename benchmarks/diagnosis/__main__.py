"""`python -m benchmarks.diagnosis`: how many wrong answers are named, and how many wrongly."""

from benchmarks.diagnosis import scalars

for digits in (4, 5):
    planted = scalars.planted(digits)
    print(f"{digits} digits: {dict(planted.counts)}, named {planted.share('named'):.1%}")
    print("   ", "\n    ".join(planted.cases))
    print("    right in odd form:", dict(scalars.rights(digits).counts))
    print("    unrelated:", dict(scalars.unrelated(digits).counts))
