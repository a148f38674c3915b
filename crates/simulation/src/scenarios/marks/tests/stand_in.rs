//! Marks in the plainest form, and with a flaw to choose.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::{Mark, UnixMillis};
use gempool_state::ports::{DocumentStore as _, StoreUnavailable};

use super::super::board::{Board, Place, Posted};

/// What is wrong with the stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Nothing,
    /// Of two coolings it keeps the one that ends first.
    TakesTheShorter,
    /// Of two marks of a key it keeps its own.
    TakesTheLatest,
    /// Does not read before it writes.
    WritesBlindly,
    /// Does not look whether its write has held.
    TrustsItsWrite,
    /// Takes marks of an earlier life for those of this one.
    ForgetsGenerations,
}

pub(super) fn open(flaw: Flaw) -> Rc<dyn Board> {
    Rc::new(StandIn(flaw))
}

struct StandIn(Flaw);

impl StandIn {
    fn merge(&self, known: &mut Vec<Mark>, mark: &Mark) {
        let Some(before) = known.iter_mut().find(|it| it.key == mark.key) else {
            known.push(mark.clone());
            return;
        };
        match self.0 {
            Flaw::TakesTheLatest => *before = mark.clone(),
            Flaw::TakesTheShorter => {
                let old = before.coolings.clone();
                before.merge(mark);
                for cooling in &mut before.coolings {
                    let both = old.iter().chain(&mark.coolings);
                    let same = both.filter(|it| it.model == cooling.model);
                    cooling.until = same.map(|it| it.until).min().unwrap();
                }
            }
            Flaw::ForgetsGenerations => {
                before.generation = 0;
                before.merge(&Mark {
                    generation: 0,
                    ..mark.clone()
                });
            }
            Flaw::Nothing | Flaw::WritesBlindly | Flaw::TrustsItsWrite => before.merge(mark),
        }
    }
}

fn name(place: &Place) -> String {
    format!("gp1:c:{}:{}:{}", place.pool, place.bits, place.page)
}

async fn load(place: &Place) -> Result<Vec<Mark>, StoreUnavailable> {
    let document = place.port.get(&name(place)).await?;
    Ok(document.map_or_else(Vec::new, |it| serde_json::from_slice(&it).unwrap()))
}

impl Board for StandIn {
    fn read(&self, place: Place) -> LocalBoxFuture<'_, Result<Posted, StoreUnavailable>> {
        async move {
            Ok(Posted {
                marks: load(&place).await?,
                held: false,
                damage: None,
            })
        }
        .boxed_local()
    }

    fn write(
        &self,
        place: Place,
        mine: Vec<Mark>,
        now: UnixMillis,
    ) -> LocalBoxFuture<'_, Result<Posted, StoreUnavailable>> {
        async move {
            let mut known = match self.0 {
                Flaw::WritesBlindly => Vec::new(),
                _ => load(&place).await?,
            };
            let before = known.clone();
            for mark in &mine {
                self.merge(&mut known, mark);
            }
            for mark in &mut known {
                mark.forget_past(now);
            }
            known.retain(Mark::says_something);
            let has_changed = known != before;
            if has_changed {
                let document = serde_json::to_vec(&known).unwrap();
                place.port.set(&name(&place), document).await?;
            }
            Ok(Posted {
                marks: known,
                held: !has_changed || self.0 == Flaw::TrustsItsWrite,
                damage: None,
            })
        }
        .boxed_local()
    }
}
