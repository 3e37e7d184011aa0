"""Runs doorstroom and its peers on the common workload, on one core, and writes table.csv and the table in README.md.

    python3 benches/peers/run.py --note "what else the machine was doing"

Needs Linux, Python 3.11 with venv, cargo, and a network for the first build. A program that does not build, does not
run, answers for another workload or disagrees with doorstroom ends the command with its name and a non-zero code.
"""

import argparse
import ast
import csv
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
VENV, RUST = TARGET / "peers-venv", TARGET / "peers"
WORLD = ROOT / "worlds" / "waiting-list-core"
BEGIN, END = "<!-- written by run.py -->", "<!-- end of what run.py writes -->"

# every program does this one, once a seed: the outcomes that are compared, and the rate when all fits in the cache
SMALL = (100_000, 120)
# With 8 seeds a side and no difference, Student's t exceeds this in 2 of 10,000 figures; a table has 50 figures.
DISAGREEMENT = 5.0
# one core is one core: no pools of threads that take turns on it
ENVIRONMENT = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
COLUMNS = (
    "program", "version", "households", "months", "runs", "rate_median", "rate_least", "rate_most",
    "bytes_per_household", "lines_of_code", "largest_z", "largest_z_of",
)


class Failure(Exception):
    """What went wrong, with the name of the program it happened to."""


@dataclass(frozen=True)
class Program:
    """A program that is compared: its name, whose version it is, its files, and its large workload."""

    name: str
    package: str
    sources: tuple
    large: tuple

    def command(self, households, months, seed):
        """Returns the command line of one run."""
        if self.name == "doorstroom":
            return [
                TARGET / "release" / "doorstroom", "bench", "--world", WORLD, "--households", households,
                "--months", months, "--seed", seed, "--population-seed", seed, "--json",
            ]
        if self.sources[0].suffix == ".py":
            return [VENV / "bin" / "python", self.sources[0], households, months, seed]
        return [RUST / "release" / f"peer-{self.name}", households, months, seed]


def model_sources():
    """Returns what doorstroom's waiting list consists of beside the engine: the world and the Rust of its layers."""
    rust = sorted([*ROOT.glob("crates/*/src/waiting_list.rs"), *ROOT.glob("crates/*/src/waiting_list/*.rs")])
    return (WORLD / "world.ron", *(path for path in rust if path.name != "tests.rs"))


# the large workload of the slow ones has fewer months or households, so that a table takes minutes, not hours
PROGRAMS = (
    Program("doorstroom", "doorstroom", model_sources(), (1_000_000, 120)),
    Program("numpy", "numpy", (HERE / "peer_numpy.py",), (1_000_000, 120)),
    Program("ambr", "ambr", (HERE / "peer_ambr.py",), (1_000_000, 120)),
    Program("ixa", "ixa", (HERE / "rust/ixa/src/main.rs",), (1_000_000, 24)),
    Program("krabmaga", "krabmaga", (HERE / "rust/krabmaga/src/main.rs",), (1_000_000, 12)),
    Program("mesa", "mesa", (HERE / "peer_mesa.py",), (300_000, 12)),
)


def call(name, command):
    """Runs a command and returns what it printed; fails with the name and the end of its errors."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, capture_output=True, text=True, env=os.environ | ENVIRONMENT, check=False)
    except OSError as error:
        raise Failure(f"{name}: `{words[0]}` does not start: {error}") from error
    if done.returncode != 0:
        raise Failure(f"{name}: `{' '.join(words)}` ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def build():
    """Builds every program from its pinned versions."""
    if not (VENV / "bin" / "python").exists():
        call("python peers", [sys.executable, "-m", "venv", VENV])
    call("python peers", [VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"])
    call("rust peers", [
        "cargo", "build", "--release", "--locked", "--manifest-path", HERE / "rust" / "Cargo.toml",
        "--target-dir", RUST,
    ])
    call("doorstroom", [
        "cargo", "build", "--release", "--locked", "--manifest-path", ROOT / "Cargo.toml", "--bin", "doorstroom",
        "--target-dir", TARGET,
    ])


def measured(program, households, months, seed):
    """Runs a program once and returns its figures, which must be those of the workload that was asked for."""
    printed = call(program.name, program.command(households, months, seed))
    try:
        figures = json.loads(printed.strip().splitlines()[-1])
        found = tuple(figures[field] for field in ("impl", "n", "months", "seed", "threads"))
    except (IndexError, KeyError, ValueError) as error:
        raise Failure(f"{program.name}: printed no figures but {printed[-500:]!r} ({error!r})") from error
    if found != (program.name, households, months, seed, 1):
        raise Failure(f"{program.name}: asked for {households} x {months}, seed {seed}, it ran {found}")
    return figures


def rounds(count, workload_of, log):
    """Runs every program once a round, every other round in the opposite order; returns the figures by program."""
    found = {program.name: [] for program in PROGRAMS}
    for seed in range(1, count + 1):
        for program in PROGRAMS if seed % 2 else reversed(PROGRAMS):
            figures = measured(program, *workload_of(program), seed)
            found[program.name].append(figures)
            log.write(json.dumps(figures) + "\n")
            rate = figures["am_per_s"] / 1e6
            print(f"{program.name:<10} n {figures['n']:>9,}, seed {seed}: {rate:8.2f} M", flush=True)
    return found


def outcomes(figures):
    """Returns the figures of a run that any program must reproduce but for chance."""
    named = {f"lettings of group {group}": count for group, count in enumerate(figures["alloc"])}
    named |= {f"mean wait of group {group}": months for group, months in enumerate(figures["wait"])}
    return named | {"seekers": figures["seekers"], "mean income": figures["inc"]}


def difference(ours, theirs):
    """Returns the difference of two means in standard errors, the variances of both estimated (Welch)."""
    error = math.sqrt(statistics.variance(ours) / len(ours) + statistics.variance(theirs) / len(theirs))
    return (statistics.mean(theirs) - statistics.mean(ours)) / error


def largest_difference(name, ours, theirs):
    """Returns the outcome that differs most and by how many standard errors; too many is a failure."""
    ours, theirs = [outcomes(run) for run in ours], [outcomes(run) for run in theirs]
    z = {key: difference([run[key] for run in ours], [run[key] for run in theirs]) for key in ours[0]}
    key = max(z, key=lambda key: abs(z[key]))
    if not abs(z[key]) <= DISAGREEMENT:
        raise Failure(f"{name}: {key} differs from doorstroom's by {z[key]:.1f} standard errors: not the same work")
    return z[key], key


def lines_of_code(path):
    """Returns the lines that are neither blank, comment, docstring nor test."""
    text = path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
    lines, skipped = text.splitlines(), set()
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
                skipped |= set(range(node.body[0].lineno - 1, node.body[0].end_lineno))
    code = (line.strip() for number, line in enumerate(lines) if number not in skipped)
    return sum(bool(line) and not line.startswith("#" if path.suffix == ".py" else "//") for line in code)


def versions():
    """Returns the version of every package, as pip, cargo and git know it."""
    found = {}
    for package in json.loads(call("python peers", [VENV / "bin" / "python", "-m", "pip", "list", "--format", "json"])):
        found[package["name"].lower()] = package["version"]
    locked = (HERE / "rust" / "Cargo.lock").read_text(encoding="utf-8").split("[[package]]")
    for package in ("ixa", "krabmaga"):
        entry = next(entry for entry in locked if f'\nname = "{package}"\n' in entry)
        found[package] = entry.split('version = "')[1].split('"')[0]
    commit = call("git", ["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]).strip()
    return found | {"doorstroom": commit}


def row(program, runs, version, z):
    """Returns a row of the table: one program at one workload."""
    rates = [run["am_per_s"] for run in runs]
    return dict(zip(COLUMNS, (
        program.name, version, runs[0]["n"], runs[0]["months"], len(runs), round(statistics.median(rates)),
        round(min(rates)), round(max(rates)), round(statistics.median(run["bytes_per_agent"] for run in runs), 1),
        sum(map(lines_of_code, program.sources)), *z,
    ), strict=True))


def table(small, large):
    """Returns all rows; agreement is judged at the small workload only, which all programs share."""
    known, rows = versions(), []
    for program in PROGRAMS:
        z = ("", "")
        if program.name != "doorstroom":
            found, key = largest_difference(program.name, small["doorstroom"], small[program.name])
            z = (f"{found:.2f}", key)
        rows.append(row(program, small[program.name], known[program.package], z))
        rows.append(row(program, large[program.name], known[program.package], ("", "")))
    return rows


def processor():
    """Returns the name of the processor; needs Linux."""
    cpus = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.split(":")[1].strip() for line in cpus if line.startswith("model name")), platform.machine())


def machine():
    """Returns the processor, its last cache and the versions of what compiled and interpreted."""
    caches = sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size"))
    last = caches[-1].read_text(encoding="ascii").strip() if caches else "unknown"
    rustc = call("rustc", ["rustc", "--version"]).strip()
    return f"{processor()}, {os.cpu_count()} cores, last cache {last}, {rustc}, Python {platform.python_version()}"


def millions(figures):
    """Returns `median (least to most)` of a row's rate, in millions."""
    middle, least, most = (figures[key] / 1e6 for key in ("rate_median", "rate_least", "rate_most"))
    return f"{middle:.3g} ({least:.3g} to {most:.3g})"


def markdown(rows, about):
    """Returns the table as Markdown: a line a program, both workloads beside each other."""
    lines = [
        *about, "",
        f"| program | rate at {SMALL[0]:,} | rate when large | large workload | doorstroom is | bytes per household "
        "| lines of code | largest z |",
        "|---|---|---|---|---|---|---|---|",
    ]
    ours = rows[1]["rate_median"]
    for small, large in zip(rows[::2], rows[1::2], strict=True):
        z = f"{small['largest_z']} ({small['largest_z_of']})" if small["largest_z"] else "reference"
        lines.append(
            f"| {small['program']} {small['version']} | {millions(small)} | {millions(large)} "
            f"| {large['households']:,} x {large['months']} | {ours / large['rate_median']:.3g} x "
            f"| {large['bytes_per_household']:.0f} | {small['lines_of_code']} | {z} |"
        )
    return "\n".join(lines)


def write(rows, about):
    """Writes table.csv, and the table between the markers of README.md."""
    with open(HERE / "table.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    readme = HERE / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    readme.write_text(f"{before}{BEGIN}\n{markdown(rows, about)}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def arguments():
    """Returns what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), help="the core all run on")
    parser.add_argument("--seeds", type=int, default=8, help="runs of the small workload, at least 8")
    parser.add_argument("--repetitions", type=int, default=3, help="runs of the large workload")
    parser.add_argument("--note", default="not said", help="what else ran on the machine, for the README")
    asked = parser.parse_args()
    if asked.seeds < 8 or asked.repetitions < 1:
        parser.error("at least 8 seeds, or nothing is known of agreement, and 1 repetition")
    return asked


def main():
    """Builds, measures and writes; returns the exit code."""
    asked = arguments()
    try:
        build()
        os.sched_setaffinity(0, {asked.core})
        began, load = time.strftime("%Y-%m-%d"), os.getloadavg()[0]
        with open(TARGET / "peers-runs.jsonl", "w", encoding="utf-8") as log:
            small = rounds(asked.seeds, lambda _: SMALL, log)
            large = rounds(asked.repetitions, lambda program: program.large, log)
        write(table(small, large), [
            f"Run of {began} on core {asked.core} of: {machine()}.",
            f"Load average {load:.1f} before, {os.getloadavg()[0]:.1f} after; also running: {asked.note}.",
        ])
    except Failure as failure:
        print(f"benches/peers/run.py: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
