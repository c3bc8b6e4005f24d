"""Which files are read, what is around their content, and how much memory that takes."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard

from viralforge.errors import UnreadableInput
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


def only(path: Path) -> Rejection:
    (found,) = documents(path)
    assert isinstance(found, Rejection)
    return found


def written(path: Path, content: bytes = LINES) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def run(
    code: str, *arguments: str | Path, stdin: bytes = b"", **options: object
) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=120, **options)  # type: ignore[call-overload]


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


@pytest.fixture
def as_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """Options for a process that may not read everything: nobody's, where the tests run as root."""
    if os.geteuid() != 0:
        yield {}
        return
    asked = run("import viralforge.ingest.read", user=65534, group=65534, extra_groups=[])
    if asked.returncode:
        pytest.skip("the tests run as root, and an ordinary user cannot reach this Python")
    yield {"user": 65534, "group": 65534, "extra_groups": []}


@pytest.mark.parametrize("closed", ["b.json", "sub"])
def test_what_may_not_be_read_fails_before_anything_is_read(
    tmp_path: Path, as_nobody: dict[str, object], closed: str
) -> None:
    written(tmp_path / "a.json"), written(tmp_path / "b.json"), written(tmp_path / "sub" / "c.json")
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    (tmp_path / closed).chmod(0)
    done = run(READ, tmp_path, **as_nobody)
    (tmp_path / closed).chmod(0o755)
    assert done.returncode == 1 and done.stdout == b""
    assert f"{closed}: no permission to read it".encode() in done.stderr


def test_standard_input_is_read_as_a_dash(tmp_path: Path) -> None:
    done = run(READ, "-", stdin=LINES)
    assert done.stdout.decode().splitlines() == ["-:1 {'id': 'a1'}", "-:2 {'id': 'b2'}"]
    assert run(READ, "-", stdin=b"").stdout == b"- empty\n"
    assert run(READ, "-", "-", stdin=gzip.compress(LINES)).stdout == done.stdout
    table = run(READ, "-", written(tmp_path / "a.json", b'{"id": 1}'), stdin=b"id,likes\na,1\n")
    assert table.stdout.decode().splitlines()[0] == "-:2 {'id': 'a', 'likes': '1'}"


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


def zst(content: bytes, **options: int) -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, **options)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(content)


def test_gzip_and_zstd_are_unpacked_whatever_the_name(tmp_path: Path) -> None:
    packed = {
        "a.ndjson.gz": gzip.compress(LINES),
        "b.ndjson.zst": zst(LINES),
        "c.json": gzip.compress(LINES),
        "d": zst(gzip.compress(LINES)),
        "e.gz": gzip.compress(LINES[:13]) + gzip.compress(LINES[13:]) + b"\0" * 100,
        "f.zst": zst(LINES[:13]) + zst(LINES[13:]),
    }
    for name, content in packed.items():
        assert payloads(written(tmp_path / name, content)) == POSTS


def test_zstd_with_the_window_of_great_archives_is_unpacked(tmp_path: Path) -> None:
    block = os.urandom(2**20)
    content = b"".join(
        json.dumps({"id": block[n : n + 500].hex()}).encode() + b"\n" for n in range(0, 2**20, 500)
    )
    packed = zst(content * 3, window_log=27, enable_ldm=1)
    assert len(payloads(written(tmp_path / "a.zst", packed))) == 3 * len(range(0, 2**20, 500))


@pytest.mark.parametrize("pack", [gzip.compress, zst])
def test_packed_data_that_ends_early_or_is_damaged_is_a_rejection(tmp_path: Path, pack: object) -> None:
    packed = pack(b"".join(b'{"id": "%d"}\n' % n for n in range(20_000)))  # type: ignore[operator]
    assert only(written(tmp_path / "a.gz", packed[:-5])).reason == "truncated"
    assert only(written(tmp_path / "b.gz", packed[: len(packed) // 2])).reason == "truncated"
    middle = len(packed) // 2
    damaged = (
        packed[:middle] + bytes(255 - each for each in packed[middle : middle + 300]) + packed[middle + 300 :]
    )
    assert only(written(tmp_path / "c.gz", damaged)).reason in ("binary", "not_json", "truncated")
    assert only(written(tmp_path / "d.gz", packed[:12] + b"\xff" * 200)).reason == "binary"


def test_a_tar_is_read_file_by_file(tmp_path: Path) -> None:
    held = {
        "day/one.csv": b"id,likes\na,1\n",
        "two.ndjson": LINES,
        "three.json.gz": gzip.compress(b'{"id": 3}'),
        "readme.md": b"# nothing",
        "._two.ndjson": b"\0\5\x16\7",
        "broken.json": b"<<<<<<< HEAD\n{}\n",
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    path = written(tmp_path / "days.tar.zst", zst(out.getvalue()))
    found = [(str(each.origin).rpartition("/days")[2], each) for each in documents(path)]
    assert [(origin, each.payload) for origin, each in found[:4]] == [
        (".tar.zst:day/one.csv:2", {"id": "a", "likes": "1"}),
        (".tar.zst:two.ndjson:1", {"id": "a1"}),
        (".tar.zst:two.ndjson:2", {"id": "b2"}),
        (".tar.zst:three.json.gz", {"id": 3}),
    ]
    assert [(origin, each.reason) for origin, each in found[4:]] == [
        (".tar.zst:broken.json", "merge_markers")
    ]
    cut = written(tmp_path / "cut.tar", out.getvalue()[:1300])
    assert [each.reason for each in documents(cut) if isinstance(each, Rejection)] == ["truncated"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (gzip.compress(b""), "empty"),
        (b"SQLite format 3\0" + b"\1\2\3" * 100, "binary"),
        (b"PK\x03\x04" + b"\0" * 60, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        (bytes(range(256)) * 8, "binary"),
        (b"\0" * 1000, "binary"),
        (b'{"id": "caf\xe9"}', "wrong_encoding"),
    ],
)
def test_a_file_that_holds_no_text_is_one_rejection(tmp_path: Path, content: bytes, reason: str) -> None:
    found = only(written(tmp_path / "posts.json", content))
    assert (found.reason, found.origin) == (reason, str(tmp_path / "posts.json"))


def test_a_byte_order_mark_and_utf16_are_read_in_json_too(tmp_path: Path) -> None:
    text = '{"id": "a1"}\n{"id": "b2"}\n'
    for encoding in ("utf-8-sig", "utf-16"):
        assert payloads(written(tmp_path / "a.json", text.encode(encoding))) == POSTS
    assert payloads(written(tmp_path / "b.json", '["é", "\ud83d"]'.encode("utf-16", "surrogatepass"))) == [
        "é",
        "\ud83d",
    ]


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
