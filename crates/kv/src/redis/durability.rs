//! What a Redis server's own settings promise for acknowledged writes.
//!
//! Looks and warns; changes nothing, and a server that hides its settings is taken as it is.

use ::redis::Cmd;

use super::link::Link;

/// Asks the server and logs what an operator should change.
pub(super) async fn warn(link: &Link) {
    for section in ["persistence", "memory"] {
        if let Ok(info) = link
            .query::<String>(Cmd::new().arg("INFO").arg(section))
            .await
        {
            for advice in advice(&info) {
                tracing::warn!("{advice}");
            }
        }
    }
}

/// What is wrong with a server whose `INFO` is this.
fn advice(info: &str) -> Vec<&'static str> {
    let says = |name: &str, wrong: fn(&str) -> bool| {
        info.lines()
            .filter_map(|line| line.trim_end().split_once(':'))
            .any(|(field, value)| field == name && wrong(value))
    };
    let mut advice = Vec::new();
    if says("aof_enabled", |value| value == "0") {
        advice.push(
            "Redis keeps no append-only file: a crash loses every change since its last snapshot; set `appendonly yes`",
        );
    }
    if says("maxmemory_policy", |value| value.starts_with("allkeys")) {
        advice.push("Redis may evict what is stored here: set `maxmemory-policy noeviction`");
    }
    advice
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warns_of_lost_and_evicted_data_and_of_nothing_else() {
        for (info, expected) in [
            ("# Persistence\r\naof_enabled:0\r\n", Some("appendonly")),
            ("aof_enabled:1\r\n", None),
            ("maxmemory_policy:allkeys-lru\r\n", Some("noeviction")),
            ("maxmemory_policy:volatile-lru\r\n", None),
            ("maxmemory_policy:noeviction\r\n", None),
            ("", None),
        ] {
            let advice = advice(info);
            assert_eq!(advice.len(), usize::from(expected.is_some()), "{info}");
            if let Some(expected) = expected {
                assert!(advice[0].contains(expected), "{info}: {advice:?}");
            }
        }
    }
}
