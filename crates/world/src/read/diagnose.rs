//! Finds all mistakes of typed data: read, note the first value that cannot be read, mend it, read again.

use std::collections::btree_map::Entry;

use serde::de::DeserializeOwned;

use super::fault::{Fault, Place, Wrong};
use super::scan::{EntryKey, Kind, NodeId, Tree};
use super::session::{MAX_REMARKS, Remark, Repair, Repairs, Session, one_of};
use super::stand_in::FLAVOURS;
use super::suggest::suggest;
use super::view::{View, values};

/// Most passes over a small file.
const MAX_PASSES: usize = 300;
/// Bytes read in all passes together; keeps the answer to a large broken file within seconds.
const MAX_BYTES_READ: usize = 128 << 20;
/// Characters of a value that are quoted in a message.
const MAX_QUOTED: usize = 40;

/// What the search found.
pub(super) struct Diagnosis<T> {
    /// The value, with stand-ins where [`Diagnosis::repairs`] says so; none if even that was not possible.
    pub(super) value: Option<T>,
    pub(super) remarks: Vec<Remark>,
    pub(super) repairs: Repairs,
}

/// Reads the value at `root` and notes everything that is wrong with it.
pub(super) fn diagnose<T: DeserializeOwned>(text: &str, tree: &Tree, root: NodeId) -> Diagnosis<T> {
    let mut found = Diagnosis { value: None, remarks: Vec::new(), repairs: Repairs::default() };
    for (node, _) in tree.nodes.iter().enumerate().filter(|(_, node)| matches!(node.kind, Kind::Absent)) {
        found.repairs.values.insert(node, Repair::StandIn(0));
    }
    let passes = (MAX_BYTES_READ / text.len().max(1)).clamp(4, MAX_PASSES);
    for _ in 0..passes {
        let session = Session { text, tree, repairs: &found.repairs, remarks: Default::default() };
        let read = T::deserialize(View::new(&session, root));
        let told = match &read {
            Err(fault) if !is_consequence(tree, text, &found.repairs, fault) => Some(describe(&session, fault, root)),
            _ => None,
        };
        let noted = session.remarks.into_inner();
        for remark in noted.into_iter().chain(told) {
            if found.remarks.len() < MAX_REMARKS && !found.remarks.contains(&remark) {
                found.remarks.push(remark);
            }
        }
        match read {
            Ok(value) => {
                found.value = Some(value);
                break;
            }
            Err(fault) if found.remarks.len() < MAX_REMARKS && mend(tree, &mut found.repairs, &fault, root) => {}
            Err(_) => break,
        }
    }
    found
}

/// Whether the fault only follows from a repair, so that the author did not cause it.
fn is_consequence(tree: &Tree, text: &str, repairs: &Repairs, fault: &Fault) -> bool {
    let node = match fault.place {
        Some(Place::Lacking(..)) => return true,
        Some(Place::Node(node)) => node,
        None => return false,
    };
    if repairs.values.contains_key(&node) {
        return true;
    }
    let hidden = |value: NodeId| repairs.values.get(&value) == Some(&Repair::Hidden);
    match &fault.wrong {
        Wrong::Lacks(field) => tree.entries(node).iter().any(|entry| match &entry.key {
            Some(EntryKey::Field(span)) if hidden(entry.value) => suggest(&text[span.clone()], [*field]).is_some(),
            _ => false,
        }),
        Wrong::Refused(_) => {
            let mended = repairs.values.keys().chain(repairs.lacking.keys());
            mended.copied().any(|inner| tree.is_inside(inner, node))
        }
        _ => tree.entries(node).iter().any(|entry| hidden(entry.value)),
    }
}

/// Makes the value at fault passable for the next pass; `false` if nothing is left to try.
fn mend(tree: &Tree, repairs: &mut Repairs, fault: &Fault, root: NodeId) -> bool {
    let node = match fault.place {
        Some(Place::Lacking(node, field)) => {
            let flavours = repairs.lacking.entry(node).or_default();
            match flavours.get_mut(field) {
                Some(flavour) if *flavour + 1 < FLAVOURS => {
                    *flavour += 1;
                    return true;
                }
                _ => return hide(tree, repairs, node, root),
            }
        }
        Some(Place::Node(node)) => node,
        None => return false,
    };
    if let Wrong::Lacks(field) = fault.wrong
        && !repairs.values.contains_key(&node)
        && let Entry::Vacant(flavour) = repairs.lacking.entry(node).or_default().entry(field)
    {
        flavour.insert(0);
        return true;
    }
    match repairs.values.get(&node) {
        None if node == root => false,
        None => repairs.values.insert(node, Repair::StandIn(0)).is_none(),
        Some(Repair::StandIn(flavour)) if flavour + 1 < FLAVOURS => {
            let next = Repair::StandIn(flavour + 1);
            repairs.values.insert(node, next);
            true
        }
        Some(_) => hide(tree, repairs, node, root),
    }
}

/// Hides `node`, or the nearest value around it that is not hidden yet; `false` at the root.
fn hide(tree: &Tree, repairs: &mut Repairs, node: NodeId, root: NodeId) -> bool {
    let mut at = node;
    loop {
        if at == root {
            return false;
        }
        if repairs.values.insert(at, Repair::Hidden) != Some(Repair::Hidden) {
            return true;
        }
        match tree.nodes[at].parent {
            Some(parent) => at = parent,
            None => return false,
        }
    }
}

fn describe(session: &Session<'_>, fault: &Fault, root: NodeId) -> Remark {
    let node = match fault.place {
        Some(Place::Node(node) | Place::Lacking(node, _)) => node,
        None => root,
    };
    let span = session.tree.opening(node);
    let subject = session.subject(node);
    let (message, hint) = match &fault.wrong {
        Wrong::Lacks(field) => {
            let of = session.name_of(node).map_or(subject, |(name, _)| name.to_owned());
            (format!("field `{field}` is missing in {of}"), Some(format!("add `{field}: ...`")))
        }
        Wrong::Variant { found, expected } => {
            let hint = one_of(expected.iter().copied()).map(|names| format!("expected {names}"));
            (format!("unknown variant `{found}`"), hint)
        }
        Wrong::Length { expected, found } => (format!("{subject} has {}; expected {expected}", values(*found)), None),
        Wrong::Expected(what) => {
            (format!("{subject} is {}; expected {what}", quoted(session, node)), remedy(session, node, what))
        }
        Wrong::Refused(words) => (refusal(session, node, &subject, words), None),
    };
    Remark { start: span.start, end: span.end, message, hint, strict: false }
}

/// A type's own words, in the form "`share` is 1.2; a share lies between 0 and 1".
///
/// Types refuse by "1.2 is not a share; a share lies between 0 and 1": the second half tells what would be right.
fn refusal(session: &Session<'_>, node: NodeId, subject: &str, words: &str) -> String {
    if session.tree.bracket(node).is_some() {
        return format!("{subject}: {words}");
    }
    match words.split_once("; ") {
        Some((wrong, right)) if wrong.contains(" is not ") => {
            format!("{subject} is {}; {right}", quoted(session, node))
        }
        _ if words.starts_with("is ") => format!("{subject} {words}"),
        _ => format!("{subject} is {}; {words}", quoted(session, node)),
    }
}

/// A value as a message quotes it.
fn quoted(session: &Session<'_>, node: NodeId) -> String {
    match &session.tree.nodes[node].kind {
        Kind::Group { bracket: super::scan::Bracket::Square, .. } => "a list".to_owned(),
        Kind::Group { bracket: super::scan::Bracket::Curly, .. } => "a map".to_owned(),
        Kind::Group { name: Some(name), .. } => format!("`{}(...)`", &session.text[name.clone()]),
        Kind::Group { .. } => "`(...)`".to_owned(),
        _ => {
            let text = session.text_of(node);
            match text.char_indices().nth(MAX_QUOTED) {
                Some((end, _)) => format!("{}...", &text[..end]),
                None => text.to_owned(),
            }
        }
    }
}

/// What to change, where quotes or the notation of a number are all that is wrong.
fn remedy(session: &Session<'_>, node: NodeId, expected: &str) -> Option<String> {
    let text = session.text_of(node);
    let within = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    match &session.tree.nodes[node].kind {
        Kind::Word if expected.starts_with("text") => Some(format!("write \"{text}\"")),
        Kind::Scalar if expected.starts_with("text") => within('\'').map(|bare| format!("write \"{bare}\"")),
        Kind::Scalar => match within('"') {
            Some(bare) => {
                let is_number = expected.contains("number") && bare.parse::<f64>().is_ok();
                let is_variant = expected.contains(&format!("`{bare}`"));
                (is_number || is_variant).then(|| format!("write {bare} without quotes"))
            }
            None => number(text, expected).map(|right| format!("write {right}")),
        },
        _ => None,
    }
}

/// How a number is written that is one in another notation: 25% as 0.25, 4.0 as 4 where it counts.
fn number(text: &str, expected: &str) -> Option<String> {
    if let Some(percent) = text.strip_suffix('%') {
        let percent: f64 = percent.trim().parse().ok()?;
        return expected.contains("number").then(|| format!("{}", percent / 100.0));
    }
    let whole = text.strip_suffix('.').or_else(|| text.trim_end_matches('0').strip_suffix('.'))?;
    (expected.contains("whole number") && whole.parse::<u64>().is_ok()).then(|| whole.to_owned())
}
