"""Lists of problems stay short enough to read, whatever is wrong: the first of each file, and how many more there are."""

from netcea.errors import MOST_LISTED, InputError, Problem, did_you_mean, listed


def rows(file, count, start=2):
    return [Problem(file, line, "qx", "'x'", "a number") for line in range(start, start + count)]


def test_a_short_list_is_shown_whole():
    error = InputError(rows("a.csv", MOST_LISTED))
    assert error.listed == error.problems
    assert error.count == MOST_LISTED


def test_of_a_long_list_the_first_are_shown_and_the_rest_is_counted():
    error = InputError(rows("a.csv", 4559))
    assert error.listed[:-1] == error.problems[:MOST_LISTED]
    assert str(error.listed[-1]) == "a.csv\n  and 4,509 more like it, lines 52-4560"
    assert error.count == 4559
    assert len(str(error).split("\n")) == 2 * MOST_LISTED + 2


def test_a_file_with_many_faults_does_not_hide_those_of_others():
    error = InputError([*rows("a.csv", 4000), *rows("b.csv", 3), Problem("--set x=1", 0, "x", "'1'")])
    shown = [problem.file for problem in error.listed]
    assert shown.count("b.csv") == 3
    assert shown.count("--set x=1") == 1
    assert error.count == 4004
    assert [p.suggestion for p in error.listed if p.stands_for > 1] == ["and 3,954 more like it, lines 48-4001"]


def test_more_files_than_lines():
    error = InputError([problem for i in range(80) for problem in rows(f"{i}.csv", 2)])
    assert len(error.listed) <= 2 * MOST_LISTED + 1
    assert sum(problem.stands_for for problem in error.listed) == error.count == 160


def test_what_was_counted_before_is_counted_on():
    once = listed(rows("a.csv", 200), 1)
    error = InputError([*once, *rows("b.csv", 60)])
    assert error.count == 260
    assert sum(problem.stands_for for problem in error.listed) == 260


def test_a_long_name_is_shortened_in_every_part_of_a_message():
    name = "k" * 1_000_000
    error = InputError(Problem(f"{name}.yaml", 1, f"set.{name}", f"the unknown key '{name}'", f"one of {name}", name))
    assert len(str(error)) < 8000
    assert did_you_mean(name, ["costs"]) == ""
