//! The command line as people and other programs meet it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn doorstroom(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_doorstroom"))
        .args(arguments)
        .current_dir(repository())
        .output()
        .expect("it starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder that goes with the test.
fn scratch() -> TempDir {
    tempfile::tempdir().expect("the folder for tests takes folders")
}

const SMALL: [&str; 8] =
    ["run", "experiments/quickstart.ron", "--set", "scale=0.03", "--set", "months=24", "--progress", "off"];

fn small_run(out: &Path, more: &[&str]) -> Output {
    let out = out.display().to_string();
    let arguments: Vec<&str> = SMALL.iter().chain(&["--out", &out]).chain(more).copied().collect();
    doorstroom(&arguments)
}

#[test]
fn a_run_ends_with_at_most_fifteen_lines_and_leaves_what_other_tools_rely_on() {
    let scratch = scratch();
    let out = scratch.path().join("run");
    let output = small_run(&out, &["--replicates", "2"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = text(&output.stdout);
    assert!(
        lines.lines().count() <= 15 && lines.contains("95 % interval") && lines.contains("zero in every cell"),
        "{lines}"
    );
    assert!(lines.contains("own_network_hazard"), "a ban names the parameter it hangs on");
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    for field in
        ["status", "result_digest", "households", "household_months", "cpu_seconds", "wall_seconds", "peak_rss_bytes"]
    {
        assert!(manifest.contains(&format!("\"{field}\":")), "{field} in {manifest}");
    }
    assert!(manifest.contains("\"status\": \"complete\""));
    let effects = std::fs::read_to_string(out.join("summary/effects.csv")).unwrap();
    let header: Vec<&str> = effects.lines().next().unwrap().split(',').collect();
    for column in ["arm", "baseline", "measure", "group", "area", "unit", "denominator", "mean", "ci_lo", "ci_hi", "n"]
    {
        assert!(header.contains(&column), "{column} in {header:?}");
    }
    for table in ["series", "lettings", "waits", "quota", "reception", "denominators"] {
        assert!(out.join("data").join(table).join("part-0000.parquet").is_file(), "{table}");
    }
}

#[test]
fn a_folder_that_holds_another_run_is_refused_with_exit_code_six() {
    let scratch = scratch();
    let out = scratch.path().join("run");
    assert!(small_run(&out, &["--replicates", "2"]).status.success());
    let other = small_run(&out, &["--seed", "3"]);
    assert_eq!(other.status.code(), Some(6), "{}", text(&other.stderr));
}

#[test]
fn settings_that_leave_nothing_to_run_or_name_no_rule_are_refused_and_an_arm_without_effect_is_told() {
    let scratch = scratch();
    let out = scratch.path().join("run");
    let refused = |more: &[&str], told: &str| {
        let output = small_run(&out, more);
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(3) && said.contains(told) && !out.exists(), "{said}");
    };
    refused(&["--shard", "9/9"], "there are 4 replicates, so nothing is left for part 9");
    refused(&["--set", "scale=1e-9"], "nobody is drawn");
    refused(&["--set", "rules.quota.term_day=9"], "did you mean \"quota.term_days\"?");
    let idle = small_run(&out, &["--replicates", "1", "--set", "months=12"]);
    let said = text(&idle.stderr);
    assert!(idle.status.success() && said.contains("note: arm \"priority_ban\" differs from 2026-07-01 on"), "{said}");
}

#[test]
fn five_mistakes_are_told_in_one_pass_with_exit_code_three() {
    let scratch = scratch();
    let file = scratch.path().join("experiment.ron");
    let broken = r#"// Five mistakes
Experiment(
    version: 1,
    world: "netherlands",
    scale: 1.5,
    months: "many",
    replicats: 4,
    seed: 1,
    baseline: "as_it_stands",
    arms: {
        "as_it_stands": [],
        "ban": [From("2026-07-01", [Set("priority.status_holdr", FreeChoice)])],
        "mooiman": [From("2026-13-01", [Set("priority.status_holder", FreeChoice)])],
    },
)
"#;
    std::fs::write(&file, broken).unwrap();
    let worlds = repository().join("worlds").display().to_string();
    let output = doorstroom(&["check", &file.display().to_string(), "--worlds", &worlds]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    for (line, word) in
        [(5, "scale"), (6, "months"), (7, "replicates"), (12, "priority.status_holder"), (13, "2026-13-01")]
    {
        assert!(told.lines().any(|l| l.contains(&format!(".ron:{line}:"))), "line {line} in {told}");
        assert!(told.contains(word), "{word} in {told}");
    }
}

#[test]
fn a_selection_of_municipalities_that_are_not_there_is_refused_by_check_and_run() {
    let scratch = scratch();
    let file = scratch.path().join("experiment.ron");
    let broken = r#"// Where?
Experiment(
    version: 1,
    world: "toy-town",
    months: 24,
    seed: 1,
    baseline: "base",
    arms: {
        "base": [],
        "ban": [From("2026-01-01", [Set("priority.status_holder", Banned(scope: Only(["GM0001", "GM0012"])))])],
    },
)
"#;
    std::fs::write(&file, broken).unwrap();
    let (path, worlds) = (file.display().to_string(), repository().join("worlds").display().to_string());
    for command in ["check", "run"] {
        let output = doorstroom(&[command, &path, "--worlds", &worlds]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{told}");
        assert!(told.contains(".ron:10:") && told.contains("there is no municipality \"GM0012\""), "{told}");
        assert!(told.contains("did you mean \"GM0002\" (Millbank)?"), "{told}");
    }
}

#[test]
fn every_shipped_experiment_is_sound() {
    for entry in std::fs::read_dir(repository().join("experiments")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "ron") {
            let output = doorstroom(&["check", &path.display().to_string()]);
            assert!(output.status.success(), "{}", text(&output.stderr));
            assert!(text(&output.stdout).contains("household-months"));
        }
    }
}

#[test]
fn usage_mistakes_exit_with_two_and_unknown_rules_with_a_suggestion() {
    assert_eq!(doorstroom(&["run"]).status.code(), Some(2));
    assert_eq!(doorstroom(&["dance"]).status.code(), Some(2));
    let unknown = doorstroom(&["explain", "quota.term_day"]);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(text(&unknown.stderr).contains("quota.term_days"), "{}", text(&unknown.stderr));
    let known = text(&doorstroom(&["explain", "quota.term_days"]).stdout);
    let all = text(&doorstroom(&["explain", "--all"]).stdout);
    assert!(all.contains(known.trim_end()), "all rules hold the one");
    let rules = all.lines().filter(|line| !line.starts_with(' ')).count();
    let sourced = all.lines().filter(|line| line.trim_start().starts_with("source: ")).count();
    assert!(rules > 150 && sourced >= rules, "{sourced} sources for {rules} rules");
    assert!(known.contains("98") && known.contains("source"), "{known}");
}

#[test]
fn an_assumption_shows_every_number_that_rests_on_it_and_no_other() {
    let on_a85 = text(&doorstroom(&["explain", "A85"]).stdout);
    assert!(on_a85.contains("quota.earmark_median\n") && on_a85.contains("quota.earmark_backlog_effort\n"), "{on_a85}");
    let names = on_a85.lines().filter(|line| !line.starts_with(' ')).count();
    assert!(names < 10, "{on_a85}");
    let of_the_start = text(&doorstroom(&["explain", "A20"]).stdout);
    let told = "start.municipalities.earmark_sigma\n  worth trying: 0.3 to 0.8\n  of the start state: 0.5\n";
    assert!(of_the_start.starts_with(told), "{of_the_start}");
    // A85 begins with the characters of A8
    assert!(!text(&doorstroom(&["explain", "A8"]).stdout).contains("earmark_median"));
    let unknown = doorstroom(&["explain", "A999"]);
    assert_eq!(unknown.status.code(), Some(3), "{}", text(&unknown.stdout));
    assert!(text(&unknown.stderr).contains("worlds/README.md"), "{}", text(&unknown.stderr));
}

#[test]
fn every_definition_of_displacement_is_explained_with_the_measures_that_a_run_gives() {
    let list = text(&doorstroom(&["explain", "measures"]).stdout);
    for name in ["D1", "D2", "D3", "D4", "D5", "D6"] {
        let told = text(&doorstroom(&["explain", name]).stdout);
        assert!(told.starts_with(&format!("{name}  ")) && told.contains("table: displacement"), "{told}");
        assert!(list.contains(&format!("{name}  [")), "{list}");
    }
    let individual = text(&doorstroom(&["explain", "D3.lost.regular"]).stdout);
    assert!(individual.contains("Gained less lost") && individual.contains("  lost: nobody, regular"), "{individual}");
    let misspelt = doorstroom(&["explain", "D3.los.regular"]);
    assert_eq!(misspelt.status.code(), Some(3), "{}", text(&misspelt.stdout));
    assert!(text(&misspelt.stderr).contains("did you mean `D3.lost.regular`?"), "{}", text(&misspelt.stderr));
}

#[test]
fn a_measure_is_explained_with_its_unit_and_denominator_and_a_list_names_all() {
    let flow = text(&doorstroom(&["explain", "flow"]).stdout);
    assert!(flow.contains("unit: lettings per year\n") && flow.contains("denominator: self-contained"), "{flow}");
    assert_eq!(text(&doorstroom(&["explain", "flow.regular"]).stdout), flow);
    let list = text(&doorstroom(&["explain", "measures"]).stdout);
    assert!(list.contains("reception.overdue  [persons; all]\n"), "{list}");
    let share = text(&doorstroom(&["explain", "share_starters"]).stdout);
    assert!(share.contains("denominator: lettings to a first entry") && list.contains("share_starters  ["), "{share}");
    let unknown = doorstroom(&["explain", "reception.overdu"]);
    assert_eq!(unknown.status.code(), Some(3));
    assert!(text(&unknown.stderr).contains("did you mean `reception.overdue`?"), "{}", text(&unknown.stderr));
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_doorstroom"))
        .arg("explain")
        .current_dir(repository())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!text(&output.stderr).contains("panicked"), "{}", text(&output.stderr));
}

#[test]
fn the_schedule_and_completions_are_answers_on_stdout() {
    let schedule = text(&doorstroom(&["schedule"]).stdout);
    assert!(schedule.lines().next().is_some_and(|line| line.starts_with("Policy")) && schedule.contains("Allocation"));
    assert!(text(&doorstroom(&["completions", "bash"]).stdout).contains("doorstroom"));
}

#[test]
fn bench_answers_with_one_object_of_figures() {
    let output =
        doorstroom(&["bench", "--world", "worlds/one-region", "--households", "4000", "--months", "2", "--json"]);
    let found = text(&output.stdout);
    assert_eq!(found.lines().count(), 1, "{found}");
    for key in ["household_months_per_cpu_s", "bytes_per_household", "events_per_household_month", "cpu_s_by_phase"] {
        assert!(found.contains(&format!("\"{key}\":")), "{key} in {found}");
    }
}

#[test]
fn an_interrupted_run_leaves_a_folder_that_can_be_read() {
    let scratch = scratch();
    let out = scratch.path().join("run");
    let child = Command::new(env!("CARGO_BIN_EXE_doorstroom"))
        .args(["run", "experiments/quickstart.ron", "--replicates", "200", "--progress", "off", "--out"])
        .arg(&out)
        .current_dir(repository())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert!(std::fs::read_to_string(out.join("manifest.json")).unwrap().contains("\"status\": \"partial\""));
}

fn summaries(out: &Path) -> Vec<String> {
    let names = ["effects", "levels", "displacement", "identities", "readings"];
    names
        .iter()
        .map(|name| std::fs::read_to_string(out.join("summary").join(format!("{name}.csv"))).expect("the run wrote it"))
        .collect()
}

fn digest(out: &Path) -> serde_json::Value {
    let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("the run wrote it");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("the run wrote it");
    assert_eq!(manifest["status"], "complete");
    manifest["result_digest"].clone()
}

#[test]
fn a_run_that_is_killed_goes_on_to_the_same_bytes() {
    let scratch = scratch();
    let (whole, killed) = (scratch.path().join("whole"), scratch.path().join("killed"));
    // --check adds rows to the tables, so a run that goes on has to remember it
    let more = ["--replicates", "4", "--threads", "1", "--check"];
    assert!(small_run(&whole, &more).status.success());
    let name = killed.display().to_string();
    let mut running = Command::new(env!("CARGO_BIN_EXE_doorstroom"))
        .args(SMALL.iter().chain(&["--out", &name]).chain(&more))
        .current_dir(repository())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // as soon as one replicate is in the ledger, and not at the end: a kill that comes too late shows nothing
    while !killed.join("work.jsonl").exists() {
        assert!(running.try_wait().unwrap().is_none(), "the run ended before it could be killed");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    let before = std::fs::read_to_string(killed.join("manifest.json")).unwrap();
    assert!(before.contains("\"status\": \"running\""), "{before}");
    let resumed = doorstroom(&["resume", &name, "--progress", "off"]);
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    assert_eq!(digest(&whole), digest(&killed));
    assert_eq!(summaries(&whole), summaries(&killed));
    let again = doorstroom(&["resume", &name]);
    assert!(again.status.success() && text(&again.stdout).contains("nothing is missing"));
}

#[test]
fn a_run_is_not_resumed_when_a_file_it_read_says_something_else_by_now() {
    let scratch = scratch();
    let out = scratch.path().join("run");
    assert!(small_run(&out, &["--replicates", "2"]).status.success());
    let path = out.join("manifest.json");
    let manifest = std::fs::read_to_string(&path).unwrap();
    let partial = manifest.replace("\"status\": \"complete\"", "\"status\": \"partial\"");
    let hash = partial.split("\"hash\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    std::fs::write(&path, partial.replace(&hash, &"0".repeat(hash.len()))).unwrap();
    let output = doorstroom(&["resume", &out.display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("has changed since the run began"), "{}", text(&output.stderr));
}

fn manifest_of(run: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(run.join("manifest.json")).expect("a run wrote it");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn a_run_of_a_closed_form_world_has_a_digest_of_its_luck_and_goes_in_one_piece() {
    let scratch = scratch();
    let file = format!("{}/experiments/closed-form/are_starters_conserved.ron", repository().display());
    let run = |name: &str, more: &[&str]| {
        let out = scratch.path().join(name);
        let folder = out.display().to_string();
        (doorstroom(&[&["run", &file, "--replicates", "2", "--out", &folder], more].concat()), out)
    };
    let digest_of = |seed: &str, name: &str| {
        let (output, folder) = run(name, &["--seed", seed]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        manifest_of(&folder)["result_digest"].to_string()
    };
    let first = digest_of("1", "first");
    assert_eq!((digest_of("1", "again"), digest_of("2", "other") == first), (first.clone(), false));
    for (what, more) in [("--check", &["--check"][..]), ("--format", &["--format", "csv"])] {
        let (refused, _) = run("refused", more);
        assert_eq!(refused.status.code(), Some(3));
        assert!(text(&refused.stderr).contains(&format!("`{what}` does not apply")), "{}", text(&refused.stderr));
    }
    let [one, other] = ["first", "other"].map(|name| scratch.path().join(name).display().to_string());
    for more in [&[][..], &["--unpaired"]] {
        let compared = doorstroom(&[&["compare", &one, &other], more].concat());
        assert_eq!(compared.status.code(), Some(3));
        assert!(text(&compared.stderr).contains("keeps no replicates"), "{}", text(&compared.stderr));
    }
    let path = scratch.path().join("first/manifest.json");
    let running = std::fs::read_to_string(&path).unwrap().replace("\"complete\"", "\"running\"");
    std::fs::write(&path, running).unwrap();
    let resumed = doorstroom(&["resume", &scratch.path().join("first").display().to_string()]);
    assert_eq!(resumed.status.code(), Some(3));
    assert!(text(&resumed.stderr).contains("goes in one piece"), "{}", text(&resumed.stderr));
}

#[test]
fn shards_put_together_are_the_whole_run_byte_for_byte() {
    let scratch = scratch();
    let [whole, one, other, merged] = ["whole", "one", "other", "merged"].map(|name| scratch.path().join(name));
    assert!(small_run(&whole, &["--replicates", "3"]).status.success());
    assert!(small_run(&one, &["--replicates", "3", "--shard", "1/2"]).status.success());
    assert!(small_run(&other, &["--replicates", "3", "--shard", "2/2"]).status.success());
    let [a, b, out] = [&one, &other, &merged].map(|path| path.display().to_string());
    let merge = |arguments: &[&str]| doorstroom(&[&["merge"], arguments, &["--out", &out]].concat());
    let refused = merge(&[&a]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(text(&refused.stderr).contains("none of these runs has replicate 1,"), "{}", text(&refused.stderr));
    let twice = merge(&[&a, &b, &a]);
    assert!(text(&twice.stderr).contains("replicate 0 is in both"), "{}", text(&twice.stderr));

    let into_itself = doorstroom(&["merge", &a, &b, "--out", &a, "--force"]);
    assert!(text(&into_itself.stderr).contains("is one of the shards"), "{}", text(&into_itself.stderr));

    let of_both = merge(&[&b, &a]);
    assert!(of_both.status.success(), "{}", text(&of_both.stderr));
    assert_eq!(manifest_of(&merged)["result_digest"], manifest_of(&whole)["result_digest"]);
    assert_eq!(manifest_of(&merged)["status"], "complete");
    for file in ["effects", "levels", "displacement", "identities", "readings"] {
        let read = |run: &Path| std::fs::read_to_string(run.join(format!("summary/{file}.csv"))).unwrap();
        assert_eq!(read(&merged), read(&whole), "{file}");
    }

    let partial = merge(&[&a, "--allow-partial", "--force"]);
    assert!(partial.status.success(), "{}", text(&partial.stderr));
    assert_eq!(manifest_of(&merged)["status"], "partial");
    assert!(doorstroom(&["resume", &out]).status.success());
    assert_eq!(manifest_of(&merged)["result_digest"], manifest_of(&whole)["result_digest"]);
}

#[test]
fn a_run_compared_with_itself_differs_in_nothing_and_other_seeds_are_no_pairs() {
    let scratch = scratch();
    let (one, other) = (scratch.path().join("one"), scratch.path().join("other"));
    assert!(small_run(&one, &["--replicates", "2"]).status.success());
    assert!(small_run(&other, &["--replicates", "2", "--seed", "99"]).status.success());
    let (one, other) = (one.display().to_string(), other.display().to_string());
    let same = doorstroom(&["compare", &one, &one, "--csv"]);
    assert!(same.status.success(), "{}", text(&same.stderr));
    let same = text(&same.stdout);
    let mut reader = csv::Reader::from_reader(same.as_bytes());
    let mean = reader.headers().unwrap().iter().position(|name| name == "mean").unwrap();
    let means: Vec<f64> = reader.records().map(|row| row.unwrap()[mean].parse().unwrap()).collect();
    assert!(means.len() > 100 && means.iter().all(|mean| *mean == 0.0 || mean.is_nan()), "{same}");
    let refused = doorstroom(&["compare", &one, &other]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(text(&refused.stderr).contains("seed is"), "{}", text(&refused.stderr));
    let unpaired = doorstroom(&["compare", &one, &other, "--unpaired"]);
    assert!(unpaired.status.success() && text(&unpaired.stdout).contains("independent runs"));
}

#[test]
fn runs_with_other_windows_other_files_or_other_replicates_are_no_pairs() {
    let scratch = scratch();
    let [one, other] = ["one", "other"].map(|name| scratch.path().join(name));
    assert!(small_run(&one, &["--replicates", "2", "--shard", "1/2"]).status.success());
    assert!(small_run(&other, &["--replicates", "2", "--shard", "2/2"]).status.success());
    let [a, b] = [&one, &other].map(|path| path.display().to_string());
    let refusal = || {
        let refused = doorstroom(&["compare", &a, &b]);
        assert_eq!(refused.status.code(), Some(3));
        text(&refused.stderr)
    };
    let says = refusal();
    assert!(says.contains("no replicate in common"), "{says}");
    let path = other.join("manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let inputs = manifest["inputs"].clone();
    let mut more = inputs.as_array().unwrap().clone();
    more.push(serde_json::json!({ "path": "more.ron", "hash": "0", "licence": "" }));
    let mut another = inputs;
    another[0]["hash"] = "0".into();
    for files in [another, more.into()] {
        manifest["inputs"] = files;
        std::fs::write(&path, manifest.to_string()).unwrap();
        let says = refusal();
        assert!(says.contains("does not say the same in both"), "{says}");
    }
    manifest["fork_step"] = 1000.into();
    std::fs::write(&path, manifest.to_string()).unwrap();
    let says = refusal();
    assert!(says.contains("other windows"), "{says}");
}

#[test]
fn a_biography_tells_both_lives_of_whoever_is_picked_and_refuses_who_cannot_be_found() {
    let scratch = scratch();
    let out = scratch.path().join("run");
    assert!(small_run(&out, &["--replicates", "1"]).status.success());
    let run = out.display().to_string();
    let fates = ["delayed", "advanced", "lost", "gained"];
    let told = fates.map(|fate| doorstroom(&["biography", &run, "--pick", fate, "--progress", "off"]));
    assert!(told.iter().all(|told| told.status.success()));
    let (nobodies, lives): (Vec<String>, Vec<String>) =
        told.iter().map(|told| text(&told.stdout)).partition(|told| told.starts_with("no household of any group is"));
    assert!(!lives.is_empty() && nobodies.iter().all(|told| told.lines().count() == 1), "a ban moves somebody");
    for life in &lives {
        assert!(life.contains("drawn by lot") && life.contains("priority_ban") && life.contains("let by"), "{life}");
    }
    let nobody = doorstroom(&["biography", &run]);
    assert_eq!(nobody.status.code(), Some(3), "{}", text(&nobody.stderr));
    assert!(text(&nobody.stderr).contains("--pick delayed"));
    let unknown = doorstroom(&["biography", &run, "--household", "x12"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", text(&unknown.stderr));
    let stranger = doorstroom(&["biography", &run, "--household", "12", "--progress", "off"]);
    assert!(stranger.status.code() == Some(3) && text(&stranger.stderr).contains("nobody of this name"));
    let group = doorstroom(&["biography", &run, "--pick", "lost", "--group", "regulars"]);
    assert!(group.status.code() == Some(3) && text(&group.stderr).contains("groups: "), "{}", text(&group.stderr));
    let replicate = doorstroom(&["biography", &run, "--household", "12", "--replicate", "7"]);
    assert!(replicate.status.code() == Some(3) && text(&replicate.stderr).contains("the run has 0"));
}

#[test]
fn a_package_is_divided_and_as_many_replicates_are_run_as_a_width_takes_all_in_fifteen_lines() {
    let package = r#"// Which does what?
Experiment(
    version: 1,
    world: "toy-town",
    months: 14,
    replicates: until(half_width: 100.0, of: "flow.regular", max: 12),
    seed: 1,
    baseline: "base",
    arms: { "base": [] },
    attribution: (
        instruments: {
            "ban": [From("2025-07-01", [Set("priority.status_holder", Banned())])],
            "homes": [From("2025-07-01", [Set("supply.built_corporation", 90000.0)])],
        },
    ),
)
"#;
    let scratch = scratch();
    let (file, out) = (scratch.path().join("experiment.ron"), scratch.path().join("run"));
    std::fs::write(&file, package).unwrap();
    let (experiment, run) = (file.display().to_string(), out.display().to_string());
    let output = doorstroom(&["run", &experiment, "--worlds", "worlds", "--out", &run, "--progress", "off"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = text(&output.stdout);
    assert!(lines.lines().count() <= 15 && lines.contains("all instruments") && lines.contains("8 pairs"), "{lines}");
    for table in ["attribution", "interactions", "synchrony", "winners"] {
        assert!(out.join("summary").join(format!("{table}.csv")).is_file(), "{table}");
    }
}
