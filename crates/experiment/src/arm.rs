//! The rules of every arm, and the step from which arms differ.

use doorstroom_kernel::{Day, Step};
use doorstroom_policy::Rules;

use crate::change::Change;
use crate::experiment::Experiment;
use crate::uncertainty::Cell;

/// One arm with all its rules.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Name.
    pub name: String,
    /// The rules of the world with the changes of the arm.
    pub rules: Rules,
    /// First day on which its rules differ from those of the baseline; `None` if they never do.
    pub differs: Option<Day>,
    /// Whether all its rows are kept. Of the subsets of a package only the package itself keeps them.
    pub kept: bool,
}

/// All arms of an experiment.
#[derive(Clone, Debug)]
pub struct Arms {
    /// The arms, the baseline first.
    pub all: Vec<Arm>,
    /// The step at whose beginning the arms part: the first in which the rules of any arm differ. 0 if none ever do
    /// within the run.
    pub fork: Step,
}

impl Arms {
    /// The arms of a checked experiment.
    ///
    /// # Panics
    /// If a change cannot be made; [`Experiment::read`] and [`Experiment::with`] have tried them all.
    pub fn of(experiment: &Experiment) -> Arms {
        let calendar = experiment.calendar();
        let mut common = experiment.world.rules.clone();
        for (path, value) in &experiment.rules {
            let change = Change { from: calendar.start, path: path.clone(), value: value.clone(), gate: None };
            change.apply(&mut common, "set for all arms").expect("settings were tried when they were made");
        }
        let mut all: Vec<Arm> = Vec::new();
        let mut add = |name: &str, changes: &[Change], kept| {
            let mut rules = common.clone();
            for change in changes {
                let source = format!("arm {name}");
                change.apply(&mut rules, &source).expect("changes were tried when the experiment was read");
            }
            let differs = all.first().and_then(|baseline: &Arm| baseline.rules.first_difference(&rules));
            all.push(Arm { name: name.to_owned(), rules, differs, kept });
        };
        for name in experiment.arm_names() {
            add(name, &experiment.changes_of(name), true);
        }
        for (name, changes) in subsets(experiment).into_iter().chain(cells(experiment)) {
            add(&name, &changes, false);
        }
        let forks = all.iter().filter_map(|arm| arm.differs).map(|day| calendar.step_from(day));
        let within = forks.filter(|step| u32::from(step.0) < experiment.steps());
        Arms { fork: within.min().unwrap_or(Step(0)), all }
    }

    /// Arms whose rows are kept.
    pub fn kept(&self) -> impl Iterator<Item = &Arm> {
        self.all.iter().filter(|arm| arm.kept)
    }

    /// The arm with which the others are compared.
    pub fn baseline(&self) -> &Arm {
        &self.all[0]
    }

    /// The other arms.
    pub fn others(&self) -> &[Arm] {
        &self.all[1..]
    }
}

/// Subsets of a package that are neither the baseline nor the whole of it, with their changes.
fn subsets(experiment: &Experiment) -> Vec<(String, Vec<Change>)> {
    let Some(attribution) = &experiment.attribution else { return Vec::new() };
    let plan = attribution.plan(experiment.seed);
    let inner = plan.subsets().get(1..plan.subsets().len() - 1).unwrap_or_default();
    let baseline = &experiment.arms[&experiment.baseline];
    let arm = |&subset: &crate::attribution::Subset| {
        let changes = baseline.iter().cloned().chain(attribution.changes(subset)).collect();
        (attribution.arm_of(subset, &experiment.baseline), changes)
    };
    inner.iter().map(arm).collect()
}

/// Arms of all cells with their changes: the baseline and every arm that differs, under every structure and draw.
fn cells(experiment: &Experiment) -> Vec<(String, Vec<Change>)> {
    let Some(uncertainty) = &experiment.uncertainty else { return Vec::new() };
    let bases: Vec<&str> = std::iter::once(experiment.baseline.as_str()).chain(experiment.changed_arms()).collect();
    let of_cell = |cell: Cell<'_>| {
        let changes = uncertainty.changes(cell, experiment.seed);
        bases
            .iter()
            .map(|base| (cell.arm(base), experiment.arms[*base].iter().chain(&changes).cloned().collect()))
            .collect::<Vec<_>>()
    };
    uncertainty.cells().into_iter().flat_map(of_cell).collect()
}
