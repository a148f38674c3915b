//! A whole run: start, measure, write.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::cli::Options;
use crate::machine::Machine;
use crate::matrix::{self, Cell};
use crate::page;
use crate::pools::{self, Pools};
use crate::proc_stat::{self, Memory};
use crate::start_up::{self, StartUps};
use crate::stopwatch;
use crate::targets::{Kind, Targets};

/// All that a run found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) date: String,
    pub(crate) command: String,
    pub(crate) seconds: f64,
    pub(crate) rounds: u16,
    pub(crate) machine: Machine,
    pub(crate) cells: Vec<Cell>,
    pub(crate) memory: Vec<MemoryRow>,
    pub(crate) start_up: Option<StartUps>,
    pub(crate) sizes: Vec<Size>,
    pub(crate) pools: Option<Pools>,
}

/// Memory of one target.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct MemoryRow {
    pub(crate) kind: Kind,
    /// After the start, before any request.
    pub(crate) idle: Memory,
    /// After all loads.
    pub(crate) after: Memory,
}

/// Bytes of a file that is shipped.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Size {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// Runs all and writes where the options say.
pub(crate) async fn run(options: Options) -> Result<()> {
    let report = measure(&options).await?;
    let page = page::render(&report)?;
    write!(std::io::stdout(), "{page}")?;
    if let Some(path) = &options.out {
        let old = std::fs::read_to_string(path).unwrap_or_default();
        write_file(path, with_translation(&page, &old).as_bytes())?;
    }
    if let Some(path) = &options.json {
        write_file(path, &serde_json::to_vec_pretty(&report)?)?;
    }
    Ok(())
}

async fn measure(options: &Options) -> Result<Report> {
    let machine = Machine::read();
    let gempool = options.gempool.as_deref();
    let cache = tempfile::tempdir()?;
    let mut start_up = None;
    if let Some(gempool) = gempool {
        tell("starts of gempool")?;
        start_up = Some(start_up::measure(gempool, cache.path()).await?);
    }
    let targets = Targets::start(gempool, cache.path()).await?;
    let idle = memory(&targets)?;
    let cells = matrix::measure(&targets, options, tell).await?;
    let after = memory(&targets)?;
    targets.end().await?;
    let mut pools = None;
    if let Some(gempool) = gempool {
        pools = Some(pools::measure(gempool, cache.path(), options, tell).await?);
    }
    let memory = idle.into_iter().zip(after);
    Ok(Report {
        date: options.date.clone().unwrap_or_else(stopwatch::today),
        command: command_line(),
        seconds: options.time().as_secs_f64(),
        rounds: options.rounds(),
        machine,
        cells,
        memory: memory
            .map(|((kind, idle), (_, after))| MemoryRow { kind, idle, after })
            .collect(),
        start_up,
        sizes: gempool
            .map(|gempool| sizes(gempool, options.components.as_deref()))
            .unwrap_or_default(),
        pools,
    })
}

fn memory(targets: &Targets) -> Result<Vec<(Kind, Memory)>> {
    let read = |(kind, process): &(Kind, crate::child::Listening)| {
        Ok((*kind, proc_stat::memory(process.process()?)?))
    };
    targets.running.iter().map(read).collect()
}

/// Sizes of what is there; a component that was not built has none.
fn sizes(gempool: &Path, components: Option<&Path>) -> Vec<Size> {
    let beside = || {
        gempool
            .parent()?
            .parent()
            .map(|target| target.join("components"))
    };
    let components = components
        .map(Path::to_path_buf)
        .or_else(beside)
        .unwrap_or_default();
    let files: [(&str, PathBuf); 3] = [
        ("gateway component", components.join("gateway.wasm")),
        ("admin component", components.join("admin.wasm")),
        ("`gempool` binary, components inside", gempool.to_path_buf()),
    ];
    let sized = files.into_iter().filter_map(|(name, path)| {
        let bytes = std::fs::metadata(path).ok()?.len();
        let name = name.to_owned();
        Some(Size { name, bytes })
    });
    sized.collect()
}

/// What was called: the program by its name, paths from the working folder.
fn command_line() -> String {
    let mut arguments = std::env::args();
    let program = arguments.next().unwrap_or_default();
    let program = Path::new(&program)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let here = std::env::current_dir().unwrap_or_default();
    let relative = |argument: String| match Path::new(&argument).strip_prefix(&here) {
        Ok(path) => path.display().to_string(),
        Err(_) => argument,
    };
    let words: Vec<String> = std::iter::once(program)
        .chain(arguments.map(relative))
        .collect();
    words.join(" ")
}

fn tell(step: &str) -> Result<()> {
    writeln!(std::io::stderr(), "bench: {step}").context("cannot write to standard error")
}

/// The section at the end of the page that is not measured here but by the benchmarks of
/// `crates/translate`.
const TRANSLATION: &str = "\n## Translation\n";

/// `page` with the section that the `old` one had.
fn with_translation(page: &str, old: &str) -> String {
    match old.split_once(TRANSLATION) {
        Some((_, section)) => format!("{page}{TRANSLATION}{section}"),
        None => page.to_owned(),
    }
}

fn write_file(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_section_that_others_measure() {
        let old = "# Benchmarks\n\nold\n\n## Translation\n\nkept\n";
        assert_eq!(
            with_translation("# Benchmarks\n\nnew\n", old),
            "# Benchmarks\n\nnew\n\n## Translation\n\nkept\n"
        );
        assert_eq!(with_translation("new\n", ""), "new\n");
    }
}
