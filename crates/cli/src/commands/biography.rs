//! `doorstroom biography`: one household's life in both arms side by side, by replaying the pair of a finished run.

use doorstroom_experiment::biography::{Biography, Fate, Life, Replay, Won, biographies, first_lettings};
use doorstroom_experiment::{Arms, Experiment};
use doorstroom_kernel::calendar::DAYS_A_YEAR;
use doorstroom_observe::rows::LettingRow;
use doorstroom_observe::trace::{Page, Stand};
use doorstroom_output::read;
use doorstroom_state::{HomeKind, SeekerGroup};
use serde_json::{Value, json};

use super::resume::same_experiment;
use crate::answer::{Failure, say};
use crate::args::BiographyArguments;
use crate::progress::Steps;
use crate::timing;

/// Columns of text of one arm.
const WIDTH: usize = 58;

/// Replays the pair and tells the lives that are asked for.
pub fn biography(arguments: &BiographyArguments) -> Result<u8, Failure> {
    let manifest = read::manifest(&arguments.run)?;
    let experiment = same_experiment(&arguments.run, &manifest)?;
    if !manifest.asked.replicates.contains(&arguments.replicate) {
        let known: Vec<String> = manifest.asked.replicates.iter().map(u32::to_string).collect();
        let message = format!("`--replicate {}`: the run has {}", arguments.replicate, known.join(", "));
        return Err(Failure::Setting(message));
    }
    let arm = arm_of(&experiment, arguments.arm.as_deref())?;
    let group = arguments.group.as_deref();
    group.map_or(Ok(()), known_group)?;
    let threads = timing::threads(arguments.threads);
    let replay = Replay { experiment: &experiment, arm: &arm, replicate: arguments.replicate, threads };
    let failed = |error: doorstroom_experiment::RunError| Failure::Other(error.to_string());
    let steps = pair_steps(&experiment);
    let progress = |rounds: u64| Steps::new(arguments.progress, rounds * steps);
    let mut heading = String::new();
    let mut households = arguments.household.clone();
    if let Some(pick) = &arguments.pick {
        let fate = fate_of(pick)?;
        let bar = progress(2);
        let firsts = first_lettings(&replay, &bar).map_err(failed)?;
        bar.finish();
        let of = firsts.of(fate, group);
        let group = group.unwrap_or("any group");
        heading = match of.len() {
            0 => format!("no household of {group} is {} between {} and {arm}\n", fate.key(), experiment.baseline),
            count => format!("{count} households of {group} are {}; drawn by lot:\n\n", fate.key()),
        };
        households.extend(of.into_iter().take(arguments.n));
        if households.is_empty() {
            say(if arguments.json { "[]" } else { &heading });
            return Ok(0);
        }
    }
    if households.is_empty() {
        return Err(Failure::Setting("nobody is asked for: name a --household, or --pick delayed --n 3".to_owned()));
    }
    let bar = progress(1);
    let lives = biographies(&replay, &households, &bar).map_err(failed)?;
    bar.finish();
    if let Some(stranger) = lives.iter().find(|life| !is_there(life)) {
        return Err(Failure::Setting(format!(
            "`--household {}`: nobody of this name lives in {} or {arm} from the fork on; take a number of `household` in \
             table lettings of this run",
            stranger.household, experiment.baseline
        )));
    }
    if arguments.json {
        let lives: Vec<Value> = lives.iter().map(|life| as_json(life, &experiment.baseline, &arm)).collect();
        say(&Value::Array(lives).to_string());
        return Ok(0);
    }
    let told: Vec<String> = lives.iter().map(|life| text(life, &experiment.baseline, &arm)).collect();
    say(&(heading + &told.join("\n")));
    Ok(0)
}

fn pair_steps(experiment: &Experiment) -> u64 {
    let (steps, fork) = (u64::from(experiment.steps()), u64::from(Arms::of(experiment).fork.0));
    2 * steps - fork.min(steps)
}

/// Whether a household is seen in either arm.
fn is_there(life: &Biography) -> bool {
    let seen = |side: &Life| !side.won.is_empty() || side.pages.iter().any(|page| *page != Page::Absent);
    seen(&life.baseline) || seen(&life.arm)
}

fn known_group(word: &str) -> Result<(), Failure> {
    let known = SeekerGroup::ALL.map(SeekerGroup::key);
    let message = || format!("`--group {word}`: there is no such group; groups: {}", known.join(", "));
    known.contains(&word).then_some(()).ok_or_else(|| Failure::Setting(message()))
}

fn fate_of(word: &str) -> Result<Fate, Failure> {
    let known = Fate::ALL.map(Fate::key);
    let found = Fate::ALL.into_iter().find(|fate| fate.key() == word);
    found.ok_or_else(|| Failure::Setting(format!("`--pick {word}`: pick one of {}", known.join(", "))))
}

/// The arm that is asked for, or the first that changes anything.
fn arm_of(experiment: &Experiment, asked: Option<&str>) -> Result<String, Failure> {
    let others: Vec<&str> = experiment.arm_names().into_iter().skip(1).collect();
    let found = match asked {
        Some(name) => others.iter().find(|arm| **arm == name),
        None => others.iter().find(|arm| !experiment.changes_of(arm).is_empty()).or(others.first()),
    };
    found.map(|arm| (*arm).to_owned()).ok_or_else(|| {
        let asked = asked.unwrap_or_default();
        Failure::Setting(format!(
            "`--arm {asked}`: there is no such arm beside the baseline; arms: {}",
            others.join(", ")
        ))
    })
}

fn text(life: &Biography, baseline: &str, arm: &str) -> String {
    let mut text = format!("Household {} · {}\n", life.household, who(life));
    text += &format!("         {:<WIDTH$} {arm}\n", baseline);
    let mut last: Option<(String, String)> = None;
    for (i, month) in life.months.iter().enumerate() {
        let sides = (stands(life.baseline.pages.get(i)), stands(life.arm.pages.get(i)));
        let won = (won_in(&life.baseline, month), won_in(&life.arm, month));
        let silent = won.0.is_empty() && won.1.is_empty();
        if silent && last.as_ref() == Some(&sides) {
            continue;
        }
        // where both lives are one, one column tells it
        let one = sides.0 == sides.1 && won.0 == won.1;
        let right = if one { "the same" } else { &sides.1 };
        text += &format!("{month}  {:<WIDTH$} {right}\n", sides.0);
        if !one {
            for line in 0..won.0.len().max(won.1.len()) {
                let cell = |lines: &[String]| lines.get(line).cloned().unwrap_or_default();
                text += format!("           {:<w$} {}", cell(&won.0), cell(&won.1), w = WIDTH - 2).trim_end();
                text.push('\n');
            }
        } else {
            won.0.iter().for_each(|line| text += &format!("           {line}\n"));
        }
        last = Some(sides);
    }
    text
}

/// Group at entry, and the months between the first lettings.
fn who(life: &Biography) -> String {
    let pages = life.baseline.pages.iter().chain(&life.arm.pages);
    let mut groups = pages.filter_map(|page| match page {
        Page::There(stand) => Some(stand.entry_group.key()),
        _ => None,
    });
    let group = groups.rfind(|group| *group != "nobody").unwrap_or("nobody");
    let first = |side: &Life| {
        let month = side.won.iter().map(|won| &won.letting).find(|letting| &*letting.form == "self_contained")?;
        life.months.iter().position(|of| **of == *month.month)
    };
    let fate = match (first(&life.baseline), first(&life.arm)) {
        (Some(b), Some(p)) if p > b => format!("housed {} months later", p - b),
        (Some(b), Some(p)) if p < b => format!("housed {} months sooner", b - p),
        (Some(_), Some(_)) => "housed in the same month".to_owned(),
        (Some(_), None) => "housed in the baseline only".to_owned(),
        (None, Some(_)) => "housed in the arm only".to_owned(),
        (None, None) => "not housed by a corporation in either".to_owned(),
    };
    format!("{group} · {fate}")
}

fn stands(page: Option<&Page>) -> String {
    match page {
        None | Some(Page::Absent) => "not there".to_owned(),
        Some(Page::With(partner)) => format!("part of household {partner}"),
        Some(Page::There(stand)) => stand_text(stand),
    }
}

fn stand_text(stand: &Stand) -> String {
    let rooms = if stand.rooms > 0 { format!(" of {} rooms", stand.rooms) } else { String::new() };
    let home = match (stand.home, stand.tenure) {
        (HomeKind::Dwelling, Some(tenure)) => format!("{} dwelling{rooms}", tenure.key()),
        (HomeKind::Dwelling, None) => format!("dwelling{rooms}"),
        (HomeKind::Room, _) => "room".to_owned(),
        (HomeKind::WithParents, _) => "with parents".to_owned(),
        (HomeKind::WithKin, _) => "with kin or friends".to_owned(),
        (HomeKind::Other, _) => "other accommodation".to_owned(),
        (kind, _) => kind.key().replace('_', " "),
    };
    let seeks = match (stand.searches, stand.registered) {
        (true, _) => ", searching",
        (false, true) => ", registered",
        _ => "",
    };
    let persons = if stand.persons == 1 { "1 person".to_owned() } else { format!("{} persons", stand.persons) };
    format!("{home} {}, {persons}{seeks}", stand.municipality)
}

/// Lettings of a month in words, each with what became of the dwelling in the other arm.
fn won_in(life: &Life, month: &str) -> Vec<String> {
    let of_month = life.won.iter().filter(|won| &*won.letting.month == month);
    of_month
        .flat_map(|Won { letting, elsewhere }| [won_text(letting), elsewhere_text(letting, elsewhere.as_ref())])
        .collect()
}

fn rule_text(letting: &LettingRow) -> String {
    let waited = format!("registered {:.1} years", f64::from(letting.registration_days) / DAYS_A_YEAR);
    let ground = if letting.ground.is_empty() { String::new() } else { format!(" ({})", &*letting.ground) };
    format!("{}{ground}, rank {}, {waited}", letting.rule.replace('_', " "), letting.rank)
}

fn won_text(letting: &LettingRow) -> String {
    format!("let by {}", rule_text(letting))
}

fn elsewhere_text(letting: &LettingRow, elsewhere: Option<&LettingRow>) -> String {
    match elsewhere {
        None => "there: that letting is not made".to_owned(),
        Some(other) if other.household == letting.household => {
            "there: the same dwelling, to the same household".to_owned()
        }
        Some(other) => {
            format!("there: to {} in {} by {}", group_words(&other.entry_group), &*other.month, rule_text(other))
        }
    }
}

fn group_words(group: &str) -> String {
    format!("a {} seeker", group.replace('_', " "))
}

fn as_json(life: &Biography, baseline: &str, arm: &str) -> Value {
    let side = |side: &Life| {
        let pages: Vec<Value> = life
            .months
            .iter()
            .zip(&side.pages)
            .map(|(month, page)| json!({ "month": month, "stands": stands(Some(page)) }))
            .collect();
        let letting = |row: &LettingRow| {
            json!({
                "month": &*row.month, "household": row.household, "dwelling": row.dwelling,
                "municipality": &*row.municipality, "rooms": row.rooms, "rule": &*row.rule, "ground": &*row.ground,
                "rank": row.rank, "registration_days": row.registration_days, "entry_group": &*row.entry_group,
            })
        };
        let won: Vec<Value> = side
            .won
            .iter()
            .map(|won| json!({ "letting": letting(&won.letting), "elsewhere": won.elsewhere.as_ref().map(letting) }))
            .collect();
        json!({ "months": pages, "lettings": won })
    };
    let mut sides = serde_json::Map::new();
    sides.insert(baseline.to_owned(), side(&life.baseline));
    sides.insert(arm.to_owned(), side(&life.arm));
    json!({ "household": life.household, "arms": sides })
}
