//! Reads a file as typed data, with every mistake of form and of meaning in one answer.

use serde::de::DeserializeOwned;

use super::check::Check;
use super::diagnose::{Diagnosis, diagnose};
use super::dialect::options;
use super::path::Path;
use super::problem::Problems;
use super::scan::NodeId;
use super::session::Repairs;
use super::source::Source;

impl Source {
    /// Reads the file as a `T`.
    ///
    /// # Errors
    /// Every mistake found in one pass: notation, unknown or missing fields, unknown variants, values of the wrong
    /// kind, values that their type refuses, keys given twice, numbers that are not finite.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Problems> {
        self.parse_checked(|_, _| {})
    }

    /// Reads the file as a `T` and lets `validate` look at it, so that mistakes of form and of meaning come in one
    /// answer. After mistakes of form `validate` sees stand-ins in their place; what it says about them is dropped.
    ///
    /// # Errors
    /// As [`Source::parse`], together with what `validate` refused.
    pub fn parse_checked<T: DeserializeOwned>(&self, validate: impl FnOnce(&T, &mut Check<'_>)) -> Result<T, Problems> {
        self.parse_node(self.tree.root, options().from_str(&self.text), validate)
    }

    /// Reads the value at `path` as a `T`, with lines and columns of the file.
    ///
    /// # Errors
    /// As [`Source::parse`]; also if nothing stands at `path`.
    pub fn parse_at<T: DeserializeOwned>(&self, path: &Path) -> Result<T, Problems> {
        match self.locate(path) {
            Some((node, true)) => {
                let text = &self.text[self.tree.nodes[node].span.clone()];
                self.parse_node(Some(node), options().from_str(text), |_, _| {})
            }
            _ => Err(self.problem(path, format!("nothing stands at `{path}`"), None).into()),
        }
    }

    fn parse_node<T: DeserializeOwned>(
        &self,
        node: Option<NodeId>,
        read: ron::error::SpannedResult<T>,
        validate: impl FnOnce(&T, &mut Check<'_>),
    ) -> Result<T, Problems> {
        let nothing = Diagnosis { value: None, remarks: Vec::new(), repairs: Repairs::default() };
        let found = match node {
            Some(node) if !self.tree.broken => diagnose(&self.text, &self.tree, node),
            _ => nothing,
        };
        let mut problems = Problems::new();
        let accepted = read.is_ok();
        for remark in found.remarks.iter().filter(|remark| remark.strict || !accepted) {
            problems.push(self.problem_of(remark));
        }
        match read {
            Ok(value) => {
                let mut check = Check::new(self);
                validate(&value, &mut check);
                problems.extend(check.into_problems());
                problems.into_result(value)
            }
            Err(error) => {
                // a part is only read of a file that was accepted, so slips are the whole file's
                for slip in self.tree.slips.iter().filter(|_| node == self.tree.root) {
                    problems.push(self.problem_at(slip.span.clone(), slip.message.clone(), slip.hint.clone()));
                }
                if let Some(value) = &found.value {
                    let mut check = Check::mended(self, found.repairs);
                    validate(value, &mut check);
                    problems.extend(check.into_problems());
                }
                if problems.is_empty() {
                    problems.push(self.problem_of_ron(&error, node));
                }
                Err(problems)
            }
        }
    }
}
