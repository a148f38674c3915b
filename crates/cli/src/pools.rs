//! `gempool pools`: pools without their keys.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use gempool_state::usage::Series;
use gempool_state::{Change, PoolConfig, PoolId, find_pool};
use serde_json::json;

use crate::args::{PoolArgs, Pools};
use crate::clock;
use crate::output::{print, remark, table};
use crate::session::Session;
use crate::usage;

/// Runs the command.
pub(crate) async fn run(session: &Session, command: &Pools) -> Result<ExitCode> {
    match command {
        Pools::List { json } => list(session, *json).await?,
        Pools::Show { pool } => show(session, pool).await?,
        Pools::Create { pool, traits } => create(session, pool, traits).await?,
        Pools::Edit { pool, traits } => {
            change(session, pool, |config| apply(config, traits)).await?;
        }
        Pools::Usage { pool, span } => {
            usage::by_day(session, &Series::PoolDays(pool.clone()), span).await?;
        }
        Pools::Enable { pool } => {
            change(session, pool, |config| set_disabled(config, false)).await?
        }
        Pools::Disable { pool } => {
            change(session, pool, |config| set_disabled(config, true)).await?
        }
        Pools::Delete { pool, yes } => delete(session, pool, *yes).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(session: &Session, as_json: bool) -> Result<()> {
    let mut pools = Vec::new();
    if let Some(head) = session.head().await? {
        for (id, _) in head.pools() {
            match find_pool(&session.backend, &session.vault, &head, id).await {
                Ok(Some(root)) => pools.push(root),
                Ok(None) => {}
                Err(error) => remark(&format!("pool {id} cannot be read: {error}")),
            }
        }
    }
    if as_json {
        let list: Vec<_> = pools
            .iter()
            .map(|root| json!({"pool": root.config, "keys": root.key_count()}))
            .collect();
        return print(&(serde_json::to_string_pretty(&list)? + "\n"));
    }
    if pools.is_empty() {
        remark("no pools yet: `gempool pools create NAME` makes one");
        return Ok(());
    }
    let rows: Vec<_> = pools
        .iter()
        .map(|root| {
            [
                root.config.id.to_string(),
                root.config.name.clone(),
                root.key_count().to_string(),
                root.config.policy.strategy.to_string(),
                if root.config.disabled { "off" } else { "on" }.to_owned(),
            ]
        })
        .collect();
    print(&table(["POOL", "NAME", "KEYS", "STRATEGY", "STATE"], &rows))
}

async fn show(session: &Session, pool: &PoolId) -> Result<()> {
    let (_, root) = session.pool(pool).await?;
    let shown = json!({"pool": root.config, "keys": root.key_count()});
    print(&(serde_json::to_string_pretty(&shown)? + "\n"))
}

async fn create(session: &Session, pool: &PoolId, traits: &PoolArgs) -> Result<()> {
    if pool.as_str() == PoolId::ENVIRONMENT {
        bail!("`{pool}` is the pool of the deployment's variables");
    }
    let mut config = PoolConfig::new(pool.clone(), clock::now());
    apply(&mut config, traits)?;
    let put = Change::PutPool {
        config: Box::new(config),
        base: Some(0),
    };
    session
        .edit(vec![put])
        .await
        .with_context(|| format!("cannot make pool {pool}"))?;
    remark(&format!(
        "pool {pool} is made: `gempool keys import {pool} FILE` adds keys, `gempool clients create {pool}` makes a client key"
    ));
    Ok(())
}

async fn change(
    session: &Session,
    pool: &PoolId,
    apply: impl FnOnce(&mut PoolConfig) -> Result<()>,
) -> Result<()> {
    let (_, root) = session.pool(pool).await?;
    let mut config = root.config;
    let base = Some(config.stamp);
    apply(&mut config)?;
    let put = Change::PutPool {
        config: Box::new(config),
        base,
    };
    session
        .edit(vec![put])
        .await
        .with_context(|| format!("cannot change pool {pool}"))?;
    remark(&format!("pool {pool} is changed"));
    Ok(())
}

async fn delete(session: &Session, pool: &PoolId, confirmed: bool) -> Result<()> {
    let (_, root) = session.pool(pool).await?;
    if !confirmed {
        bail!(
            "pool {pool} has {} keys; `--yes` deletes it with them and with its client keys",
            root.key_count()
        );
    }
    let delete = Change::DeletePool {
        pool: pool.clone(),
        base: Some(root.config.stamp),
    };
    session
        .edit(vec![delete])
        .await
        .with_context(|| format!("cannot delete pool {pool}"))?;
    remark(&format!("pool {pool} is deleted"));
    Ok(())
}

fn set_disabled(config: &mut PoolConfig, disabled: bool) -> Result<()> {
    config.disabled = disabled;
    Ok(())
}

fn apply(config: &mut PoolConfig, traits: &PoolArgs) -> Result<()> {
    let policy = &mut config.policy;
    replace(&mut config.name, traits.name.as_ref());
    replace(&mut config.description, traits.description.as_ref());
    replace(&mut config.aliases, traits.aliases.as_ref());
    replace(&mut policy.strategy, traits.strategy.as_ref());
    replace(&mut policy.profile, traits.profile.as_ref());
    replace(&mut policy.affinity, traits.affinity.as_ref());
    replace(&mut policy.emergency, traits.emergency.as_ref());
    replace(&mut config.contribute, traits.contribute.as_ref());
    if let Some(models) = &traits.allow {
        config.allowed_models = models_of(models);
    }
    if let Some(rpm) = traits.rpm {
        config.rpm = (rpm > 0).then_some(rpm);
    }
    if let Some(tpm) = traits.tpm {
        config.tpm = (tpm > 0).then_some(tpm);
    }
    if let Some(rules) = &traits.rules {
        policy.rules = serde_json::from_str(rules).context("--rules")?;
    }
    if let Some(quotas) = &traits.quotas {
        policy.quotas = serde_json::from_str(quotas).context("--quotas")?;
    }
    Ok(())
}

fn replace<T: Clone>(value: &mut T, by: Option<&T>) {
    if let Some(by) = by {
        value.clone_from(by);
    }
}

/// A list of models as it is typed.
pub(crate) fn models_of(text: &str) -> Vec<String> {
    let models = text.split(',').map(str::trim);
    models
        .filter(|model| !model.is_empty())
        .map(str::to_owned)
        .collect()
}
