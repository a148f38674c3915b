//! `gempool keys`: the Gemini keys of a pool.
//!
//! Reading files is `formats.rs`, asking Gemini is `probe.rs`, writing exports is `export.rs`.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use gempool_pool::{KeyId, KeyRecord, MAX_KEYS, MAX_NAME_BYTES, MAX_PAGE_BITS, Mark};
use gempool_state::{Change, KeyPatch, PoolId, Root, load_pool_keys, read_marks, write_marks};
use serde_json::json;

use crate::args::{EditArgs, ImportArgs, KeyChoice, Keys, ListArgs, RemoveArgs, State};
use crate::known::Known;
use crate::output::{print, remark, table};
use crate::session::Session;
use crate::{clock, export, formats, probe, progress, usage};

/// Keys of one operation of the log: with 150 bytes each they are below 64 KiB.
const KEYS_PER_CHANGE: usize = 400;
/// Changes of one edit: they become visible together, and a bar moves between edits.
const CHANGES_PER_EDIT: usize = 50;

/// Runs the command.
pub(crate) async fn run(session: &Session, command: &Keys) -> Result<ExitCode> {
    match command {
        Keys::Import(arguments) => import(session, arguments).await?,
        Keys::Export(arguments) => export::run(session, arguments).await?,
        Keys::List(arguments) => list(session, arguments).await?,
        Keys::Test(arguments) => return probe::run(session, arguments).await,
        Keys::Edit(arguments) => edit(session, arguments).await?,
        Keys::Revive(choice) => revive(session, choice).await?,
        Keys::Usage { pool, model, json } => {
            let (_, root) = session.pool(pool).await?;
            let known = Known::load(session, pool, &root).await?;
            usage::by_key(session, &known.records, model, *json).await?;
        }
        Keys::Remove(arguments) => remove(session, arguments).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(session: &Session, arguments: &ImportArgs) -> Result<()> {
    let pool = &arguments.pool;
    let text = read_file(&arguments.file)?;
    let mut records = formats::read(&text)
        .with_context(|| format!("cannot read keys from {}", arguments.file.display()))?;
    if records.is_empty() {
        bail!("there are no keys in {}", arguments.file.display());
    }
    let (_, root) = session.pool(pool).await?;
    let now = clock::now();
    for record in &mut records {
        record.added_at = now;
        record.tier = arguments.tier.or(record.tier);
        replace(&mut record.project, arguments.project.as_ref());
        replace(&mut record.egress, arguments.egress.as_ref());
        if let Some(note) = &arguments.note {
            record.note.clone_from(note);
        }
        if record.name.len() > MAX_NAME_BYTES {
            bail!("a key's name is longer than {MAX_NAME_BYTES} bytes");
        }
    }
    let before = root.key_count();
    check_room(session, &root, &records).await?;
    let bar = progress::bar(records.len(), "importing");
    let changes: Vec<Change> = records
        .chunks(KEYS_PER_CHANGE)
        .map(|keys| Change::AddKeys {
            pool: pool.clone(),
            keys: keys.to_vec(),
        })
        .collect();
    for changes in changes.chunks(CHANGES_PER_EDIT) {
        session
            .edit(changes.to_vec())
            .await
            .with_context(|| format!("cannot add keys to pool {pool}"))?;
        bar.inc((changes.len() * KEYS_PER_CHANGE) as u64);
    }
    bar.finish_and_clear();
    let (_, root) = session.pool(pool).await?;
    let added = root.key_count().saturating_sub(before);
    let known = (records.len() as u64).saturating_sub(added);
    remark(&format!(
        "pool {pool}: {added} keys added, {known} were there already, {} in all",
        root.key_count()
    ));
    Ok(())
}

/// Refuses an import that would fill the pool in the middle.
async fn check_room(session: &Session, root: &Root, records: &[KeyRecord]) -> Result<()> {
    let room = (MAX_KEYS as u64).saturating_sub(root.key_count());
    if records.len() as u64 <= room {
        return Ok(());
    }
    let whole = load_pool_keys(&session.backend, &session.vault, root).await?;
    let known: BTreeSet<KeyId> = whole.records.iter().map(KeyRecord::id).collect();
    let new = records
        .iter()
        .filter(|record| !known.contains(&record.id()))
        .count();
    if new as u64 > room {
        bail!(
            "{new} of these keys are new, and there is room for {room}: a pool has at most {MAX_KEYS}"
        );
    }
    Ok(())
}

fn replace(value: &mut Option<String>, by: Option<&String>) {
    if by.is_some() {
        *value = by.cloned();
    }
}

fn read_file(path: &Path) -> Result<String> {
    let mut text = String::new();
    let mut read = |source: &mut dyn io::Read| {
        source
            .take(formats::FILE_BYTES_MAX + 1)
            .read_to_string(&mut text)
    };
    let bytes = if path == Path::new("-") {
        read(&mut io::stdin().lock())
    } else {
        File::open(path).and_then(|mut file| read(&mut file))
    };
    let bytes = bytes.with_context(|| format!("cannot read {}", path.display()))?;
    if bytes as u64 > formats::FILE_BYTES_MAX {
        bail!(
            "{} is larger than {} bytes",
            path.display(),
            formats::FILE_BYTES_MAX
        );
    }
    Ok(text)
}

async fn list(session: &Session, arguments: &ListArgs) -> Result<()> {
    let (_, root) = session.pool(&arguments.pool).await?;
    let known = Known::load(session, &arguments.pool, &root).await?;
    let matches = |record: &&KeyRecord| {
        let Some(search) = &arguments.search else {
            return true;
        };
        let id = record.id().to_string();
        let texts = [
            id.as_str(),
            &record.name,
            &record.note,
            record.project.as_deref().unwrap_or(""),
        ];
        texts.iter().any(|text| text.contains(search.as_str()))
    };
    let shown: Vec<(&KeyRecord, State, String)> = known
        .records
        .iter()
        .filter(matches)
        .map(|record| {
            let (state, why) = known.state(record);
            (record, state, why)
        })
        .filter(|(_, state, _)| arguments.state.is_none_or(|wanted| wanted == *state))
        .collect();
    if arguments.json {
        let list: Vec<_> = shown
            .iter()
            .map(|(record, state, why)| {
                json!({
                    "id": record.id(), "key": record.key.masked(), "state": word(*state), "why": why,
                    "weight": record.weight.get(), "name": record.name, "note": record.note,
                    "tier": record.tier, "project": record.project, "egress": record.egress,
                    "contributor": record.contributor, "added_at": record.added_at,
                })
            })
            .collect();
        return print(&(serde_json::to_string_pretty(&list)? + "\n"));
    }
    if shown.is_empty() {
        remark("no such keys");
        return Ok(());
    }
    let rows: Vec<_> = shown
        .iter()
        .map(|(record, state, why)| {
            [
                record.id().to_string(),
                record.key.masked(),
                record.weight.get().to_string(),
                record.name.clone(),
                word(*state).to_owned(),
                why.clone(),
            ]
        })
        .collect();
    print(&table(
        ["ID", "KEY", "WEIGHT", "NAME", "STATE", "WHY"],
        &rows,
    ))
}

fn word(state: State) -> &'static str {
    match state {
        State::Ready => "ready",
        State::Cooling => "cooling",
        State::Dead => "dead",
        State::Disabled => "disabled",
    }
}

async fn edit(session: &Session, arguments: &EditArgs) -> Result<()> {
    let disabled = match (arguments.enable, arguments.disable) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        (false, false) => None,
    };
    let patch = KeyPatch {
        weight: arguments.weight,
        disabled,
        name: arguments.name.clone(),
        note: arguments.note.clone(),
        tier: arguments.tier.as_ref().map(|tier| tier.to_option()),
        project: arguments
            .project
            .as_ref()
            .map(|project| project.to_option()),
        egress: arguments.egress.as_ref().map(|egress| egress.to_option()),
        revive: false,
    };
    if patch == KeyPatch::default() {
        bail!("nothing to change: give at least one of the options");
    }
    apply(session, &arguments.keys, patch, "changed").await
}

async fn revive(session: &Session, choice: &KeyChoice) -> Result<()> {
    if choice.pool == PoolId::environment() {
        return revive_in_environment(session, choice).await;
    }
    let patch = KeyPatch {
        revive: true,
        ..KeyPatch::default()
    };
    apply(session, choice, patch, "revived").await
}

/// Keys of the variables are in no store, their marks are: a mark of a later life outweighs the one that says dead.
async fn revive_in_environment(session: &Session, choice: &KeyChoice) -> Result<()> {
    for id in &choice.ids {
        let mut is_known = false;
        // How many pages the variables' keys have is known to those that read the variables only.
        for bits in 0..=MAX_PAGE_BITS {
            let page = id.page(bits);
            let read = read_marks(&session.backend, &choice.pool, bits, page).await?;
            let found = read.marks.into_iter().find(|mark| mark.key == *id);
            let Some(dead) = found.filter(|mark| mark.dead.is_some()) else {
                continue;
            };
            let alive = Mark {
                generation: dead.generation.saturating_add(1),
                dead: None,
                coolings: Vec::new(),
                ..dead
            };
            let now = clock::now();
            write_marks(&session.backend, &choice.pool, bits, page, &[alive], now).await?;
            is_known = true;
        }
        if !is_known {
            bail!(
                "no key {id} of the variables is known to be dead: `/v1/status` shows those that are"
            );
        }
    }
    remark(&format!("{} keys are revived", choice.ids.len()));
    Ok(())
}

async fn apply(session: &Session, choice: &KeyChoice, patch: KeyPatch, done: &str) -> Result<()> {
    must_exist(session, &choice.pool, &choice.ids).await?;
    let change = Change::EditKeys {
        pool: choice.pool.clone(),
        ids: choice.ids.clone(),
        patch,
        base: None,
    };
    session
        .edit(vec![change])
        .await
        .context("cannot change the keys")?;
    remark(&format!("{} keys are {done}", choice.ids.len()));
    Ok(())
}

/// A mistyped id must not look like a success.
async fn must_exist(session: &Session, pool: &PoolId, ids: &[KeyId]) -> Result<()> {
    let (_, root) = session.pool(pool).await?;
    for id in ids {
        let found = gempool_state::find_key(&session.backend, &session.vault, &root, *id).await?;
        if found.is_none() {
            bail!("pool {pool} has no key {id}: `gempool keys list {pool}` shows all");
        }
    }
    Ok(())
}

async fn remove(session: &Session, arguments: &RemoveArgs) -> Result<()> {
    let ids = if arguments.dead {
        let (_, root) = session.pool(&arguments.pool).await?;
        let known = Known::load(session, &arguments.pool, &root).await?;
        known
            .records
            .iter()
            .filter(|record| known.state(record).0 == State::Dead)
            .map(KeyRecord::id)
            .collect()
    } else {
        must_exist(session, &arguments.pool, &arguments.ids).await?;
        arguments.ids.clone()
    };
    if ids.is_empty() {
        remark("no such keys");
        return Ok(());
    }
    for ids in ids.chunks(KEYS_PER_CHANGE) {
        let change = Change::RemoveKeys {
            pool: arguments.pool.clone(),
            ids: ids.to_vec(),
        };
        session
            .edit(vec![change])
            .await
            .context("cannot remove the keys")?;
    }
    remark(&format!("{} keys are removed", ids.len()));
    Ok(())
}
