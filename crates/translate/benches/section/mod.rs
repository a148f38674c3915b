//! The section "Translation" of the benchmarks page: tables of what was measured.
//!
//! It measures nothing and reads no clock; the date is asked of the system's `date`.

use std::{fmt::Write as _, fs, process::Command};

/// Opens the section. What follows it in the page is the section, to the end.
const HEADING: &str = "## Translation\n";

/// Time per upstream event that is accepted, in microseconds.
const MAX_EVENT_US: f64 = 10.0;

/// Memory that the request with an image may take at most, body included, in sizes of the body.
const MAX_IMAGE_SIZES: f64 = 3.0;

/// All that was measured.
#[derive(Default)]
pub(crate) struct Section {
    pub(crate) requests: Vec<RequestRow>,
    pub(crate) streams: Vec<StreamRow>,
    /// Dialect, kind and why.
    pub(crate) refused: Vec<(&'static str, &'static str, String)>,
}

/// One request in one dialect.
pub(crate) struct RequestRow {
    pub(crate) dialect: &'static str,
    pub(crate) kind: &'static str,
    /// Of the client's body.
    pub(crate) bytes: usize,
    /// `None` where criterion has not run.
    pub(crate) ns: Option<f64>,
    pub(crate) allocations: u64,
    /// Most that was allocated at once, beside the client's body.
    pub(crate) peak_bytes: u64,
}

/// The stream in one dialect.
pub(crate) struct StreamRow {
    pub(crate) dialect: &'static str,
    pub(crate) events: usize,
    /// Of Gemini's stream.
    pub(crate) bytes: usize,
    pub(crate) ns: Option<f64>,
    pub(crate) allocations: u64,
    pub(crate) peak_bytes: u64,
}

impl RequestRow {
    /// Body and peak, in sizes of the body.
    fn sizes(&self) -> f64 {
        1.0 + to_f64(self.peak_bytes) / from_usize(self.bytes)
    }
}

impl Section {
    /// The section as Markdown.
    pub(crate) fn render(&self) -> String {
        let mut page = String::from(HEADING);
        page.push_str(
            "\nWritten by `UPDATE_DOCS=1 cargo bench -p gempool-translate`: bytes of a client to bytes for Gemini, \
             and bytes of Gemini to bytes for a client, without network, component or host. Times are criterion's \
             medians; allocations are counted one by one (`crates/translate/benches`). A stream comes in reads of \
             1,460 bytes.\n\n",
        );
        let _ = write!(
            page,
            "| machine | |\n|---|---|\n| date | {} |\n| CPU | {}, one core used |\n| load average after | {} |\n\n",
            date(),
            cpu(),
            load_average()
        );
        self.aims(&mut page);
        self.tables(&mut page);
        page
    }

    fn aims(&self, page: &mut String) {
        page.push_str("| what | aim | found, worst dialect | met |\n|---|---|---|---|\n");
        let event_us = self.streams.iter().map(|row| us(row.ns, row.events));
        let event_us = event_us.flatten().fold(None, worst);
        aim(page, "CPU per upstream event", MAX_EVENT_US, "µs", event_us);
        let images = self
            .requests
            .iter()
            .filter(|row| row.kind.contains("image"));
        let sizes = images.map(RequestRow::sizes).fold(None, worst);
        aim(
            page,
            "peak of the request with an image, body included",
            MAX_IMAGE_SIZES,
            "× its size",
            sizes,
        );
    }

    fn tables(&self, page: &mut String) {
        page.push_str(
            "\n| dialect | request | bytes | µs | MB/s | allocations | peak beside the body, KiB | peak with the body, × its size |\n|---|---|---:|---:|---:|---:|---:|---:|\n",
        );
        for row in &self.requests {
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} | {} | {:.1} | {:.2} |",
                row.dialect,
                row.kind,
                row.bytes,
                number(us(row.ns, 1), 1),
                number(mb_per_s(row.bytes, row.ns), 0),
                row.allocations,
                to_f64(row.peak_bytes) / 1024.0,
                row.sizes(),
            );
        }
        page.push_str(
            "\n| dialect | events | bytes of Gemini | µs per event | MB/s | allocations per event | peak KiB |\n|---|---:|---:|---:|---:|---:|---:|\n",
        );
        for row in &self.streams {
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} | {:.2} | {:.1} |",
                row.dialect,
                row.events,
                row.bytes,
                number(us(row.ns, row.events), 2),
                number(mb_per_s(row.bytes, row.ns), 0),
                to_f64(row.allocations) / from_usize(row.events),
                to_f64(row.peak_bytes) / 1024.0,
            );
        }
        for (dialect, kind, why) in &self.refused {
            let _ = writeln!(page, "\nNot measured: {kind} in {dialect}: {why}.");
        }
    }
}

/// The page with this section instead of its own, at its end.
pub(crate) fn replace(page: &str, section: &str) -> String {
    let before = page.split_once(HEADING).map_or(page, |(before, _)| before);
    format!("{}\n\n{section}", before.trim_end())
}

fn aim(page: &mut String, what: &str, most: f64, unit: &str, found: Option<f64>) {
    let met = match found {
        Some(found) if found <= most => "yes",
        Some(_) => "no",
        None => "–",
    };
    let found = number(found, 2);
    let _ = writeln!(
        page,
        "| {what} | ≤ {most} {unit} | {found} {unit} | {met} |"
    );
}

fn worst(worst: Option<f64>, found: f64) -> Option<f64> {
    Some(worst.map_or(found, |worst| worst.max(found)))
}

fn us(ns: Option<f64>, parts: usize) -> Option<f64> {
    ns.map(|ns| ns / 1_000.0 / from_usize(parts))
}

fn mb_per_s(bytes: usize, ns: Option<f64>) -> Option<f64> {
    ns.map(|ns| from_usize(bytes) * 1_000.0 / ns)
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
}

fn from_usize(value: usize) -> f64 {
    u32::try_from(value).map_or(f64::MAX, f64::from)
}

fn to_f64(value: u64) -> f64 {
    u32::try_from(value).map_or(f64::MAX, f64::from)
}

fn date() -> String {
    let output = Command::new("date").args(["-u", "+%F"]).output();
    let date = output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    date.unwrap_or_default().trim().to_owned()
}

fn cpu() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.and_then(|rest| rest.split_once(':'));
    model.map_or("unknown", |(_, name)| name.trim()).to_owned()
}

fn load_average() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}
