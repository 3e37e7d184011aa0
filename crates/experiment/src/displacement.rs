//! Displacement (verdringing) between entry groups: D1 flow, D2 waiting time, D3 individual, D4 along chains,
//! D5 burden, D6 by dwelling. Never one number.
//!
//! Definitions: worlds/MODEL.md 6.5; groups, clocks and the rule for ratios: 6.1 to 6.4 there.

use doorstroom_observe::MeasureKey;
use doorstroom_observe::measures::measure_of;
use doorstroom_observe::rows::{DisplacementRow, IdentityRow};
use doorstroom_state::SeekerGroup;

use crate::pairs::{Paired, ratio_of_means};
use crate::strata::{INDUCED, ROWS, Stratum, row_key};
use crate::substitution::{Matrix, NOT_LET, SIDES, Substitution, TYPES, margins, side_key};
use crate::summary::{ArmSummary, UnitSummary, differences, strata};

/// Row of all entry groups together.
const ALL: &str = "all";

/// One way of measuring displacement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Definition {
    /// As in column `definition`.
    pub name: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What is counted.
    pub meaning: &'static str,
}

/// All of them; none of them alone is displacement.
pub const DEFINITIONS: [Definition; 6] = [
    Definition {
        name: "D1",
        title: "flow",
        meaning: "First lettings of self-contained corporation dwellings in the arm less those in the baseline, by entry group; \
                  beside it all routes, and the ratio to the change among status holders where that is not zero.",
    },
    Definition {
        name: "D2",
        title: "waiting time",
        meaning: "Restricted mean wait in the arm less that in the baseline, on the clock of the entry group.",
    },
    Definition {
        name: "D3",
        title: "individual",
        meaning: "Households housed in one arm only (lost, gained) or later or earlier in one (delayed, advanced). Gained less \
                  lost is the difference of first lettings, for every group.",
    },
    Definition {
        name: "D4",
        title: "along chains",
        meaning: "Lettings to starters, who leave no corporation dwelling and so end a chain, and to movers, who pass it on; \
                  lettings a chain; and both for each additional letting to a status household.",
    },
    Definition {
        name: "D5",
        title: "burden",
        meaning: "Household-months of waiting in the arm less those in the baseline.",
    },
    Definition {
        name: "D6",
        title: "by dwelling",
        meaning: "Who got the same letting of the same dwelling (its first since the fork, its second...) instead of whom, by \
                  entry group, and the share of lettings that went to another household.",
    },
];

/// The definition of this name.
pub fn definition_of(name: &str) -> Option<Definition> {
    DEFINITIONS.into_iter().find(|definition| definition.name == name)
}

/// Measures of the outcome that definitions take over, difference by difference: all routes beside regular dwellings,
/// the restricted mean wait, who starts and who moves on along a chain, and the burden of waiting.
const FROM_MEASURES: [(&str, &str); 6] = [
    ("D1", "flow_all_routes"),
    ("D2", "wait"),
    ("D4", "starters"),
    ("D4", "moves"),
    ("D4", "chain_length"),
    ("D5", "waiting_months"),
];

/// Measures of D4 that are given per additional letting to a status household as well.
const PER_LETTING: [(&str, &str); 2] = [("starters", "starters_ratio"), ("moves", "moves_ratio")];

/// What D1 and D3 count.
const REGULAR: &str = "self-contained corporation dwellings";

/// One figure of D3: its name, its unit and how it is read from a stratum; the number is the length of a step in months.
type Figure = (&'static str, &'static str, fn(&Stratum, f64) -> f64);

const D3: [Figure; 6] = [
    ("lost", "households", |row, _| row.lost as f64),
    ("gained", "households", |row, _| row.gained as f64),
    ("delayed", "households", |row, _| row.delayed as f64),
    ("advanced", "households", |row, _| row.advanced as f64),
    ("delay", "months, all delayed together", |row, months| row.delay_steps as f64 * months),
    ("advance", "months, all advanced together", |row, months| row.advance_steps as f64 * months),
];

/// The rows of `displacement`, by arm, definition and group; `arms` are the names, the baseline first, and
/// `step_months` the length of a step in months.
pub fn displacement(units: &[UnitSummary], arms: &[&str], step_months: f64) -> Vec<DisplacementRow> {
    let Some((&baseline, others)) = arms.split_first() else { return Vec::new() };
    let mut rows = Vec::new();
    for &arm in others {
        let table = Table { units, arm, baseline };
        table.flow(&mut rows);
        table.measures(&mut rows);
        table.individual(step_months, &mut rows);
        table.along_chains(&mut rows);
        table.by_dwelling(&mut rows);
    }
    rows
}

/// The rows of one arm.
struct Table<'a> {
    units: &'a [UnitSummary],
    arm: &'a str,
    baseline: &'a str,
}

impl Table<'_> {
    fn row(&self, definition: &'static str, group: &str, paired: &Paired) -> DisplacementRow {
        DisplacementRow {
            arm: self.arm.to_owned().into(),
            baseline: self.baseline.to_owned().into(),
            definition: definition.into(),
            group: group.to_owned().into(),
            mean: paired.mean,
            ci_lo: paired.ci_lo,
            ci_hi: paired.ci_hi,
            n: paired.n,
            ..DisplacementRow::default()
        }
    }

    fn figure(&self, row: usize, figure: impl Fn(&Stratum) -> f64) -> Vec<f64> {
        if row < ROWS {
            return strata(self.units, self.arm, row, figure);
        }
        let arms = self.units.iter().filter_map(|unit| unit.arm(self.arm));
        arms.filter(|arm| !arm.strata.rows.is_empty()).map(|arm| figure(&arm.strata.total())).collect()
    }

    /// D1: differences of first lettings, and, where status holders' own difference is not zero, the ratio to it.
    fn flow(&self, rows: &mut Vec<DisplacementRow>) {
        let change = |row: &Stratum| row.arm as f64 - row.baseline as f64;
        let status = self.figure(SeekerGroup::StatusHolder as usize, change);
        let fewer = Paired::of(&status).mean < 0.0;
        for row in 0..=ROWS {
            let flow = self.figure(row, change);
            rows.push(DisplacementRow {
                measure: "first_lettings".into(),
                unit: "first lettings since the fork".into(),
                denominator: REGULAR.into(),
                ..self.row("D1", key(row), &Paired::of(&flow))
            });
            if row == SeekerGroup::StatusHolder as usize || row == ROWS {
                continue;
            }
            let given: Vec<f64> = flow.iter().map(|x| -x).collect();
            // without an interval that excludes 0 the flows stand alone
            let Some((ratio, ci_lo, ci_hi)) = ratio_of_means(&given, &status) else { continue };
            let unit = match fewer {
                true => "lettings gained per status household not housed",
                false => "lettings lost per status household housed",
            };
            let paired = Paired { mean: ratio, ci_lo, ci_hi, ..Paired::of(&flow) };
            rows.push(DisplacementRow {
                measure: "ratio".into(),
                unit: unit.into(),
                denominator: "change in first lettings of entry group status_holder".into(),
                ..self.row("D1", key(row), &paired)
            });
        }
    }

    /// D1 over all routes, D2 and D5: differences of measures of the country.
    fn measures(&self, rows: &mut Vec<DisplacementRow>) {
        let Some(first) = self.units.iter().find_map(|unit| unit.arm(self.arm)) else { return };
        for (definition, measure) in FROM_MEASURES {
            let of_country = |key: &&MeasureKey| key.measure.as_str() == measure && key.area.as_str() == "NL";
            for key in first.measures.keys().filter(of_country) {
                let value = |arm: &ArmSummary| arm.measures.get(key).copied();
                let paired = Paired::of(&differences(self.units, self.arm, self.baseline, value));
                rows.push(DisplacementRow {
                    measure: key.measure.clone(),
                    unit: key.unit.clone(),
                    denominator: key.denominator.clone(),
                    ..self.row(definition, key.group.as_str(), &paired)
                });
            }
        }
    }

    /// D4 per additional letting to a status household: a starter ends a chain, a mover passes it on.
    fn along_chains(&self, rows: &mut Vec<DisplacementRow>) {
        let change = |measure: &str, group: &str| {
            let is = |key: &MeasureKey| {
                key.measure.as_str() == measure && key.group.as_str() == group && key.area.as_str() == "NL"
            };
            let value = |arm: &ArmSummary| arm.measures.iter().find(|(key, _)| is(key)).map(|(_, &value)| value);
            differences(self.units, self.arm, self.baseline, value)
        };
        let status = change("flow", SeekerGroup::StatusHolder.key());
        for (measure, name) in PER_LETTING {
            let all = change(measure, ALL);
            let Some((ratio, ci_lo, ci_hi)) = ratio_of_means(&all, &status) else { continue };
            let paired = Paired { mean: ratio, ci_lo, ci_hi, ..Paired::of(&all) };
            rows.push(DisplacementRow {
                measure: name.into(),
                unit: format!("{measure} per additional letting to a status household").into(),
                denominator: "change in lettings to entry group status_holder".into(),
                ..self.row("D4", ALL, &paired)
            });
        }
    }

    /// D6: who got the dwelling instead of whom, by entry group in the arm and in the baseline.
    fn by_dwelling(&self, rows: &mut Vec<DisplacementRow>) {
        let arms: Vec<&Substitution> =
            self.units.iter().filter_map(|unit| unit.arm(self.arm)).map(|arm| &arm.substitution).collect();
        let of = |matrix: &dyn Fn(&Substitution) -> Option<Matrix>, b: usize, p: usize| -> Vec<f64> {
            arms.iter().filter_map(|arm| matrix(arm)).map(|matrix| matrix[b][p] as f64).collect()
        };
        for kind in 0..=TYPES.len() {
            let matrix = |arm: &Substitution| match kind {
                0 => (!arm.types.is_empty()).then(|| arm.total()),
                _ => arm.types.get(kind - 1).copied(),
            };
            let denominator = match kind {
                0 => REGULAR.to_owned(),
                _ => format!("{REGULAR} of {}", TYPES[kind - 1]),
            };
            for (b, p) in (0..SIDES).flat_map(|b| (0..SIDES).map(move |p| (b, p))) {
                let counts = of(&matrix, b, p);
                // one of the same group instead of another displaces nobody's group; D3 tells of persons
                if b == p || counts.iter().all(|&count| count == 0.0) {
                    continue;
                }
                rows.push(DisplacementRow {
                    measure: format!("instead_of_{}", side_key(b)).into(),
                    unit: "lettings of the same dwelling, the same time since the fork".into(),
                    denominator: denominator.clone().into(),
                    ..self.row("D6", side_key(p), &Paired::of(&counts))
                });
            }
        }
        let other = arms.iter().filter(|arm| arm.in_both > 0);
        let share: Vec<f64> = other.map(|arm| arm.other_household as f64 / arm.in_both as f64).collect();
        rows.push(DisplacementRow {
            measure: "other_household".into(),
            unit: "share".into(),
            denominator: format!("lettings of {REGULAR} in both arms").into(),
            ..self.row("D6", ALL, &Paired::of(&share))
        });
    }

    /// D3: who of one arm is housed in the other.
    fn individual(&self, step_months: f64, rows: &mut Vec<DisplacementRow>) {
        for row in 0..=ROWS {
            for (measure, unit, figure) in D3 {
                let paired = Paired::of(&self.figure(row, |stratum| figure(stratum, step_months)));
                rows.push(DisplacementRow {
                    measure: measure.into(),
                    unit: unit.into(),
                    denominator: REGULAR.into(),
                    ..self.row("D3", key(row), &paired)
                });
            }
        }
        // small, not zero: a few events, such as the end of hosting, depend on the arm (`doorstroom schedule`)
        let arms = self.units.iter().filter_map(|unit| unit.arm(self.arm));
        let regrouped: Vec<f64> = arms.map(|arm| arm.strata.regrouped as f64).collect();
        rows.push(DisplacementRow {
            measure: "regrouped".into(),
            unit: "households housed in both arms, with another entry group in each".into(),
            denominator: REGULAR.into(),
            ..self.row("D3", ALL, &Paired::of(&regrouped))
        });
    }
}

/// Definition, measure and group of every figure that [`displacement()`] can have.
pub fn figures() -> Vec<(&'static str, String, &'static str)> {
    let mut figures = vec![("D3", "regrouped".to_owned(), ALL), ("D6", "other_household".to_owned(), ALL)];
    for group in (0..=ROWS).map(key) {
        figures.push(("D1", "first_lettings".to_owned(), group));
        figures.extend(D3.map(|(measure, ..)| ("D3", measure.to_owned(), group)));
        if group != ALL && group != SeekerGroup::StatusHolder.key() {
            figures.push(("D1", "ratio".to_owned(), group));
        }
    }
    for (definition, measure) in FROM_MEASURES {
        let groups = measure_of(measure).into_iter().flat_map(|measure| measure.groups.keys());
        figures.extend(groups.map(|group| (definition, measure.to_owned(), *group)));
    }
    figures.extend(PER_LETTING.map(|(_, measure)| ("D4", measure.to_owned(), ALL)));
    for (b, p) in (0..SIDES).flat_map(|b| (0..SIDES).map(move |p| (b, p))).filter(|(b, p)| b != p) {
        figures.push(("D6", format!("instead_of_{}", side_key(b)), side_key(p)));
    }
    figures
}

fn key(row: usize) -> &'static str {
    if row < ROWS { row_key(row) } else { ALL }
}

/// What must balance between the arms of every replicate, exactly.
pub fn identities(units: &[UnitSummary], arms: &[&str]) -> Vec<IdentityRow> {
    let others = arms.get(1..).unwrap_or_default();
    let mut rows = Vec::new();
    for unit in units {
        let pairs = others.iter().filter_map(|name| unit.arm(name)).zip(std::iter::repeat(unit.arms.first()));
        for (arm, baseline) in pairs {
            let Some(baseline) = baseline else { continue };
            rows.extend(of_pair(unit.replicate, arm, baseline));
        }
    }
    rows
}

fn of_pair(replicate: u32, arm: &ArmSummary, baseline: &ArmSummary) -> Vec<IdentityRow> {
    let total = arm.strata.total();
    let signed = |x: u64| x as i64;
    let difference = signed(arm.first_lettings) - signed(baseline.first_lettings);
    let by_group: i64 = arm.strata.rows.iter().map(|row| signed(row.arm) - signed(row.baseline)).sum();
    let mut sides = vec![
        (
            "first lettings of arm - baseline = gained - lost".to_owned(),
            difference,
            signed(total.gained) - signed(total.lost),
        ),
        ("first lettings of arm - baseline = sum over entry groups".to_owned(), difference, by_group),
    ];
    for (row, stratum) in arm.strata.rows.iter().enumerate().filter(|(row, _)| *row != INDUCED) {
        let identity = format!("first lettings of arm - baseline = gained - lost, {}", row_key(row));
        sides.push((
            identity,
            signed(stratum.arm) - signed(stratum.baseline),
            signed(stratum.gained) - signed(stratum.lost),
        ));
    }
    let (of_baseline, of_arm) = margins(&arm.substitution.total());
    for group in 0..NOT_LET {
        let sums = [("arm", of_arm[group], arm), ("baseline", of_baseline[group], baseline)];
        for (which, sum, of) in sums {
            let identity = format!("lettings of {which} = sum over whom instead of, {}", side_key(group));
            sides.push((identity, signed(of.regular_lettings[group]), signed(sum)));
        }
    }
    let row = |(identity, left, right): (String, i64, i64)| IdentityRow {
        arm: arm.arm.clone().into(),
        replicate,
        identity: identity.into(),
        left,
        right,
        holds: left == right,
    };
    sides.into_iter().map(row).collect()
}
