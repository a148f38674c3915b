//! The section of the page about pools.
//!
//! It computes nothing but ratios of what it is given.

use std::fmt::{self, Write};

use super::Pools;
use super::by_keys::{ByKeys, COMPONENT_MIB};
use super::operations::Operations;
use super::outage::{Kind, Outage};
use super::shared::{self, Shared};
use super::storm::Storm;

/// What is aimed for, in the units of the row. A cold request reads the head, the client's page, the pool, a page of
/// keys and its marks; a warm one reads nothing of its own.
const P50_RATIO: f64 = 1.1;
const IMPORT_S: f64 = 10.0;
const COLD_READS: f64 = 5.0;
const WARM_READS: f64 = 0.0;
const CALLS_PER_ADMITTED: f64 = 1.2;
/// A key comes back one to two seconds after the time that its refusal named, so that not all come at once.
const FIRST_SUCCESS_MS: f64 = 2_000.0;
const WORST_ADDED_MS: f64 = 500.0;
const WAITS: f64 = 1.0;

/// Writes the section.
pub(crate) fn render(page: &mut String, pools: &Pools) -> fmt::Result {
    writeln!(
        page,
        "\n## Pools\n\n\
         Pools in stores, made with `gempool pools`, `gempool keys import` and `gempool clients`, called with a \
         client key of theirs: unary chat in OpenAI's dialect, as above.\n"
    )?;
    aims(page, pools)?;
    by_keys(page, &pools.by_keys)?;
    storms(page, &pools.storms)?;
    match &pools.shared {
        Some(shared) => on_redis(page, shared),
        None => writeln!(
            page,
            "### Redis\n\nNot measured: there is no `redis-server` here (Debian's package of that name), so no \
             operations were counted and no store was stopped."
        ),
    }
}

/// A line of the table of aims.
struct Aim {
    name: String,
    at_most: f64,
    found: Option<f64>,
    digits: usize,
    unit: &'static str,
}

impl Aim {
    fn line(&self, page: &mut String) -> fmt::Result {
        let Self {
            name,
            at_most,
            unit,
            digits,
            ..
        } = self;
        let (found, is_met) = match self.found {
            // Judged as it is shown, so that no row says "0.00, aim 0, no".
            Some(found) => {
                let shown = format!("{found:.digits$}");
                let is_met = shown.parse::<f64>().is_ok_and(|shown| shown <= *at_most);
                (format!("{shown}{unit}"), is_met)
            }
            None => ("never".to_owned(), false),
        };
        let is_met = if is_met { "yes" } else { "no" };
        writeln!(page, "| {name} | ≤ {at_most}{unit} | {found} | {is_met} |")
    }
}

fn aims(page: &mut String, pools: &Pools) -> fmt::Result {
    writeln!(page, "| what | aim | found | met |\n|---|---|---|---|")?;
    for aim in of_files(pools) {
        aim.line(page)?;
    }
    for aim in pools.shared.iter().flat_map(of_redis) {
        aim.line(page)?;
    }
    writeln!(page)
}

fn of_files(pools: &Pools) -> Vec<Aim> {
    let by_keys = &pools.by_keys;
    let mut aims = Vec::new();
    let largest = by_keys.pools.last();
    let one_connection = by_keys.loads.iter().filter(|load| load.connections == 1);
    aims.extend(one_connection.skip(1).map(|load| Aim {
        name: format!(
            "p50 with {} keys ÷ p50 with 10, one connection",
            grouped(load.keys)
        ),
        at_most: P50_RATIO,
        found: Some(load.p50_ratio),
        digits: 2,
        unit: "",
    }));
    aims.extend(largest.map(|pool| Aim {
        name: format!("import of {} keys", grouped(pool.keys)),
        at_most: IMPORT_S,
        found: Some(pool.import_s),
        digits: 1,
        unit: " s",
    }));
    aims.extend(largest.map(|pool| Aim {
        name: format!(
            "failed, of {} requests to instances with {COMPONENT_MIB} MiB of linear memory, {} keys",
            by_keys.confined.requests,
            grouped(pool.keys)
        ),
        at_most: 0.0,
        found: Some(by_keys.confined.failed as f64),
        digits: 0,
        unit: "",
    }));
    for storm in &pools.storms {
        let keys = grouped(storm.keys);
        aims.push(Aim {
            name: format!("storm, {keys} keys: upstream calls per admitted request"),
            at_most: CALLS_PER_ADMITTED,
            found: Some(storm.calls_per_admitted),
            digits: 2,
            unit: "",
        });
        aims.push(Aim {
            name: format!("storm, {keys} keys: first answer after the first key may return"),
            at_most: FIRST_SUCCESS_MS,
            found: storm.first_success_ms,
            digits: 0,
            unit: " ms",
        });
    }
    aims
}

fn of_redis(shared: &Shared) -> Vec<Aim> {
    let operations = &shared.operations;
    let mut aims = vec![
        Aim {
            name: "store reads of a cold request".to_owned(),
            at_most: COLD_READS,
            found: Some(operations.cold.reads as f64),
            digits: 0,
            unit: "",
        },
        Aim {
            name: "store reads per warm request, median burst".to_owned(),
            at_most: WARM_READS,
            found: Some(operations.warm_reads),
            digits: 2,
            unit: "",
        },
    ];
    for outage in &shared.outages {
        let kind = kind(outage.kind);
        aims.push(Aim {
            name: format!("Redis {kind}: failed requests"),
            at_most: 0.0,
            found: Some(outage.failed as f64),
            digits: 0,
            unit: "",
        });
        aims.push(Aim {
            name: format!("Redis {kind}: added latency at worst"),
            at_most: WORST_ADDED_MS,
            found: Some(outage.worst_added_ms),
            digits: 0,
            unit: " ms",
        });
        aims.push(Aim {
            name: format!("Redis {kind}: times at which requests waited"),
            at_most: WAITS,
            found: Some(outage.waits as f64),
            digits: 0,
            unit: "",
        });
    }
    aims
}

fn by_keys(page: &mut String, by_keys: &ByKeys) -> fmt::Result {
    writeln!(
        page,
        "### By number of keys\n\n\
         Each pool in a SQLite file and a process of its own; loads in turns, ratios within a round.\n\n\
         | keys | connections | p50 µs | p99 µs | p50 of the smallest's | requests/s | CPU µs per request | failed |\n\
         |---:|---:|---:|---:|---:|---:|---:|---:|"
    )?;
    for load in &by_keys.loads {
        writeln!(
            page,
            "| {} | {} | {:.0} | {:.0} | {:.2} | {:.0} | {:.0} | {} |",
            grouped(load.keys),
            load.connections,
            load.p50_us,
            load.p99_us,
            load.p50_ratio,
            load.per_second,
            load.cpu_us,
            load.failed
        )?;
    }
    writeln!(
        page,
        "\nImport and export are whole processes, from the start to the end of the command. Memory is the serving \
         process's: idle before any request, after all loads of this section but the storm.\n\n\
         | keys | import s | export s | idle MiB | after MiB | peak MiB |\n|---:|---:|---:|---:|---:|---:|"
    )?;
    for pool in &by_keys.pools {
        writeln!(
            page,
            "| {} | {:.2} | {:.2} | {:.1} | {:.1} | {:.1} |",
            grouped(pool.keys),
            pool.import_s,
            pool.export_s,
            mib(pool.idle.resident_kib),
            mib(pool.after.resident_kib),
            mib(pool.after.peak_kib)
        )?;
    }
    writeln!(page)
}

fn storms(page: &mut String, storms: &[Storm]) -> fmt::Result {
    writeln!(
        page,
        "### Storm\n\n\
         Every key answers Google's 429 of a per-minute quota, which asks to wait until two seconds after the storm; \
         16 connections ask on and on. Times are from the moment at which a key may be used again: at the end of \
         that wait, or of the storm where some key was never asked.\n\n\
         | keys | storm s | admitted | by status | upstream calls | per admitted | first answer ms |\n\
         |---:|---:|---:|---|---:|---:|---:|"
    )?;
    for storm in storms {
        let by_status: Vec<String> = storm
            .by_status
            .iter()
            .map(|(status, count)| match status {
                0 => format!("broken: {count}"),
                status => format!("{status}: {count}"),
            })
            .collect();
        let first_success = storm
            .first_success_ms
            .map_or("never".to_owned(), |time| format!("{time:.0}"));
        writeln!(
            page,
            "| {} | {:.0} | {} | {} | {} | {:.3} | {} |",
            grouped(storm.keys),
            storm.seconds,
            storm.admitted,
            by_status.join(", "),
            storm.upstream_calls,
            storm.calls_per_admitted,
            first_success,
        )?;
    }
    writeln!(page)
}

fn on_redis(page: &mut String, shared: &Shared) -> fmt::Result {
    let operations = &shared.operations;
    writeln!(
        page,
        "### Operations on the store\n\n\
         Counted by Redis (`INFO commandstats`), pool of {} keys. Cold: the first request of a process, until its \
         answer was there; what it leaves to be noted follows. Warm: one connection, {} requests in {:.0} s, with \
         what each instance does about once a second; the median burst of 20 requests shows what a request itself \
         reads.\n\n\
         | what | reads | writes | reads per request | writes per request |\n|---|---:|---:|---:|---:|",
        grouped(shared::KEYS),
        operations.warm_requests,
        operations.warm_s
    )?;
    for (name, commands) in [
        ("start of the process", operations.start),
        ("cold request", operations.cold),
        ("within seconds after it", operations.afterwards),
    ] {
        writeln!(
            page,
            "| {name} | {} | {} | – | – |",
            commands.reads, commands.writes
        )?;
    }
    let warm = operations.warm;
    writeln!(
        page,
        "| warm requests | {} | {} | {:.4} | {:.4} |\n",
        warm.reads,
        warm.writes,
        per_request(operations, warm.reads),
        per_request(operations, warm.writes)
    )?;
    outages(page, &shared.outages)
}

fn outages(page: &mut String, outages: &[Outage]) -> fmt::Result {
    writeln!(
        page,
        "### Redis goes away\n\n\
         16 connections ask on and on. Frozen: SIGSTOP, then SIGCONT; killed: SIGKILL, then started on its data. \
         Counted is what ended after Redis went, also after it came back; waited has whoever took 100 ms more than \
         the usual p50, and waits that overlap are one time.\n\n\
         | Redis | away s | requests | failed | usual p50 ms | p50 ms | worst added ms | waited | times |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|"
    )?;
    for outage in outages {
        writeln!(
            page,
            "| {} | {:.1} | {} | {} | {:.2} | {:.2} | {:.0} | {} | {} |",
            kind(outage.kind),
            outage.seconds,
            outage.requests,
            outage.failed,
            outage.usual_p50_ms,
            outage.p50_ms,
            outage.worst_added_ms,
            outage.waited,
            outage.waits
        )?;
    }
    Ok(())
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Frozen => "frozen",
        Kind::Killed => "killed",
    }
}

fn per_request(operations: &Operations, commands: u64) -> f64 {
    commands as f64 / operations.warm_requests.max(1) as f64
}

/// With a comma before each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::by_keys::{Confined, Load, Pool};
    use super::super::operations::Commands;
    use super::*;
    use crate::proc_stat::Memory;

    fn found() -> Pools {
        let memory = Memory {
            resident_kib: 50 * 1024,
            peak_kib: 60 * 1024,
        };
        let load = |keys| Load {
            keys,
            connections: 1,
            p50_us: 400.0,
            p99_us: 800.0,
            p50_ratio: 1.104,
            per_second: 2_000.0,
            cpu_us: 300.0,
            failed: 0,
        };
        let pool = |keys| Pool {
            keys,
            import_s: 12.34,
            export_s: 1.0,
            idle: memory,
            after: memory,
        };
        let commands = Commands {
            reads: 5,
            writes: 2,
        };
        Pools {
            by_keys: ByKeys {
                loads: vec![load(10), load(100_000)],
                pools: vec![pool(10), pool(100_000)],
                confined: Confined {
                    requests: 5_000,
                    failed: 0,
                },
            },
            storms: vec![Storm {
                keys: 10,
                seconds: 10.0,
                admitted: 1_000,
                by_status: BTreeMap::from([(0, 1), (429, 999)]),
                upstream_calls: 900,
                calls_per_admitted: 0.9,
                first_success_ms: Some(1_100.0),
            }],
            shared: Some(Shared {
                operations: Operations {
                    start: commands,
                    cold: commands,
                    afterwards: commands,
                    warm: commands,
                    warm_requests: 10_000,
                    warm_s: 5.0,
                    warm_reads: 0.0,
                },
                outages: vec![Outage {
                    kind: Kind::Frozen,
                    seconds: 5.0,
                    requests: 1_000,
                    failed: 0,
                    usual_p50_ms: 2.0,
                    p50_ms: 2.0,
                    worst_added_ms: 501.0,
                    waited: 16,
                    waits: 1,
                }],
            }),
        }
    }

    fn page(pools: &Pools) -> String {
        let mut page = String::new();
        render(&mut page, pools).unwrap();
        page
    }

    #[test]
    fn every_row_of_a_table_has_the_columns_of_its_head() {
        let page = page(&found());
        let tables: Vec<&str> = page
            .split("\n\n")
            .filter(|block| block.starts_with('|'))
            .collect();
        assert_eq!(tables.len(), 6);
        for table in tables {
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
        let page = page(&found());
        for line in [
            "| p50 with 100,000 keys ÷ p50 with 10, one connection | ≤ 1.1 | 1.10 | yes |",
            "| import of 100,000 keys | ≤ 10 s | 12.3 s | no |",
            "| store reads of a cold request | ≤ 5 | 5 | yes |",
            "| store reads per warm request, median burst | ≤ 0 | 0.00 | yes |",
            "| Redis frozen: added latency at worst | ≤ 500 ms | 501 ms | no |",
            "| 10 | 10 | 1000 | broken: 1, 429: 999 | 900 | 0.900 | 1100 |",
        ] {
            assert!(page.contains(line), "{line} is not in {page}");
        }
    }

    #[test]
    fn without_a_server_it_says_so() {
        let page = page(&Pools {
            shared: None,
            ..found()
        });
        assert!(page.contains("there is no `redis-server` here"));
        assert!(!page.contains("store reads"));
    }

    #[test]
    fn large_numbers_are_grouped() {
        for (number, text) in [(10, "10"), (1_000, "1,000"), (100_000, "100,000")] {
            assert_eq!(grouped(number), text);
        }
    }
}
