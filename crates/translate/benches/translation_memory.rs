//! What translation takes in memory, and the page section about it and about time.
//!
//! `cargo bench -p gempool-translate` runs `translation` first and then this, which counts
//! allocations, reads the times that criterion left behind and prints the section "Translation" of
//! `docs/benchmarks.md`; with `UPDATE_DOCS=1` it writes it there. Counting is exact and needs no
//! quiet machine; times do.

mod cases;
mod section;

use std::{env, fs, hint::black_box, path::PathBuf, process::ExitCode};

use allocation_counter::{AllocationInfo, measure};

use cases::{DIALECTS, STREAM_EVENTS};
use section::{RequestRow, Section, StreamRow};

fn main() -> ExitCode {
    // `cargo test --benches` runs this, too, and wants to see only that it still works.
    let upstream = cases::stream();
    let mut section = Section::default();
    for dialect in &DIALECTS {
        for (kind, body) in dialect.requests() {
            let body = body();
            let mut refusal = None;
            let info = measure(|| refusal = dialect.translate(black_box(&body)).err());
            match refusal {
                None => section.requests.push(RequestRow {
                    dialect: dialect.name,
                    kind,
                    bytes: body.len(),
                    ns: criterion_ns("request", dialect.name, kind),
                    allocations: info.count_total,
                    peak_bytes: info.bytes_max,
                }),
                Some(refusal) => section.refused.push((dialect.name, kind, refusal.message)),
            }
        }
        // Once to warm up: the first event finds empty buffers.
        let info: AllocationInfo = measure(|| {
            black_box(dialect.translate_stream(black_box(&upstream)));
        });
        section.streams.push(StreamRow {
            dialect: dialect.name,
            events: STREAM_EVENTS,
            bytes: upstream.len(),
            ns: criterion_ns("stream", dialect.name, "5000 events"),
            allocations: info.count_total,
            peak_bytes: info.bytes_max,
        });
    }
    let text = section.render();
    if env::var_os("UPDATE_DOCS").is_none() {
        #[expect(clippy::print_stdout, reason = "a measurement reports to who ran it")]
        {
            println!("{text}");
        }
        return ExitCode::SUCCESS;
    }
    let page = workspace().join("docs/benchmarks.md");
    let old = fs::read_to_string(&page).unwrap_or_default();
    match fs::write(&page, section::replace(&old, &text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn workspace() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect()
}

/// The middle of criterion's last samples, in nanoseconds.
fn criterion_ns(group: &str, dialect: &str, kind: &str) -> Option<f64> {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
    let estimates = target
        .join("criterion")
        .join(group)
        .join(dialect)
        .join(kind)
        .join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_slice(&fs::read(estimates).ok()?).ok()?;
    estimates.get("median")?.get("point_estimate")?.as_f64()
}
