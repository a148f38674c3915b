//! The page that a run writes: tables for people.
//!
//! It computes nothing but ratios of what it is given.

use std::fmt::{self, Write};

use crate::matrix::{Cell, Row};
use crate::pools;
use crate::report::Report;
use crate::simulator::CHUNKS;
use crate::targets::Kind;
use crate::workload::Mode;

/// What is aimed for now, in the units of the row; the design page has what is aimed for in the end.
const ADDED_P50_US: f64 = 250.0;
const OF_PROXY: f64 = 0.35;
const IDLE_MIB: f64 = 90.0;
const WARM_START_MS: f64 = 300.0;
const COMPONENT_MIB: f64 = 2.0;

/// The page as Markdown.
pub(crate) fn render(report: &Report) -> Result<String, fmt::Error> {
    let mut page = String::new();
    head(&mut page, report)?;
    aims(&mut page, report)?;
    for (mode, title) in [
        (Mode::Unary, "Unary chat".to_owned()),
        (Mode::Stream, format!("Streamed chat, {CHUNKS} events")),
    ] {
        writeln!(page, "## {title}\n")?;
        loads(&mut page, report, mode)?;
    }
    memory(&mut page, report)?;
    start_up(&mut page, report)?;
    sizes(&mut page, report)?;
    if let Some(pools) = &report.pools {
        pools::render(&mut page, pools)?;
    }
    Ok(page)
}

fn head(page: &mut String, report: &Report) -> fmt::Result {
    let machine = &report.machine;
    writeln!(
        page,
        "# Benchmarks\n\n\
         Written by `cargo xtask bench` on {}. Simulator, plain proxy and gempool ran in turns on one \
         machine, over loopback, each as a process of its own; the load generator was a fourth. All of \
         them shared the cores, so compare within this page, not with another machine's.\n\n\
         - **direct**: the Gemini simulator, called by the load generator in Gemini's dialect.\n\
         - **plain proxy**: a hyper reverse proxy that forwards the same call, with kept-alive \
         connections and without limits, time-outs or translation (`crates/bench/src/proxy.rs`).\n\
         - **gempool**: `gempool serve` with its defaults and `--store memory:`, called in OpenAI's \
         dialect: client key, choice of a key, translation both ways.\n\n\
         Each load ran {} times for {:.0} s after a warm-up; the median counts. Differences and ratios \
         are taken within a round. A closed loop: every connection waits for the whole answer, checks \
         that it is complete, and asks again. \"Added\" is over the direct call. CPU is user and system \
         time of the target's process alone.\n\n\
         | machine | |\n|---|---|\n\
         | CPU | {} |\n| cores | {} |\n| memory | {} MiB |\n| kernel | Linux {} |\n\
         | load average before | {} |\n| command | `{}` |\n",
        report.date,
        report.rounds,
        report.seconds,
        machine.cpu,
        machine.cores,
        machine.memory_mib,
        machine.kernel,
        machine.load,
        report.command,
    )
}

/// Beside what is aimed for, where gempool was measured.
fn aims(page: &mut String, report: &Report) -> fmt::Result {
    let row = |mode, connections| {
        let is_it = |cell: &&Cell| cell.mode == mode && cell.connections == connections;
        report.cells.iter().find(is_it)?.row(Kind::Gempool)
    };
    let idle = report.memory.iter().find(|row| row.kind == Kind::Gempool);
    let component = report
        .sizes
        .iter()
        .find(|size| size.name.starts_with("gateway"));
    let at_most = |name: &'static str, found: Option<f64>, aim: f64, unit: &'static str| {
        found.map(|found| {
            (
                name,
                format!("≤ {aim} {unit}"),
                format!("{found:.1} {unit}"),
                found <= aim,
            )
        })
    };
    let found = [
        at_most(
            "added p50, one connection, unary",
            row(Mode::Unary, 1).map(|row| row.added_p50_us),
            ADDED_P50_US,
            "µs",
        ),
        row(Mode::Unary, 16).map(|row| {
            let is_met = row.of_proxy >= OF_PROXY;
            let found = format!("{:.2}", row.of_proxy);
            (
                "throughput of the plain proxy's, 16 connections, unary",
                format!("≥ {OF_PROXY}"),
                found,
                is_met,
            )
        }),
        at_most(
            "resident memory, idle",
            idle.map(|row| mib(row.idle.resident_kib)),
            IDLE_MIB,
            "MiB",
        ),
        at_most(
            "warm start, to the first 200",
            report.start_up.map(|start_up| start_up.warm.health_ms),
            WARM_START_MS,
            "ms",
        ),
        at_most(
            "gateway component",
            component.map(|size| mib(size.bytes / 1024)),
            COMPONENT_MIB,
            "MiB",
        ),
    ];
    if found.iter().all(Option::is_none) {
        return Ok(());
    }
    writeln!(
        page,
        "## Beside the aims of this stage\n\n| what | aim | found | met |\n|---|---|---|---|"
    )?;
    for (name, aim, found, is_met) in found.into_iter().flatten() {
        writeln!(
            page,
            "| {name} | {aim} | {found} | {} |",
            if is_met { "yes" } else { "no" }
        )?;
    }
    writeln!(page)
}

fn loads(page: &mut String, report: &Report, mode: Mode) -> fmt::Result {
    let cells = || report.cells.iter().filter(move |cell| cell.mode == mode);
    let first_text = match mode {
        Mode::Unary => ("", ""),
        Mode::Stream => (
            " first text p50 µs | p99 µs | added p50 µs |",
            "---:|---:|---:|",
        ),
    };
    writeln!(
        page,
        "| connections | target | p50 µs | p99 µs | added p50 µs |{} requests/s | of the proxy's | CPU µs per request | failed |\n\
         |---:|---|---:|---:|---:|{}---:|---:|---:|---:|",
        first_text.0, first_text.1
    )?;
    for cell in cells() {
        for row in &cell.rows {
            line(page, cell, row)?;
        }
    }
    writeln!(page)
}

fn line(page: &mut String, cell: &Cell, row: &Row) -> fmt::Result {
    let is_direct = row.kind == Kind::Direct;
    let unless_direct = |text: String| if is_direct { "–".to_owned() } else { text };
    write!(
        page,
        "| {} | {} | {:.0} | {:.0} | {} |",
        cell.connections,
        row.kind.name(),
        row.p50_us,
        row.p99_us,
        unless_direct(format!("{:.0}", row.added_p50_us)),
    )?;
    if cell.mode == Mode::Stream {
        write!(
            page,
            " {:.0} | {:.0} | {} |",
            row.first_text_p50_us,
            row.first_text_p99_us,
            unless_direct(format!("{:.0}", row.added_first_text_p50_us)),
        )?;
    }
    writeln!(
        page,
        " {:.0} | {:.2} | {:.0} | {} |",
        row.per_second, row.of_proxy, row.cpu_us, row.failed
    )
}

fn memory(page: &mut String, report: &Report) -> fmt::Result {
    writeln!(
        page,
        "## Resident memory\n\nIdle: after a start with compiled components on disk, before any request.\n\n| target | idle MiB | after all loads MiB | peak MiB |\n|---|---:|---:|---:|"
    )?;
    for row in &report.memory {
        let name = match row.kind {
            Kind::Direct => "simulator",
            kind => kind.name(),
        };
        writeln!(
            page,
            "| {name} | {:.1} | {:.1} | {:.1} |",
            mib(row.idle.resident_kib),
            mib(row.after.resident_kib),
            mib(row.after.peak_kib)
        )?;
    }
    writeln!(page)
}

fn start_up(page: &mut String, report: &Report) -> fmt::Result {
    let Some(start_up) = report.start_up else {
        return Ok(());
    };
    writeln!(
        page,
        "## Start of gempool\n\n\
         From the start of the process, median of five. Cold: nothing compiled; warm: compiled components \
         on disk.\n\n| start | to \"listening\" ms | to the first 200 of `/health` ms |\n|---|---:|---:|"
    )?;
    for (name, start) in [("cold", start_up.cold), ("warm", start_up.warm)] {
        writeln!(
            page,
            "| {name} | {:.0} | {:.0} |",
            start.listening_ms, start.health_ms
        )?;
    }
    writeln!(page)
}

fn sizes(page: &mut String, report: &Report) -> fmt::Result {
    if report.sizes.is_empty() {
        return Ok(());
    }
    writeln!(page, "## Sizes\n\n| file | MiB |\n|---|---:|")?;
    for size in &report.sizes {
        writeln!(page, "| {} | {:.2} |", size.name, mib(size.bytes / 1024))?;
    }
    Ok(())
}

fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::proc_stat::Memory;
    use crate::report::{MemoryRow, Size};
    use crate::start_up::{StartUp, StartUps};

    fn report(kinds: &[Kind]) -> Report {
        let memory = Memory {
            resident_kib: 50 * 1024,
            peak_kib: 60 * 1024,
        };
        let start = StartUp {
            listening_ms: 50.0,
            health_ms: 60.0,
        };
        let row = |kind: &Kind| Row {
            kind: *kind,
            p50_us: 100.0,
            p99_us: 200.0,
            first_text_p50_us: 50.0,
            first_text_p99_us: 90.0,
            per_second: 1_000.0,
            cpu_us: 30.0,
            failed: 0,
            added_p50_us: 251.0,
            added_first_text_p50_us: 20.0,
            of_proxy: 0.4,
        };
        let cell = |mode| Cell {
            mode,
            connections: 1,
            rows: kinds.iter().map(row).collect(),
        };
        Report {
            date: "2026-11-21".to_owned(),
            command: "gempool-bench".to_owned(),
            seconds: 5.0,
            rounds: 3,
            machine: Machine::read(),
            cells: vec![cell(Mode::Unary), cell(Mode::Stream)],
            memory: kinds
                .iter()
                .map(|kind| MemoryRow {
                    kind: *kind,
                    idle: memory,
                    after: memory,
                })
                .collect(),
            start_up: kinds.contains(&Kind::Gempool).then_some(StartUps {
                cold: start,
                warm: start,
            }),
            sizes: vec![Size {
                name: "gateway component".to_owned(),
                bytes: 1 << 20,
            }],
            pools: None,
        }
    }

    #[test]
    fn every_row_of_a_table_has_the_columns_of_its_head() {
        let page = render(&report(&[Kind::Direct, Kind::Proxy, Kind::Gempool])).unwrap();
        for table in page.split("\n\n").filter(|block| block.starts_with('|')) {
            let columns: Vec<usize> = table
                .lines()
                .map(|line| line.matches('|').count())
                .collect();
            assert!(
                columns.iter().all(|count| Some(count) == columns.first()),
                "{table}"
            );
        }
    }

    #[test]
    fn says_which_aim_is_met_and_which_is_not() {
        let page = render(&report(&[Kind::Direct, Kind::Proxy, Kind::Gempool])).unwrap();
        assert!(page.contains("| added p50, one connection, unary | ≤ 250 µs | 251.0 µs | no |"));
        assert!(page.contains("| resident memory, idle | ≤ 90 MiB | 50.0 MiB | yes |"));
    }

    #[test]
    fn without_gempool_its_rows_are_absent() {
        let page = render(&report(&[Kind::Direct, Kind::Proxy])).unwrap();
        assert!(!page.contains("| 1 | gempool |"));
        assert!(!page.contains("Start of gempool"));
    }
}
