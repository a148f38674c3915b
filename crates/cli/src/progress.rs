//! A progress bar for work that lasts, on standard error and only where a person sees it.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of `total` steps. Where standard error is no terminal nothing is drawn.
pub(crate) fn bar(total: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(total as u64).with_message(what);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {eta}");
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
