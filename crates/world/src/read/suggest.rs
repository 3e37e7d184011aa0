//! "Did you mean": the candidate nearest to a misspelt word.

/// Least normalised Damerau-Levenshtein similarity at which a candidate is worth naming (0: nothing in common,
/// 1: equal). Below it suggestions mislead more often than they help.
const SIMILAR: f64 = 0.7;
/// Least Jaro-Winkler similarity that is accepted instead; it favours words with a common beginning
/// (`replicate_count` for `replicates`).
const SAME_BEGINNING: f64 = 0.92;

/// The candidate nearest to `word`, if one is near enough to be what the author meant.
///
/// Case, underscores, hyphens and blanks do not count as differences, so `statusHolder` finds `status_holder`.
/// One wrong, missing, extra or swapped letter is always near enough in words of two letters and more.
pub fn suggest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = plain(word);
    let mut best: Option<(f64, &'c str)> = None;
    for candidate in candidates {
        let score = similarity(&wanted, &plain(candidate));
        if score > best.map_or(0.0, |(highest, _)| highest) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `0.0` where the two are not near enough, else their similarity.
fn similarity(word: &str, candidate: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(word, candidate);
    let beginning = strsim::jaro_winkler(word, candidate);
    let one_slip = candidate.len() >= 2 && !word.is_empty() && strsim::damerau_levenshtein(word, candidate) <= 1;
    if edits >= SIMILAR || beginning >= SAME_BEGINNING || one_slip { edits } else { 0.0 }
}

fn plain(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::suggest;

    const FIELDS: [&str; 5] = ["replicates", "replicate_length", "months", "of", "status_holder"];

    #[test]
    fn one_missing_letter_finds_the_word() {
        assert_eq!(suggest("replicats", FIELDS), Some("replicates"));
        assert_eq!(suggest("mnths", FIELDS), Some("months"));
        assert_eq!(suggest("o", FIELDS), Some("of"));
    }

    #[test]
    fn case_and_underscores_are_no_difference() {
        assert_eq!(suggest("StatusHolder", FIELDS), Some("status_holder"));
    }

    #[test]
    fn a_foreign_word_finds_nothing() {
        assert_eq!(suggest("banana", FIELDS), None);
        assert_eq!(suggest("", FIELDS), None);
        assert_eq!(suggest("months", []), None);
    }
}
