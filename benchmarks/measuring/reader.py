"""Asks a site's pages at a fixed rate, and looks at each answer; prints the times it took and the faults, as JSON.

Run as ``python -m benchmarks.measuring.reader PORT RATE SECONDS``, with the paths on standard input, one a line. A request that
comes late since all connections wait for answers counts from when it was due.
"""

import asyncio
import gc
import itertools
import json
import sys
import time

CONNECTIONS = 8


class Reading:
    """One run: the schedule, and what came back."""

    def __init__(self, port: int, rate: int, seconds: float, paths: list[str]) -> None:
        self.port, self.rate, self.paths = port, rate, paths
        self.count = int(rate * seconds)
        self.slots = iter(range(self.count))
        self.began = time.perf_counter() + 0.2
        self.times: list[float] = []
        self.faults: list[str] = []

    async def connection(self) -> None:
        """Take the next request that is due, until there is none."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for slot in self.slots:
            due = self.began + slot / self.rate
            pause = due - time.perf_counter()
            if pause > 0:
                await asyncio.sleep(pause)
                due = time.perf_counter()
            path = self.paths[slot * 7919 % len(self.paths)]
            try:
                fault = await self._ask(reader, writer, path)
            except (OSError, EOFError, ValueError) as error:
                fault = repr(error)
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            self.times.append(time.perf_counter() - due)
            if fault:
                self.faults.append(f"{path}: {fault}")
        writer.close()

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> str:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        body = await reader.readexactly(int(length.partition(b":")[2]))
        if not head.startswith(b"HTTP/1.1 200 "):
            return head.partition(b"\r\n")[0].decode()
        is_this = f'<link rel="canonical" href="http://127.0.0.1:{self.port}{path}">'.encode() in body
        return "" if is_this and body.rstrip().endswith(b"</html>") else "another page"


async def read(reading: Reading) -> None:
    """Run all connections."""
    await asyncio.gather(*(reading.connection() for _number in range(CONNECTIONS)))


def main(arguments: list[str]) -> None:
    """Read and print."""
    port, rate, seconds = arguments
    reading = Reading(int(port), int(rate), float(seconds), sys.stdin.read().split())
    gc.disable()
    asyncio.run(asyncio.wait_for(read(reading), float(seconds) + 60))
    shown = list(itertools.islice(reading.faults, 5))
    print(json.dumps({"times": reading.times, "errors": len(reading.faults), "shown": shown}))


if __name__ == "__main__":
    main(sys.argv[1:])
