"""The common workload in Mesa: one agent a household, activated in order of creation."""

import math

import mesa

from measure import report

MUNICIPALITIES, LIMIT = 342, 50_000
CLASS = (2, 1, 0, 2)


class Household(mesa.Agent):
    """One household; it waits in the line of its municipality."""

    def __init__(self, model):
        """Draws the initial state."""
        super().__init__(model)
        random = model.random
        self.municipality = int(MUNICIPALITIES * random.random() ** 2)
        self.group = random.choices(range(4), (0.80, 0.12, 0.03, 0.05))[0]
        self.age = 216 + int(864 * random.random())
        self.income = math.exp(10.3 + 0.5 * random.gauss())
        self.housed = random.random() < 0.80
        self.registered = random.random() < (0.30 if self.housed else 0.90)
        self.wait = int(120 * random.random()) if self.registered else 0

    def is_seeker(self):
        """Returns whether the household may be let a home."""
        return self.registered and not self.housed and self.income <= LIMIT

    def step(self):
        """One month up to the letting, which is the town's."""
        random = self.random
        self.age += 1
        if self.registered:
            self.wait += 1
        if random.random() < 0.01:
            self.income *= 0.8 if random.random() < 0.5 else 1.25
        if not self.registered:
            chance = (0.004 if self.age < 480 else 0.001) if self.housed else 0.10
            if random.random() < chance:
                self.registered, self.wait = True, 0
        if self.housed and random.random() < 0.004:
            self.housed = False
            self.model.vacancies[self.municipality] += 1
        if self.is_seeker():
            self.model.lines[self.municipality].append(self)


class Town(mesa.Model):
    """The households, and the books of every municipality."""

    def __init__(self, n, seed):
        """Creates n households."""
        super().__init__(rng=seed)
        self.vacancies = [0] * MUNICIPALITIES
        self.lines = [[] for _ in range(MUNICIPALITIES)]
        self.alloc, self.waited = [0] * 4, [0] * 4
        Household.create_agents(self, n)

    def step(self):
        """One month: every household, then the best of every line get the vacant homes."""
        self.agents.do("step")
        for municipality, line in enumerate(self.lines):
            line.sort(key=lambda household: (CLASS[household.group], -household.wait, household.unique_id))
            for household in line[: self.vacancies[municipality]]:
                household.housed, household.registered = True, False
                self.vacancies[municipality] -= 1
                self.alloc[household.group] += 1
                self.waited[household.group] += household.wait
            line.clear()


def run(town, months):
    """Runs the town and returns what came of it."""
    for _ in range(months):
        town.step()
    seekers = sum(household.is_seeker() for household in town.agents)
    income = sum(household.income for household in town.agents) / len(town.agents)
    return town.alloc, town.waited, sum(town.vacancies), seekers, income


report("mesa", Town, run)
