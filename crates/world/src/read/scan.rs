//! The shape of a RON file with the place of every value: the tree that ron does not keep.

use std::ops::Range;

/// Position of a node in [`Tree::nodes`].
pub(super) type NodeId = usize;

/// The bracket that opens a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `( )`: struct, tuple or arguments of an enum variant.
    Round,
    /// `[ ]`: list.
    Square,
    /// `{ }`: map.
    Curly,
}

/// What stands before the colon of an entry.
#[derive(Clone, Debug)]
pub(super) enum EntryKey {
    /// The name of a field.
    Field(Range<usize>),
    /// The key of a map, a value itself.
    Value(NodeId),
}

/// One entry of a group.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: Option<EntryKey>,
    pub(super) value: NodeId,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A field whose value is not there.
    Absent,
    /// A number, text or character.
    Scalar,
    /// A bare word: enum variant, `true`, `None`, `NaN`.
    Word,
    /// Brackets with their entries; round ones may have a name before them.
    Group { bracket: Bracket, name: Option<Range<usize>>, entries: Vec<Entry> },
}

/// A value and its place in bytes.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) parent: Option<NodeId>,
    pub(super) kind: Kind,
}

/// A mistake in the notation itself.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// All values of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// The outermost value; none when the file is empty or unreadable.
    pub(super) root: Option<NodeId>,
    pub(super) slips: Vec<Slip>,
    /// Whether a slip hides the shape of the rest of the file (a bracket or quote that is never closed).
    pub(super) broken: bool,
}

impl Tree {
    /// The entries of a group; empty for everything else.
    pub(super) fn entries(&self, node: NodeId) -> &[Entry] {
        match &self.nodes[node].kind {
            Kind::Group { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The bracket of a group.
    pub(super) fn bracket(&self, node: NodeId) -> Option<Bracket> {
        match self.nodes[node].kind {
            Kind::Group { bracket, .. } => Some(bracket),
            _ => None,
        }
    }

    /// The one value of a group with a single entry that has no name: the inside of `Days(30)`.
    pub(super) fn only_argument(&self, node: NodeId) -> Option<NodeId> {
        match (self.bracket(node), self.entries(node)) {
            (Some(Bracket::Round), [Entry { key: None, value }]) => Some(*value),
            _ => None,
        }
    }

    /// Where a value begins: its name and opening bracket, or the whole of a scalar or word.
    pub(super) fn opening(&self, node: NodeId) -> Range<usize> {
        let Node { span, kind, .. } = &self.nodes[node];
        match kind {
            Kind::Group { name: Some(name), .. } => name.clone(),
            Kind::Group { .. } => span.start..(span.start + 1).min(span.end),
            _ => span.clone(),
        }
    }

    /// Whether `inner` is `outer` or stands inside it.
    pub(super) fn is_inside(&self, inner: NodeId, outer: NodeId) -> bool {
        let mut at = Some(inner);
        while let Some(node) = at {
            if node == outer {
                return true;
            }
            at = self.nodes[node].parent;
        }
        false
    }
}
