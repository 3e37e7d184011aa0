"""What every Python peer prints: one line of JSON. Not counted among a peer's lines of code."""

import json
import sys
import time


def memory_bytes(field):
    """Returns a field of /proc/self/status in bytes: `VmRSS`, resident now, or `VmHWM`, the most so far."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field + ":"))


def report(impl, build, run):
    """Builds and runs a model; `build(n, seed)` returns it, `run(model, months)` returns its outcome.

    The outcome is (alloc by group, summed waits by group, vacant homes left, seekers, mean income).
    """
    n, months, seed = (int(argument) for argument in sys.argv[1:4])
    before, began = memory_bytes("VmRSS"), time.perf_counter()
    model = build(n, seed)
    init_s, wall, cpu = time.perf_counter() - began, time.perf_counter(), time.process_time()
    alloc, waited, left, seekers, income = run(model, months)
    cpu_s, run_s = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({
        "impl": impl, "n": n, "months": months, "threads": 1, "seed": seed, "init_s": round(init_s, 3),
        "run_s": round(run_s, 3), "cpu_s": round(cpu_s, 4), "am_per_s": round(n * months / cpu_s),
        "bytes_per_agent": (memory_bytes("VmHWM") - before) / n, "alloc": [int(count) for count in alloc],
        "wait": [float(sum_) / max(int(count), 1) for sum_, count in zip(waited, alloc)],
        "left": int(left), "seekers": int(seekers), "inc": float(income),
    }))
