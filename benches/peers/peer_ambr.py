"""The common workload in AMBER, in its vectorized lane: columns out, columns in, once a month."""

import ambr as am
import numpy as np

from measure import report

MUNICIPALITIES, LIMIT = 342, 50_000
CLASS = np.array([2, 1, 0, 2])
COLUMNS = ("municipality", "group", "age", "income", "housed", "registered", "wait")


class Town(am.Model):
    def setup(self):
        n, rng = int(self.p["n"]), self.rng
        housed = rng.random(n) < 0.80
        registered = rng.random(n) < np.where(housed, 0.30, 0.90)
        self.add_agents(
            n,
            municipality=(MUNICIPALITIES * rng.random(n) ** 2).astype(np.int64),
            group=rng.choice(4, n, p=[0.80, 0.12, 0.03, 0.05]),
            age=rng.integers(216, 1080, n),
            income=np.exp(10.3 + 0.5 * rng.standard_normal(n)),
            housed=housed,
            registered=registered,
            wait=np.where(registered, rng.integers(0, 120, n), 0),
        )
        self.vacancies = np.zeros(MUNICIPALITIES, np.int64)
        self.alloc, self.waited = np.zeros(4, np.int64), np.zeros(4, np.int64)

    def step_vectorized(self):
        rng = self.rng
        municipality, group, age, income, housed, registered, wait = self.agents.numpy(*COLUMNS)
        n = age.size
        age, wait = age + 1, wait + registered
        changed = rng.random(n) < 0.01
        income = np.where(changed, income * np.where(rng.random(n) < 0.5, 0.8, 1.25), income)
        chance = np.where(housed, np.where(age < 480, 0.004, 0.001), 0.10)
        new = ~registered & (rng.random(n) < chance)
        registered, wait = registered | new, np.where(new, 0, wait)
        leaves = housed & (rng.random(n) < 0.004)
        housed = housed & ~leaves
        self.vacancies += np.bincount(municipality[leaves], minlength=MUNICIPALITIES)
        seekers = np.flatnonzero(registered & ~housed & (income <= LIMIT))
        order = np.lexsort((seekers, -wait[seekers], CLASS[group[seekers]], municipality[seekers]))
        seekers = seekers[order]
        place = municipality[seekers]
        rank = np.arange(seekers.size) - np.searchsorted(place, np.arange(MUNICIPALITIES))[place]
        lucky = rank < self.vacancies[place]
        winners = seekers[lucky]
        housed[winners], registered[winners] = True, False
        self.vacancies -= np.bincount(place[lucky], minlength=MUNICIPALITIES)
        self.alloc += np.bincount(group[winners], minlength=4)
        self.waited += np.bincount(group[winners], wait[winners], 4).astype(np.int64)
        self.agents.set(age=age, income=income, housed=housed, registered=registered, wait=wait)


def build(n, seed):
    return Town({"n": n, "seed": seed, "show_progress": False})


def run(town, months):
    town.cpu(mode="vectorized").run(steps=months)
    income, housed, registered = town.agents.numpy("income", "housed", "registered")
    seekers = (registered & ~housed & (income <= LIMIT)).sum()
    return town.alloc, town.waited, town.vacancies.sum(), seekers, income.mean()


report("ambr", build, run)
