"""What is wrong, in the order of the lines, and never without end."""

from articles.text.problems import MAX_PROBLEMS, Problem, SourceError, shorten


def test_an_error_names_file_and_line_and_what_would_be_right() -> None:
    error = SourceError([Problem(9, "b", "c"), Problem(2, "x", "y"), Problem(9, "b", "c")], "content/a.md")
    assert str(error) == "content/a.md:2: x; y\ncontent/a.md:9: b; c"


def test_without_a_file_the_line_is_named_alone() -> None:
    assert str(SourceError([Problem(2, "x", "y")])) == "line 2: x; y"


def test_a_hundred_problems_are_told_and_the_rest_counted() -> None:
    problems = shorten(Problem(line, "a", "b") for line in range(5000, 0, -1))
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[0].line == 1
    assert str(problems[-1]) == "101: … and 4,900 more faults; mend the others first"
    assert problems == sorted(problems)
