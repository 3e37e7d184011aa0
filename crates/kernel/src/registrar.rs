//! The schedule: every system belongs to one phase, and the whole can be printed.

use std::collections::BTreeMap;

use bevy_ecs::component::ComponentId;
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::{LogLevel, ScheduleBuildSettings, ScheduleLabel, SystemSet};
use bevy_ecs::system::{IntoSystem, ScheduleSystem, System, SystemAccess};

/// A set of phases whose order is the order of [`Phases::ALL`].
pub trait Phases: SystemSet + Copy + PartialEq + std::fmt::Debug + 'static {
    /// All phases, in the order in which they run.
    const ALL: &'static [Self];
}

/// The label of the one schedule of a world.
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
pub struct StepSchedule;

/// One registered system, as `doorstroom schedule` prints it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Phase by name.
    pub phase: String,
    /// What it does, as a verb phrase.
    pub purpose: &'static str,
    /// Components and resources read, by label, sorted.
    pub reads: Vec<&'static str>,
    /// Components and resources written, by label, sorted.
    pub writes: Vec<&'static str>,
    /// What it reads of the world that differs between arms although a life event depends on it; empty if nothing.
    pub depends_on_arm: Option<&'static str>,
}

/// Words for components and resources, so that a printed schedule needs no type names.
#[derive(Resource, Clone, Default, Debug)]
pub struct Labels(BTreeMap<ComponentId, &'static str>);

impl Labels {
    /// Gives `id` a label.
    pub fn add(&mut self, id: ComponentId, label: &'static str) {
        self.0.insert(id, label);
    }

    fn of(&self, ids: impl Iterator<Item = ComponentId>) -> Vec<&'static str> {
        let mut words: Vec<&'static str> = ids.filter_map(|id| self.0.get(&id).copied()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// Collects systems by phase; the only way into the schedule.
pub struct Registrar<'w, P: Phases> {
    world: &'w mut World,
    schedule: Schedule,
    entries: Vec<(P, Entry)>,
}

impl<'w, P: Phases> Registrar<'w, P> {
    /// An empty schedule in which the phases run in order and an undeclared order is an error.
    pub fn new(world: &'w mut World) -> Self {
        let mut schedule = Schedule::new(StepSchedule);
        schedule.set_build_settings(ScheduleBuildSettings {
            ambiguity_detection: LogLevel::Error,
            hierarchy_detection: LogLevel::Error,
            ..Default::default()
        });
        for pair in P::ALL.windows(2) {
            schedule.configure_sets(pair[0].before(pair[1]));
        }
        world.get_resource_or_insert_with(Labels::default);
        Registrar { world, schedule, entries: Vec::new() }
    }

    /// Registers `system` in `phase`. Two systems of one phase that touch the same state need a declared order:
    /// see [`Registrar::then`].
    pub fn system<M>(
        &mut self,
        phase: P,
        purpose: &'static str,
        system: impl IntoSystem<(), (), M> + IntoScheduleConfigs<ScheduleSystem, M> + Clone,
    ) -> &mut Self {
        self.add(phase, purpose, system, None)
    }

    /// Registers `system` in `phase`, to run after everything registered in that phase before it.
    pub fn then<M>(
        &mut self,
        phase: P,
        purpose: &'static str,
        system: impl IntoSystem<(), (), M> + IntoScheduleConfigs<ScheduleSystem, M> + Clone,
    ) -> &mut Self {
        let ordinal = self.entries.iter().filter(|(p, _)| *p == phase).count();
        self.add(phase, purpose, system, Some(ordinal))
    }

    fn add<M>(
        &mut self,
        phase: P,
        purpose: &'static str,
        system: impl IntoSystem<(), (), M> + IntoScheduleConfigs<ScheduleSystem, M> + Clone,
        after_all_before: Option<usize>,
    ) -> &mut Self {
        let (reads, writes) = self.access_of(IntoSystem::into_system(system.clone()));
        let name = format!("{phase:?}");
        let ordinal = self.entries.iter().filter(|(p, _)| *p == phase).count();
        let mut configured = system.in_set(phase).in_set(Position { phase: name.clone(), ordinal });
        for earlier in 0..after_all_before.unwrap_or(0) {
            configured = configured.after(Position { phase: name.clone(), ordinal: earlier });
        }
        self.schedule.add_systems(configured);
        self.entries.push((phase, Entry { phase: name, purpose, reads, writes, depends_on_arm: None }));
        self
    }

    fn access_of(&mut self, mut system: impl System) -> (Vec<&'static str>, Vec<&'static str>) {
        let access = match system.initialize(self.world) {
            SystemAccess::None => return (Vec::new(), Vec::new()),
            SystemAccess::Exclusive => return (Vec::new(), vec!["everything"]),
            SystemAccess::Shared(access) => access,
        };
        let combined = access.combined_access();
        let labels = self.world.resource::<Labels>();
        let words = |set: Option<&bevy_ecs::query::ComponentIdSet>| match set {
            Some(set) => labels.of(set.iter()),
            None => vec!["everything"],
        };
        let writes = words(combined.writes().as_finite_set());
        let mut reads = words(combined.reads().as_finite_set());
        reads.retain(|word| !writes.contains(word));
        (reads, writes)
    }

    /// Says of the system registered last which arm-dependent fact it reads although it decides a life event.
    pub fn depends_on_arm(&mut self, fact: &'static str) -> &mut Self {
        if let Some((_, entry)) = self.entries.last_mut() {
            entry.depends_on_arm = Some(fact);
        }
        self
    }

    /// Lets a [`Stopwatch`] take the time of every phase; `read` gives seconds that never run back.
    pub fn time_phases(&mut self, read: fn() -> f64) -> &mut Self {
        self.world.insert_resource(Stopwatch { read, last: read(), seconds: vec![0.0; P::ALL.len()] });
        for (i, &phase) in P::ALL.iter().enumerate() {
            let lap = move |mut watch: ResMut<Stopwatch>| watch.lap(i);
            let mut lap = lap.after(phase);
            if let Some(&next) = P::ALL.get(i + 1) {
                lap = lap.before(next);
            }
            self.schedule.add_systems(lap);
        }
        self
    }

    /// The built schedule and its entries in running order.
    ///
    /// # Panics
    /// If two systems of different registration could run in either order although they touch the same state.
    pub fn build(mut self) -> (Schedule, Vec<Entry>) {
        if let Err(error) = self.schedule.initialize(self.world) {
            panic!("the order of systems is not declared: {error}");
        }
        let mut entries = Vec::new();
        for phase in P::ALL {
            entries.extend(self.entries.iter().filter(|(p, _)| p == phase).map(|(_, e)| e.clone()));
        }
        (self.schedule, entries)
    }
}

/// Seconds that each phase took, since the schedule was built.
#[derive(Resource, Clone, Debug)]
pub struct Stopwatch {
    read: fn() -> f64,
    last: f64,
    /// By phase, in the order of [`Phases::ALL`].
    pub seconds: Vec<f64>,
}

impl Stopwatch {
    /// Starts the first phase.
    pub fn begin(&mut self) {
        self.last = (self.read)();
    }

    fn lap(&mut self, phase: usize) {
        let now = (self.read)();
        self.seconds[phase] += now - self.last;
        self.last = now;
    }
}

/// Place of a system inside its phase.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
struct Position {
    phase: String,
    ordinal: usize,
}

/// The schedule as text: phase, purpose, reads, writes; one line a system.
pub fn print(entries: &[Entry]) -> String {
    let mut text = String::new();
    let width = |f: fn(&Entry) -> usize| entries.iter().map(f).max().unwrap_or(0);
    let (phase_width, purpose_width) = (width(|e| e.phase.len()), width(|e| e.purpose.len()));
    for entry in entries {
        text += &format!("{:phase_width$}  {:purpose_width$}", entry.phase, entry.purpose);
        text += &format!("  reads {}  writes {}", list(&entry.reads), list(&entry.writes));
        if let Some(fact) = entry.depends_on_arm {
            text += &format!("  [depends on the arm: {fact}]");
        }
        text.push('\n');
    }
    text
}

fn list(words: &[&str]) -> String {
    if words.is_empty() { "-".to_owned() } else { words.join(", ") }
}
