"""Which of the archive's files a query opened."""

from __future__ import annotations

from typing import Any


class OpenedFiles:
    """Counts: `files` there were, those in `names` were opened; `faults` are why some could not be."""

    def __init__(self) -> None:
        self.files = 0
        self.names: set[str] = set()
        self.faults: list[OSError] = []

    def watching(self, system: Any) -> Any:
        """A file system of pyarrow's like `system` that notes what is opened in it."""
        import pyarrow as pa
        from pyarrow import fs

        names, faults = self.names, self.faults

        class Handler(fs.FileSystemHandler):  # type: ignore[misc]
            """Hands every question on; files are only read through it."""

            def get_type_name(self) -> str:
                return str(system.type_name)

            def normalize_path(self, path: str) -> str:
                return str(system.normalize_path(path))

            def get_file_info(self, paths: list[str]) -> Any:
                return system.get_file_info(paths)

            def get_file_info_selector(self, selector: Any) -> Any:
                return system.get_file_info(selector)

            def open_input_file(self, path: str) -> Any:
                names.add(path)
                try:
                    return system.open_input_file(path)
                except OSError as error:
                    # Arrow waits for ever where two threads meet an exception of Python's; an empty file
                    # is one of its own.
                    faults.append(error)
                    return pa.BufferReader(b"")

            def _refuse(self, *_: Any) -> Any:
                raise NotImplementedError("these files are only read")

            create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = _refuse
            delete_file = move = copy_file = open_input_stream = _refuse
            open_output_stream = open_append_stream = _refuse

        return fs.PyFileSystem(Handler())
