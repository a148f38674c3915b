//! What a client asked for, resolved once: the model, what its name asks for, the calls to make.
//!
//! It makes no call but to the cache of signatures.

use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;
use futures::future::LocalBoxFuture;
use gempool_translate::{
    AnswerMeta, AnswerStream, CallSignature, Exchange, Features, InvalidRequest, Method, ModelName,
    Plan, Signing, Target, UpstreamFault, resources_in,
};

use super::OwnedExchange;
use crate::attempt::Call;
use crate::client_keys::ClientId;
use crate::failure::Failure;
use crate::fault::Fault;
use crate::gateway::Gateway;
use crate::resources::{Pin, pin_of};
use crate::upstream_url::{call_path, stream_path};

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
    client: ClientId,
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
        client: ClientId,
        request: OwnedExchange,
    ) -> Result<Self, Failure> {
        let exchange = request.get();
        let spec = gateway.settings.model(exchange.model())?;
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
            .find(&*gateway.host, client, &exchange.unsigned_calls())
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
        asked.pin = pin_of(gateway, client, &mentioned).await?;
        asked.bodies = plan.bodies.into_iter().map(Bytes::from).collect();
        Ok(asked)
    }

    fn plan(&self, signing: Signing) -> Result<Plan, InvalidRequest> {
        self.exchange().plan(&Target {
            model: &self.model,
            features: self.features,
            safety: &self.gateway.settings.safety,
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
        Call {
            model: self.model.as_str(),
            path: &self.path,
            pin: self.pin,
            body: self.bodies.get(position).cloned(),
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
        plan.bodies.into_iter().nth(position).map(Bytes::from)
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
            client: (!self.exchange().is_passed_through()).then_some(self.client),
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
            .keep(&self.gateway.host, self.client?, signatures)
    }
}
