//! `gempool clients`: the keys that programs call a pool with.
//!
//! A key is printed once, when it is made; what is stored cannot be turned back into it.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use gempool_pool::UnixMillis;
use gempool_state::ports::Rng;
use gempool_state::usage::Series;
use gempool_state::{Change, ClientKeyId, ClientKeyRecord, Head, PoolId, list_clients};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

use crate::args::{ClientArgs, Clients};
use crate::clock;
use crate::output::{print, remark, table};
use crate::pools::models_of;
use crate::session::Session;
use crate::usage;

/// What client keys begin with: the multi-pool worker's, so that tools that look for it are content.
const PREFIX: &str = "sk-pool-";
/// Characters of a key that are kept for people to recognize it by: the prefix and 16 of its 256 bits.
const HEAD_CHARS: usize = PREFIX.len() + 4;

/// Runs the command.
pub(crate) async fn run(session: &Session, command: &Clients) -> Result<ExitCode> {
    match command {
        Clients::List { pool, json } => list(session, pool.as_ref(), *json).await?,
        Clients::Create { pool, limits } => create(session, pool, limits).await?,
        Clients::Edit { id, limits } => {
            change(session, id, |record| apply(record, limits)).await?;
        }
        Clients::Usage { id, span } => {
            let (_, record) = find(session, id).await?;
            usage::by_day(session, &Series::ClientDays(record.id), span).await?;
        }
        Clients::Enable { id } => change(session, id, |record| set_disabled(record, false)).await?,
        Clients::Disable { id } => change(session, id, |record| set_disabled(record, true)).await?,
        Clients::Regenerate { id } => regenerate(session, id).await?,
        Clients::Revoke { id } => revoke(session, id).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(session: &Session, pool: Option<&PoolId>, as_json: bool) -> Result<()> {
    let records = match session.head().await? {
        Some(head) => all(session, &head).await?,
        None => Vec::new(),
    };
    let shown: Vec<_> = records
        .into_iter()
        .filter(|record| pool.is_none_or(|pool| record.pool == *pool))
        .collect();
    if as_json {
        return print(&(serde_json::to_string_pretty(&shown)? + "\n"));
    }
    if shown.is_empty() {
        remark("no client keys yet: `gempool clients create POOL` makes one");
        return Ok(());
    }
    let now = clock::now();
    let rows: Vec<_> = shown
        .iter()
        .map(|record| {
            [
                record.id.to_string(),
                record.pool.to_string(),
                record.name.clone(),
                format!("{}…", record.head),
                state(record, now).to_owned(),
                limits(record),
            ]
        })
        .collect();
    print(&table(
        ["ID", "POOL", "NAME", "KEY", "STATE", "LIMITS"],
        &rows,
    ))
}

fn state(record: &ClientKeyRecord, now: UnixMillis) -> &'static str {
    if record.disabled {
        "off"
    } else if record.expires_at.is_some_and(|end| end <= now) {
        "expired"
    } else {
        "on"
    }
}

fn limits(record: &ClientKeyRecord) -> String {
    let mut limits = Vec::new();
    limits.extend(record.rpm.map(|rpm| format!("{rpm} rpm")));
    limits.extend(record.tpm.map(|tpm| format!("{tpm} tpm")));
    limits.extend(record.tokens_per_day.map(|day| format!("{day} tokens/day")));
    if record.paid_only {
        limits.push("paid only".to_owned());
    }
    if let Some(models) = &record.allowed_models {
        limits.push(models.join(","));
    }
    limits.join(", ")
}

async fn create(session: &Session, pool: &PoolId, limits: &ClientArgs) -> Result<()> {
    let (head, _) = session.pool(pool).await?;
    let key = new_key(&session.backend);
    let mut record = ClientKeyRecord::new(
        head.client_key_id(&key),
        pool.clone(),
        head_of(&key),
        clock::now(),
    );
    apply(&mut record, limits)?;
    let put = Change::PutClient {
        record: Box::new(record),
        base: Some(0),
    };
    session
        .edit(vec![put])
        .await
        .context("cannot make a client key")?;
    remark("this is shown once:");
    print(&(key + "\n"))
}

async fn change(
    session: &Session,
    id: &str,
    apply: impl FnOnce(&mut ClientKeyRecord) -> Result<()>,
) -> Result<()> {
    let (_, mut record) = find(session, id).await?;
    let base = Some(record.stamp);
    apply(&mut record)?;
    let id = record.id;
    let put = Change::PutClient {
        record: Box::new(record),
        base,
    };
    session
        .edit(vec![put])
        .await
        .with_context(|| format!("cannot change client key {id}"))?;
    remark(&format!("client key {id} is changed"));
    Ok(())
}

async fn regenerate(session: &Session, id: &str) -> Result<()> {
    let (head, old) = find(session, id).await?;
    let key = new_key(&session.backend);
    let new = renewed(&old, head.client_key_id(&key), &key);
    let put = Change::PutClient {
        record: Box::new(new),
        base: Some(0),
    };
    session
        .edit(vec![put])
        .await
        .context("cannot make the new client key; the old one is as it was")?;
    remark("this is shown once:");
    print(&(key + "\n"))?;
    // An edit of its own: of two changes in one, the second is made even if the first is refused. And the old key
    // must not end before somebody has the new one.
    let delete = Change::DeleteClient { id: old.id };
    session.edit(vec![delete]).await.with_context(|| {
        format!(
            "the new key is valid, but it is not sure that the old one has ended: `gempool clients revoke {}` ends it",
            old.id
        )
    })?;
    remark("the old key has ended; gateways refuse it within 5 seconds");
    Ok(())
}

/// The record of a key that takes another's place: limits, name and end stay.
fn renewed(old: &ClientKeyRecord, id: ClientKeyId, key: &str) -> ClientKeyRecord {
    ClientKeyRecord {
        id,
        head: head_of(key),
        stamp: 0,
        ..old.clone()
    }
}

async fn revoke(session: &Session, id: &str) -> Result<()> {
    let (_, record) = find(session, id).await?;
    let delete = Change::DeleteClient { id: record.id };
    session
        .edit(vec![delete])
        .await
        .context("cannot revoke the client key")?;
    remark(&format!(
        "client key {} is revoked; gateways refuse it within 5 seconds",
        record.id
    ));
    Ok(())
}

async fn find(session: &Session, id: &str) -> Result<(Head, ClientKeyRecord)> {
    let Some(head) = session.head().await? else {
        bail!("there are no client keys yet");
    };
    let mut found = all(session, &head)
        .await?
        .into_iter()
        .filter(|record| record.id.to_string().starts_with(id));
    match (found.next(), found.next()) {
        (Some(record), None) => Ok((head, record)),
        (Some(_), Some(_)) => bail!("several client keys begin with `{id}`: give more digits"),
        (None, _) => bail!("no client key begins with `{id}`: `gempool clients list` shows all"),
    }
}

async fn all(session: &Session, head: &Head) -> Result<Vec<ClientKeyRecord>> {
    let whole = list_clients(&session.backend, &session.vault, head).await?;
    for damaged in &whole.damaged {
        remark(&format!("some client keys cannot be read: {damaged}"));
    }
    Ok(whole.records)
}

fn apply(record: &mut ClientKeyRecord, limits: &ClientArgs) -> Result<()> {
    if let Some(name) = &limits.name {
        record.name.clone_from(name);
    }
    if let Some(expires) = &limits.expires {
        record.expires_at = expiry(expires)?;
    }
    if let Some(models) = &limits.allow {
        let models = models_of(models);
        record.allowed_models = (!models.is_empty()).then_some(models);
    }
    if let Some(rpm) = limits.rpm {
        record.rpm = (rpm > 0).then_some(rpm);
    }
    if let Some(tpm) = limits.tpm {
        record.tpm = (tpm > 0).then_some(tpm);
    }
    if let Some(tokens) = limits.tokens_per_day {
        record.tokens_per_day = (tokens > 0).then_some(tokens);
    }
    if let Some(paid_only) = limits.paid_only {
        record.paid_only = paid_only;
    }
    if let Some(safety) = &limits.safety {
        record.safety = (!safety.is_empty()).then(|| safety.clone());
    }
    Ok(())
}

fn set_disabled(record: &mut ClientKeyRecord, disabled: bool) -> Result<()> {
    record.disabled = disabled;
    Ok(())
}

/// The end of a day, a moment, or never.
fn expiry(text: &str) -> Result<Option<UnixMillis>> {
    if text == "never" {
        return Ok(None);
    }
    // A date alone: its parser would take the date of a time, and drop the time.
    let date = if text.contains('T') {
        None
    } else {
        text.parse::<Date>().ok()
    };
    let end = match date {
        Some(date) => end_of(date).map_err(|error| anyhow::anyhow!("`{text}`: {error}"))?,
        None => text.parse::<Timestamp>().map_err(|_| {
            anyhow::anyhow!("`{text}` is neither a date, nor a time with its zone, nor `never`")
        })?,
    };
    let millis = u64::try_from(end.as_millisecond()).context("the end is before 1970")?;
    Ok(Some(UnixMillis(millis)))
}

fn end_of(date: Date) -> Result<Timestamp, jiff::Error> {
    Ok(date.tomorrow()?.to_zoned(TimeZone::UTC)?.timestamp())
}

/// 256 random bits.
fn new_key(rng: &dyn Rng) -> String {
    let bits: String = (0..4).map(|_| format!("{:016x}", rng.next_u64())).collect();
    format!("{PREFIX}{bits}")
}

fn head_of(key: &str) -> String {
    key.chars().take(HEAD_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regenerated_key_may_do_what_the_old_one_might() {
        let old = ClientKeyRecord {
            id: ClientKeyId([1; 16]),
            pool: "team-a".parse().unwrap(),
            name: "ci".to_owned(),
            head: "sk-pool-0000".to_owned(),
            disabled: true,
            expires_at: Some(UnixMillis(1_801_440_000_000)),
            allowed_models: Some(vec!["gemini-2.5-*".to_owned()]),
            rpm: Some(1),
            tpm: Some(2),
            tokens_per_day: Some(3),
            paid_only: true,
            safety: Some("OFF".to_owned()),
            created_at: UnixMillis(5),
            stamp: 7,
            unknown: serde_json::Map::new(),
        };
        let new = renewed(&old, ClientKeyId([2; 16]), "sk-pool-ffffffff");
        let expected = ClientKeyRecord {
            id: ClientKeyId([2; 16]),
            head: "sk-pool-ffff".to_owned(),
            stamp: 0,
            ..old
        };
        assert_eq!(new, expected);
    }

    #[test]
    fn an_end_is_a_day_a_moment_or_never() {
        for (text, expected) in [
            ("never", Some(None)),
            ("2027-01-31", Some(Some(UnixMillis(1_801_440_000_000)))),
            (
                "2027-01-31T12:00:00Z",
                Some(Some(UnixMillis(1_801_396_800_000))),
            ),
            ("2027-01-31T12:00:00", None),
            ("tomorrow", None),
            ("1960-01-01", None),
        ] {
            assert_eq!(expiry(text).ok(), expected, "{text}");
        }
    }
}
