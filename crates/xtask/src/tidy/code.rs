//! Rules about Rust sources. They lean on rustfmt: an item ends with a `}` as far in as it began.

use super::house::{House, Offence};

/// Most lines of a file, its tests apart.
const FILE_LINES: usize = 600;
/// Most lines of a function, signature and braces included.
const FUNCTION_LINES: usize = 70;
/// Folder of the processes.
const PROCESS: &str = "crates/process/src/";
/// Modules of the process crate that every process may use.
const SHARED: [&str; 7] = ["affinity", "month", "names", "phase", "prospect", "rulebook", "settle"];
/// Modules of the process crate that may know all processes: the step on one page, and the list of modules.
const OVERVIEW: [&str; 2] = ["lib", "month"];
/// What adds, removes or moves rows, or leaves the order of work to chance.
const STRUCTURAL: [&str; 12] = [
    "Commands",
    "EntityCommands",
    "EntityMut",
    "EntityWorldMut",
    "despawn",
    "entity_mut",
    "get_entity_mut",
    "insert_batch",
    "par_iter",
    "par_iter_mut",
    "spawn",
    "spawn_batch",
];
/// The same where it is a method with a type.
const REMOVE: &str = "remove::<";
/// Words and macros that put work off. Written apart, so that this list is no offence.
const UNDONE: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!"), concat!("unimplemented", "!")];
/// Endings of the files in which nothing is put off.
const UNDONE_IN: [&str; 5] = ["md", "py", "ron", "rs", "toml"];

/// The first line of a file says what it is for.
pub fn without_module_doc(house: &House) -> Vec<Offence> {
    let bare = |text: &str| !text.lines().find(|line| !line.is_empty()).is_some_and(|line| line.starts_with("//!"));
    let files = house.ending("rs").filter(|(_, text)| bare(text));
    files.map(|(path, _)| Offence::at(path, 0, "the file does not begin with `//!` and what it is for")).collect()
}

/// Files that are too long to be read in one go.
pub fn long_files(house: &House) -> Vec<Offence> {
    let lengths = house.ending("rs").map(|(path, text)| (path, production(text).count()));
    let long = lengths.filter(|(_, lines)| *lines > FILE_LINES);
    long.map(|(path, lines)| Offence::at(path, lines - 1, format!("{lines} lines; split it by subject"))).collect()
}

/// Functions that do not fit on a screen.
pub fn long_functions(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for (path, text) in house.ending("rs") {
        let lines: Vec<&str> = production(text).collect();
        for (first, line) in lines.iter().enumerate() {
            let Some(name) = function_name(line) else { continue };
            let length = function_length(&lines[first..]);
            if length > FUNCTION_LINES {
                offences.push(Offence::at(path, first, format!("`{name}` has {length} lines; name its parts")));
            }
        }
    }
    offences
}

/// Work that somebody put off.
pub fn left_undone(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for ending in UNDONE_IN {
        for (path, text) in house.ending(ending) {
            for (i, line) in text.lines().enumerate() {
                if let Some(word) = UNDONE.iter().find(|word| has_word(line, word)) {
                    offences.push(Offence::at(path, i, format!("`{word}`: do it, or take it out")));
                }
            }
        }
    }
    offences
}

/// Processes that know another process. They meet in state and the ledger; only `month.rs` knows all. Tests may run
/// several.
pub fn process_imports(house: &House) -> Vec<Offence> {
    let sources: Vec<(&str, &str)> = house.ending("rs").filter(|(path, _)| path.starts_with(PROCESS)).collect();
    let modules: Vec<&str> = sources.iter().map(|(path, _)| module_of(path)).collect();
    let mut offences = Vec::new();
    for (path, text) in sources {
        let own = module_of(path);
        if OVERVIEW.contains(&own) || is_test(path) {
            continue;
        }
        let depth = path[PROCESS.len()..].trim_end_matches("/mod.rs").matches('/').count();
        let foreign = |name: &str| name != own && modules.contains(&name) && !SHARED.contains(&name);
        let code = production(text).map(without_comment).collect::<Vec<_>>().join("\n");
        for (at, name) in crate_paths(&code, depth) {
            if foreign(name) {
                let line = code[..at].matches('\n').count();
                let message = format!("process `{own}` uses process `{name}`; let them meet in state or the ledger");
                offences.push(Offence::at(path, line, message));
            }
        }
    }
    offences
}

/// Processes that spawn, insert, remove or despawn, or that hand work to a pool that does not keep the order. Rows are
/// slots: see `crates/state/src/columns.rs`. Tests may build worlds.
pub fn structural_changes(house: &House) -> Vec<Offence> {
    let mut offences = Vec::new();
    for (path, text) in house.ending("rs").filter(|(path, _)| path.starts_with(PROCESS)) {
        if is_test(path) {
            continue;
        }
        for (i, line) in production(text).enumerate() {
            let code = without_comment(line);
            let word = STRUCTURAL.iter().find(|word| has_word(code, word));
            if let Some(word) = word.or_else(|| code.contains(REMOVE).then_some(&REMOVE)) {
                offences.push(Offence::at(path, i, format!("`{word}`: rows are slots; take or free a slot instead")));
            }
        }
    }
    offences
}

/// Whether a file of a crate holds tests only.
pub(super) fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// The lines before the inline test module, which comes last.
pub(super) fn production(text: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = text.lines().collect();
    let is_test_module = |i: usize| {
        lines[i] == "#[cfg(test)]"
            && lines.get(i + 1).is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
    };
    let end = (0..lines.len()).find(|&i| is_test_module(i)).unwrap_or(lines.len());
    lines.into_iter().take(end)
}

/// The name of the function that begins in this line.
fn function_name(line: &str) -> Option<&str> {
    let (before, after) = without_comment(line).split_once("fn ")?;
    let words = before.trim().split(' ').filter(|word| !word.is_empty());
    let qualifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern", "\"C\""];
    let mut words = words.filter(|word| !qualifiers.contains(word));
    let name = after.split(['(', '<']).next()?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (words.next().is_none() && plain).then_some(name)
}

/// Lines from the first one to the brace that closes the function that begins there, or to the semicolon of one that
/// has no body.
fn function_length(lines: &[&str]) -> usize {
    let indent = lines[0].len() - lines[0].trim_start().len();
    if lines[0].ends_with(['}', ';']) {
        return 1;
    }
    let closes = |line: &&str| {
        let inside = line.get(indent..).unwrap_or_default();
        line.trim_start().len() == inside.len() && (inside == "}" || inside.starts_with(')') && inside.ends_with(';'))
    };
    lines.iter().position(closes).map_or(lines.len(), |last| last + 1)
}

/// The line without what follows `//`. A `//` in a text, as in an address, is cut as well, which no rule here minds.
pub(super) fn without_comment(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

/// Whether `word` stands in the line on its own.
fn has_word(line: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(part_of_name);
        let after = line[at + word.len()..].chars().next().is_some_and(part_of_name);
        !before && !after
    })
}

/// `demography` of `crates/process/src/demography/events.rs` and of `crates/process/src/demography.rs`.
fn module_of(path: &str) -> &str {
    let inside = &path[PROCESS.len()..];
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

/// Every module named directly under the root of the crate, with the place where it is named: `crate::a`,
/// `crate::{a, b::c}`, and the same from `depth` modules below the root by `super`.
fn crate_paths(code: &str, depth: usize) -> Vec<(usize, &str)> {
    let roots = ["crate::".to_owned(), "super::".repeat(depth + 1)];
    let mut paths = Vec::new();
    for root in &roots {
        for (at, _) in code.match_indices(root.as_str()) {
            if code[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '$')) {
                continue;
            }
            let rest = &code[at + root.len()..];
            match rest.strip_prefix('{') {
                None => paths.push((at, first_word(rest))),
                Some(list) => paths.extend(entries(list).into_iter().map(|entry| (at, first_word(entry)))),
            }
        }
    }
    paths
}

/// The entries of a `use` list whose opening brace is gone.
pub(super) fn entries(list: &str) -> Vec<&str> {
    let (mut depth, mut from, mut entries) = (0, 0, Vec::new());
    for (i, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                entries.push(list[from..i].trim());
                from = i + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    entries
}

/// The name with which `text` begins, nothing if it begins with something else.
pub(super) fn first_word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
