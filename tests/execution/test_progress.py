"""What a command is doing: a line every ten seconds where it is piped, a bar on a terminal, nothing when quiet."""

from __future__ import annotations

import io
import os
import re
import time
from types import SimpleNamespace

import pytest

from netcea.execution import progress as room
from netcea.execution.progress import called, counted, hide, hush, progress, stage, steps, watched

LINE = re.compile(r"^(?P<what>.+): (?:(?P<done>\d+) of (?P<total>\d+), .+|\d+ s so far)$")


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture
def fast(monkeypatch):
    """Seconds are hundredths."""
    monkeypatch.delenv(room.SWITCH, raising=False)
    for name, value in {"LINE_EVERY": 0.1, "BAR_AFTER": 0.02, "BAR_EVERY": 0.01}.items():
        monkeypatch.setattr(room, name, value)


@pytest.fixture
def piped(monkeypatch, fast):
    stream = io.StringIO()
    monkeypatch.setattr(room, "sys", SimpleNamespace(stderr=stream))
    return stream


@pytest.fixture
def terminal(monkeypatch, fast):
    stream = Terminal()
    monkeypatch.setattr(room, "sys", SimpleNamespace(stderr=stream))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return stream


def slowly(values, seconds=0.03):
    for value in values:
        time.sleep(seconds)
        yield value


def test_a_line_now_and_then_where_it_is_piped_and_nothing_on_standard_output(piped, capsys):
    with watched("psa"), progress(20, "psa") as advance:
        assert list(advance(slowly(range(20)))) == list(range(20))
    lines = piped.getvalue().splitlines()
    assert 3 <= len(lines) <= 7, lines
    found = [LINE.match(line) for line in lines]
    assert all(f and f["what"] == "psa" and f["total"] == "20" for f in found)
    assert [int(f["done"]) for f in found] == sorted(int(f["done"]) for f in found)
    assert "\x1b" not in piped.getvalue()
    assert capsys.readouterr().out == ""


def test_the_innermost_work_is_named_after_its_command(piped):
    with watched("netcea"):
        called("export")
        with stage("loading pnet"):
            time.sleep(0.15)
        for _ in steps(range(3), "writing the sheets"):
            time.sleep(0.07)
    text = piped.getvalue()
    assert "export: loading pnet: 0 s so far\n" in text
    assert re.search(r"export: writing the sheets: \d of 3, ", text)


def test_work_that_nobody_divided_is_shown_all_the_same(piped):
    with watched("diff"):
        time.sleep(0.15)
    assert piped.getvalue() == "diff: 0 s so far\n"


def test_nothing_of_what_is_done_in_a_moment(piped):
    with watched("run"), progress(5, "run") as advance:
        list(advance(range(5)))
    assert piped.getvalue() == ""


@pytest.mark.parametrize("where", ["piped", "terminal"])
def test_nothing_when_quiet(where, request):
    stream = request.getfixturevalue(where)
    with watched("psa"):
        hush()
        with progress(5, "psa") as advance:
            list(advance(slowly(range(5), 0.05)))
    with watched("psa", quiet=True):
        time.sleep(0.15)
    with counted("batch", quiet=True) as begin:
        step = begin(3)
        time.sleep(0.15)
        step()
    assert stream.getvalue() == ""


def test_a_bar_on_a_terminal_that_goes_away_before_something_is_printed(terminal):
    with watched("psa"), progress(20, "psa") as advance:
        for value in advance(slowly(range(20))):
            if value == 10:
                hide()
                shown = terminal.getvalue()
                terminal.write("RESULT\n")
    assert re.search(r"psa .*\d of 20 .*s left", shown)
    assert shown.endswith("\x1b[2K"), repr(shown[-40:])  # the line of the bar is empty again
    after = terminal.getvalue().partition("RESULT\n")[2]
    assert "of 20" in after


def test_a_terminal_without_styles_gets_lines(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    with watched("voi"), progress(20, "voi") as advance:
        list(advance(slowly(range(20))))
    assert terminal.getvalue().count("\n") >= 3
    assert "\x1b" not in terminal.getvalue()


def test_from_python_without_a_command(piped):
    with progress(6, "psa") as advance:
        list(advance(slowly(range(6), 0.05)))
    assert LINE.match(piped.getvalue().splitlines()[0])["what"] == "psa"


def test_what_is_closed_stops_nothing(monkeypatch, fast):
    stream = io.StringIO()
    monkeypatch.setattr(room, "sys", SimpleNamespace(stderr=stream))
    with watched("psa"), progress(10, "psa") as advance:
        for value in advance(slowly(range(10))):
            if value == 2:
                stream.close()
    monkeypatch.setattr(room, "sys", SimpleNamespace(stderr=None))
    with watched("psa"):
        pass


def test_an_exception_leaves_nothing_running(piped):
    def fails():
        with watched("psa"), progress(3, "psa") as advance:
            for _ in advance(range(3)):
                raise KeyError

    with pytest.raises(KeyError):
        fails()
    with watched("next"):
        time.sleep(0.15)
    assert piped.getvalue() == "next: 0 s so far\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a forked process")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_shows_nothing(piped):
    with watched("psa"), stage("working"):
        child = os.fork()
        if child == 0:
            with stage("child"), counted("child") as begin:
                begin(3)()
            os._exit(7 if room._WATCHES else 0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_environment_can_turn_it_off(piped, monkeypatch):
    monkeypatch.setenv(room.SWITCH, "off")
    with watched("psa"), progress(5, "psa") as advance:
        list(advance(slowly(range(5), 0.05)))
    assert piped.getvalue() == ""
