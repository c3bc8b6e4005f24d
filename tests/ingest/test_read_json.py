"""JSON in every form files of payloads come in, whole and broken."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from viralforge.ingest import read
from viralforge.ingest.document import KEPT, MAX_PAYLOAD
from viralforge.ingest.formats import has_markers
from viralforge.ingest.read import Document, documents
from viralforge.model.rejection import REASONS, Rejection

POSTS = [{"id": "a1", "likes": 1}, {"id": "b2", "likes": 2}, {"id": "c3", "likes": 3}]
LINES = "".join(json.dumps(post) + "\n" for post in POSTS)


def of(folder: Path, content: bytes | str, name: str = "posts.json") -> list[Document | Rejection]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(documents(path))
    assert all(each.reason in REASONS for each in found if isinstance(each, Rejection))
    return found


def payloads(found: list[Document | Rejection]) -> list[object]:
    return [each.payload for each in found if isinstance(each, Document)]


def reasons(found: list[Document | Rejection]) -> list[tuple[str, str]]:
    """Reason and place of each rejection, the place without its folder."""
    rejected = [each for each in found if isinstance(each, Rejection)]
    return [(each.reason, str(each.origin).rpartition("/")[2]) for each in rejected]


def test_one_object_is_one_document_with_the_path_as_its_origin(tmp_path: Path) -> None:
    page = {"kind": "page", "items": POSTS}
    found = of(tmp_path, json.dumps(page, indent=1))
    path = str(tmp_path / "posts.json")
    assert found == [Document(page, path, path)]


def test_an_array_is_given_item_by_item(tmp_path: Path) -> None:
    found = of(tmp_path, json.dumps(POSTS, indent=2))
    assert payloads(found) == POSTS
    assert [each.origin.rpartition("/")[2] for each in found] == [f"posts.json[{n}]" for n in range(3)]


@pytest.mark.parametrize("name", ["posts.ndjson", "posts.jsonl", "posts.json", "posts.txt"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_lines_of_json_are_told_by_content_and_know_their_line(tmp_path: Path, name: str, end: str) -> None:
    found = of(tmp_path, LINES.replace("\n", end), name)
    assert payloads(found) == POSTS
    assert [each.origin.rpartition(":")[2] for each in found] == [
        str(1 + n * end.count("\n")) for n in range(3)
    ]


def test_a_last_line_without_its_end_is_read(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, LINES.rstrip(), "posts.ndjson")) == POSTS


def test_one_bad_line_is_one_rejection_and_the_rest_go_on(tmp_path: Path) -> None:
    lines = LINES.splitlines(keepends=True)
    found = of(tmp_path, lines[0] + '{"id": "x", oops}\n' + lines[1] + lines[2], "posts.ndjson")
    assert payloads(found) == POSTS
    assert reasons(found) == [("not_json", "posts.ndjson:2")]
    assert [each.payload for each in found if isinstance(each, Rejection)] == ['{"id": "x", oops}']


@pytest.mark.parametrize("bad", ['{"id": "x"', '{"id": "x', '{"id":', "{", '{"id": tru', '[1, "\\u12'])
def test_a_line_that_ends_in_the_middle_is_truncated(tmp_path: Path, bad: str) -> None:
    found = of(tmp_path, LINES + bad, "posts.ndjson")
    assert payloads(found) == POSTS
    assert reasons(found) == [("truncated", "posts.ndjson:4")]


def test_a_first_line_that_is_broken_does_not_hide_the_others(tmp_path: Path) -> None:
    found = of(tmp_path, "warning: slow\n" + LINES, "-.txt")
    assert payloads(found) == POSTS
    assert reasons(found) == [("not_json", "-.txt:1")]


def test_pretty_json_named_as_lines_is_still_one_document(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, json.dumps(POSTS[0], indent=1), "posts.ndjson")) == [POSTS[0]]


def test_an_array_with_an_item_on_each_line_is_an_array(tmp_path: Path) -> None:
    text = "[\n" + ",\n".join(json.dumps(post) for post in POSTS) + "\n]\n"
    assert payloads(of(tmp_path, text)) == POSTS


@pytest.mark.parametrize("between", ["", "\n", ",\n", "\n\n", "\x1e"])
def test_values_in_a_row_are_each_a_document(tmp_path: Path, between: str) -> None:
    found = of(tmp_path, between.join(json.dumps(post, indent=1) for post in POSTS))
    assert payloads(found) == POSTS
    assert [each.origin.rpartition("/")[2] for each in found] == [f"posts.json[{n}]" for n in range(3)]


def test_words_between_values_are_one_rejection_and_the_next_value_is_read(tmp_path: Path) -> None:
    first, second = json.dumps(POSTS[0], indent=1), json.dumps(POSTS[1], indent=1)
    found = of(tmp_path, f"{first}\n\nAnother one:\n{second}\n")
    assert payloads(found) == POSTS[:2]
    assert reasons(found) == [("not_json", "posts.json[1]")]


def test_a_truncated_array_gives_its_whole_items_and_one_rejection(tmp_path: Path) -> None:
    found = of(tmp_path, json.dumps(POSTS, indent=1)[:-22])
    assert payloads(found) == POSTS[:2]
    assert reasons(found) == [("truncated", "posts.json[2]")]


def test_an_array_that_is_never_closed_is_told(tmp_path: Path) -> None:
    found = of(tmp_path, json.dumps(POSTS)[:-1])
    assert payloads(found) == POSTS
    assert reasons(found) == [("truncated", "posts.json[3]")]


def test_a_truncated_object_gives_nothing_but_its_rejection(tmp_path: Path) -> None:
    found = of(tmp_path, json.dumps({"data": POSTS})[:-12])
    assert payloads(found) == []
    assert reasons(found) == [("truncated", "posts.json[0]")]


def test_a_fault_in_the_middle_says_its_line(tmp_path: Path) -> None:
    found = of(tmp_path, '[\n {"id": 1},\n {"id" 2}\n]')
    assert payloads(found) == [{"id": 1}]
    assert [each.detail for each in found if isinstance(each, Rejection)] == [
        "Expecting ':' delimiter: line 3"
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("const answer = ", ";\n"),
        ("let a=", ""),
        ("module.exports = ", "\n"),
        ("export default ", ";"),
        ("window.__DATA__ = ", ";"),
        ('window["data"] = ', ";"),
        ("window.YTD.tweets.part0 = ", ""),
        ("callback(", ");\n"),
        (")]}',\n", ""),
        ("for (;;);", ""),
        ("/**/ typeof_cb_1(", ")"),
    ],
)
def test_json_wrapped_in_javascript_is_unwrapped(tmp_path: Path, before: str, after: str) -> None:
    assert payloads(of(tmp_path, before + json.dumps(POSTS, indent=1) + after, "answer.js")) == POSTS
    assert payloads(of(tmp_path, before + json.dumps(POSTS[0]) + after, "answer.json")) == [POSTS[0]]


def test_nan_and_infinity_are_read_as_python_reads_them(tmp_path: Path) -> None:
    (found,) = payloads(of(tmp_path, '{"a": NaN, "b": -Infinity, "c": 1e400, "d": 1}'))
    assert math.isnan(found["a"]) and found["b"] == -math.inf and found["c"] == math.inf and found["d"] == 1


@pytest.mark.parametrize("name", ["posts.json", "posts.ndjson"])
@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 2**64, 10**40, -(10**25)])
def test_integers_of_any_size_stay_exact(tmp_path: Path, name: str, number: int) -> None:
    found = payloads(of(tmp_path, f'{{"id": {number}}}\n{{"id": 7}}\n', name))
    assert found == [{"id": number}, {"id": 7}]
    assert type(found[0]["id"]) is int


def test_an_integer_of_thousands_of_digits_is_rejected(tmp_path: Path) -> None:
    found = of(tmp_path, f'{{"id": {"9" * 5000}}}\n{{"id": 7}}\n')
    assert payloads(found) == [{"id": 7}]
    assert reasons(found) == [("not_json", "posts.json:1")]


@pytest.mark.parametrize("text", [r'"\ud800 alone"', '"a\x00b"', '"tab\there"'])
@pytest.mark.parametrize("name", ["posts.json", "posts.ndjson"])
def test_text_python_would_take_is_left_for_cleaning(tmp_path: Path, text: str, name: str) -> None:
    found = of(tmp_path, f'{{"t": 1}}\n{{"t": {text}}}\n', name)
    assert payloads(found) == [{"t": 1}, {"t": json.loads(text, strict=False)}]


def test_surrogates_written_as_bytes_are_left_for_cleaning(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, b'{"t": "\xed\xa0\xbd\xed\xb8\x80"}')) == [{"t": "\ud83d\ude00"}]


def test_of_doubled_keys_the_last_wins(tmp_path: Path) -> None:
    assert payloads(of(tmp_path, '{"a": 1, "a": 2}')) == [{"a": 2}]


@pytest.mark.parametrize("depth", [201, 1000, 5000, 200_000])
@pytest.mark.parametrize("pair", ["[]", '{"a": }'])
def test_deep_nesting_is_a_rejection(tmp_path: Path, depth: int, pair: str) -> None:
    opened, closed = pair[:-1], pair[-1]
    found = of(tmp_path, f'{{"id": 1, "x": {opened * depth}1{closed * depth}}}\n{{"id": 2}}\n', "deep.ndjson")
    assert payloads(found) == [{"id": 2}]
    assert reasons(found) == [("not_json", "deep.ndjson:1")]


def test_a_deep_item_does_not_cost_the_other_items_of_an_array(tmp_path: Path) -> None:
    found = of(tmp_path, '[{"id": 1}, ' + "[" * 300 + "]" * 300 + ', {"id": 2}]')
    assert payloads(found) == [{"id": 1}, {"id": 2}]
    assert reasons(found) == [("not_json", "posts.json[1]")]


def test_real_nesting_is_kept(tmp_path: Path) -> None:
    value: object = 1
    for _ in range(60):
        value = {"quoted": [value], "n": [[], {}]}
        value = value if len(json.dumps(value)) < 4000 else [value]
    assert payloads(of(tmp_path, json.dumps({"value": value}))) == [{"value": value}]


@pytest.mark.parametrize("name", ["posts.json", "posts.ndjson", "posts.txt"])
def test_merge_markers_turn_the_whole_file_away(tmp_path: Path, name: str) -> None:
    broken = f"{LINES}<<<<<<< HEAD\n{LINES}=======\n{LINES}>>>>>>> other\n"
    for content in (broken, "<<<<<<< HEAD\n" + LINES, json.dumps(POSTS, indent=1) + "\n" + broken):
        found = of(tmp_path, content, name)
        assert payloads(found) == []
        assert reasons(found) == [("merge_markers", name)]


def test_merge_markers_far_into_a_large_file_turn_it_away_before_its_first_line(tmp_path: Path) -> None:
    many = LINES * (read.WHOLE // len(LINES) + 1)
    for name, content in (("a.ndjson", many), ("a.json", "[" + many.replace("\n", ",\n")[:-2] + "\n")):
        found = of(tmp_path, content + "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n", name)
        assert payloads(found) == []
        assert reasons(found) == [("merge_markers", name)]


def test_merge_markers_are_seen_wherever_the_chunks_part() -> None:
    text = b"{}\n<<<<<<< HEAD\n"
    assert all(has_markers(iter((text[:at], text[at:]))) for at in range(len(text)))
    assert not has_markers(iter((b"{} <<<<<<< HEAD\n", b"<<<<<<", b" <")))


def test_markers_within_text_are_text(tmp_path: Path) -> None:
    post = {"text": "git says\n<<<<<<< HEAD\nhelp"}
    assert payloads(of(tmp_path, json.dumps(post))) == [post]


def test_a_payload_of_20_mb_is_read(tmp_path: Path) -> None:
    page = {"data": [{"id": str(n), "text": "x" * 1000} for n in range(20_000)], "rate": math.nan}
    text = json.dumps(page)
    assert len(text) > 20 * 10**6
    for name in ("page.json", "page.ndjson"):
        (found,) = payloads(of(tmp_path, text, name))
        assert found["data"] == page["data"]


def test_a_payload_beyond_the_limit_is_too_large_and_the_rest_go_on(tmp_path: Path) -> None:
    huge = b'{"id": "h", "x": "' + b"x" * (MAX_PAYLOAD + 2**20) + b'"}\n'
    found = of(tmp_path, b'{"id": 1}\n' + huge + b'{"id": 2}\n', "posts.ndjson")
    assert payloads(found) == [{"id": 1}, {"id": 2}]
    assert reasons(found) == [("too_large", "posts.ndjson:2")]
    found = of(tmp_path, huge.rstrip(), "posts.json")
    assert payloads(found) == [] and [reason for reason, _ in reasons(found)] == ["too_large"]
    assert len(str(found[0].payload)) <= KEPT


def test_an_array_larger_than_what_is_held_is_streamed(tmp_path: Path) -> None:
    item = {"id": "é😀" * 10, "text": "y" * 5000, "n": 12345678901234567890123}
    text = ("[\n" + ",\n".join([json.dumps(item, ensure_ascii=False)] * 4000) + "]").encode()
    assert len(text) > read.WHOLE
    found = of(tmp_path, text)
    assert len(found) == 4000
    assert all(each.payload == item for each in found)
    assert found[-1].origin.endswith("posts.json[3999]")
    found = of(tmp_path, text[:-3000])
    assert len(payloads(found)) == 3999
    assert reasons(found) == [("truncated", "posts.json[3999]")]


@pytest.mark.parametrize("text", ["null", '"just text"', "12", "true"])
def test_a_bare_value_in_a_json_file_is_a_document(tmp_path: Path, text: str) -> None:
    assert payloads(of(tmp_path, text)) == [json.loads(text)]


def test_an_empty_array_holds_nothing(tmp_path: Path) -> None:
    assert of(tmp_path, "[]\n") == []
