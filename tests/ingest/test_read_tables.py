"""CSV and TSV as people and programs write them, whole and broken."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from viralforge.ingest import read
from viralforge.ingest.read import Document, documents
from viralforge.model.rejection import Rejection

TABLE = "id,title,likes\na1,One,1\nb2,Two,2\nc3,Three,3\n"
ROWS = [
    {"id": "a1", "title": "One", "likes": "1"},
    {"id": "b2", "title": "Two", "likes": "2"},
    {"id": "c3", "title": "Three", "likes": "3"},
]
HEADERLESS = (
    "aaaaaaaaaaa,A title,2024-04-07T02:57:18Z,UCaaaaaaaaaaaaaaaaaaaaaa,A channel,28,2024-04-08T00:00:00Z,"
    '"x|y|z|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p",1,2,0,3,https://example.com/i.jpg,False,False,"A, text"\n'
)


def of(folder: Path, content: bytes | str, name: str = "posts.csv") -> list[Document | Rejection]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(documents(path))


def payloads(found: list[Document | Rejection]) -> list[object]:
    return [each.payload for each in found if isinstance(each, Document)]


def reasons(found: list[Document | Rejection]) -> list[tuple[str, str]]:
    rejected = [each for each in found if isinstance(each, Rejection)]
    return [(each.reason, str(each.origin).rpartition("/")[2]) for each in rejected]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["posts.csv", "posts.tsv", "posts.txt", "posts"])
def test_a_table_is_told_by_its_content(tmp_path: Path, delimiter: str, end: str, name: str) -> None:
    found = of(tmp_path, TABLE.replace(",", delimiter).replace("\n", end), name)
    assert payloads(found) == ROWS
    assert [each.origin.rpartition(":")[2] for each in found] == ["2", "3", "4"]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, b"\xef\xbb\xbf" + TABLE.encode())) == ROWS


def test_cells_over_several_lines_keep_their_line_ends_and_rows_know_their_first_line(tmp_path: Path) -> None:
    text = 'id,text\r\na,"one\r\ntwo, ""three""\n\nfour"\r\nb,last\r\n'
    found = of(tmp_path, text)
    assert payloads(found) == [
        {"id": "a", "text": 'one\r\ntwo, "three"\n\nfour'},
        {"id": "b", "text": "last"},
    ]
    assert [each.origin.rpartition(":")[2] for each in found] == ["2", "6"]


def test_odd_line_separators_within_a_cell_end_no_row(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, "id,text\na,x\u2028y\x0bz\x85w\n")) == [
        {"id": "a", "text": "x\u2028y\x0bz\x85w"}
    ]


def test_a_written_backslash_n_stays_as_it_is(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, "id,text\na,one\\ntwo\n")) == [{"id": "a", "text": "one\\ntwo"}]


def test_json_within_cells_is_left_to_the_adapter(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, 'id,tags\na,"[""x"", ""y""]"\n')) == [{"id": "a", "tags": '["x", "y"]'}]


def test_a_trending_table_without_a_header_gets_its_columns(tmp_path: Path) -> None:
    found = of(tmp_path, HEADERLESS * 2)
    assert [(row["video_id"], row["view_count"], row["description"]) for row in payloads(found)] == [
        ("aaaaaaaaaaa", "1", "A, text"),
    ] * 2
    assert [each.origin.rpartition(":")[2] for each in found] == ["1", "2"]


def test_blank_rows_are_passed_over(tmp_path: Path) -> None:
    lines = TABLE.splitlines(keepends=True)
    assert payloads(of(tmp_path, "\n" + lines[0] + "\n,,\n" + "".join(lines[1:]) + "\n,,\n")) == ROWS


@pytest.mark.parametrize("bad", ["x,only two", "x,one,2,3"])
def test_a_row_that_does_not_fit_the_header_is_one_rejection(tmp_path: Path, bad: str) -> None:
    lines = TABLE.splitlines(keepends=True)
    found = of(tmp_path, lines[0] + lines[1] + bad + "\n" + lines[2] + lines[3])
    assert payloads(found) == ROWS
    assert reasons(found) == [("bad_csv", "posts.csv:3")]
    assert [each.payload for each in found if isinstance(each, Rejection)] == [bad + "\n"]


def test_empty_cells_beyond_the_header_do_no_harm(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, TABLE.replace("1\n", "1,,\n"))) == ROWS


def test_a_quote_nobody_closes_costs_its_own_row_only(tmp_path: Path) -> None:
    lines = TABLE.splitlines(keepends=True)
    found = of(tmp_path, lines[0] + 'x,"oops,9\n' + "".join(lines[1:]))
    assert payloads(found) == ROWS
    assert reasons(found) == [("bad_csv", "posts.csv:2")]
    assert [each.origin.rpartition(":")[2] for each in found[1:]] == ["3", "4", "5"]


def test_a_quote_closed_by_another_stray_one_costs_two_rows(tmp_path: Path) -> None:
    lines = TABLE.splitlines(keepends=True)
    found = of(tmp_path, lines[0] + 'x,"oops,9\n' + lines[1] + 'y,"oops,9\n' + lines[2] + lines[3])
    assert payloads(found) == ROWS
    assert reasons(found) == [("bad_csv", "posts.csv:2"), ("bad_csv", "posts.csv:4")]


def test_a_table_that_ends_within_a_cell_keeps_the_rows_before(tmp_path: Path) -> None:
    found = of(tmp_path, TABLE + 'd4,"a title that')
    assert payloads(found) == ROWS
    assert reasons(found) == [("bad_csv", "posts.csv:5")]


def test_a_stray_quote_does_not_swallow_a_large_table(tmp_path: Path) -> None:
    rows = 'x,"oops,9\n' + "a1,One,1\n" * 200_000
    found = of(tmp_path, "id,title,likes\n" + rows)
    assert len(payloads(found)) == 200_000
    assert reasons(found) == [("bad_csv", "posts.csv:2")]


def test_a_large_cell_is_read_whatever_limit_the_process_had(tmp_path: Path) -> None:
    before = csv.field_size_limit(1000)
    try:
        assert payloads(of(tmp_path, f"id,text\na,{'x' * 2_000_000}\n")) == [
            {"id": "a", "text": "x" * 2_000_000}
        ]
    finally:
        csv.field_size_limit(before)


def test_a_table_in_another_encoding_is_turned_away_as_a_whole(tmp_path: Path) -> None:
    found = of(tmp_path, (TABLE + "d4,Café à la crème,4\n").encode("cp1252"))
    assert payloads(found) == []
    assert reasons(found) == [("wrong_encoding", "posts.csv")]
    assert "iconv" in found[0].detail


def test_a_large_table_in_another_encoding_is_turned_away_before_its_first_row(tmp_path: Path) -> None:
    text = TABLE + "d4,plain,4\n" * (read.WHOLE // 10) + "e5,Café,5\n"
    assert reasons(of(tmp_path, text.encode("cp1252"))) == [("wrong_encoding", "posts.csv")]


def test_one_damaged_character_in_a_table_of_utf8_costs_its_row(tmp_path: Path) -> None:
    good = "d4,Café à la crème ☕,4\n".encode()
    found = of(tmp_path, TABLE.encode() + b"x,caf\xc3,9\n" + good)
    assert payloads(found) == [*ROWS, {"id": "d4", "title": "Café à la crème ☕", "likes": "4"}]
    assert reasons(found) == [("wrong_encoding", "posts.csv:5")]


def test_utf16_with_its_mark_is_read_and_without_is_told(tmp_path: Path) -> None:
    text = TABLE + "d4,Café ☕ 😀,4\n"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        mark = "" if encoding == "utf-16" else "\ufeff"
        assert payloads(of(tmp_path, (mark + text).encode(encoding)))[3]["title"] == "Café ☕ 😀"
    assert reasons(of(tmp_path, text.encode("utf-16-le"))) == [("wrong_encoding", "posts.csv")]
    assert reasons(of(tmp_path, text.encode("utf-32"))) == [("wrong_encoding", "posts.csv")]


def test_merge_markers_in_a_table_turn_it_away(tmp_path: Path) -> None:
    for before in (TABLE, TABLE + "d4,again,4\n" * (read.WHOLE // 10)):
        found = of(tmp_path, before + "<<<<<<< HEAD\nd,x,1\n=======\nd,y,1\n>>>>>>> other\n")
        assert payloads(found) == []
        assert reasons(found) == [("merge_markers", "posts.csv")]


def test_merge_markers_within_a_cell_are_text(tmp_path: Path) -> None:
    text = "how do I solve\n<<<<<<< HEAD\nthis?\n=======\n>>>>>>> other"
    out = io.StringIO()
    csv.writer(out).writerows([["id", "text"], ["a", text]])
    assert payloads(of(tmp_path, out.getvalue())) == [{"id": "a", "text": text}]


@pytest.mark.parametrize(
    "text",
    [
        "Just some prose, with a comma.\nAnd another line, with two, commas.\n",
        '10.0.0.1 - - [17/May/2015] "GET / HTTP/1.1" 200 "Mozilla (X11; U, like)"\n' * 5,
        "<!DOCTYPE html><html><body>Not found, sorry</body></html>",
        "one\ntwo\nthree\n",
    ],
)
def test_text_that_is_no_data_is_one_rejection(tmp_path: Path, text: str) -> None:
    assert reasons(of(tmp_path, text, "notes.txt")) == [("not_json", "notes.txt")]


def test_text_after_a_closing_quote_is_taken_within_a_line(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, 'id,title\na,"Hello" she said\n')) == [
        {"id": "a", "title": "Hello she said"}
    ]


def test_a_table_of_posts_own_fields_comes_in(warehouse, database, tmp_path) -> None:
    """Empty cells are unknown, lists stand in one cell, and columns that a post lacks stay in its payload."""
    table = tmp_path / "posts.csv"
    table.write_text(
        "platform,external_id,title,views,likes,hashtags,price\n"
        'youtube,HHHHHHHHHH1,Soup,5,,"#ai, #soup",3\n'
        'youtube,HHHHHHHHHH2,,,7,"[""ai"",""soup""]",\n'
        'youtube,HHHHHHHHHH3,x,1,1,"{ai,soup}",\n'
        "youtube,HHHHHHHHHH4,x,1,1,#ai|#soup,\n",
        encoding="utf-8",
    )
    assert warehouse.ingest(table).new == 4
    found = database.read(
        b"SELECT title, views, likes, hashtags, raw_json ->> 'price' FROM viralforge.scraped_posts"
        b" ORDER BY external_id"
    )
    assert found == [
        ("Soup", 5, None, ["ai", "soup"], "3"),
        (None, None, 7, ["ai", "soup"], ""),
        ("x", 1, 1, ["ai", "soup"], ""),
        ("x", 1, 1, ["ai", "soup"], ""),
    ]
