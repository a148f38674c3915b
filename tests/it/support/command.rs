//! Runs a foreign test program (Python, Node) to its end and fails with all it printed.

use std::time::Duration;

use tokio::process::Command;

use super::patience::within;

/// The browser suite takes half a minute on two free cores, several times that on busy ones; it must still end.
const COMMAND_PATIENCE: Duration = Duration::from_secs(300);

/// Value of a variable that `cargo xtask test` sets.
pub(crate) fn required_variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("`{name}` is not set: run `cargo xtask test`"))
}

/// Runs `command`; panics with its whole output unless it succeeds.
pub(crate) async fn run_to_success(command: &mut Command) -> String {
    let name = format!("{:?}", command.as_std());
    let output = within(COMMAND_PATIENCE, &name, command.kill_on_drop(true).output())
        .await
        .unwrap_or_else(|error| panic!("cannot run {name}: {error}"));
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.status.success(),
        "{name} ended with {}:\n{text}",
        output.status
    );
    text
}
