//! `… usage`: what was counted, of a pool, a client key, or the keys of a pool.
//!
//! Instances add to the counters once a second, so the last second may be missing.

use anyhow::{Context as _, Result};
use gempool_pool::{KeyRecord, pacific_day};
use gempool_state::usage::{Series, Usage, read_usage};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::args::UsageArgs;
use crate::clock;
use crate::output::{print, remark, table};
use crate::session::Session;

/// Days of one series, the latest first.
pub(crate) async fn by_day(
    session: &Session,
    series: &Series,
    arguments: &UsageArgs,
) -> Result<()> {
    let now = clock::now();
    let days = read_usage(&session.backend, series, u32::from(arguments.days), now).await?;
    let days: Vec<(String, Usage)> = days
        .into_iter()
        .map(|(day, usage)| Ok((date_of(day)?, usage)))
        .collect::<Result<_>>()?;
    if arguments.json {
        let days: Vec<Value> = days
            .iter()
            .map(|(date, usage)| {
                json!({
                    "date": date, "requests": usage.requests, "errors": usage.errors,
                    "tokens": usage.tokens, "output_tokens": usage.output_tokens,
                })
            })
            .collect();
        return print(&(json!({"days": days}).to_string() + "\n"));
    }
    let rows: Vec<_> = days
        .iter()
        .map(|(date, usage)| {
            [
                date.clone(),
                usage.requests.to_string(),
                usage.errors.to_string(),
                usage.tokens.to_string(),
                usage.output_tokens.to_string(),
            ]
        })
        .collect();
    remark("days end at midnight in Los Angeles");
    print(&table(
        ["DAY", "REQUESTS", "ERRORS", "TOKENS", "OF THEM ANSWERS"],
        &rows,
    ))
}

/// Today's use of each key with a model.
pub(crate) async fn by_key(
    session: &Session,
    keys: &[KeyRecord],
    model: &str,
    as_json: bool,
) -> Result<()> {
    let now = clock::now();
    let mut used = Vec::new();
    for key in keys {
        let series = Series::KeyDays(key.id(), model.into());
        let today = read_usage(&session.backend, &series, 1, now).await?;
        let usage = today.first().map(|(_, usage)| *usage).unwrap_or_default();
        used.push((key, usage));
    }
    if as_json {
        let list: Vec<Value> = used
            .iter()
            .map(|(key, usage)| {
                json!({
                    "id": key.id(), "key": key.key.masked(), "name": key.name,
                    "requests": usage.requests, "tokens": usage.tokens,
                })
            })
            .collect();
        return print(&(serde_json::to_string_pretty(&list)? + "\n"));
    }
    let rows: Vec<_> = used
        .iter()
        .map(|(key, usage)| {
            [
                key.id().to_string(),
                key.key.masked(),
                key.name.clone(),
                usage.requests.to_string(),
                usage.tokens.to_string(),
            ]
        })
        .collect();
    remark(&format!(
        "{model}, since midnight in Los Angeles ({})",
        date_of(pacific_day(now))?
    ));
    print(&table(["ID", "KEY", "NAME", "REQUESTS", "TOKENS"], &rows))
}

/// The date of a day's number.
fn date_of(day: u32) -> Result<String> {
    let days = jiff::Span::new()
        .try_days(day)
        .map_err(|error| anyhow::anyhow!("{error}"))
        .context("a day out of reach")?;
    let date = Date::constant(1970, 1, 1)
        .checked_add(days)
        .map_err(|error| anyhow::anyhow!("{error}"))
        .context("a day out of reach")?;
    Ok(date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        assert_eq!(date_of(0).unwrap(), "1970-01-01");
        assert_eq!(date_of(20_782).unwrap(), "2026-11-25");
    }
}
