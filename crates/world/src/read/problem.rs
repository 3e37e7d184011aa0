//! What is wrong, where, and what would be right: the form in which bad input is answered.

use std::fmt;

/// The line of the file that holds a problem, ready to be underlined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Snippet {
    /// The line, without control characters, shortened around the mark when it is very long.
    pub text: String,
    /// Characters before the mark.
    pub before: usize,
    /// Characters marked, at least 1.
    pub marked: usize,
}

/// One mistake in one file.
///
/// Prints as `file:line:column: message`; with a hint the line and a mark below it follow, then the notes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file as the user named it.
    pub file: String,
    /// Line, from 1; 0 when the problem is the file itself (not found, too large).
    pub line: usize,
    /// Column in characters, from 1; 0 when `line` is 0.
    pub column: usize,
    /// What is wrong, with the field and the value, and what would be right.
    pub message: String,
    /// A remedy short enough to stand beside the mark.
    pub hint: Option<String>,
    /// The line with the mistake; shown when there is a hint.
    pub snippet: Option<Snippet>,
    /// Further sentences, one a line, below the message.
    pub notes: Vec<String>,
}

impl Problem {
    /// A problem of a whole file, without a line.
    pub fn of_file(file: impl Into<String>, message: impl Into<String>, hint: Option<String>) -> Problem {
        let (file, message) = (file.into(), message.into());
        Problem { file, line: 0, column: 0, message, hint, snippet: None, notes: Vec::new() }
    }

    /// The same problem with one more sentence below its message.
    pub fn with_note(mut self, note: impl Into<String>) -> Problem {
        self.notes.push(note.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        match (&self.hint, &self.snippet) {
            (Some(hint), Some(snippet)) => {
                // a tab stays a tab in the blanks, so the mark stands below the word in any terminal
                let blanks: String =
                    snippet.text.chars().take(snippet.before).map(|c| if c == '\t' { c } else { ' ' }).collect();
                write!(f, "\n{:>5} | {}", self.line, snippet.text)?;
                write!(f, "\n      | {blanks}{} {hint}", "^".repeat(snippet.marked))?;
            }
            (Some(hint), None) => write!(f, "\n   {hint}")?,
            (None, _) => {}
        }
        for note in &self.notes {
            write!(f, "\n   {note}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// All mistakes found, sorted by file, line and column, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// No problem yet.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// Adds a problem in its place; one that is already there, word for word, is dropped.
    pub fn push(&mut self, problem: Problem) {
        let place = |p: &Problem| (p.file.clone(), p.line, p.column);
        let from = self.0.partition_point(|p| place(p) < place(&problem));
        let to = self.0.partition_point(|p| place(p) <= place(&problem));
        if !self.0[from..to].contains(&problem) {
            self.0.insert(to, problem);
        }
    }

    /// Adds all of `others`.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Problem>) {
        for problem in others {
            self.push(problem);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many mistakes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The mistakes in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// `value` if nothing is wrong.
    ///
    /// # Errors
    /// These problems, if there is at least one.
    pub fn into_result<T>(self, value: T) -> Result<T, Problems> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems(vec![problem])
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p Problem;
    type IntoIter = std::slice::Iter<'p, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}")?;
        }
        let plural = if self.len() == 1 { "" } else { "s" };
        write!(f, "{} problem{plural}; nothing was run", self.len())
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::{Problem, Problems};

    fn at(line: usize, message: &str) -> Problem {
        Problem { line, column: 1, ..Problem::of_file("a.ron", message, None) }
    }

    #[test]
    fn problems_are_sorted_and_told_once() {
        let mut problems = Problems::new();
        problems.extend([at(9, "late"), at(2, "early"), at(9, "late"), at(9, "also late")]);
        let told: Vec<_> = problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(told, ["early", "late", "also late"]);
        assert!(problems.to_string().ends_with("\n3 problems; nothing was run"));
    }

    #[test]
    fn a_file_without_lines_prints_without_lines() {
        let problem = Problem::of_file("a.ron", "not found", Some("did you mean `b.ron`?".to_owned()));
        assert_eq!(problem.to_string(), "a.ron: not found\n   did you mean `b.ron`?");
        assert_eq!(Problems::from(problem).to_string().lines().last(), Some("1 problem; nothing was run"));
    }

    #[test]
    fn no_problem_gives_the_value() {
        assert_eq!(Problems::new().into_result(7), Ok(7));
    }
}
