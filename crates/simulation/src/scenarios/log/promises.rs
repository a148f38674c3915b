//! What must hold, as functions of what was recorded and what is seen.

use std::collections::{BTreeMap, BTreeSet};

use super::record::{Answer, OwnEdit, Record, SharedEdit};
use super::stage::Shared;
use super::view::{Contents, View};
use crate::outcome::Broken;
use crate::store::{Store, Weather};

/// How soon everybody sees an acknowledged edit on a store that hides nothing.
const SEEN_WITHIN_MS: u64 = 2_000;

/// What a refusal is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// A refused edit is not done, and never will be.
    RefusedIsNotDone,
    /// One folder may refuse for want of a document that another one has: on a store that hides the present.
    RefusedMayBeDone,
}

impl Rule {
    /// What refusals are worth on such a store.
    pub(crate) fn of(weather: Weather) -> Self {
        match weather {
            Weather::Stale => Self::RefusedMayBeDone,
            Weather::Strong | Weather::Slow | Weather::Failing | Weather::Lossy => {
                Self::RefusedIsNotDone
            }
        }
    }
}

/// Nobody ever sees a part of an edit.
pub(crate) fn whole(view: &View, records: &[Record]) -> Result<(), Broken> {
    for (editor, record) in records.iter().enumerate() {
        for object in &record.objects {
            view.of(object).map_err(|half| {
                let details = format!("editor {editor}, {object:?}: {}", half.0);
                Broken::new("no edit is seen in part", details)
            })?;
        }
    }
    Ok(())
}

/// Whoever begins to look two seconds after an edit was acknowledged sees it.
pub(crate) fn seen(view: &View, records: &[Record], begun: u64) -> Result<(), Broken> {
    let is_old = |edit: &OwnEdit| {
        let age = begun.saturating_sub(edit.answered_at);
        edit.answer == Answer::Acknowledged && age >= SEEN_WITHIN_MS
    };
    own_objects(
        view,
        records,
        Rule::RefusedIsNotDone,
        "an edit is seen within 2 s",
        is_old,
    )
}

/// Nothing acknowledged is lost, nothing refused is done.
pub(crate) fn kept(view: &View, records: &[Record], rule: Rule) -> Result<(), Broken> {
    own_objects(view, records, rule, "no acknowledged edit is lost", |_| {
        true
    })
}

/// Edits of one's own come to what their deeds, one after the other, come to; those of unknown outcome, and those
/// that need not be seen yet, may be missing.
fn own_objects(
    view: &View,
    records: &[Record],
    rule: Rule,
    promise: &'static str,
    must_be_seen: impl Fn(&OwnEdit) -> bool,
) -> Result<(), Broken> {
    for (editor, record) in records.iter().enumerate() {
        for (position, object) in record.objects.iter().enumerate() {
            let Ok(actual) = view.of(object) else {
                continue;
            };
            let edits = record.own.iter().filter(|edit| edit.object == position);
            let possible = outcomes(edits.clone(), rule, &must_be_seen);
            if possible.contains(&actual) {
                continue;
            }
            let lenient = outcomes(edits.clone(), Rule::RefusedMayBeDone, &must_be_seen);
            let promise = if lenient.contains(&actual) {
                "no refused edit is done"
            } else {
                promise
            };
            let told: Vec<_> = edits.map(|edit| (&edit.deed, edit.answer)).collect();
            let details = format!(
                "editor {editor}, {object:?}: there is {actual:?}, possible is {possible:?} after {told:?}"
            );
            return Err(Broken::new(promise, details));
        }
    }
    Ok(())
}

fn outcomes<'a>(
    edits: impl Iterator<Item = &'a OwnEdit>,
    rule: Rule,
    must_be_seen: impl Fn(&OwnEdit) -> bool,
) -> BTreeSet<Option<Contents>> {
    let mut possible = BTreeSet::from([None]);
    for edit in edits {
        let done = possible
            .iter()
            .cloned()
            .map(|before| edit.deed.apply(before));
        let done: BTreeSet<Option<Contents>> = done.collect();
        match edit.answer {
            Answer::Acknowledged | Answer::Logged if must_be_seen(edit) => possible = done,
            Answer::Acknowledged | Answer::Logged | Answer::Unknown => possible.extend(done),
            Answer::Conflict { .. } | Answer::Refused => match rule {
                Rule::RefusedIsNotDone => {}
                Rule::RefusedMayBeDone => possible.extend(done),
            },
        }
    }
    possible
}

/// All readers see the same.
pub(crate) fn converged(views: &[View]) -> Result<(), Broken> {
    let told: BTreeSet<String> = views.iter().map(|view| format!("{view:?}")).collect();
    if told.len() <= 1 {
        return Ok(());
    }
    let details = format!(
        "{} readers see {} different things",
        views.len(),
        told.len()
    );
    Err(Broken::new("all readers see the same in the end", details))
}

/// Of two edits based on the same thing at most one is acknowledged, and none that was is overwritten unseen.
pub(crate) fn contended(
    view: &View,
    shared: &[Shared],
    records: &[Record],
    rule: Rule,
) -> Result<(), Broken> {
    for (position, object) in shared.iter().enumerate() {
        let all = records.iter().flat_map(|record| &record.shared);
        let edits: Vec<&SharedEdit> = all.filter(|edit| edit.object == position).collect();
        let check = one_winner(&edits).and_then(|()| match object {
            Shared::Pool(id) => {
                let models = view
                    .pools
                    .get(id)
                    .map(|pool| pool.config.allowed_models.as_slice());
                each_once(models.unwrap_or_default(), &edits, rule)
            }
            Shared::Client(id) => last_wins(
                view.clients.get(id).map(|record| record.name.as_str()),
                &edits,
                rule,
            ),
            Shared::Key(pool, id) => {
                let record = view.pools.get(pool).and_then(|pool| pool.keys.get(id));
                last_wins(record.map(|record| record.note.as_str()), &edits, rule)
            }
        });
        check.map_err(|broken| Broken {
            details: format!("{object:?}: {}", broken.details),
            ..broken
        })?;
    }
    Ok(())
}

fn one_winner(edits: &[&SharedEdit]) -> Result<(), Broken> {
    let mut winners: BTreeMap<u64, &str> = BTreeMap::new();
    for edit in edits {
        match edit.answer {
            Answer::Acknowledged => {
                if let Some(other) = winners.insert(edit.base, &edit.token) {
                    let details = format!("{other} and {} of base {}", edit.token, edit.base);
                    return Err(Broken::new("conflicts are told", details));
                }
            }
            // 0 may also mean that the object could not be read any more.
            Answer::Conflict { current } if current == edit.base && current != 0 => {
                let details = format!("{} hears of a conflict with what it saw", edit.token);
                return Err(Broken::new("conflicts are true", details));
            }
            Answer::Conflict { .. } | Answer::Refused | Answer::Logged | Answer::Unknown => {}
        }
    }
    Ok(())
}

fn each_once(tokens: &[String], edits: &[&SharedEdit], rule: Rule) -> Result<(), Broken> {
    for edit in edits {
        let times = tokens.iter().filter(|token| **token == edit.token).count();
        let (promise, fine) = match edit.answer {
            Answer::Acknowledged => ("no acknowledged edit is lost or done twice", times == 1),
            Answer::Conflict { .. } | Answer::Refused if rule == Rule::RefusedIsNotDone => {
                ("no refused edit is done", times == 0)
            }
            Answer::Conflict { .. } | Answer::Refused => ("no edit is done twice", times <= 1),
            Answer::Logged | Answer::Unknown => ("no edit is done twice", times <= 1),
        };
        if !fine {
            let details = format!("{} is there {times} times in {tokens:?}", edit.token);
            return Err(Broken::new(promise, details));
        }
    }
    Ok(())
}

/// The text that is left is that of an edit which saw all the acknowledged ones before it.
fn last_wins(text: Option<&str>, edits: &[&SharedEdit], rule: Rule) -> Result<(), Broken> {
    let acknowledged = edits
        .iter()
        .filter(|edit| edit.answer == Answer::Acknowledged);
    let Some(last) = acknowledged.max_by_key(|edit| edit.base) else {
        return Ok(());
    };
    let writer = edits.iter().find(|edit| Some(edit.token.as_str()) == text);
    let promise = "no acknowledged edit is overwritten unseen";
    match writer {
        Some(writer) if writer.base >= last.base => match writer.answer {
            Answer::Acknowledged | Answer::Logged | Answer::Unknown => Ok(()),
            Answer::Conflict { .. } | Answer::Refused => match rule {
                Rule::RefusedMayBeDone => Ok(()),
                Rule::RefusedIsNotDone => Err(Broken::new(
                    "no refused edit is done",
                    format!("{text:?} is there"),
                )),
            },
        },
        Some(_) | None => {
            let details = format!("{text:?} is there, and {} was acknowledged", last.token);
            Err(Broken::new(promise, details))
        }
    }
}

/// Names, sizes and kinds are those that every store takes.
pub(crate) fn of_store(store: &Store) -> Result<(), Broken> {
    match store.breaches().into_iter().next() {
        None => Ok(()),
        Some(breach) => Err(Broken::new("every store takes what is written", breach)),
    }
}
