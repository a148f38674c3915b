//! What this program says to the person who called it, all on standard error.
//!
//! Standard error, because standard output belongs to the programs that are run. Decides
//! nothing, and drops a line that cannot be written: there is nobody left to tell.

use std::io::{self, Write};

/// Announces a piece of work.
pub(crate) fn step(text: &str) {
    line("==>", text);
}

/// Says something about the work under way, one line.
pub(crate) fn note(text: &str) {
    line("   ", text);
}

/// Says what went wrong and ends the program's report.
pub(crate) fn error(text: &str) {
    line("error:", text);
}

/// Passes on the kept output of a program that failed, unchanged.
pub(crate) fn output(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes one line to standard output, for results that scripts read.
pub(crate) fn result(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

fn line(prefix: &str, text: &str) {
    let _ = writeln!(io::stderr().lock(), "{prefix} {text}");
}
