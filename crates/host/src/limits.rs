//! Every bound the host enforces, each a flag with unit and default.
//!
//! Enforces nothing itself. Bounds on what one tenant may spend are the gateway's.

use std::time::Duration;

use clap::Args;

/// One kibibyte in bytes.
const KIB: u64 = 1024;
/// One mebibyte in bytes.
const MIB: u64 = 1024 * KIB;

/// Bounds on clients, upstream and instances.
#[derive(Debug, Clone, Args)]
pub struct Limits {
    /// From the client's side.
    #[command(flatten)]
    pub client: ClientLimits,
    /// Towards the upstream.
    #[command(flatten)]
    pub upstream: UpstreamLimits,
    /// Of component instances.
    #[command(flatten)]
    pub instance: InstanceLimits,
}

/// What clients may use.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Client limits")]
pub struct ClientLimits {
    // One connection costs about 20 KiB here and one file descriptor: 10,000 are 200 MiB at worst.
    /// Open connections; further ones wait in the kernel's queue.
    #[arg(long, value_name = "CONNECTIONS", default_value_t = 10_000)]
    pub max_connections: u32,

    // Little's law: 512 in flight at 1 s each is 512 requests per second, above what two cores translate.
    /// Requests in flight; further ones get 503 with `Retry-After: 1`.
    #[arg(long, value_name = "REQUESTS", default_value_t = 512)]
    pub max_requests: u32,

    /// Request line and headers together; more gets 431.
    #[arg(long, value_name = "BYTES", default_value_t = 32 * KIB as u32,
          value_parser = clap::value_parser!(u32).range(8 * KIB as i64..=1024 * KIB as i64))]
    pub max_header_bytes: u32,

    /// Header fields; more gets 431.
    #[arg(long, value_name = "FIELDS", default_value_t = 100)]
    pub max_headers: u16,

    /// Path and query; more gets 414.
    #[arg(long, value_name = "BYTES", default_value_t = 8 * KIB as u32)]
    pub max_url_bytes: u32,

    // 20 MB of image or sound in base64 with a conversation around it. The gateway takes no more either.
    /// Request body, counted while it streams; more gets 413. The gateway's own limit is 32 MiB.
    #[arg(long, value_name = "BYTES", default_value_t = 32 * MIB)]
    pub max_body_bytes: u64,

    /// From the first byte of a request to the end of its headers; longer closes the connection.
    #[arg(long, value_name = "MILLISECONDS", default_value = "10000", value_parser = millis)]
    pub header_read_ms: Duration,

    /// Silence inside a request body; longer gets 408.
    #[arg(long, value_name = "MILLISECONDS", default_value = "30000", value_parser = millis)]
    pub body_idle_ms: Duration,

    // Above the 60 s after which common load balancers close, so that they close first and lose no request.
    /// Idle time of a kept-alive connection.
    #[arg(long, value_name = "MILLISECONDS", default_value = "75000", value_parser = millis)]
    pub keep_alive_ms: Duration,

    /// A client that takes no byte of its response for this long is dropped.
    #[arg(long, value_name = "MILLISECONDS", default_value = "60000", value_parser = millis)]
    pub write_stall_ms: Duration,

    /// After SIGTERM, how long running requests may take to end.
    #[arg(long, value_name = "MILLISECONDS", default_value = "30000", value_parser = millis)]
    pub drain_ms: Duration,
}

/// What the upstream may use. The gateway has its own, shorter time-outs with typed errors; these are what
/// remains if it forgets.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Upstream limits")]
pub struct UpstreamLimits {
    /// TCP connection, to all addresses of the host together.
    #[arg(long, value_name = "MILLISECONDS", default_value = "5000", value_parser = millis)]
    pub connect_ms: Duration,

    // A unary answer's headers come when it is complete; 600 s is the gateway's limit, and 5 s more let its
    // better error come first.
    /// From sending a request to the response headers.
    #[arg(long, value_name = "MILLISECONDS", default_value = "605000", value_parser = millis)]
    pub first_byte_ms: Duration,

    // 120 s is the gateway's.
    /// Silence inside a response body.
    #[arg(long, value_name = "MILLISECONDS", default_value = "125000", value_parser = millis)]
    pub upstream_idle_ms: Duration,

    // 600 s to the first part and 600 s for the stream are the gateway's.
    /// One upstream call from start to the last byte.
    #[arg(long, value_name = "MILLISECONDS", default_value = "1205000", value_parser = millis)]
    pub total_ms: Duration,
}

/// What one component instance may use.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Instance limits")]
pub struct InstanceLimits {
    // The gateway holds 64 MiB of bodies at a time, each three times over; the rest is for answers.
    /// Linear memory of one instance; growth beyond fails and traps the instance.
    #[arg(long, value_name = "MEBIBYTES", default_value_t = 256,
          value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub memory_mib: u32,

    /// Computing without a pause; longer traps the instance.
    #[arg(long, value_name = "MILLISECONDS", default_value = "2000", value_parser = millis)]
    pub cpu_ms: Duration,

    // 512 requests at 16 per instance are 32; the rest is for bursts and for the admin component. Each slot
    // reserves 4 GiB of address space plus guards: 128 are 0.8 of the 128 TiB there are, in per cent.
    /// Instances of both components on all threads.
    #[arg(long, value_name = "INSTANCES", default_value_t = 128,
          value_parser = clap::value_parser!(u32).range(2..=4096))]
    pub max_instances: u32,

    /// Requests that one instance handles at the same time.
    #[arg(long, value_name = "REQUESTS", default_value_t = 16,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub instance_requests: u16,

    /// Idle time after which a surplus instance is dropped; the last one of a thread stays warm.
    #[arg(long, value_name = "MILLISECONDS", default_value = "60000", value_parser = millis)]
    pub instance_idle_ms: Duration,
}

impl InstanceLimits {
    /// Linear memory in bytes.
    pub fn memory_bytes(&self) -> usize {
        usize::try_from(u64::from(self.memory_mib) * MIB).unwrap_or(usize::MAX)
    }
}

/// Reads whole milliseconds, at least one.
fn millis(text: &str) -> Result<Duration, String> {
    match text.parse::<u32>() {
        Ok(0) => Err("must be at least 1".to_owned()),
        Ok(millis) => Ok(Duration::from_millis(millis.into())),
        Err(error) => Err(format!("expected whole milliseconds: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::millis;

    #[test]
    fn times_are_whole_positive_milliseconds() {
        assert_eq!(millis("250").map(|time| time.as_millis()), Ok(250));
        for text in ["0", "-1", "1s", "", "4294967296"] {
            assert!(millis(text).is_err(), "{text} was accepted");
        }
    }
}
