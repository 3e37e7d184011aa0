#!/usr/bin/env python3
"""Is doorstroom slower than it was? Runs `doorstroom bench` at several scales and compares with benches/baseline.json.

Rates are divided by the triad probe of the same run, so that a slower machine or a busy hour counts less. A month waits
for memory longer than it streams it, so that this holds among machines alike only: the baseline has a set of figures
for each kind of host, told apart by the probe, and the nearest set counts. The command ends with code 1 if a rate so
divided lies below TOLERANCE times that of the baseline, and with code 2 if the baseline has no host like this one. It
is no test: machines are shared.

    python3 benches/regression.py             compare
    python3 benches/regression.py --write     make the set of this kind of host anew (say in the commit what else ran)
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from peers.run import processor

ROOT = Path(__file__).resolve().parent.parent
BASELINE = Path(__file__).resolve().parent / "baseline.json"
RUNS = 3
# medians of three on a shared machine differ by a fifth between hours, also when divided by the probe
TOLERANCE = 0.7
# hosts are of one kind whose probes differ by no more than this factor
ALIKE = 1.5
# world, households, months: every size is in the caches of another level; see benches/README.md
WORKLOADS = [
    ("waiting-list-core", 10_000, 120),
    ("waiting-list-core", 100_000, 120),
    ("waiting-list-core", 1_000_000, 120),
    ("waiting-list-core", 10_000_000, 24),
    ("netherlands", 84_000, 24),
    ("netherlands", 840_000, 24),
]


def binary() -> Path:
    """Builds the release binary and returns its path."""
    subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "doorstroom"], cwd=ROOT, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "doorstroom"


def bench(program: Path, workload: tuple[str, int, int]) -> dict:
    """One run on one core, as the JSON object that it prints."""
    world, households, months = workload
    pinned = ["taskset", "-c", "0"] if shutil.which("taskset") else []
    command = [*pinned, str(program), "bench", "--world", str(ROOT / "worlds" / world), "--households", str(households)]
    command += ["--months", str(months), "--threads", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with code {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def measure(program: Path) -> list[dict]:
    """Medians by workload; the workloads take turns, so that a slow minute hits all."""
    runs = [[] for _ in WORKLOADS]
    for _ in range(RUNS):
        for found, workload in zip(runs, WORKLOADS):
            found.append(bench(program, workload))
    figures = []
    for found, (world, households, months) in zip(runs, WORKLOADS):
        rate = statistics.median(run["household_months_per_cpu_s"] for run in found) / 1e6
        probe = statistics.median(run["probe_gb_per_s"] for run in found)
        figures.append({
            "world": world, "households": households, "months": months,
            "million_household_months_per_cpu_s": round(rate, 2),
            "events_per_household_month": round(found[0]["events_per_household_month"], 5),
            "bytes_per_household": round(statistics.median(run["bytes_per_household"] for run in found)),
            "probe_gb_per_s": round(probe, 2), "rate_by_probe": round(rate / probe, 4),
        })
    return figures


def probe_of(figures: list[dict]) -> float:
    """Median of the probe over the workloads, GB/s."""
    return round(statistics.median(row["probe_gb_per_s"] for row in figures), 1)


def distance(host: dict, probe: float) -> float:
    """Factor, 1 or more, by which the probe of a host of the baseline differs from this one."""
    known = probe_of(host["figures"])
    return max(known / probe, probe / known)


def nearest(hosts: list[dict], probe: float) -> dict | None:
    """The host of the baseline that is most like this one, if any is alike."""
    host = min(hosts, key=lambda host: distance(host, probe), default=None)
    return host if host and distance(host, probe) <= ALIKE else None


def with_this(hosts: list[dict], figures: list[dict]) -> list[dict]:
    """The hosts with this one in the place of the one most like it, or beside them; by probe."""
    replaced = nearest(hosts, probe_of(figures))
    kept = [host for host in hosts if host is not replaced]
    return sorted([*kept, {"processor": processor(), "figures": figures}], key=lambda host: probe_of(host["figures"]))


def write(hosts: list[dict]) -> None:
    """Writes the baseline, a line a workload."""
    written = []
    for host in hosts:
        rows = ",\n".join(f"    {json.dumps(row)}" for row in host["figures"])
        written.append(f'  {{"processor": {json.dumps(host["processor"])}, "figures": [\n{rows}\n  ]}}')
    BASELINE.write_text("[\n" + ",\n".join(written) + "\n]\n")


def compare(host: dict, figures: list[dict]) -> bool:
    """Prints the figures beside those of a host; whether one is too slow."""
    known = {(row["world"], row["households"]): row for row in host["figures"]}
    slower = False
    print(f"baseline of: {host['processor']}, {probe_of(host['figures'])} GB/s")
    print(f"{'world':<18}{'households':>11}{'M hm/CPU-s':>12}{'events/hm':>11}{'bytes/hh':>10}{'GB/s':>7}{'of baseline':>13}")
    for row in figures:
        ratio = row["rate_by_probe"] / known[row["world"], row["households"]]["rate_by_probe"]
        slower |= ratio < TOLERANCE
        rate, events = row["million_household_months_per_cpu_s"], row["events_per_household_month"]
        print(f"{row['world']:<18}{row['households']:>11,}{rate:>12.2f}{events:>11.4f}{row['bytes_per_household']:>10,}"
              f"{row['probe_gb_per_s']:>7.1f}{ratio:>12.2f}x")
    return slower


def main() -> int:
    """Compares, or writes the baseline; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write to benches/baseline.json before comparing")
    arguments = parser.parse_args()
    figures = measure(binary())
    hosts = json.loads(BASELINE.read_text()) if BASELINE.exists() else []
    if arguments.write:
        hosts = with_this(hosts, figures)
        write(hosts)
    host = nearest(hosts, probe_of(figures))
    if host is None:
        probes = ", ".join(str(probe_of(known["figures"])) for known in hosts) or "none"
        print(f"the probe of this host is {probe_of(figures)} GB/s, those of the baseline are {probes}: none within a factor "
              f"{ALIKE}; add this kind of host with --write", file=sys.stderr)
        return 2
    slower = compare(host, figures)
    if slower:
        print(f"slower than {TOLERANCE} of the baseline, divided by the probe", file=sys.stderr)
    return int(slower)


if __name__ == "__main__":
    sys.exit(main())
