"""The common workload in NumPy: whole columns, one draw per household and month."""

import numpy as np

from measure import report

MUNICIPALITIES, LIMIT = 342, 50_000
CLASS = np.array([2, 1, 0, 2])


class Town:
    """The households as columns, and the books of every municipality."""

    def __init__(self, n, seed):
        """Draws the initial population."""
        self.rng = rng = np.random.default_rng(seed)
        self.municipality = (MUNICIPALITIES * rng.random(n) ** 2).astype(np.int16)
        self.group = rng.choice(4, n, p=[0.80, 0.12, 0.03, 0.05]).astype(np.int8)
        self.age = rng.integers(216, 1080, n).astype(np.int16)
        self.income = np.exp(10.3 + 0.5 * rng.standard_normal(n))
        self.housed = rng.random(n) < 0.80
        self.registered = rng.random(n) < np.where(self.housed, 0.30, 0.90)
        self.wait = np.where(self.registered, rng.integers(0, 120, n), 0).astype(np.int16)
        self.vacancies = np.zeros(MUNICIPALITIES, np.int64)
        self.alloc, self.waited = np.zeros(4, np.int64), np.zeros(4, np.int64)

    def month(self):
        """Ages everybody, changes incomes, registers, vacates and lets."""
        self.age += 1
        self.wait += self.registered
        self.change_incomes()
        self.register()
        self.leave()
        self.let_homes()

    def change_incomes(self):
        """One in a hundred incomes falls or rises."""
        changed = np.flatnonzero(self.rng.random(self.age.size) < 0.01)
        self.income[changed] *= np.where(self.rng.random(changed.size) < 0.5, 0.8, 1.25)

    def register(self):
        """Some who are not on the list enter it."""
        chance = np.where(self.housed, np.where(self.age < 480, 0.004, 0.001), 0.10)
        new = ~self.registered & (self.rng.random(self.age.size) < chance)
        self.registered |= new
        self.wait[new] = 0

    def leave(self):
        """Some who are housed leave a vacant home."""
        leaves = self.housed & (self.rng.random(self.age.size) < 0.004)
        self.housed &= ~leaves
        self.vacancies += np.bincount(self.municipality[leaves], minlength=MUNICIPALITIES)

    def seekers(self):
        """Returns the ids of all seekers, ascending."""
        return np.flatnonzero(self.registered & ~self.housed & (self.income <= LIMIT))

    def let_homes(self):
        """The best seekers of every municipality get its vacant homes; the sort is stable, so ids break ties."""
        seekers = self.seekers()
        place = self.municipality[seekers]
        order = np.lexsort((-self.wait[seekers], CLASS[self.group[seekers]], place))
        seekers, place = seekers[order], place[order]
        rank = np.arange(seekers.size) - np.searchsorted(place, np.arange(MUNICIPALITIES))[place]
        lucky = rank < self.vacancies[place]
        winners = seekers[lucky]
        self.housed[winners] = True
        self.registered[winners] = False
        self.vacancies -= np.bincount(place[lucky], minlength=MUNICIPALITIES)
        self.alloc += np.bincount(self.group[winners], minlength=4)
        self.waited += np.bincount(self.group[winners], self.wait[winners], 4).astype(np.int64)


def run(town, months):
    """Runs the town and returns what came of it."""
    for _ in range(months):
        town.month()
    return town.alloc, town.waited, town.vacancies.sum(), town.seekers().size, town.income.mean()


report("numpy", Town, run)
