"""The common workload in AMBER, in its vectorized lane: columns out, columns in, once a month."""

import ambr as am
import numpy as np

from measure import report

MUNICIPALITIES, LIMIT = 342, 50_000
CLASS = np.array([2, 1, 0, 2])
COLUMNS = ("municipality", "group", "age", "income", "housed", "registered", "wait")


class Town(am.Model):
    """Households as agents of one view, and the books of every municipality."""

    def setup(self):
        """Draws the initial population."""
        n, rng = int(self.p["n"]), self.rng
        housed = rng.random(n) < 0.80
        registered = rng.random(n) < np.where(housed, 0.30, 0.90)
        self.add_agents(
            n,
            municipality=(MUNICIPALITIES * rng.random(n) ** 2).astype(np.int16),
            group=rng.choice(4, n, p=[0.80, 0.12, 0.03, 0.05]).astype(np.int8),
            age=rng.integers(216, 1080, n).astype(np.int16),
            income=np.exp(10.3 + 0.5 * rng.standard_normal(n)),
            housed=housed,
            registered=registered,
            wait=np.where(registered, rng.integers(0, 120, n), 0).astype(np.int16),
        )
        self.vacancies = np.zeros(MUNICIPALITIES, np.int64)
        self.alloc, self.waited = np.zeros(4, np.int64), np.zeros(4, np.int64)

    def step_vectorized(self):
        """One month: reads the columns once, writes the changed ones once."""
        municipality, group, age, income, housed, registered, wait = self.agents.numpy(*COLUMNS)
        age, wait = age + np.int16(1), wait + registered
        income = self.changed_incomes(income)
        registered = self.register(age, housed, registered, wait)
        housed = self.leave(municipality, housed)
        seekers = np.flatnonzero(registered & ~housed & (income <= LIMIT))
        winners = self.let_homes(seekers, municipality, group, wait)
        housed[winners], registered[winners] = True, False
        self.agents.set(age=age, income=income, housed=housed, registered=registered, wait=wait)

    def changed_incomes(self, income):
        """Returns the incomes after one in a hundred fell or rose."""
        income = income.copy()
        changed = np.flatnonzero(self.rng.random(income.size) < 0.01)
        income[changed] *= np.where(self.rng.random(changed.size) < 0.5, 0.8, 1.25)
        return income

    def register(self, age, housed, registered, wait):
        """Returns who is on the list after some entered it, with a wait of zero."""
        chance = np.where(housed, np.where(age < 480, 0.004, 0.001), 0.10)
        new = ~registered & (self.rng.random(age.size) < chance)
        wait[new] = 0
        return registered | new

    def leave(self, municipality, housed):
        """Returns who is housed after some left a vacant home."""
        leaves = housed & (self.rng.random(housed.size) < 0.004)
        self.vacancies += np.bincount(municipality[leaves], minlength=MUNICIPALITIES)
        return housed & ~leaves

    def let_homes(self, seekers, municipality, group, wait):
        """Returns the seekers who get a home; the sort is stable, so ids break ties."""
        place = municipality[seekers]
        order = np.lexsort((-wait[seekers], CLASS[group[seekers]], place))
        seekers, place = seekers[order], place[order]
        rank = np.arange(seekers.size) - np.searchsorted(place, np.arange(MUNICIPALITIES))[place]
        lucky = rank < self.vacancies[place]
        winners = seekers[lucky]
        self.vacancies -= np.bincount(place[lucky], minlength=MUNICIPALITIES)
        self.alloc += np.bincount(group[winners], minlength=4)
        self.waited += np.bincount(group[winners], wait[winners], 4).astype(np.int64)
        return winners


def build(n, seed):
    """Returns a town; AMBER draws the population when it first runs, so it runs for no months."""
    town = Town({"n": n, "seed": seed, "show_progress": False})
    town.cpu(mode="vectorized").run(steps=0)
    return town


def run(town, months):
    """Runs the town and returns what came of it."""
    town.run(steps=months)
    income, housed, registered = town.agents.numpy("income", "housed", "registered")
    seekers = (registered & ~housed & (income <= LIMIT)).sum()
    return town.alloc, town.waited, town.vacancies.sum(), seekers, income.mean()


report("ambr", build, run)
