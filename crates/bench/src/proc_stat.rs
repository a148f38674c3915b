//! CPU time and memory of a process, from `/proc` (proc(5)). Linux only.

use std::time::Duration;

use anyhow::{Context, Result};

/// Unit of the CPU times in `/proc/PID/stat`: `USER_HZ`, which is 100 on every Linux ABI that we build
/// for.
const TICKS_PER_SECOND: u64 = 100;

/// User and system time of a process, all threads, so far. Exact to 10 ms.
pub(crate) fn cpu_time(process: u32) -> Result<Duration> {
    let path = format!("/proc/{process}/stat");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let ticks = cpu_ticks(&text).with_context(|| format!("{path} is not as expected"))?;
    Ok(Duration::from_millis(
        ticks.saturating_mul(1000 / TICKS_PER_SECOND),
    ))
}

/// Memory of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Memory {
    /// Resident now, in KiB.
    pub(crate) resident_kib: u64,
    /// The most that was ever resident, in KiB.
    pub(crate) peak_kib: u64,
}

/// Resident memory of a process.
pub(crate) fn memory(process: u32) -> Result<Memory> {
    let path = format!("/proc/{process}/status");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let kib = |name| kib_of(&text, name).with_context(|| format!("{path} has no {name}"));
    Ok(Memory {
        resident_kib: kib("VmRSS:")?,
        peak_kib: kib("VmHWM:")?,
    })
}

/// Fields 14 and 15. The name in field 2 may hold spaces, so counting begins after it.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let mut fields = after_name.split(' ').skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn kib_of(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_times_after_a_name_with_spaces() {
        let stat = "42 (a b) c) S 1 42 42 0 -1 4194560 100 0 0 0 7 5 0 0 20 0 1 0 100 0 0";
        assert_eq!(cpu_ticks(stat), Some(12));
        assert_eq!(cpu_ticks("nonsense"), None);
    }

    #[test]
    fn reads_kibibytes_by_name() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(kib_of(status, "VmRSS:"), Some(1024));
        assert_eq!(kib_of(status, "VmHWM:"), Some(2048));
        assert_eq!(kib_of(status, "VmSwap:"), None);
    }

    #[test]
    fn this_process_can_be_read() {
        let process = std::process::id();
        assert!(cpu_time(process).is_ok());
        let memory = memory(process).unwrap();
        assert!(memory.resident_kib > 0 && memory.peak_kib >= memory.resident_kib);
    }
}
