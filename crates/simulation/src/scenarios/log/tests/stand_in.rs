//! A log in the plainest form, and with a flaw to choose: what a scenario must not find, and what it must.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use futures::lock::Mutex;
use gempool_state::Change;
use gempool_state::ports::{Counters as _, DocumentStore as _, StoreUnavailable};
use serde::{Deserialize, Serialize};

use super::super::PATIENCE;
use super::super::office::{Office, Open, Unseen};
use super::super::record::Answer;
use super::super::view::View;
use super::semantics;
use crate::store::Port;
use crate::world::World;

/// What is wrong with the stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Nothing,
    /// Reads everything, changes it and writes it back, without a log.
    RewritesAll,
    /// Folds while others fold, so that two folders take the same late edit for a hole and for none.
    FoldsAtOnce,
    /// Does not look whether its edit was passed over as a hole.
    AcknowledgesHoles,
    /// Acknowledges before the edit is written.
    AcknowledgesFirst,
    /// Does not look at what an edit was based on.
    IgnoresBases,
    /// Makes several edits out of one.
    SplitsEdits,
    /// Takes a failed call for one that did nothing, and tries again as a new edit.
    RepeatsBlindly,
}

/// Opens stand-ins of one world. They fold one at a time, thanks to a lock that no real instances can have: this is
/// what makes the plainest log a sound one.
pub(super) fn opener(flaw: Flaw) -> Open {
    let folding = Rc::new(Mutex::new(()));
    Box::new(move |scene, instance| {
        Rc::new(StandIn {
            port: scene.store.port(instance, PATIENCE),
            world: scene.world.clone(),
            folding: Rc::clone(&folding),
            flaw,
        })
    })
}

struct StandIn {
    port: Port,
    world: World,
    folding: Rc<Mutex<()>>,
    flaw: Flaw,
}

/// All changes so far, and which were refused.
#[derive(Default, Serialize, Deserialize)]
struct Head {
    folded: u64,
    changes: Vec<(u64, Change)>,
}

impl Head {
    fn view(&self, flaw: Flaw) -> (View, Vec<(u64, u64)>) {
        let mut view = View::default();
        let mut refused = Vec::new();
        for (seq, change) in &self.changes {
            let mut change = change.clone();
            if flaw == Flaw::IgnoresBases {
                forget_base(&mut change);
            }
            if let Err(current) = semantics::apply(&mut view, *seq, change) {
                refused.push((*seq, current));
            }
        }
        (view, refused)
    }

    fn answer(&self, seq: u64, flaw: Flaw) -> Answer {
        let (_, refused) = self.view(flaw);
        let own = refused.iter().find(|(refused, _)| *refused == seq);
        own.map_or(Answer::Acknowledged, |&(_, current)| Answer::Conflict {
            current,
        })
    }
}

fn forget_base(change: &mut Change) {
    match change {
        Change::PutPool { base, .. }
        | Change::DeletePool { base, .. }
        | Change::EditKeys { base, .. }
        | Change::PutClient { base, .. } => *base = None,
        Change::AddKeys { .. } | Change::RemoveKeys { .. } | Change::DeleteClient { .. } => {}
    }
}

impl StandIn {
    async fn head(&self) -> Result<Head, StoreUnavailable> {
        let document = self.port.get("gp1:head").await?;
        Ok(document.map_or_else(Head::default, |it| serde_json::from_slice(&it).unwrap()))
    }

    async fn publish(&self, head: &Head) -> Result<(), StoreUnavailable> {
        self.port
            .set("gp1:head", serde_json::to_vec(head).unwrap())
            .await
    }

    async fn log(&self, change: &Change) -> Result<u64, StoreUnavailable> {
        let seq = self.port.add("gp1:n:seq", 1).await?.unsigned_abs();
        let name = format!("gp1:o:{seq:012}");
        let document = serde_json::to_vec(change).unwrap();
        if self.flaw == Flaw::AcknowledgesFirst {
            let port = self.port.clone();
            self.world.spawn(async move {
                let _unheard = port.set(&name, document).await;
            });
        } else {
            self.port.set(&name, document).await?;
        }
        Ok(seq)
    }

    async fn fold_all(&self) -> Result<Head, StoreUnavailable> {
        let _alone = match self.flaw {
            Flaw::FoldsAtOnce => None,
            _ => Some(self.folding.lock().await),
        };
        let mut head = self.head().await?;
        let top = self.port.add("gp1:n:seq", 0).await?.unsigned_abs();
        for seq in head.folded + 1..=top {
            if let Some(change) = self.look(seq).await? {
                head.changes.push((seq, change));
            }
        }
        head.folded = top;
        self.publish(&head).await?;
        Ok(head)
    }

    /// The edit of this number, unless there is none or somebody has decided that there is none.
    async fn look(&self, seq: u64) -> Result<Option<Change>, StoreUnavailable> {
        let tombstone = format!("gp1:x:{seq:012}");
        let Some(document) = self.port.get(&format!("gp1:o:{seq:012}")).await? else {
            self.port.set(&tombstone, vec![1]).await?;
            return Ok(None);
        };
        if self.port.get(&tombstone).await?.is_some() {
            return Ok(None);
        }
        Ok(Some(serde_json::from_slice(&document).unwrap()))
    }

    async fn log_and_fold(&self, change: &Change) -> Result<Answer, StoreUnavailable> {
        loop {
            let seq = self.log(change).await?;
            let head = self.fold_all().await?;
            let is_there = head.changes.iter().any(|(folded, _)| *folded == seq);
            let is_careless =
                matches!(self.flaw, Flaw::AcknowledgesHoles | Flaw::AcknowledgesFirst);
            if is_there || is_careless {
                return Ok(head.answer(seq, self.flaw));
            }
        }
    }

    async fn try_edit(&self, change: Change) -> Result<Answer, StoreUnavailable> {
        if self.flaw == Flaw::RewritesAll {
            let mut head = self.head().await?;
            let seq = self.port.add("gp1:n:seq", 1).await?.unsigned_abs();
            head.changes.push((seq, change));
            head.folded = seq;
            self.publish(&head).await?;
            return Ok(head.answer(seq, self.flaw));
        }
        if let (Flaw::SplitsEdits, Change::AddKeys { pool, keys }) = (self.flaw, &change) {
            for key in keys {
                let one = Change::AddKeys {
                    pool: pool.clone(),
                    keys: vec![key.clone()],
                };
                self.log_and_fold(&one).await?;
            }
            return Ok(Answer::Acknowledged);
        }
        self.log_and_fold(&change).await
    }
}

impl Office for StandIn {
    fn edit(&self, change: Change) -> LocalBoxFuture<'_, Answer> {
        async move {
            for _ in 0..3 {
                match self.try_edit(change.clone()).await {
                    Ok(answer) => return answer,
                    Err(_) if self.flaw == Flaw::RepeatsBlindly => {}
                    Err(_) => return Answer::Unknown,
                }
            }
            Answer::Unknown
        }
        .boxed_local()
    }

    fn fold(&self) -> LocalBoxFuture<'_, Result<(), String>> {
        async move {
            if self.flaw == Flaw::RewritesAll {
                return Ok(());
            }
            self.fold_all()
                .await
                .map(drop)
                .map_err(|error| error.to_string())
        }
        .boxed_local()
    }

    fn view(&self) -> LocalBoxFuture<'_, Result<View, Unseen>> {
        async move {
            let head = self.head().await;
            let head = head.map_err(|error| Unseen::Store(error.to_string()))?;
            Ok(head.view(self.flaw).0)
        }
        .boxed_local()
    }
}
