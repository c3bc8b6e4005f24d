"""What is around the content of a file: gzip, zstd, tar, encodings; and content that is none."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
from pathlib import Path

import pytest
import zstandard

from viralforge.ingest.read import documents
from viralforge.model.rejection import Rejection

LINES = b'{"id": "a1"}\n{"id": "b2"}\n'
POSTS = [{"id": "a1"}, {"id": "b2"}]


def payloads(path: Path) -> list[object]:
    found = list(documents(path))
    assert not [each for each in found if isinstance(each, Rejection)]
    return [each.payload for each in found]


def only(path: Path) -> Rejection:
    (found,) = documents(path)
    assert isinstance(found, Rejection)
    return found


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def zst(content: bytes, **options: int) -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, write_checksum=1, **options)
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
    for size, least in ((len(packed) - 5, 15_000), (len(packed) // 2, 5_000)):
        *rows, cut = documents(written(tmp_path / "a.gz", packed[:size]))
        assert isinstance(cut, Rejection) and cut.reason == "truncated" and "ends early" in cut.detail
        assert least <= len(rows)
        assert [row.payload for row in rows] == [{"id": str(n)} for n in range(len(rows))]  # type: ignore[union-attr]
    middle = len(packed) // 2
    damaged = (
        packed[:middle] + bytes(255 - each for each in packed[middle : middle + 300]) + packed[middle + 300 :]
    )
    assert only(written(tmp_path / "c.gz", damaged)).reason == "binary"


def test_of_a_packed_table_that_ends_early_the_last_row_is_not_taken(tmp_path: Path) -> None:
    packed = gzip.compress(b"id,views\n" + b"".join(b"%d,%d\n" % (n, n * 10**6) for n in range(20_000)))
    *rows, cut = documents(written(tmp_path / "a.csv.gz", packed[: len(packed) // 2]))
    assert isinstance(cut, Rejection) and cut.reason == "truncated"
    assert len(rows) > 5_000
    for n, row in enumerate(rows):
        assert row.payload == {"id": str(n), "views": str(n * 10**6)}  # type: ignore[union-attr]


@pytest.mark.parametrize("content", [b"[%s]", b"%s"])
def test_of_a_packed_array_that_ends_early_every_whole_value_is_taken(tmp_path: Path, content: bytes) -> None:
    values = b",".join(b'{"id": "%d"}' % n for n in range(20_000))
    packed = gzip.compress(content % values)
    *rows, cut = documents(written(tmp_path / "a.json.gz", packed[: len(packed) // 2]))
    assert isinstance(cut, Rejection) and cut.reason == "truncated"
    assert [row.payload for row in rows] == [{"id": str(n)} for n in range(len(rows))]  # type: ignore[union-attr]
    assert len(rows) > 5_000


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
        (gzip.compress(b"", mtime=0), "empty"),
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


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("part", [0.34, 0.5, 0.9])
def test_a_tar_cut_within_a_file_keeps_what_is_whole(tmp_path: Path, pack: object, part: float) -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name in ("a", "b", "c"):
            lines = [json.dumps({"id": f"{name}{n}", "is": os.urandom(9).hex()}) for n in range(9_000)]
            content = ("\n".join(lines) + "\n").encode()
            entry = tarfile.TarInfo(f"{name}.ndjson")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    packed = pack(held.getvalue())  # type: ignore[operator]
    *rows, cut = documents(written(tmp_path / "a.tar", packed[: int(len(packed) * part)]))
    assert isinstance(cut, Rejection) and cut.reason == "truncated"
    ids = [row.payload["id"] for row in rows if not isinstance(row, Rejection)]
    assert ids == [f"{name}{n}" for name in "abc" for n in range(9_000)][: len(ids)]
    assert len(ids) > 27_000 * part * 0.9
