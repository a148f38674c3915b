//! Clients: they ask, read answers to their end, or give up.

use std::rc::Rc;

use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::{Either, select};
use gempool_relay::{Body, Failure, Gateway, OwnedExchange, Presented, Reply, exchange};
use gempool_translate::ChatRequest;

use super::Scene;
use super::plan::Profile;
use super::stage::ClientKey;
use crate::random::{Chance, Random};
use crate::upstream::{LAST_WORD, NONSENSE, REQUEST};
use crate::world::InstanceId;

/// How often a client gives up.
const GIVING_UP: Chance = Chance::per_mille(20);

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) number: u64,
    pub(crate) key: ClientKey,
    pub(crate) at: InstanceId,
    pub(crate) is_nonsense: bool,
    pub(crate) begun_at: u64,
    /// When it ended; the end of time as long as it has not.
    pub(crate) ended_at: u64,
    pub(crate) outcome: Outcome,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing yet.
    Pending,
    /// A whole answer.
    Served,
    /// An error before the first byte.
    Failed {
        status: u16,
        retry_after_s: Option<u64>,
        text: String,
    },
    /// An answer that says that it is broken, after it had begun.
    Broken,
    /// Something that looks like an answer and is none.
    Garbled(String),
    /// Nobody knows this client key.
    Unknown,
    /// The client did not wait for it.
    GivenUp,
    /// The instance crashed, or none was there.
    Lost,
}

impl Outcome {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Pending => "requests without an end",
            Self::Served => "requests served",
            Self::Failed { .. } => "requests refused",
            Self::Broken => "requests broken off",
            Self::Garbled(_) => "requests garbled",
            Self::Unknown => "requests of unknown clients",
            Self::GivenUp => "requests given up",
            Self::Lost => "requests lost in crashes",
        }
    }
}

/// Asks until the time is over.
pub(crate) async fn ask_until(scene: &Rc<Scene>, until: u64) {
    let random = scene.world.random().fork();
    let mut number = 0_u64;
    while scene.world.now() < until {
        let since_start = scene.world.now().saturating_sub(scene.starts_at.get());
        let pause = random.between(0, scene.plan.pace_ms(since_start));
        scene.world.sleep(pause).await;
        number = number.saturating_add(1);
        ask(scene, &random, number);
    }
}

fn ask(scene: &Rc<Scene>, random: &Random, number: u64) {
    let places = scene.places.borrow();
    let instance = random.pick(&places).and_then(|place| place.instance());
    let key = match random.below(8) {
        0 => ClientKey::Revoked,
        1 if scene.plan.profile != Profile::Shares => ClientKey::OfDisabledPool,
        _ => ClientKey::Lasting,
    };
    let is_nonsense = scene.plan.profile != Profile::Storm && random.below(12) == 0;
    let Some((id, gateway)) = instance else {
        return;
    };
    let position = {
        let mut requests = scene.requests.borrow_mut();
        requests.push(Request {
            number,
            key,
            at: id,
            is_nonsense,
            begun_at: scene.world.now(),
            ended_at: u64::MAX,
            outcome: Outcome::Pending,
        });
        requests.len().saturating_sub(1)
    };
    let body = body(number, is_nonsense, random);
    let gives_up = random.happens(GIVING_UP) && !scene.plan.is_single();
    let patience = if gives_up {
        random.between(1, 5_000)
    } else {
        u64::MAX
    };
    let timer = scene.world.sleep(patience);
    let work = async move {
        let request = Box::pin(request(gateway, key, number, body));
        match select(request, timer).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(((), _)) => Outcome::GivenUp,
        }
    };
    let outcome = scene.world.spawn_on(id, work);
    let scene = Rc::clone(scene);
    let world = scene.world.clone();
    world.spawn(async move {
        let outcome = outcome.await.unwrap_or(Outcome::Lost);
        scene
            .world
            .note(|| format!("{REQUEST}{number}: {outcome:?}"));
        if let Some(request) = scene.requests.borrow_mut().get_mut(position) {
            request.outcome = outcome;
            request.ended_at = scene.world.now();
        }
    });
}

fn body(number: u64, is_nonsense: bool, random: &Random) -> Bytes {
    let model = random
        .pick(&["gemini-2.5-flash", "gemini-2.5-pro"])
        .copied();
    let model = model.unwrap_or("gemini-2.5-flash");
    let stream = random.below(2) == 0;
    let what = if is_nonsense { NONSENSE } else { "sense" };
    Bytes::from(format!(
        r#"{{"model":"{model}","stream":{stream},"messages":[{{"role":"user","content":"{REQUEST}{number} {what}"}}]}}"#
    ))
}

async fn request(gateway: Rc<Gateway>, key: ClientKey, number: u64, body: Bytes) -> Outcome {
    match answer(&gateway, key, body).await {
        Err(failure) => Outcome::Failed {
            status: failure.status().as_u16(),
            retry_after_s: failure.retry_after_s(),
            text: failure.to_error().message,
        },
        Ok(None) => Outcome::Unknown,
        Ok(Some(reply)) => read(reply, number).await,
    }
}

async fn answer(
    gateway: &Rc<Gateway>,
    key: ClientKey,
    body: Bytes,
) -> Result<Option<Reply>, Failure> {
    let client = gateway.identify(key.text(), Presented::AsClientKey).await?;
    let Some(client) = client else {
        return Ok(None);
    };
    let request = OwnedExchange::read(body, |body| Ok(Box::new(ChatRequest::parse(body)?)))?;
    exchange(gateway, client, request).await.map(Some)
}

async fn read(reply: Reply, number: u64) -> Outcome {
    let (body, streams) = match reply {
        Reply::Whole { body, .. } => (body, false),
        Reply::Stream { body, .. } => (body, true),
    };
    let (text, broke_off) = drain(body).await;
    let text = String::from_utf8_lossy(&text).into_owned();
    let says_error = text.contains(r#""error""#);
    let word = format!("{REQUEST}{number}");
    let is_whole = text.contains(&word) && text.contains(LAST_WORD);
    let ends = !streams || text.trim_end().ends_with("data: [DONE]");
    match (broke_off || says_error, is_whole && ends) {
        (true, _) if broke_off == says_error => Outcome::Broken,
        (false, true) => Outcome::Served,
        _ => Outcome::Garbled(text),
    }
}

/// All bytes, and whether the body broke off.
async fn drain(body: Body) -> (Vec<u8>, bool) {
    let mut all = Vec::new();
    match body {
        Body::Full(bytes) => all.extend_from_slice(&bytes.unwrap_or_default()),
        Body::Stream(mut stream) => {
            while let Some(item) = stream.next().await {
                match item {
                    Ok(bytes) => all.extend_from_slice(&bytes),
                    Err(_) => return (all, true),
                }
            }
        }
    }
    (all, false)
}
