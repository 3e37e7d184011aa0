//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use doorstroom_output::Asked;

/// doorstroom: who gets a home later, and who earlier, when a rule of Dutch social-housing allocation changes.
#[derive(Parser, Debug)]
#[command(name = "doorstroom", version, about, max_term_width = 110)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run an experiment: all arms, all replicates, effects and displacement
    Run(RunArguments),
    /// Go on with a run that was interrupted or killed
    Resume(ResumeArguments),
    /// Put the shards of a run together: the same bytes as if one machine had run it
    Merge(MergeArguments),
    /// Compare two finished runs: B less A, paired where they share households and luck
    Compare(CompareArguments),
    /// Tell one household's life in both arms side by side, by replaying the pair of a run
    Biography(BiographyArguments),
    /// Check experiment files without running them, and estimate the cost
    Check(CheckArguments),
    /// Print the month: phases, systems, what they read and write
    Schedule,
    /// Build a world's synthetic population and report it against its marginals
    Populate(PopulateArguments),
    /// Explain a rule: unit, values by date, range, source
    Explain(ExplainArguments),
    /// Measure throughput; one JSON object with --json
    Bench(BenchArguments),
    /// Verify the engine against laws that can be written down; exit code 5 outside tolerance
    Verify(VerifyArguments),
    /// Print a completion file for a shell
    Completions {
        /// Shell
        shell: Shell,
    },
}

/// How progress is shown.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProgressMode {
    /// A bar on a terminal, a line now and then elsewhere
    Auto,
    /// One JSON object a line
    Json,
    /// Nothing
    Off,
}

/// `run`
#[derive(Args, Debug)]
pub struct RunArguments {
    /// Experiment file (RON)
    pub experiment: PathBuf,
    /// The run folder itself; without it runs/<experiment>/<time>-<hash>
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Change a setting: scale=1, months=24, rules.quota.term_days=120 (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Run only the baseline and these arms (repeatable, or with commas); the baseline alone if only it is named
    #[arg(long, value_name = "ARM", value_delimiter = ',')]
    pub arms: Vec<String>,
    /// Replicates
    #[arg(long, value_name = "N")]
    pub replicates: Option<u32>,
    /// Seed of the run
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Threads; all of the machine if left out
    #[arg(long, env = "DOORSTROOM_THREADS", value_name = "N")]
    pub threads: Option<usize>,
    /// Run only one of several shards: 1/4 is the first of four
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Check every identity at every step
    #[arg(long)]
    pub check: bool,
    /// Start over in a folder that holds a run
    #[arg(long)]
    pub force: bool,
    /// Write tables as Parquet or CSV
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: TableFormat,
    /// Progress on stderr
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressMode,
    /// Renumber all slots by this seed first; the result must not change (a test of the program)
    #[arg(long, value_name = "SEED")]
    pub permute_slots: Option<u64>,
    /// Folder with worlds; without it the one beside or above the experiment
    #[arg(long, value_name = "DIR")]
    pub worlds: Option<PathBuf>,
}

impl RunArguments {
    /// What was asked of a run, asked again: everything that bears on results.
    pub fn again(asked: &Asked) -> RunArguments {
        RunArguments {
            experiment: PathBuf::from(&asked.experiment),
            worlds: asked.worlds.as_ref().map(PathBuf::from),
            set: asked.settings.clone(),
            arms: asked.arms.clone(),
            out: None,
            replicates: None,
            seed: None,
            threads: None,
            shard: None,
            check: asked.check,
            force: false,
            format: TableFormat::Parquet,
            progress: ProgressMode::Auto,
            permute_slots: None,
        }
    }
}

/// `resume`
#[derive(Args, Debug)]
pub struct ResumeArguments {
    /// Run folder
    pub run: PathBuf,
    /// Threads; all of the machine if left out
    #[arg(long, env = "DOORSTROOM_THREADS", value_name = "N")]
    pub threads: Option<usize>,
    /// Progress on stderr
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressMode,
}

/// `merge`
#[derive(Args, Debug)]
pub struct MergeArguments {
    /// Run folders of the shards
    #[arg(required = true)]
    pub runs: Vec<PathBuf>,
    /// The run folder that holds all of it
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Start over in a folder that holds a run
    #[arg(long)]
    pub force: bool,
    /// Put together what there is, also when replicates are missing
    #[arg(long)]
    pub allow_partial: bool,
}

/// `biography`
#[derive(Args, Debug)]
pub struct BiographyArguments {
    /// Run folder
    pub run: PathBuf,
    /// Household, by its number in table lettings (repeatable)
    #[arg(long, value_name = "ID", value_parser = household)]
    pub household: Vec<u64>,
    /// Pick households that were lost, gained, delayed or advanced in the arm
    #[arg(long, value_name = "FATE")]
    pub pick: Option<String>,
    /// How many to pick
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub n: usize,
    /// Pick only from this entry group
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// Arm beside the baseline; the first that changes anything if left out
    #[arg(long, value_name = "ARM")]
    pub arm: Option<String>,
    /// Replicate to replay
    #[arg(long, default_value_t = 0, value_name = "R")]
    pub replicate: u32,
    /// Threads; all of the machine if left out
    #[arg(long, env = "DOORSTROOM_THREADS", value_name = "N")]
    pub threads: Option<usize>,
    /// Progress on stderr
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressMode,
    /// One JSON list
    #[arg(long)]
    pub json: bool,
}

/// `compare`
#[derive(Args, Debug)]
pub struct CompareArguments {
    /// Run folder A
    pub a: PathBuf,
    /// Run folder B
    pub b: PathBuf,
    /// Compare as independent runs, also when worlds, seeds or horizons differ
    #[arg(long)]
    pub unpaired: bool,
    /// Every measure as CSV, in the columns of effects.csv
    #[arg(long)]
    pub csv: bool,
}

/// Format of the large tables.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum TableFormat {
    /// Parquet, zstd 1
    Parquet,
    /// CSV
    Csv,
}

/// `check`
#[derive(Args, Debug)]
pub struct CheckArguments {
    /// Experiment files (RON)
    #[arg(required = true)]
    pub experiments: Vec<PathBuf>,
    /// Threads for the estimate
    #[arg(long, env = "DOORSTROOM_THREADS", value_name = "N")]
    pub threads: Option<usize>,
    /// One JSON object a file
    #[arg(long)]
    pub json: bool,
    /// Folder with worlds
    #[arg(long, value_name = "DIR")]
    pub worlds: Option<PathBuf>,
}

/// `verify`
#[derive(Args, Debug)]
pub struct VerifyArguments {
    /// Only these laws, such as A5 (repeatable)
    #[arg(long, value_name = "LAW")]
    pub law: Vec<String>,
    /// Seed of all runs
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads; all of the machine if left out
    #[arg(long, env = "DOORSTROOM_THREADS", value_name = "N")]
    pub threads: Option<usize>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// List the laws instead of running them
    #[arg(long)]
    pub list: bool,
}

/// `populate`
#[derive(Args, Debug)]
pub struct PopulateArguments {
    /// World folder
    pub world: PathBuf,
    /// Part of the world that is drawn, above 0 to 1; without it 0.1, and a town is drawn whole
    #[arg(long)]
    pub scale: Option<f64>,
    /// Population seed; that of the world if left out
    #[arg(long)]
    pub seed: Option<u64>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `explain`
#[derive(Args, Debug)]
pub struct ExplainArguments {
    /// Rule or number of the start state, such as `quota.term_days`, assumption, such as `A85`, measure of a result, such
    /// as `flow`, or definition of displacement, such as `D1`; `measures` lists those of results; the names of all rules
    /// and numbers if left out
    pub path: Option<String>,
    /// Every number in full
    #[arg(long, conflicts_with = "path")]
    pub all: bool,
    /// World folder
    #[arg(long, default_value = "worlds/netherlands")]
    pub world: PathBuf,
}

/// `bench`
#[derive(Args, Debug)]
pub struct BenchArguments {
    /// World folder
    #[arg(long)]
    pub world: PathBuf,
    /// Households; the whole world if left out
    #[arg(long, value_name = "N")]
    pub households: Option<u64>,
    /// Months
    #[arg(long, default_value_t = 24)]
    pub months: u32,
    /// Threads inside a month
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
    /// Seed of the run
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Seed of the population; that of the world if left out
    #[arg(long, value_name = "S")]
    pub population_seed: Option<u64>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// A name of 64 bits, as the table `lettings` has it.
fn household(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text:?} is no household; take a number of `household` in table lettings"))
}
