//! What a client asked for, resolved once: the model, what its name asks for, the calls to make.
//!
//! It makes no call but to the cache of signatures.

use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use gempool_pool::Affinity;
use gempool_translate::{
    AnswerMeta, AnswerStream, CallSignature, Exchange, Features, InvalidRequest, Method, ModelName,
    Plan, Signing, Target, UpstreamFault, resources_in, without_storing,
};

use super::OwnedExchange;
use crate::attempt::Call;
use crate::client::Client;
use crate::client_keys::ClientId;
use crate::conversation::conversation;
use crate::failure::Failure;
use crate::fault::Fault;
use crate::gateway::Gateway;
use crate::resources::{Pin, pin_of};
use crate::upstream_url::{call_path, stream_path};

/// Bytes of a body per input token, about: English text has four, JSON around it more. Pictures and sound in base64
/// would count far too much, so that longer bodies count as this long.
const BYTES_PER_TOKEN: usize = 4;
const ESTIMATED_BYTES_MAX: usize = 1024 * 1024;

/// Input tokens of a body, about: for quotas of tokens, until Google says how many there were.
fn estimated_tokens(body: Option<&Bytes>) -> u64 {
    let bytes = body.map_or(0, Bytes::len).min(ESTIMATED_BYTES_MAX);
    u64::try_from(bytes / BYTES_PER_TOKEN).unwrap_or(u64::MAX)
}

/// How Gemini is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// One document, one document.
    Whole,
    /// A stream, a stream.
    Streamed,
    /// The client gets a stream made of one document (X15).
    StreamedFromWhole,
}

/// A request on its way.
pub(super) struct Asked {
    pub(super) gateway: Rc<Gateway>,
    pub(super) client: Client,
    pub(super) meta: AnswerMeta,
    pub(super) way: Way,
    model: ModelName,
    features: Features,
    path: String,
    signatures: BTreeMap<String, String>,
    signed: bool,
    pin: Option<Pin>,
    /// Bodies for Gemini.
    bodies: Vec<Bytes>,
    request: OwnedExchange,
}

impl Asked {
    /// # Errors
    /// A model or a request that makes no sense.
    pub(super) async fn resolve(
        gateway: &Rc<Gateway>,
        client: Client,
        request: OwnedExchange,
    ) -> Result<Self, Failure> {
        let exchange = request.get();
        let facts = client.pool.facts();
        let spec = gateway.settings.model(exchange.model(), &facts.aliases)?;
        client.check_model(exchange.model(), spec.name.as_str())?;
        let way = match (
            exchange.streams(),
            gateway.settings.fakes_stream(spec.features),
        ) {
            (false, _) => Way::Whole,
            (true, false) => Way::Streamed,
            (true, true) => Way::StreamedFromWhole,
        };
        let meta = AnswerMeta {
            fallback_id: format!("{:016x}", gateway.host.next_u64()),
            created_unix_s: gateway.host.now().0 / 1_000,
            model: exchange.model().to_owned(),
        };
        let signatures = gateway
            .signatures
            .find(gateway, client.id, &exchange.unsigned_calls())
            .await;
        let mut asked = Self {
            gateway: Rc::clone(gateway),
            client,
            meta,
            way,
            model: spec.name,
            features: spec.features,
            path: String::new(),
            signatures,
            signed: false,
            pin: None,
            bodies: Vec::new(),
            request,
        };
        let plan = asked.plan(Signing::Kept)?;
        asked.path = asked.path_of(plan.method);
        asked.signed = plan.signed;
        let mentioned = mentioned(&plan.bodies)?;
        asked.pin = pin_of(gateway, &asked.client, &mentioned).await?;
        let bodies = plan.bodies.into_iter();
        asked.bodies = bodies.map(|body| asked.kept_private(body)).collect();
        // Last, so that a request that makes no sense costs no limit.
        gateway.admit(&asked.client)?;
        Ok(asked)
    }

    /// The body; in a pool of strangers' keys with `store: false` whatever the client wants, because the owner of a key
    /// could read what its project keeps.
    fn kept_private(&self, body: Vec<u8>) -> Bytes {
        if !self.client.pool.facts().contribute {
            return body.into();
        }
        without_storing(&body).map_or_else(|| body.into(), Bytes::from)
    }

    fn plan(&self, signing: Signing) -> Result<Plan, InvalidRequest> {
        self.exchange().plan(&Target {
            model: &self.model,
            features: self.features,
            safety: self
                .client
                .policy
                .safety
                .as_ref()
                .unwrap_or(&self.gateway.settings.safety),
            signatures: &self.signatures,
            signing,
            streamed: self.way == Way::Streamed,
        })
    }

    fn path_of(&self, method: Method) -> String {
        match self.way {
            Way::Streamed => stream_path(&self.model),
            Way::Whole | Way::StreamedFromWhole => call_path(&self.model, method),
        }
    }

    pub(super) fn exchange(&self) -> &dyn Exchange {
        self.request.get()
    }

    pub(super) fn streams(&self) -> bool {
        self.way != Way::Whole
    }

    /// `content-type` of the streamed answer.
    pub(super) fn stream_type(&self) -> &'static str {
        self.exchange().stream_type()
    }

    /// How many calls make the answer.
    pub(super) fn calls(&self) -> usize {
        self.bodies.len()
    }

    /// The call with this position in the plan.
    pub(super) fn call(&self, position: usize) -> Call<'_> {
        let settings = &self.gateway.settings;
        let (patience, waited_for) = match self.way {
            Way::Streamed => (
                settings.first_byte_timeout,
                "first part of a streamed answer",
            ),
            Way::Whole | Way::StreamedFromWhole => (settings.total_timeout, "answer"),
        };
        let body = self.bodies.get(position).cloned();
        let affinity = self.client.pool.facts().policy.affinity;
        let conversation = match (affinity, &body) {
            (Affinity::Conversation, Some(body)) => conversation(body),
            (Affinity::Conversation, None) | (Affinity::Off, _) => None,
        };
        Call {
            client: &self.client,
            model: self.model.as_str(),
            path: &self.path,
            pin: self.pin,
            conversation,
            tokens: estimated_tokens(body.as_ref()),
            body,
            patience,
            waited_for,
        }
    }

    /// How often a cut answer may be gone on with.
    pub(super) fn continuations(&self) -> u32 {
        if self.exchange().is_passed_through() {
            return 0;
        }
        self.gateway.settings.continues(self.features)
    }

    /// The same call's body with every signature replaced, for Gemini that refused one (§3.8). `None`
    /// if there was none that it could have refused.
    pub(super) fn resigned(&self, position: usize) -> Option<Bytes> {
        if !self.signed {
            return None;
        }
        let plan = self.plan(Signing::Replaced).ok()?;
        let body = plan.bodies.into_iter().nth(position);
        body.map(|body| self.kept_private(body))
    }

    /// A translator that has seen nothing.
    ///
    /// # Errors
    /// Never for a request that streams.
    pub(super) fn translator(&self) -> Result<AnswerStream, Fault> {
        let mut translator = self
            .exchange()
            .stream_translator(&self.meta)
            .ok_or(Fault::Broken(UpstreamFault::Malformed))?;
        if self.continuations() > 0 {
            translator.keep_text();
        }
        Ok(translator)
    }

    /// The request again, for a stream that may have to be gone on with; for others there is no reason to
    /// hold it any longer.
    pub(super) fn for_going_on(self: &Rc<Self>) -> Option<Rc<Self>> {
        (self.continuations() > 0).then(|| Rc::clone(self))
    }

    /// Where the signatures of the answer's calls go.
    pub(super) fn keeper(&self) -> Keeper {
        Keeper {
            gateway: Rc::clone(&self.gateway),
            client: (!self.exchange().is_passed_through()).then_some(self.client.id),
        }
    }
}

/// What the calls of a plan mention, each once.
fn mentioned(bodies: &[Vec<u8>]) -> Result<Vec<String>, InvalidRequest> {
    let mut mentioned = Vec::new();
    for body in bodies {
        for name in resources_in(body)? {
            if !mentioned.contains(&name) {
                mentioned.push(name);
            }
        }
    }
    Ok(mentioned)
}

/// Keeps signatures for a client. It holds nothing of the request, so that a stream can outlive that.
pub(super) struct Keeper {
    gateway: Rc<Gateway>,
    /// `None` if the client keeps them itself.
    client: Option<ClientId>,
}

impl Keeper {
    /// Keeps the signatures of calls that the client is about to see. What the future does may come
    /// after the answer.
    pub(super) fn keep(
        &self,
        signatures: Vec<CallSignature>,
    ) -> Option<LocalBoxFuture<'static, ()>> {
        self.gateway
            .signatures
            .keep(&self.gateway, self.client?, signatures)
    }
}
