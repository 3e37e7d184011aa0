//! Laws of offers, chains, two goods, ways out and populations.

use super::formulas::{chain, competing, deferral_mismatch, stable_growth};
use super::{Arm, Evidence, Finding, Law};

const OFFERS: &str = "what_do_three_offers_do";
const CHAIN: &str = "how_long_is_a_chain";
const STRATA: &str = "where_do_chains_pass";
const DEFERRAL: &str = "does_deferral_match_better";
const WAYS_OUT: &str = "which_way_out_wins";
const TWELVE_STEPS: &str = "who_is_left_after_twelve_steps";
const GROWTH: &str = "how_fast_does_a_population_grow";

/// The laws of this file.
pub const LAWS: &[Law] = &[
    Law {
        id: "A20",
        title: "At most R offers, each refused with r: accepted 1-r^R, offers (1-r^R)/(1-r), per letting 1/(1-r)",
        source: "after Kaplan 1987",
        experiments: &[OFFERS],
        check: offers,
    },
    Law {
        id: "A21",
        title: "Vacancy chain in one market: geometric length",
        source: "White 1970",
        experiments: &[CHAIN],
        check: one_market,
    },
    Law {
        id: "A22",
        title: "Vacancy chains over strata: t = (I-Q)⁻¹1, variance, visits f(I-Q)⁻¹",
        source: "White 1970",
        experiments: &[STRATA],
        check: strata,
    },
    Law {
        id: "A23",
        title: "Two goods with deferral: share that gets the other good",
        source: "finite chain, after Leshno 2022",
        experiments: &[DEFERRAL],
        check: deferral,
    },
    Law {
        id: "A25",
        title: "Two ways out of the list in one step, in both orders",
        source: "competing chances",
        experiments: &[WAYS_OUT, TWELVE_STEPS],
        check: ways_out,
    },
    Law {
        id: "A29",
        title: "Population in stages: balance, growth factor, stable shares",
        source: "Leslie 1945",
        experiments: &[GROWTH],
        check: growth,
    },
];

fn offers(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(OFFERS, "base");
    let refuses = arm.world.file.groups["seeker"].refuses.expect("seekers refuse");
    let most = arm.world.scheme.as_ref().and_then(|scheme| scheme.offers_per_household).expect("offers are bounded");
    let all_refused = (0..most).fold(1.0, |chance, _| chance * refuses);
    let a_household = (1.0 - all_refused) / (1.0 - refuses);
    vec![
        Finding::near("share that accepts", 1.0 - all_refused, arm.mean("accepted_share", "all")),
        Finding::near("offers to a household", a_household, arm.mean("offers_per_household", "all")),
        Finding::near("offers of a dwelling let", 1.0 / (1.0 - refuses), arm.mean("offers_per_letting", "all")),
    ]
}

/// Where chains begin and how they go on, by good in order of name.
fn chain_of(arm: &Arm<'_>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let goods: Vec<&String> = arm.world.file.goods.keys().collect();
    let rates: Vec<f64> = goods.iter().map(|good| arm.vacancies(good)).collect();
    let total: f64 = rates.iter().sum();
    let row = |good: &&String| -> Vec<f64> {
        let chain = arm.world.file.goods[*good].chain.as_ref().expect("every good has a chain");
        goods.iter().map(|other| chain.get(*other).copied().unwrap_or(0.0)).collect()
    };
    (rates.iter().map(|rate| rate / total).collect(), goods.iter().map(row).collect())
}

fn one_market(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(CHAIN, "base");
    let (begins, moves) = chain_of(&arm);
    let goes_on = moves[0][0];
    let (mean, variance, _) = chain(&begins, &moves);
    debug_assert!((mean - 1.0 / (1.0 - goes_on)).abs() < 1e-9, "one stratum is a geometric length");
    vec![
        Finding::near("length", 1.0 / (1.0 - goes_on), arm.mean("chain_length", "all")),
        Finding::near("variance of the length", variance, arm.variance("chain_length", "all")),
    ]
}

fn strata(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(STRATA, "base");
    let (begins, moves) = chain_of(&arm);
    let (mean, variance, visits) = chain(&begins, &moves);
    let mut findings = vec![
        Finding::near("length", mean, arm.mean("chain_length", "all")),
        Finding::near("variance of the length", variance, arm.variance("chain_length", "all")),
    ];
    for (good, visits) in arm.world.file.goods.keys().zip(visits) {
        findings.push(Finding::near(format!("visits of {good}"), visits, arm.mean("chain_visits", good)));
    }
    findings
}

fn deferral(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, what) in [("four-places", "4 places"), ("none", "no place"), ("uneven", "5 places, uneven")] {
        let arm = evidence.arm(DEFERRAL, name);
        let (flats, houses) = (arm.vacancies("flat"), arm.vacancies("house"));
        let (like_flats, like_houses) = (arm.arrivals("likes flats"), arm.arrivals("likes houses"));
        let places = |good: &str| {
            let scheme = arm.world.scheme.as_ref().expect("homes are let by a scheme");
            scheme.deferral.get(good).copied().unwrap_or(0) as usize
        };
        let expected = deferral_mismatch(
            flats / (flats + houses),
            like_flats / (like_flats + like_houses),
            (places("flat"), places("house")),
        );
        findings.push(Finding::near(
            format!("get the other good, {what}"),
            expected,
            arm.mean("mismatch_share", "all"),
        ));
    }
    findings
}

fn ways_out(evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    let chances = |arm: &Arm<'_>| {
        let housed = arm.world.file.groups["seeker"].mediation_per_step.expect("seekers are mediated");
        (housed, -libm::expm1(-arm.exit("seeker") * arm.step()))
    };
    for (name, first) in [("exits-first", true), ("mediation-first", false)] {
        let arm = evidence.arm(WAYS_OUT, name);
        let (housed, exit) = chances(&arm);
        let (share, spell, _) = competing(housed, exit, first, 0);
        findings.push(Finding::near(format!("share housed, {name}"), share, arm.mean("housed_share", "all")));
        findings.push(Finding::near(format!("steps on the list, {name}"), spell, arm.mean("spell", "all")));
    }
    let arm = evidence.arm(TWELVE_STEPS, "base");
    let (housed, exit) = chances(&arm);
    let (_, _, left) = competing(housed, exit, true, 12);
    let began = f64::from(arm.world.file.groups["seeker"].at_start.unwrap_or(0));
    let mut shares = doorstroom_observe::queue::Tally::default();
    arm.totals().for_each(|totals| shares.add(totals.waiting[0] as f64 / began));
    let n = shares.n;
    let mean = shares.sum / n;
    let se = ((shares.squares / n - mean * mean).max(0.0) / (n - 1.0)).sqrt();
    let measured = doorstroom_observe::queue::Estimate { value: mean, se, n: n as usize };
    findings.push(Finding::near("share left after 12 steps", left, measured));
    findings
}

fn growth(evidence: &Evidence) -> Vec<Finding> {
    let arm = evidence.arm(GROWTH, "base");
    let stages = &arm.world.file.stages;
    let mut matrix = vec![vec![0.0; stages.len()]; stages.len()];
    for (from, stage) in stages.iter().enumerate() {
        matrix[0][from] += stage.births;
        if let Some(survival) = &stage.survives {
            let to = stages.iter().position(|other| other.name == survival.to).expect("stages were checked");
            matrix[to][from] += survival.share;
        }
    }
    let (factor, shares) = stable_growth(&matrix);
    let unbalanced: i64 = arm.totals().map(|totals| totals.unbalanced_steps).sum();
    let mut findings = vec![
        Finding::near("growth factor of a step", factor, arm.mean("growth", "all")),
        Finding::exact("steps in which members before, births and deaths do not balance", 0, unbalanced),
    ];
    for (stage, share) in stages.iter().zip(shares) {
        findings.push(Finding::near(format!("share of {}", stage.name), share, arm.mean("stage_share", &stage.name)));
    }
    findings
}
