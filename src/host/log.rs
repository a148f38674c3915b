//! Lines for operators, on standard error, where every host collects them.
//!
//! No level but one and no format of its own: the host adds time and component.

/// Writes one line.
pub(super) fn warn(line: &str) {
    #[expect(
        clippy::print_stderr,
        reason = "standard error is a component's log, and this is the only place that writes to it"
    )]
    {
        eprintln!("warn: {line}");
    }
}
