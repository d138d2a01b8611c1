#!/usr/bin/env python3
"""A fake engine that uses almost no CPU, to measure a client alone: sink.py SOCKET [LINES WIDTH]

/_ping answers. POST /build discards its body and reports a finished build. Logs are LINES prepared frames of WIDTH bytes, one chunk per
line as a real engine sends them."""
import json
import os
import re
import socket
import struct
import sys
import threading

PATH = sys.argv[1]
LINES = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
WIDTH = int(sys.argv[3]) if len(sys.argv) > 3 else 100
BLOCK = 1000

LINE = b"x" * (WIDTH - 1) + b"\n"
FRAME = struct.pack(">BxxxI", 1, len(LINE)) + LINE
CHUNKS = (b"%x\r\n" % len(FRAME) + FRAME + b"\r\n") * BLOCK
HEAD = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nServer: Docker/20.10.24 (linux)\r\n"
CONTAINER = {
    "Id": "f" * 64, "Name": "/sink", "Image": "sha256:" + "e" * 64, "Created": "2024-01-01T00:00:00Z",
    "State": {"Status": "exited", "Running": False, "ExitCode": 0},
    "Config": {"Tty": False, "Labels": {}, "Image": "sink"}, "HostConfig": {"LogConfig": {"Type": "json-file"}},
}
VERSION = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Os": "linux", "Arch": "amd64"}


def answer(connection, body, kind="application/json"):
    connection.sendall(f"{HEAD}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def swallow(connection, head, rest):
    """Reads a request's body to its end and discards it."""
    buffer = bytearray(1 << 20)
    length = re.search(rb"content-length: *(\d+)", head, re.I)
    if length:
        left = int(length.group(1)) - len(rest)
        while left > 0:
            count = connection.recv_into(buffer, min(left, len(buffer)))
            if count == 0:
                return
            left -= count
    elif re.search(rb"transfer-encoding: *chunked", head, re.I):
        tail = bytes(rest[-5:])
        while tail != b"0\r\n\r\n":
            count = connection.recv_into(buffer)
            if count == 0:
                return
            tail = (tail + bytes(buffer[max(0, count - 5):count]))[-5:]


def serve(connection):
    data = b""
    try:
        while True:
            while b"\r\n\r\n" not in data:
                piece = connection.recv(65536)
                if not piece:
                    return
                data += piece
            head, _, data = data.partition(b"\r\n\r\n")
            method, target = head.split(b" ", 2)[:2]
            target = re.sub(rb"^/v1\.\d+", b"", target)
            if method == b"POST":
                swallow(connection, head, data)
                data = b""
            if target.startswith(b"/_ping"):
                answer(connection, b"" if method == b"HEAD" else b"OK", "text/plain")
            elif target.startswith(b"/build"):
                answer(connection, b'{"aux":{"ID":"sha256:0"}}\n{"stream":"Successfully built 0123456789ab\\n"}\n')
            elif b"/logs" in target:
                kind = "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                connection.sendall((HEAD + kind).encode())
                for _ in range(LINES // BLOCK):
                    connection.sendall(CHUNKS)
                connection.sendall(b"0\r\n\r\n")
            elif target.startswith(b"/containers/"):
                answer(connection, json.dumps(CONTAINER).encode())
            else:
                answer(connection, json.dumps(VERSION).encode())
    except (BrokenPipeError, ConnectionResetError):
        pass
    finally:
        connection.close()


if os.path.exists(PATH):
    os.unlink(PATH)
listener = socket.socket(socket.AF_UNIX)
listener.bind(PATH)
listener.listen(64)
while True:
    accepted, _ = listener.accept()
    threading.Thread(target=serve, args=(accepted,), daemon=True).start()
