def sources():
    return []


def tests_of(path):
    return ()
