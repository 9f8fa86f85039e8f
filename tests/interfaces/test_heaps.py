"""The C library is asked how many heaps it has, in a process of its own: they are made once and for all."""

from __future__ import annotations

import subprocess
import sys

import pytest

COUNT = """
import ctypes, tempfile, threading
from magbot.interfaces.heaps import share_heaps
{before}
libc = ctypes.CDLL(None)
libc.fopen.restype = libc.malloc.restype = ctypes.c_void_p
begun = threading.Barrier(12)

def allocate():
    begun.wait()
    for _ in range(20):
        libc.free(ctypes.c_void_p(libc.malloc(ctypes.c_size_t(50_000))))
    begun.wait()

threads = [threading.Thread(target=allocate) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
with tempfile.NamedTemporaryFile() as file:
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(file.read().count(b"<heap nr="))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc only")
def test_threads_share_two_heaps() -> None:
    shared, separate = (
        int(subprocess.check_output([sys.executable, "-c", COUNT.format(before=before)]))
        for before in ("share_heaps()", "")
    )
    assert shared <= 2 < separate
