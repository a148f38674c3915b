//! An outside world that makes of the sound gateway in it an unsound one.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use gempool_pool::{ApiKey, UnixMillis};
use gempool_relay::ports::{
    Ask, Clock, Counters, DocumentStore, Log, Rng, Spawn, StoreUnavailable, Unreachable, Upstream,
    UpstreamRequest, UpstreamResponse,
};
use http::StatusCode;

use crate::host::Host;
use crate::upstream::NONSENSE;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Marks are never written.
    KeepsMarksToItself,
    /// A dead key's refusal is read as an overloaded model.
    TakesDeathForWeather,
    /// The head is never read again.
    ReadsTheHeadOnce,
    /// Every call is made twice.
    SendsTwice,
    /// Every call of sense is made ten times.
    SendsTenTimes,
    /// No long wait is bounded.
    HasNoTimers,
    /// A stream that is cut loses its cut and what it says of its end.
    TakesCutsForEnds,
    /// Every other call is made with the first key.
    UsesOneKeyMost,
    /// Work that was begun goes on for ever.
    NeverEndsItsWork,
    /// A document has a key in it.
    StoresInClear,
    /// A line of the log has a key in it.
    LogsKeys,
    /// Reading waits as long as an absent store lets it.
    WaitsForTheStore,
    /// Marks are written without a reason.
    MarksForNothing,
    /// A minute's quota is read as a day's.
    RemembersDroughts,
}

pub(super) struct Flawed {
    host: Host,
    flaw: Flaw,
    head: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
    first_key: RefCell<Option<ApiKey>>,
    calls: Cell<u64>,
}

impl Flawed {
    pub(super) fn new(host: Host, flaw: Flaw) -> Self {
        Self {
            host,
            flaw,
            head: RefCell::default(),
            first_key: RefCell::new(None),
            calls: Cell::new(0),
        }
    }
}

/// A refusal with another status and other words.
fn instead(answer: UpstreamResponse, status: u16, body: &'static str) -> UpstreamResponse {
    UpstreamResponse {
        status: StatusCode::from_u16(status).unwrap(),
        body: Box::pin(futures::stream::iter([Ok(body.into())])),
        ..answer
    }
}

const OVERLOADED: &str =
    r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#;
const DAY: &str = r#"{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"10"}]}]}}"#;

fn is_nonsense(ask: &Ask) -> bool {
    matches!(ask, Ask::Post(body) if String::from_utf8_lossy(body).contains(NONSENSE))
}

impl Upstream for Flawed {
    fn send(
        &self,
        request: UpstreamRequest<'_>,
    ) -> LocalBoxFuture<'static, Result<UpstreamResponse, Unreachable>> {
        self.calls.set(self.calls.get() + 1);
        let nonsense = is_nonsense(&request.ask);
        let repeat = || UpstreamRequest {
            ask: request.ask.clone(),
            ..request
        };
        let flaw = self.flaw;
        let streams = request.url.contains("stream");
        match flaw {
            Flaw::SendsTwice => drop(self.host.send(repeat())),
            Flaw::SendsTenTimes if !nonsense => {
                (0..9).for_each(|_| drop(self.host.send(repeat())));
            }
            Flaw::LogsKeys => self.host.warn(request.key.expose()),
            _ => {}
        }
        let mut first = self.first_key.borrow_mut();
        let first = first.get_or_insert_with(|| request.key.clone());
        let sent = if flaw == Flaw::UsesOneKeyMost && self.calls.get().is_multiple_of(2) {
            self.host.send(UpstreamRequest {
                key: first,
                ..request
            })
        } else {
            self.host.send(request)
        };
        async move {
            let mut answer = sent.await?;
            let status = answer.status.as_u16();
            match (flaw, status) {
                (Flaw::TakesDeathForWeather, 400 | 403) if !nonsense => {
                    answer = instead(answer, 503, OVERLOADED);
                }
                (Flaw::RemembersDroughts, 429) => answer = instead(answer, 429, DAY),
                (Flaw::TakesCutsForEnds, 200) if streams => {
                    // What is left of the events, and an end that nobody sent.
                    let end = r#"data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP"}],"responseId":"r"}"#;
                    let whole = answer.body.take_while(|item| std::future::ready(item.is_ok()));
                    let end = futures::stream::iter([Ok(format!("{end}\r\n\r\n").into())]);
                    answer.body = Box::pin(whole.chain(end));
                }
                _ => {}
            }
            Ok(answer)
        }
        .boxed_local()
    }
}

impl Clock for Flawed {
    fn now(&self) -> UnixMillis {
        self.host.now()
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        if self.flaw == Flaw::HasNoTimers && duration > Duration::from_secs(9) {
            return std::future::pending().boxed_local();
        }
        if self.flaw == Flaw::WaitsForTheStore {
            return self.host.sleep(duration * 10);
        }
        self.host.sleep(duration)
    }
}

impl Log for Flawed {
    fn warn(&self, line: &str) {
        self.host.warn(line);
    }
}

impl Spawn for Flawed {
    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        let goes_on = self.flaw == Flaw::NeverEndsItsWork;
        self.host.spawn(
            async move {
                work.await;
                if goes_on {
                    std::future::pending::<()>().await;
                }
            }
            .boxed_local(),
        );
    }
}

impl Rng for Flawed {
    fn next_u64(&self) -> u64 {
        self.host.next_u64()
    }
}

impl DocumentStore for Flawed {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        let name = name.to_owned();
        async move {
            let is_head = name == "gp1:head" && self.flaw == Flaw::ReadsTheHeadOnce;
            if let Some(known) = self.head.borrow().get(&name) {
                return Ok(known.clone());
            }
            let mut read = self.host.get(&name).await;
            if self.flaw == Flaw::WaitsForTheStore && read.is_err() {
                self.host.sleep(Duration::from_secs(3)).await;
                read = self.host.get(&name).await;
            }
            if let (true, Ok(document)) = (is_head, &read) {
                self.head.borrow_mut().insert(name, document.clone());
            }
            read
        }
        .boxed_local()
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        if self.flaw == Flaw::KeepsMarksToItself && name.starts_with("gp1:c:") {
            return std::future::ready(Ok(())).boxed_local();
        }
        self.host.set(name, document)
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.host.delete(name)
    }
}

impl Counters for Flawed {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        let name = name.to_owned();
        async move {
            match self.flaw {
                Flaw::StoresInClear => {
                    let secret = b"AIza-simulated-0".to_vec();
                    self.host.set("gp1:notes", secret).await?;
                }
                Flaw::MarksForNothing => self.host.set("gp1:c:nobody:0:0", vec![0]).await?,
                _ => {}
            }
            self.host.add(&name, delta).await
        }
        .boxed_local()
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.host.forget(name)
    }
}
