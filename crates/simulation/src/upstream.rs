//! A small model of Gemini that all instances share: keys with projects, quotas and ends, and bad times.
//!
//! What it answers is decided when a request is sent, and comes later. Bodies have the shape of true ones
//! (`answer.rs`); what they mean is the product's to find out. Every call is on record, by key.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use futures::{FutureExt as _, stream};
use gempool_relay::UploadHead;
use gempool_relay::ports::{Ask, Unreachable, UpstreamRequest, UpstreamResponse};
use http::StatusCode;

use crate::random::{Chance, Random};
use crate::world::{InstanceId, World};

mod answer;
mod quota;

pub(crate) use answer::{Death, LAST_WORD};
use answer::{Piece, Scripted};
pub(crate) use quota::Quota;
use quota::{Refusal, Windows};

/// What a request says that no key can serve.
pub(crate) const NONSENSE: &str = "nonsense";

/// What Google knows of a key.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Keys of one project share its quotas.
    pub(crate) project: u32,
    pub(crate) quota: Quota,
    /// From when on it is refused for good, and why.
    pub(crate) ends: Option<(u64, Death)>,
}

/// How things are at the moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mood {
    /// Longest wait for a head.
    pub(crate) latency_ms: u64,
    /// How often the model is overloaded.
    pub(crate) overloaded: Chance,
    /// Every minute quota is used up until then, Unix milliseconds.
    pub(crate) drought_until: u64,
    /// How often the connection breaks before the head.
    pub(crate) resets: Chance,
    /// How often it breaks, or ends, in the middle of an answer.
    pub(crate) cuts: Chance,
    /// How often nothing comes at all.
    pub(crate) silences: Chance,
    /// The host of an egress whose country is refused.
    pub(crate) refused_egress: Option<&'static str>,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Answer,
    Cut,
    Dead,
    MinuteQuota,
    DayQuota,
    Overloaded,
    Location,
    ClientFault,
    Reset,
    Silence,
}

impl Told {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Answer => "calls answered",
            Self::Cut => "calls cut",
            Self::Dead => "calls with dead keys",
            Self::MinuteQuota => "calls beyond a minute's quota",
            Self::DayQuota => "calls beyond a day's quota",
            Self::Overloaded => "calls while overloaded",
            Self::Location => "calls from a refused country",
            Self::ClientFault => "calls of nonsense",
            Self::Reset => "calls without a connection",
            Self::Silence => "calls without an answer",
        }
    }
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) by: InstanceId,
    pub(crate) key: String,
    /// Which client's request it is for.
    pub(crate) request: u64,
    pub(crate) sent_at: u64,
    /// When its head arrives.
    pub(crate) heard_at: u64,
    pub(crate) told: Told,
}

/// The upstream. Clones are the same one.
#[derive(Clone)]
pub(crate) struct Upstream(Rc<Shared>);

struct Shared {
    world: World,
    random: Random,
    accounts: RefCell<BTreeMap<String, Account>>,
    windows: RefCell<Windows>,
    mood: RefCell<Mood>,
    calls: RefCell<Vec<Call>>,
    unreadable: Cell<u64>,
}

impl Upstream {
    pub(crate) fn new(world: &World, accounts: BTreeMap<String, Account>, mood: Mood) -> Self {
        Self(Rc::new(Shared {
            world: world.clone(),
            random: world.random().fork(),
            accounts: RefCell::new(accounts),
            windows: RefCell::default(),
            mood: RefCell::new(mood),
            calls: RefCell::default(),
            unreadable: Cell::new(0),
        }))
    }

    /// Changes how things are.
    pub(crate) fn change_mood(&self, change: impl FnOnce(&mut Mood)) {
        change(&mut self.0.mood.borrow_mut());
    }

    /// Gives a key its life back.
    pub(crate) fn revive(&self, key: &str) {
        if let Some(account) = self.0.accounts.borrow_mut().get_mut(key) {
            account.ends = None;
        }
    }

    /// Every call so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.0.calls.borrow().clone()
    }

    /// Calls whose request could not be told: the product sent something else than it was asked for.
    pub(crate) fn unreadable(&self) -> u64 {
        self.0.unreadable.get()
    }

    /// Sends one request of an instance.
    pub(crate) fn send(
        &self,
        by: InstanceId,
        request: &UpstreamRequest<'_>,
    ) -> LocalBoxFuture<'static, Result<UpstreamResponse, Unreachable>> {
        let shared = &self.0;
        let asked = Asked::read(request);
        if asked.request.is_none() {
            shared
                .unreadable
                .set(shared.unreadable.get().saturating_add(1));
        }
        let key = request.key.expose().to_owned();
        let (told, scripted) = shared.decide(&key, &asked);
        let now = shared.world.now();
        let wait = shared.wait(told);
        shared
            .world
            .note(|| format!("{by:?} asks with {key} for {asked:?}: {told:?} in {wait} ms"));
        shared.calls.borrow_mut().push(Call {
            by,
            key,
            request: asked.request.unwrap_or(u64::MAX),
            sent_at: now,
            heard_at: now.saturating_add(wait),
            told,
        });
        let world = shared.world.clone();
        async move {
            world.pause().await;
            world.sleep(wait).await;
            deliver(world, scripted)
        }
        .boxed_local()
    }
}

fn deliver(world: World, scripted: Option<Scripted>) -> Result<UpstreamResponse, Unreachable> {
    let scripted = scripted.ok_or_else(|| Unreachable("scripted: no connection".to_owned()))?;
    let status = StatusCode::from_u16(scripted.status);
    let pieces = scripted.body.into_iter();
    let body = stream::unfold((pieces, world), |(mut pieces, world)| async move {
        loop {
            match pieces.next()? {
                Piece::Wait(milliseconds) => world.sleep(milliseconds).await,
                Piece::Bytes(bytes) => return Some((Ok(Bytes::from(bytes)), (pieces, world))),
                Piece::Reset => {
                    let reset = Unreachable("scripted: reset".to_owned());
                    return Some((Err(reset), (Vec::new().into_iter(), world)));
                }
            }
        }
    });
    Ok(UpstreamResponse {
        status: status.map_err(|error| Unreachable(error.to_string()))?,
        encoded: false,
        upload: UploadHead::default(),
        body: Box::pin(body),
    })
}

/// What the upstream makes of a request.
#[derive(Debug)]
struct Asked {
    model: String,
    host: String,
    streams: bool,
    is_nonsense: bool,
    request: Option<u64>,
}

impl Asked {
    fn read(request: &UpstreamRequest<'_>) -> Self {
        let body = match &request.ask {
            Ask::Post(body) | Ask::Patch(body) | Ask::Upload(_, body) => body.clone(),
            Ask::Get | Ask::Delete => Bytes::new(),
        };
        let text = String::from_utf8_lossy(&body);
        let rest = request.url.split("/models/").nth(1).unwrap_or_default();
        let host = request.url.split('/').nth(2).unwrap_or_default();
        let number = text.split(REQUEST).nth(1).map(|rest| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit);
            digits.fold(0_u64, |sum, digit| {
                sum.saturating_mul(10)
                    .saturating_add(u64::from(digit & 0xf))
            })
        });
        Self {
            model: rest.split(':').next().unwrap_or_default().to_owned(),
            host: host.to_owned(),
            streams: request.url.contains("streamGenerateContent"),
            is_nonsense: text.contains(NONSENSE),
            request: number,
        }
    }
}

/// What comes before a request's number in its prompt, and in the answer.
pub(crate) const REQUEST: &str = "request-";

impl Shared {
    fn decide(&self, key: &str, asked: &Asked) -> (Told, Option<Scripted>) {
        let mood = self.mood.borrow();
        let now = self.world.now();
        if self.random.happens(mood.resets) {
            return (Told::Reset, None);
        }
        if mood.refused_egress == Some(asked.host.as_str()) {
            return (Told::Location, Some(answer::location()));
        }
        let account = self.accounts.borrow().get(key).cloned();
        let Some(account) = account else {
            return (Told::Dead, Some(answer::dead(Death::Invalid)));
        };
        if let Some((_, death)) = account.ends.filter(|(ends, _)| *ends <= now) {
            return (Told::Dead, Some(answer::dead(death)));
        }
        if asked.is_nonsense {
            return (Told::ClientFault, Some(answer::client_fault()));
        }
        if self.random.happens(mood.overloaded) {
            return (Told::Overloaded, Some(answer::overloaded()));
        }
        if mood.drought_until > now {
            let left = mood.drought_until.saturating_sub(now);
            let refusal = answer::minute_quota(&asked.model, account.quota.minute, left);
            return (Told::MinuteQuota, Some(refusal));
        }
        let mut windows = self.windows.borrow_mut();
        match windows.take(&account, &asked.model, now) {
            Err(Refusal::Minute { left_ms }) => {
                let limit = account.quota.minute;
                let refusal = answer::minute_quota(&asked.model, limit, left_ms);
                (Told::MinuteQuota, Some(refusal))
            }
            Err(Refusal::Day) => {
                let refusal = answer::day_quota(&asked.model, account.quota.day);
                (Told::DayQuota, Some(refusal))
            }
            Ok(()) if self.random.happens(mood.silences) => (Told::Silence, None),
            Ok(()) => self.serve(asked, self.random.happens(mood.cuts)),
        }
    }

    fn serve(&self, asked: &Asked, is_cut: bool) -> (Told, Option<Scripted>) {
        let word = format!("{REQUEST}{}", asked.request.unwrap_or(u64::MAX));
        let mut scripted = if asked.streams {
            answer::streamed(&word, &self.random)
        } else {
            answer::whole(&word)
        };
        if is_cut {
            scripted.cut(&self.random);
            return (Told::Cut, Some(scripted));
        }
        (Told::Answer, Some(scripted))
    }

    fn wait(&self, told: Told) -> u64 {
        match told {
            // Longer than any time-out.
            Told::Silence => 3_600_000,
            _ => self.random.between(1, self.mood.borrow().latency_ms.max(1)),
        }
    }
}

#[cfg(test)]
mod tests;
