//! The purposes that the sources really use: no two share a label, and no two share luck.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use doorstroom_kernel::Step;
use doorstroom_kernel::chance::{Chance, Purpose};
use doorstroom_state::name::KinName;

use crate::verdict::assert_uniform;

const CALL: &str = "Purpose::named(";

fn crates_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")
}

fn rust_sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the crates folder can be listed") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            rust_sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Labels with the places `file:line` where they are written; panics at a call whose label is not a literal.
fn labels() -> BTreeMap<String, Vec<String>> {
    let mut sources = Vec::new();
    rust_sources(&crates_folder(), &mut sources);
    sources.sort();
    let mut labels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in sources {
        let text = fs::read_to_string(&path).expect("sources are UTF-8 text");
        for (at, _) in text.match_indices(CALL) {
            let place = format!("{}:{}", path.display(), text[..at].lines().count());
            let rest = text[at + CALL.len()..].trim_start().strip_prefix('"');
            let label = rest.and_then(|rest| rest.split_once('"')).map(|(label, _)| label.to_owned());
            let label = label.unwrap_or_else(|| panic!("{place}: a purpose needs a literal label, to be seen here"));
            labels.entry(label).or_default().push(place);
        }
    }
    labels
}

/// Purposes of the model, those of its unit tests left out.
fn purposes() -> Vec<Purpose> {
    let of_the_model = labels().into_keys().filter(|label| !label.starts_with("test "));
    of_the_model.map(|label| Purpose::named(Box::leak(label.into_boxed_str()))).collect()
}

#[test]
fn no_two_purposes_share_a_label() {
    let labels = labels();
    assert!(labels.len() > 20, "the scan found only {} purposes; does it still read the sources?", labels.len());
    for (label, places) in labels {
        assert_eq!(places.len(), 1, "`{label}` is the address of two different draws: {places:?}");
    }
}

#[test]
fn no_two_purposes_share_luck_although_their_labels_differ() {
    let mut first_words: BTreeMap<u64, &str> = BTreeMap::new();
    for purpose in purposes() {
        let word = Chance::new(3).luck(purpose, 1, Step(0)).bits();
        let other = first_words.insert(word, purpose.label);
        assert_eq!(other, None, "`{}` hashes to the same address", purpose.label);
    }
}

// 32,768 pairs (512 neighbouring names x 64 steps) on 16 x 16 cells for every pair of purposes: chi-square, df 255,
// critical 147.9 and 402.7, rate 2e-8 a pair; 100 purposes make 4,950 pairs, together 1e-4
#[test]
fn every_pair_of_purposes_is_independent_for_the_same_name_and_step() {
    let chance = Chance::new(11);
    let cells = |purpose: Purpose| -> Vec<u8> {
        let names = (0..512).map(|ordinal| KinName::resident("household", 344, ordinal).0);
        let addresses = names.flat_map(|name| (0..64).map(move |step| (name, Step(step))));
        addresses.map(|(name, step)| (chance.luck(purpose, name, step).bits() >> 60) as u8).collect()
    };
    let purposes = purposes();
    let drawn: Vec<Vec<u8>> = purposes.iter().map(|&purpose| cells(purpose)).collect();
    for (i, first) in drawn.iter().enumerate() {
        for (j, second) in drawn.iter().enumerate().skip(i + 1) {
            let mut counts = [0u32; 256];
            first.iter().zip(second).for_each(|(&a, &b)| counts[usize::from(a << 4 | b)] += 1);
            assert_uniform(&format!("`{}` and `{}`", purposes[i].label, purposes[j].label), &counts);
        }
    }
}
