"""One address in front of all replicas of a service: `python3 proxy.py NAME PORT`.

For each request it asks the network's name server where the service is now, and opens a connection of its own. So no request goes to a
replica that is about to end, as one would on a connection that stays open. A replica that doesn't accept the connection is passed over.
So is one that says nothing within PATIENCE seconds: its machine may have gone away, and the name server may not know it yet. While there is
no replica, requests fail after that time, too. If they waited, the first replica would get all of them at once.
"""
import asyncio
import os
import socket
import sys

NAME, PORT = sys.argv[1], int(sys.argv[2])
PATIENCE = 1
os.environ["RES_OPTIONS"] = f"timeout:{PATIENCE} attempts:1"


async def message(reader):
    """The lines of the head without those about the connection, and the body."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith((b"connection:", b"expect:"))]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    return lines, await reader.readexactly(length)


def joined(lines, body, *more):
    return b"\r\n".join([*lines, *more, b"", b""]) + body


async def replica():
    lookup = asyncio.get_running_loop().getaddrinfo(NAME, PORT, family=socket.AF_INET, type=socket.SOCK_STREAM)
    for *_, address in await asyncio.wait_for(lookup, 2 * PATIENCE):
        try:
            return await asyncio.wait_for(asyncio.open_connection(*address[:2]), PATIENCE)
        # Before Python 3.11, asyncio's TimeoutError isn't an OSError.
        except (OSError, asyncio.TimeoutError):
            continue
    raise ConnectionError("no replica accepts connections")


async def answer(request):
    reader, target = await replica()
    try:
        target.write(joined(*request, b"Connection: close"))
        return joined(*await message(reader))
    finally:
        target.close()


async def serve(reader, writer):
    try:
        while True:
            writer.write(await answer(await message(reader)))
            await writer.drain()
    except (OSError, asyncio.TimeoutError, EOFError):
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "0.0.0.0", 8000)
    await server.serve_forever()


asyncio.run(main())
