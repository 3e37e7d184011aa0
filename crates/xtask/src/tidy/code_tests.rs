//! Planted offences against the rules about sources, and what looks like one and is none.

use super::*;

fn lines_of(offences: Vec<Offence>) -> Vec<usize> {
    offences.into_iter().map(|offence| offence.line).collect()
}

fn process(file: &str, text: &str) -> House {
    let path = format!("{PROCESS}{file}");
    House::of(&[
        (&path, text),
        (&format!("{PROCESS}reception/mod.rs"), "//! a\n"),
        (&format!("{PROCESS}settle.rs"), ""),
    ])
}

#[test]
fn a_file_that_begins_with_code_has_no_module_doc() {
    let house = House::of(&[("a.rs", "use std::fmt;\n//! late\n"), ("b.rs", "\n//! B.\n"), ("c.md", "C")]);
    let offences = without_module_doc(&house);
    assert_eq!(offences.len(), 1);
    assert_eq!((offences[0].path.as_str(), offences[0].line), ("a.rs", 1));
}

#[test]
fn lines_of_the_inline_tests_do_not_count_and_those_before_do() {
    let tests = format!("//! A.\n{}#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(598), "\n".repeat(300));
    assert_eq!(long_files(&House::of(&[("a.rs", &tests)])), []);
    let declared = format!("//! A.\n#[cfg(test)]\nmod tests;\n{}", "\n".repeat(598));
    assert_eq!(lines_of(long_files(&House::of(&[("a.rs", &declared)]))), [601]);
}

#[test]
fn a_function_of_seventy_lines_is_the_longest() {
    let body = |lines: usize| {
        format!("    pub fn long(\n        a: u8,\n    ) -> u8 {{\n{}    }}\n", "        a;\n".repeat(lines))
    };
    let text = format!("//! A.\nimpl A {{\n{}\n{}}}\n", body(66), body(67));
    assert_eq!(lines_of(long_functions(&House::of(&[("a.rs", &text)]))), [74]);
}

#[test]
fn a_function_without_a_body_ends_with_its_semicolon() {
    assert_eq!(function_length(&["    fn a(", "        b: u8,", "    ) -> u8;", "    fn c() {", "    }"]), 3);
    assert_eq!(function_length(&["    fn a();", "    }"]), 1);
    assert_eq!(function_name("    pub(crate) const fn a<T>(b: T) {"), Some("a"));
    assert_eq!(function_name("    let f: fn (u8) = a;"), None);
    assert_eq!(function_name("    // the fn a() is"), None);
}

#[test]
fn work_that_was_put_off_is_found_as_a_word() {
    let text = format!("//! A.\n// {}: b\n{}()\nlet methods = 1;\n", UNDONE[0], UNDONE[3]);
    assert_eq!(lines_of(left_undone(&House::of(&[("a.rs", &text)]))), [2, 3]);
    assert_eq!(left_undone(&House::of(&[("a.rs", "let mastodons = TODOS;\n")])), []);
}

#[test]
fn a_process_that_uses_another_by_any_path_is_found() {
    let uses = [
        "use crate::reception::places;",
        "use crate::{\n    reception,\n    settle,\n};",
        "use crate::{settle::{place, reception}, reception};",
        "use super::reception;",
        "let a = crate::reception::overdue();",
    ];
    for text in uses {
        assert_eq!(process_imports(&process("quota.rs", text)).len(), 1, "{text}");
    }
    assert_eq!(process_imports(&process("quota/close.rs", "use super::super::reception;")).len(), 1);
}

#[test]
fn a_process_may_use_itself_the_shared_modules_and_the_other_layers() {
    let text = "//! See [`crate::reception`].\nuse crate::settle;\nuse crate::quota::close;\nuse doorstroom_state::reception;\n";
    assert_eq!(process_imports(&process("quota.rs", text)), []);
    assert_eq!(process_imports(&process("quota/close.rs", "use super::reception;")), []);
    assert_eq!(process_imports(&process("month.rs", "use crate::{quota, reception};")), []);
    assert_eq!(process_imports(&process("quota/tests/both.rs", "crate::reception::register(a);")), []);
}

#[test]
fn a_process_may_not_change_what_rows_there_are() {
    for code in ["mut commands: Commands", "world.despawn(a)", "a.par_iter_mut()", "row.remove::<Home>()", "w.spawn(a)"]
    {
        let text =
            format!("//! A.\n// a spawn in words is none\n{code};\n#[cfg(test)]\nmod tests {{\n    w.spawn(a);\n}}\n");
        assert_eq!(lines_of(structural_changes(&process("quota.rs", &text))), [3], "{code}");
    }
    assert_eq!(structural_changes(&process("quota/tests/town.rs", "world.spawn(a);")), []);
    assert_eq!(structural_changes(&process("quota.rs", "names.insert(a);\nworld.insert_resource(b);")), []);
}
