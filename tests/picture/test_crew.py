"""Processes that prepare: the same answers, and nothing is lost or left behind when one of them, or all, are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import active_children
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.datasets.drawn import draw
from inkread.errors import PictureError
from inkread.picture import Crew, encode_png, made_of, one_thread, prepare
from inkread.preparation import Preparation
from inkread.reading import Reader, Source, read_batches, stream

WAIT = 60.0
"""Seconds that a process may take to start or to end on a busy machine."""

LONELY = """
import time
from multiprocessing import active_children
from inkread.preparation import Preparation
from inkread.picture import Crew

if __name__ == "__main__":
    crew = Crew(1, Preparation())
    while not crew.ready:
        time.sleep(0.05)
    print(*(each.pid for each in active_children()), flush=True)
    time.sleep(600)
"""


def files(count: int = 6) -> list[bytes]:
    return [encode_png(draw(each, np.random.default_rng(at))) for at, each in enumerate("ABCDEFGH"[:count])]


def until(met: object) -> bool:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if met():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def kill_all() -> None:
    for process in active_children():
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)


def gone(process: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet counts as ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def crew() -> Crew:
    crew = Crew(2, Preparation())
    assert until(lambda: crew.ready)
    yield crew
    crew.close()


def test_what_they_make_is_what_this_process_makes(crew: Crew) -> None:
    broken = b"\x89PNG\r\n\x1a\n and no more"
    made = crew.made([*files(), broken], 20)
    assert made is not None
    for one, data in zip(made, files(), strict=False):
        prepared, small = made_of(data, Preparation(), 20)
        assert np.array_equal(one[0].picture, prepared.picture)
        assert one[0].notes == prepared.notes
        assert np.array_equal(one[1], small)
    assert isinstance(made[-1], PictureError)
    assert str(made[-1]) == str(made_of(broken, Preparation(), 0))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals of this kind")
def test_where_one_is_killed_the_answer_is_none(crew: Crew) -> None:
    kill_all()
    assert until(lambda: crew.made(files(1), 0) is None)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals of this kind")
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.1])
def test_one_killed_in_the_middle_of_an_answer_keeps_nobody_waiting(crew: Crew, delay: float) -> None:
    many = files() * 100  # an answer larger than what a pipe holds
    made = [crew.made(many, 200)]
    asking = [threading.Thread(target=lambda: made.append(crew.made(many, 200)), daemon=True) for _ in range(4)]
    for each in asking:
        each.start()
    time.sleep(delay)
    kill_all()
    for each in asking:
        each.join(WAIT)
    assert not any(each.is_alive() for each in asking)
    assert len(made) == 5
    assert made[0] is not None
    assert None in made


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_they_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    script = tmp_path / "lonely.py"
    script.write_text(LONELY)
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    workers = [int(each) for each in parent.stdout.readline().split()]
    assert workers
    assert not any(gone(each) for each in workers)
    parent.kill()
    parent.wait()
    assert until(lambda: all(gone(each) for each in workers))


def sources(folder: Path, count: int) -> list[Source]:
    """So many pictures, two characters in turn."""
    for name in "BL":
        (folder / f"{name}.png").write_bytes(encode_png(prepare(draw(name, np.random.default_rng(4))).picture))
    return [Source(str(folder / f"{'BL'[at % 2]}.png"), certain=True) for at in range(count)]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Long work is worth a crew at once; how many pictures it made, a number each time."""
    made: list[int] = []

    class Counted(Crew):
        def __init__(self, *given: object) -> None:
            super().__init__(*given)  # type: ignore[arg-type]
            assert until(lambda: self.ready)

        def made(self, files: list[bytes], side: int) -> object:
            done = super().made(files, side)
            made.extend([len(done)] if done else [])
            return done

    monkeypatch.setattr(stream, "_WORTH_A_CREW", 0.0)
    monkeypatch.setattr(stream, "Crew", Counted)
    return made


def test_long_work_gets_a_crew_and_every_answer_comes(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = counted(monkeypatch)
    given = sources(tmp_path, 3000)
    answers = [answer for batch in read_batches(given, Reader(tiny_bundle), 2, processes=True) for answer in batch.answers]
    assert sum(made) > 500
    assert [answer.path for answer in answers] == [source.path for source in given]
    assert not any(answer.error for answer in answers)
    told = [answer.reading.character for answer in answers if answer.reading]
    assert len(set(told[::2])) == len(set(told[1::2])) == 1
    assert told[0] != told[1]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no signals of this kind")
def test_where_the_crew_is_killed_the_threads_go_on(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = counted(monkeypatch)
    answers = 0
    killed = False
    for batch in read_batches(sources(tmp_path, 3000), Reader(tiny_bundle), 2, processes=True):
        answers += sum(answer.reading is not None for answer in batch.answers)
        if made and not killed:
            killed = True
            kill_all()
    assert killed
    assert answers == 3000


def test_threads_do_it_alone_where_no_process_can_be_started(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_given: object) -> Crew:
        raise OSError("no more processes")

    monkeypatch.setattr(stream, "_WORTH_A_CREW", 0.0)
    monkeypatch.setattr(stream, "Crew", refused)
    batches = read_batches(sources(tmp_path, 300), Reader(tiny_bundle), 2, processes=True)
    assert sum(len(batch.answers) for batch in batches) == 300


def test_short_work_and_programs_that_do_not_ask_get_none(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "Crew", lambda *_given: pytest.fail("a crew for nothing"))
    reader = Reader(tiny_bundle)
    assert sum(len(batch.answers) for batch in read_batches(sources(tmp_path, 300), reader, 2, processes=True)) == 300
    monkeypatch.setattr(stream, "_WORTH_A_CREW", 0.0)
    assert sum(len(batch.answers) for batch in read_batches(sources(tmp_path, 300), reader, 2)) == 300


def test_opencv_gets_its_threads_back_when_the_last_block_is_left() -> None:
    cv2.setNumThreads(2)
    one, other = one_thread(), one_thread()
    one.__enter__()
    other.__enter__()
    assert cv2.getNumThreads() == 1
    one.__exit__(None, None, None)
    assert cv2.getNumThreads() == 1
    other.__exit__(None, None, None)
    assert cv2.getNumThreads() == 2
