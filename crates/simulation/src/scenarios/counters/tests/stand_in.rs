//! Counters in the plainest form, and with a flaw to choose.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::UnixMillis;
use gempool_state::ports::{Counters as _, DocumentStore as _, StoreUnavailable};

use super::super::account::Count;
use super::super::till::{Flushed, Request, Till};
use crate::store::Port;

/// What is wrong with the stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Nothing,
    /// Reads a sum, adds in memory, and writes it back.
    RewritesSums,
    /// Takes a failed addition for one that was made.
    DropsWhatFailed,
    /// Empties what waits after the flush, with what came during it.
    DropsWhatComesMeanwhile,
    /// Keeps what was added, and so adds it with every flush.
    AddsAgain,
    /// Counts by minute, and leaves every minute in the store.
    ForgetsNothing,
}

pub(super) fn open(flaw: Flaw) -> Rc<dyn Till> {
    Rc::new(StandIn {
        flaw,
        waiting: RefCell::default(),
    })
}

struct StandIn {
    flaw: Flaw,
    waiting: RefCell<BTreeMap<String, u64>>,
}

fn name(subject: usize, what: char) -> String {
    format!("gp1:n:{subject}:{what}")
}

/// A sum as the scenario wants to hear it. The stand-in knows no days.
fn told(name: &str, sum: u64) -> Option<(usize, u32, Count)> {
    let (subject, what) = name.strip_prefix("gp1:n:")?.split_once(':')?;
    let count = match what {
        "r" => Count {
            requests: sum,
            tokens: 0,
        },
        "t" => Count {
            requests: 0,
            tokens: sum,
        },
        _ => return None,
    };
    Some((subject.parse().ok()?, 0, count))
}

impl StandIn {
    fn wait(&self, name: String, amount: u64) {
        *self.waiting.borrow_mut().entry(name).or_default() += amount;
    }

    async fn add(&self, port: &Port, name: &str, amount: u64) -> Result<u64, StoreUnavailable> {
        if self.flaw != Flaw::RewritesSums {
            let delta = i64::try_from(amount).unwrap();
            return port.add(name, delta).await.map(i64::unsigned_abs);
        }
        let name = name.replace("gp1:n:", "gp1:sum:");
        let after = sum(port, &name).await? + amount;
        port.set(&name, after.to_be_bytes().to_vec()).await?;
        Ok(after)
    }
}

async fn sum(port: &Port, name: &str) -> Result<u64, StoreUnavailable> {
    let document = port.get(name).await?;
    Ok(document.map_or(0, |it| u64::from_be_bytes(it.try_into().unwrap())))
}

impl Till for StandIn {
    fn record(&self, request: &Request, now: UnixMillis) {
        for subject in [0, request.client] {
            self.wait(name(subject, 'r'), 1);
            self.wait(name(subject, 't'), request.tokens);
            if self.flaw == Flaw::ForgetsNothing {
                self.wait(format!("gp1:n:{subject}:m:{}", now.0 / 20_000), 1);
            }
        }
    }

    fn flush<'a>(&'a self, port: &'a Port, _now: UnixMillis) -> LocalBoxFuture<'a, Flushed> {
        async move {
            let mut flushed = Flushed {
                sums: Vec::new(),
                worked: true,
            };
            let waiting = self.waiting.borrow().clone();
            for (name, amount) in waiting {
                match self.add(port, &name, amount).await {
                    Ok(sum) => flushed.sums.extend(told(&name, sum)),
                    Err(_) if self.flaw == Flaw::DropsWhatFailed => {}
                    Err(_) => {
                        flushed.worked = false;
                        return flushed;
                    }
                }
                let mut waiting = self.waiting.borrow_mut();
                match self.flaw {
                    Flaw::AddsAgain => {}
                    Flaw::DropsWhatComesMeanwhile => drop(waiting.remove(&name)),
                    _ => *waiting.get_mut(&name).unwrap() -= amount,
                }
            }
            self.waiting.borrow_mut().retain(|_, amount| *amount > 0);
            flushed
        }
        .boxed_local()
    }

    fn total<'a>(
        &'a self,
        port: &'a Port,
        subject: usize,
        _now: UnixMillis,
    ) -> LocalBoxFuture<'a, Result<Count, StoreUnavailable>> {
        async move {
            let mut sums = [0, 0];
            for (place, what) in sums.iter_mut().zip(['r', 't']) {
                let name = name(subject, what);
                *place = if self.flaw == Flaw::RewritesSums {
                    sum(port, &name.replace("gp1:n:", "gp1:sum:")).await?
                } else {
                    port.add(&name, 0).await?.unsigned_abs()
                };
            }
            let [requests, tokens] = sums;
            Ok(Count { requests, tokens })
        }
        .boxed_local()
    }
}
