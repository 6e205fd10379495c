"""A server of files on this machine that sends parts of them and fails as real ones do, on request; it counts what it sends."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!DOCTYPE html><html><body>This data set has moved.</body></html>"


@dataclass
class Served:
    """What is served: ``files`` by path, each with an ``etag``; and how it goes wrong.

    ``cut_after``: bytes of files after which the connection is cut, once for each number. ``answers``: status codes that
    come first, one for each request. ``ranges``: whether parts are sent. ``page``: a web page comes instead. ``marks``:
    whether files have an ETag. ``sent`` counts bytes of files, ``asked`` keeps path and Range of every request.
    """

    files: dict[str, bytes]
    etag: str = '"1"'
    cut_after: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    ranges: bool = True
    page: bool = False
    marks: bool = True
    sent: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""


@contextmanager
def serving(served: Served) -> Iterator[Served]:
    """Serve on the loopback until the block is left."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            served.asked.append((self.path, asked))
            if served.answers:
                self._plain(served.answers.pop(0), b"", "text/plain")
            elif served.page:
                self._plain(200, PAGE, "text/html; charset=utf-8")
            elif self.path not in served.files:
                self._plain(404, b"", "text/plain")
            else:
                self._file(served.files[self.path], asked)

        def _plain(self, code: int, body: bytes, kind: str) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if code == 503:
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(body)

        def _file(self, data: bytes, asked: str) -> None:
            found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked)
            same = self.headers.get("If-Range", served.etag) == served.etag
            start, end = 0, len(data)
            if found and served.ranges and same:
                start, end = int(found[1]), min(int(found[2] or len(data) - 1) + 1, len(data))
                if start >= len(data):
                    return self._plain(416, b"", "text/plain")
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
            else:
                self.send_response(200)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(end - start))
            if served.marks:
                self.send_header("ETag", served.etag)
            self.end_headers()
            return self._body(data[start:end])

        def _body(self, data: bytes) -> None:
            cut = served.cut_after[0] if served.cut_after and len(data) > served.cut_after[0] else None
            if cut is not None:
                served.cut_after.pop(0)
            try:
                self.wfile.write(data[:cut])
                self.wfile.flush()
                served.sent += len(data[:cut])
            except ConnectionError:
                cut = 0
            if cut is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
