"""A backup names the archive's files on S3, and takes copies of them that come back."""

from __future__ import annotations

from pathlib import Path

from tests.lifecycle import old
from viralforge.warehouse import DataWarehouse


def test_an_archive_on_s3_is_lost_with_the_database_and_both_come_back(
    far: DataWarehouse, tmp_path: Path, empty_database_url: str
) -> None:
    far.archive.run()
    everything = old.held(far)

    manifest = far.backup(tmp_path / "backup", with_archive=True)

    paths = {file.path for file in manifest.archive.files}
    assert {file.file_path for file in far.archive.lake.files("history")} <= paths
    assert all(path.startswith("s3://archive/") for path in paths)
    for path in paths:
        system, where = far.archive.lake.place(path)
        system.delete_file(where)

    done = DataWarehouse.restore(tmp_path / "backup", empty_database_url)

    assert set(done.put_back) == paths
    with DataWarehouse.open(empty_database_url) as restored:
        assert old.held(restored) == everything
