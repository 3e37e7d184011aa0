//! How far a run is: a bar with an ETA on a terminal, a line now and then elsewhere, or JSON lines.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use doorstroom_experiment::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::answer::complain;
use crate::args::ProgressMode;

/// Between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Counts steps of all arms and replicates.
pub struct Steps {
    bar: Option<ProgressBar>,
    mode: ProgressMode,
    total: u64,
    done: AtomicU64,
    began: Instant,
    last: Mutex<Instant>,
}

impl Steps {
    /// Progress of `total` steps.
    pub fn new(mode: ProgressMode, total: u64) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = (mode == ProgressMode::Auto && terminal).then(|| {
            let style = ProgressStyle::with_template("{msg} {bar:30} {percent:>3} %  {elapsed} passed, {eta} to go")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(4));
            bar.with_style(style).with_message("populating")
        });
        let now = Instant::now();
        Steps { bar, mode, total, done: AtomicU64::new(0), began: now, last: Mutex::new(now) }
    }

    /// Clears the bar.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, done: u64) {
        let Ok(mut last) = self.last.lock() else { return };
        if last.elapsed() < LINE_EVERY {
            return;
        }
        *last = Instant::now();
        let passed = self.began.elapsed().as_secs_f64();
        let left = passed / done.max(1) as f64 * self.total.saturating_sub(done) as f64;
        if self.mode == ProgressMode::Json {
            complain(&format!(
                "{{\"done\":{done},\"total\":{},\"seconds\":{passed:.1},\"eta_seconds\":{left:.1}}}",
                self.total
            ));
        } else {
            let percent = 100 * done / self.total.max(1);
            complain(&format!("{percent:>3} % of steps, {passed:.0} s passed, about {left:.0} s to go"));
        }
    }
}

impl Progress for Steps {
    fn populated(&self, seconds: f64) {
        match &self.bar {
            Some(bar) => bar.set_message("running"),
            None if self.mode == ProgressMode::Auto => complain(&format!("populated in {seconds:.1} s")),
            None => {}
        }
    }

    fn step(&self, _replicate: u32, _arm: &str, _step: u16) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.bar {
            Some(bar) => bar.set_position(done),
            None if self.mode != ProgressMode::Off => self.line(done),
            None => {}
        }
    }
}
