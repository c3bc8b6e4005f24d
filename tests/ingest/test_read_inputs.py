"""Which files are read, what is around their content, and how much memory that takes."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from viralforge.errors import UnreadableInput
from viralforge.ingest import read
from viralforge.ingest.read import Document, documents, find_inputs
from viralforge.model.rejection import REASONS, Rejection

LINES = b'{"id": "a1"}\n{"id": "b2"}\n'
POSTS = [{"id": "a1"}, {"id": "b2"}]
READ = """
import sys
from viralforge.ingest.read import documents
for each in documents(sys.argv[1:]):
    print(each.origin, getattr(each, "reason", None) or each.payload)
"""


def payloads(*paths: str | Path) -> list[object]:
    found = list(documents(paths))
    assert not [each for each in found if isinstance(each, Rejection)]
    return [each.payload for each in found]


def written(path: Path, content: bytes = LINES) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def run(
    code: str, *arguments: str | Path, stdin: bytes = b"", **options: object
) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=120)


def names(*paths: str | Path) -> list[str]:
    return [Path(file.name).name for file in find_inputs(paths).files]


def test_a_folder_is_read_in_order_with_the_folders_in_it_but_nothing_hidden(tmp_path: Path) -> None:
    for name in ("b.json", "a.ndjson", "sub/c.csv.gz", "sub/d.JSONL", ".hidden.json", ".git/e.json", "f.zst"):
        written(tmp_path / name)
    for name in ("photo.png", "notes.md", "run.py", "log.txt"):
        written(tmp_path / name)
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    found = find_inputs(tmp_path)
    assert [Path(file.name).name for file in found.files] == [
        "a.ndjson",
        "b.json",
        "f.zst",
        "c.csv.gz",
        "d.JSONL",
    ]
    assert sorted(path.name for path in found.skipped) == [
        "gone.json", "log.txt", "notes.md", "photo.png", "run.py",
    ]  # fmt: skip


def test_a_file_named_by_itself_is_read_whatever_its_name(tmp_path: Path) -> None:
    for name in ("posts.dat", ".hidden", "posts.py", "no suffix"):
        assert payloads(written(tmp_path / name)) == POSTS


def test_a_glob_finds_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("2025/a.json", "2025/deep/b.json", "2026/c.json", "2026/photo.png", "docs/d.md"):
        written(tmp_path / name)
    assert names(str(tmp_path / "20*")) == ["a.json", "b.json", "c.json"]
    assert names(str(tmp_path / "**" / "*.json")) == ["a.json", "b.json", "c.json"]
    assert names(str(tmp_path / "*")) == ["a.json", "b.json", "c.json"]
    monkeypatch.chdir(tmp_path)
    assert [each.origin for each in documents("2026/*.json")] == ["2026/c.json:1", "2026/c.json:2"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path) -> None:
    assert payloads(written(tmp_path / "posts[1].json")) == POSTS


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path / "a.json")
    (tmp_path / "same.json").symlink_to(path)
    assert payloads(path, tmp_path, str(tmp_path / "*.json")) == POSTS


def test_one_path_need_not_be_a_list(tmp_path: Path) -> None:
    assert len(list(documents(str(written(tmp_path / "a.json"))))) == 2


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing.json", "no such file or folder"),
        ("a.json/inside.json", "no such file or folder"),
        ("*.csv", "no file matches"),
        ("pictures", "no file in it is data"),
        ("a\0b", "cannot be read"),
        ("x" * 300, "cannot be read"),
    ],
)
def test_a_path_that_cannot_be_read_fails_before_anything_is_read(
    tmp_path: Path, path: str, says: str
) -> None:
    written(tmp_path / "pictures" / "a.png")
    good = written(tmp_path / "a.json")
    with pytest.raises(UnreadableInput, match=says):
        documents([good, str(tmp_path / path)])


def test_nothing_to_read_is_an_error() -> None:
    with pytest.raises(UnreadableInput, match="nothing to read"):
        documents([])


def test_a_file_that_goes_away_while_reading_is_an_error(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a.json"), written(tmp_path / "b.json")
    reading = documents([first, second])
    next(reading)
    second.unlink()
    with pytest.raises(UnreadableInput, match=r"b\.json: there is no such file"):
        list(reading)


def as_nobody(folder: Path) -> str:
    """What reading a folder ends in for an ordinary user, whoever runs the tests."""
    ours, theirs = os.pipe()
    if not (child := os.fork()):
        try:
            os.chdir(folder)  # the folders above it may be closed to others
            if os.geteuid() == 0:
                os.setgroups([]), os.setgid(65534), os.setuid(65534)
            documents(".")
            told = "read"
        except BaseException as error:
            told = f"{type(error).__name__} {error}"
        os.write(theirs, told.encode())
        os._exit(0)
    os.close(theirs)
    os.waitpid(child, 0)
    with os.fdopen(ours) as answer:
        return answer.read()


@pytest.mark.parametrize("closed", ["b.json", "sub"])
def test_what_may_not_be_read_fails_before_anything_is_read(tmp_path: Path, closed: str) -> None:
    for name in ("a.json", "b.json", "sub/c.json"):
        written(tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755), (tmp_path / "sub").chmod(0o755)
    assert as_nobody(tmp_path) == "read"
    (tmp_path / closed).chmod(0)
    told = as_nobody(tmp_path)
    (tmp_path / closed).chmod(0o755)
    assert told.startswith("UnreadableInput ")
    assert f"{closed}: no permission to read it; run as a user who may" in told


def test_standard_input_is_read_as_a_dash(tmp_path: Path) -> None:
    done = run(READ, "-", stdin=LINES)
    assert done.stdout.decode().splitlines() == ["-:1 {'id': 'a1'}", "-:2 {'id': 'b2'}"]
    assert run(READ, "-", stdin=b"").stdout == b"- empty\n"
    assert run(READ, "-", "-", stdin=gzip.compress(LINES)).stdout == done.stdout
    table = run(READ, "-", written(tmp_path / "a.json", b'{"id": 1}'), stdin=b"id,likes\na,1\n")
    assert table.stdout.decode().splitlines()[0] == "-:2 {'id': 'a', 'likes': '1'}"


def test_markers_deep_in_a_pipe_end_it_where_they_stand() -> None:
    count = read.WHOLE // len(LINES) + 1
    done = run(READ, "-", stdin=LINES * count + b"<<<<<<< HEAD\n" + LINES)
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * count + 1 and lines[-1] == b"- merge_markers"


def test_a_terminal_is_not_waited_for() -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    done = subprocess.run([sys.executable, "-c", READ, "-"], stdin=theirs, capture_output=True, timeout=60)
    os.close(ours), os.close(theirs)
    assert b"standard input is a terminal" in done.stderr


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen(["sh", "-c", 'printf \'{"id": 1}\\n{"id": 2}\\n\' > "$0"', str(pipe)])
    told: list[tuple[int, int | None]] = []
    found = list(documents(pipe, progress=lambda done, total: told.append((done, total))))
    assert writer.wait(10) == 0
    assert [each.payload for each in found] == [{"id": 1}, {"id": 2}]
    assert told[-1] == (20, None)


def test_progress_counts_stored_bytes_up_to_all_of_them(tmp_path: Path) -> None:
    written(tmp_path / "a.json.gz", gzip.compress(LINES * 1000))
    written(tmp_path / "b.ndjson", LINES * 100_000)
    written(tmp_path / "c.json", b"PK\x03\x04" + b"x" * 20_000_000)
    told: list[tuple[int, int | None]] = []
    list(documents(tmp_path, progress=lambda done, total: told.append((done, total))))
    total = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert {each for _, each in told} == {total}
    assert told[-1][0] == total
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > 10


def test_a_path_of_undecodable_bytes_still_gives_a_text_as_origin(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.json"
    Path(os.fsdecode(path)).write_bytes(b'{"id": 1}')
    (found,) = documents(tmp_path)
    assert str(found.origin).encode().endswith("caf�.json".encode())


PEAK = """
import resource, sys
from viralforge.ingest.read import documents
list(zip(documents(sys.argv[1]), range(2)))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in documents(sys.argv[2]))
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("form", ["ndjson", "array", "csv", "gz"])
def test_a_large_file_is_read_in_bounded_memory(tmp_path: Path, form: str) -> None:
    small = written(tmp_path / "small.json")
    rows = 400_000
    if form == "csv":
        content = b"id,title,likes\n" + b"".join(b"a%d,%s,7\n" % (n, b"word " * 40) for n in range(rows))
    else:
        line = '{"id": "a%d", "title": "' + "word " * 40 + '", "likes": 7}'
        content = (",\n" if form == "array" else "\n").join(line % n for n in range(rows)).encode()
        content = b"[" + content + b"]" if form == "array" else content
    assert len(content) > 80 * 10**6
    path = written(tmp_path / "large.data", gzip.compress(content, 1) if form == "gz" else content)
    del content
    count, megabytes = map(int, run(PEAK, small, path).stdout.split())
    assert count == rows
    assert megabytes < 60


def test_every_real_file_gives_documents_or_rejections(shared: Path) -> None:
    files = [path for path in sorted((shared / "data").rglob("*")) if path.is_file()]
    large = [path for path in files if path.stat().st_size > 4 * 10**6]
    told = {}
    for path in (path for path in files if path not in large):
        found = list(documents(path))
        assert found, path
        assert all(isinstance(each, Document) or each.reason in REASONS for each in found)
        told[path.relative_to(shared / "data")] = [
            each.reason for each in found if isinstance(each, Rejection)
        ]
    assert len(told) > 800
    rejected = {path: reasons for path, reasons in told.items() if reasons}
    by_reason = {reason: [path for path, each in rejected.items() if reason in each] for reason in REASONS}
    assert all(len(reasons) == 1 for reasons in rejected.values())
    assert all("conflict" in path.name or "merge" in path.name for path in by_reason["merge_markers"])
    assert len(by_reason["merge_markers"]) == 4
    assert {path.suffix for path in by_reason["binary"]} == {".sqlite"}
    assert {path.name for path in by_reason["empty"]} == {"empty.json"}
    assert {path.name for path in by_reason["truncated"]} == {"streaming_output_with_error.jsonl"}
    assert len(by_reason["wrong_encoding"]) == 2 and len(by_reason["bad_csv"]) == 6


def test_every_large_real_file_is_read_to_its_end(shared: Path) -> None:
    folder = shared / "data"
    counts = {
        folder / "yt_trending_daily_2024_2025" / "daily_2024-07_2025-06.tar.zst": 72_434,
        folder / "reddit_top" / "reddit_top_300k.csv.zst": 300_000,
        folder / "llm_agent_logs" / "crewai_llm_calls.jsonl": 1_111,
        folder / "yt_trending_2017v2_us_fr" / "USvideos.csv": 3_000,
    }
    for path, count in counts.items():
        assert sum(isinstance(each, Document) for each in documents(path)) == count, path.name
