"""Two classes of seekers wait for ten dwellings: doorstroom in steps, Ciw event by event, and the formula of Cobham.

Waits are in mean tenancies. Ciw samples waits of customers who arrive after a warm-up; doorstroom those of the housed.
"""

import csv
import math
import os
import subprocess
import tempfile
import unittest
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import ciw

HERE = Path(__file__).resolve().parent
DWELLINGS, ARRIVALS, FIRST = 10, 9.0, 0.2  # arrivals a mean tenancy; share of them that goes first
TENANCY_MONTHS = 1000 / 30.4375
STEP = 3 / 1000  # in mean tenancies
CLASSES = ("first", "second")
# 4.06 standard errors: the tolerance of `doorstroom verify`
CRITICAL_Z = 4.06


def erlang_c(servers: int, load: float) -> float:
    """Chance to wait in M/M/c by the recursion of Erlang B."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return servers * blocked / (servers - load * (1 - blocked))


def cobham() -> dict[str, float]:
    """Mean wait by class in M/M/c with priority and without interruption."""
    common = erlang_c(DWELLINGS, ARRIVALS) / DWELLINGS
    high, all_classes = FIRST * ARRIVALS / DWELLINGS, ARRIVALS / DWELLINGS
    return {"first": common / (1 - high), "second": common / ((1 - high) * (1 - all_classes))}


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Mean over independent replicates and its standard error."""
    mean = math.fsum(values) / len(values)
    variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, math.sqrt(variance / len(values))


def one_replicate(seed: int, length: float = 4000.0, warm_up: float = 100.0) -> dict[str, float]:
    """Mean wait by class in one run of Ciw, of those who arrive after the warm-up."""
    rates = {"first": FIRST * ARRIVALS, "second": (1 - FIRST) * ARRIVALS}
    network = ciw.create_network(
        arrival_distributions={name: [ciw.dists.Exponential(rates[name])] for name in CLASSES},
        service_distributions={name: [ciw.dists.Exponential(1.0)] for name in CLASSES},
        number_of_servers=[DWELLINGS],
        priority_classes={"first": 0, "second": 1},
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(length)
    waits: dict[str, list[float]] = {name: [] for name in CLASSES}
    for record in simulation.get_all_records():
        if record.arrival_date > warm_up:
            waits[record.customer_class].append(record.waiting_time)
    return {name: math.fsum(waits[name]) / len(waits[name]) for name in CLASSES}


def waits_by_ciw(replicates: int = 60) -> dict[str, tuple[float, float]]:
    """Mean wait and standard error by class in Ciw. Every seed is a run of its own, so all processors share them."""
    with ProcessPoolExecutor() as pool:
        means = list(pool.map(one_replicate, range(replicates)))
    return {name: mean_and_error([mean[name] for mean in means]) for name in CLASSES}


def waits_by_doorstroom() -> dict[str, tuple[float, float]]:
    """Mean wait and standard error by class in doorstroom, from the measures of a run."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        experiment = HERE / "who_waits_for_ten_dwellings.ron"
        subprocess.run([os.environ["DOORSTROOM"], "run", experiment, "--progress", "off", "--out", out],
                       check=True, stdout=subprocess.DEVNULL)
        with open(out / "summary" / "measures.csv", newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["measure"] == "wait" and row["channel"] in ("", "all")]
    found = {row["group"]: (float(row["mean"]) / TENANCY_MONTHS, float(row["se"]) / TENANCY_MONTHS) for row in rows}
    return {name: found[name] for name in CLASSES}


class TwoClasses(unittest.TestCase):
    """The three answers, side by side."""

    @classmethod
    def setUpClass(cls):
        cls.ciw, cls.doorstroom, cls.formula = waits_by_ciw(), waits_by_doorstroom(), cobham()
        print(f"\n{'wait in mean tenancies':24}{'formula':>10}{'Ciw':>10}{'se':>9}{'doorstroom':>12}{'se':>9}")
        for name in CLASSES:
            (theirs, their_error), (ours, our_error) = cls.ciw[name], cls.doorstroom[name]
            print(f"{name:24}{cls.formula[name]:10.5f}{theirs:10.5f}{their_error:9.5f}{ours:12.5f}{our_error:9.5f}")

    def test_the_formula_is_the_published_one(self):
        self.assertAlmostEqual(self.formula["first"], 0.08155, places=5)
        self.assertAlmostEqual(self.formula["second"], 0.81553, places=5)

    def test_doorstroom_and_ciw_agree_within_their_errors_and_one_step(self):
        for name in CLASSES:
            (theirs, their_error), (ours, our_error) = self.ciw[name], self.doorstroom[name]
            error = math.hypot(their_error, our_error)
            self.assertLess(CRITICAL_Z * error, 0.15 * theirs, f"{name}: too noisy to decide anything")
            self.assertLessEqual(abs(ours - theirs), CRITICAL_Z * error + STEP, name)


if __name__ == "__main__":
    unittest.main()
