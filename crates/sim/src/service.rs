//! One request: record it, check it, choose its answer, send it.
//!
//! The order is the real API's where it can be seen: path, credentials, body, then (in place of
//! the API's own troubles) the script, then model, quota and answer.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;
use serde_json::Value;

use crate::api_key::KeyRing;
use crate::body::{Exchange, ReplyBody};
use crate::call::{Call, Method};
use crate::check;
use crate::clock::Clock;
use crate::connection::Breaker;
use crate::content::DefaultAnswer;
use crate::control;
use crate::credential;
use crate::google_error::GoogleError;
use crate::listing::Catalog;
use crate::named_error::Mention;
use crate::ordinary::Ordinary;
use crate::quota::Quotas;
use crate::read_body::{MAX_REQUEST_BYTES, ReadBody, read_body};
use crate::record::{Log, Outcome, RecordedRequest};
use crate::refusal;
use crate::reply::{Framing, Reply, Shape, Step};
use crate::resources::{Asked, BatchOf, Resource, Shelf};
use crate::rules::Rules;
use crate::scripted;

/// Recorded error text of the real API.
const MIN_DEADLINE_S: f64 = 10.0;

/// All that the answers of one simulator depend on.
pub(crate) struct World {
    keys: KeyRing,
    rules: Rules,
    quotas: Quotas,
    ordinary: Ordinary,
    shelf: Shelf,
    clock: Arc<dyn Clock>,
    log: Arc<Log>,
}

/// A request that passed the checks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked<'a> {
    pub(crate) call: &'a Call,
    pub(crate) shape: Shape,
    pub(crate) query: &'a str,
    pub(crate) key: &'a str,
    pub(crate) body: &'a Value,
    /// Tokens of the cache that the body mentions.
    pub(crate) cached_tokens: u64,
    /// Number of the request.
    pub(crate) seq: u64,
}

impl World {
    pub(crate) fn new(
        keys: KeyRing,
        catalog: Catalog,
        rules: Rules,
        quotas: Quotas,
        answer: DefaultAnswer,
        clock: Arc<dyn Clock>,
        log: Arc<Log>,
    ) -> Self {
        Self {
            keys,
            rules,
            quotas,
            ordinary: Ordinary::new(catalog, answer),
            shelf: Shelf::default(),
            clock,
            log,
        }
    }

    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Forgets script, records, used quotas and what projects keep.
    pub(crate) fn clear(&self) {
        self.rules.clear();
        self.log.clear();
        self.quotas.clear();
        self.shelf.clear();
    }

    /// Answers a request. The future is dropped when the client leaves.
    pub(crate) async fn serve(
        self: Arc<Self>,
        request: Request<Incoming>,
        connection: u64,
        breaker: Arc<Breaker>,
    ) -> Result<Response<ReplyBody>, Infallible> {
        let (parts, body) = request.into_parts();
        let read = read_body(body).await;
        let path = parts.uri.path();
        if path.starts_with(control::PREFIX) {
            let body = match read {
                ReadBody::Whole(body) => body,
                ReadBody::TooLarge | ReadBody::Broken(_) => Bytes::new(),
            };
            return Ok(control::answer(&self, &parts.method, path, &body));
        }
        let query = parts.uri.query().unwrap_or_default();
        let call = Call::parse(&parts.method, path, query);
        let body = match &read {
            ReadBody::Whole(body) | ReadBody::Broken(body) => body.clone(),
            ReadBody::TooLarge => Bytes::new(),
        };
        let seq = self
            .log
            .begin(|seq| describe(seq, connection, &parts, call.as_ref(), &body));
        let mut exchange = Exchange::new(Arc::clone(&self.log), seq);
        let reply = match read {
            ReadBody::Whole(body) => self.choose(&parts, call.as_ref(), &body, seq),
            ReadBody::TooLarge => Reply::error(
                &GoogleError::payload_too_large(MAX_REQUEST_BYTES),
                Shape::Unary,
            ),
            // Nobody is there to read this.
            ReadBody::Broken(_) => Reply::no_such_path(),
        };
        for step in &reply.before {
            match step {
                Step::Wait(time) => tokio::time::sleep(*time).await,
                Step::Stall => pending().await,
                Step::Break(how) => {
                    exchange.note(Outcome::Faulted);
                    breaker.trip(*how);
                    pending().await
                }
                Step::Data(_) | Step::Flush => {}
            }
        }
        exchange.note_status(reply.status.as_u16());
        if reply.framing == Framing::Length(0) || parts.method == http::Method::HEAD {
            // hyper does not ask for such a body.
            exchange.note(Outcome::Served);
        }
        let body = ReplyBody::new(reply.body, reply.framing, breaker, exchange);
        let mut response = Response::new(body);
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        Ok(response)
    }

    fn choose(&self, parts: &Parts, call: Option<&Call>, body: &[u8], seq: u64) -> Reply {
        let Some(call) = call else {
            return Reply::no_such_path();
        };
        let query = parts.uri.query().unwrap_or_default();
        let shape = shape(call, query);
        let found = credential::find_key(&parts.headers, parts.uri.query());
        if let Some(resource) = &call.resource {
            return self.keep(parts, call, resource, found, body, seq);
        }
        let key = match found {
            Ok(key) => key,
            Err(error) => return Reply::error(&error, shape),
        };
        if !self.keys.knows(&key) {
            return Reply::error(&GoogleError::unknown_key(), shape);
        }
        let is_known_signature = |signature: &str| self.rules.mention(signature);
        let body = check_deadline(&parts.headers)
            .and_then(|()| check::check_body(call, body, &is_known_signature));
        let body = match body {
            Ok(body) => body,
            Err(error) => return Reply::error(&error, shape),
        };
        let project = self.keys.project_of(&key);
        let now_ms = self.clock.now_ms();
        let mentioned = self
            .shelf
            .check_use(project, call.model_name(), &body, now_ms);
        let cached_tokens = match mentioned {
            Ok(cached_tokens) => cached_tokens,
            Err(error) => return Reply::error(&error, shape),
        };
        let checked = Checked {
            call,
            shape,
            query,
            key: &key,
            body: &body,
            cached_tokens,
            seq,
        };
        match self.rules.act_on(&key, call) {
            Some(then) => scripted::reply(then, checked, |answer| self.answer(checked, answer)),
            None => self.answer(checked, None),
        }
    }

    /// Answers what is asked about what projects keep.
    fn keep(
        &self,
        parts: &Parts,
        call: &Call,
        resource: &Resource,
        key: Result<String, GoogleError>,
        body: &[u8],
        seq: u64,
    ) -> Reply {
        let refuse = |error: &GoogleError| Reply::error(error, Shape::Unary);
        let started = match resource {
            Resource::Upload(Some(id)) => self.shelf.project_of_upload(id),
            _ => None,
        };
        let (key, project) = match (key, started) {
            (Ok(key), _) if self.keys.knows(&key) => {
                let project = self.keys.project_of(&key).to_owned();
                (key, project)
            }
            (Ok(_), _) => return refuse(&GoogleError::unknown_key()),
            // The id of an upload is enough, as it is for Google.
            (Err(_), Some(project)) if !has_credential(parts) => (String::new(), project),
            (Err(error), _) => return refuse(&error),
        };
        if let Err(error) = check_deadline(&parts.headers) {
            return refuse(&error);
        }
        let checked = Checked {
            call,
            shape: Shape::Unary,
            query: parts.uri.query().unwrap_or_default(),
            key: &key,
            body: &Value::Null,
            cached_tokens: 0,
            seq,
        };
        let generate =
            |of, model: &str, request: &Value| self.generate(of, model, request, checked);
        let answer = || {
            if let Some(refusal) = self.ordinary.refuse_model(checked) {
                return refusal;
            }
            self.shelf.answer(Asked {
                project: &project,
                resource,
                headers: &parts.headers,
                query: checked.query,
                body,
                now_ms: self.clock.now_ms(),
                generate: &generate,
            })
        };
        match self.rules.act_on(&key, call) {
            Some(then) => scripted::reply(then, checked, |_| answer()),
            None => answer(),
        }
    }

    /// The answer to one request of a batch.
    fn generate(
        &self,
        of: BatchOf,
        model: &str,
        request: &Value,
        batch: Checked<'_>,
    ) -> Result<Value, GoogleError> {
        let call = Call {
            method: match of {
                BatchOf::Generate => Method::GenerateContent,
                BatchOf::Embed => Method::EmbedContent,
            },
            model: Some(model.to_owned()),
            resource: None,
        };
        let is_known_signature = |signature: &str| self.rules.mention(signature);
        let body = request.to_string();
        let body = check::check_body(&call, body.as_bytes(), &is_known_signature)?;
        let checked = Checked {
            call: &call,
            body: &body,
            ..batch
        };
        let reply = self.ordinary.reply(checked, None);
        let bytes: Vec<u8> = reply
            .body
            .iter()
            .filter_map(|step| match step {
                Step::Data(bytes) => Some(bytes.as_ref()),
                _ => None,
            })
            .collect::<Vec<&[u8]>>()
            .concat();
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// What comes where no script speaks, or with the content that a script gives.
    fn answer(&self, checked: Checked<'_>, content: Option<&crate::script::Answer>) -> Reply {
        if let Some(refusal) = self.ordinary.refuse_model(checked) {
            return refusal;
        }
        if checked.call.method.is_metered() && !self.quotas.is_empty() {
            let project = self.keys.project_of(checked.key);
            let model = checked.call.model_name();
            if let Err(refusal) = self.quotas.admit(project, model, self.clock.now_ms()) {
                let mention = Mention {
                    limit: Some(refusal.limit),
                    retry_s: refusal.retry_s,
                    ..checked.mention()
                };
                return Reply::error_body(refusal.error.body(mention), checked.shape);
            }
        }
        self.ordinary.reply(checked, content)
    }
}

impl<'a> Checked<'a> {
    /// What an error about this request mentions.
    pub(crate) fn mention(self) -> Mention<'a> {
        Mention {
            key: self.key,
            model: self.call.model_name(),
            method: self.call.method.wire_name(),
            limit: None,
            retry_s: None,
        }
    }
}

fn has_credential(parts: &Parts) -> bool {
    credential::any_key(&parts.headers, parts.uri.query()).is_some()
        || parts.headers.contains_key(http::header::AUTHORIZATION)
}

/// A deadline of the client's own must leave time to answer (U13).
fn check_deadline(headers: &HeaderMap) -> Result<(), GoogleError> {
    let seconds = headers
        .get("x-server-timeout")
        .and_then(|value| value.to_str().ok());
    match seconds.map(|seconds| (seconds, seconds.parse::<f64>())) {
        Some((seconds, Ok(number))) if number < MIN_DEADLINE_S => {
            Err(refusal::deadline_too_short(seconds))
        }
        _ => Ok(()),
    }
}

fn shape(call: &Call, query: &str) -> Shape {
    if call.method != Method::StreamGenerateContent {
        return Shape::Unary;
    }
    let wants_events = url::form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| (name == "alt" || name == "$alt") && value == "sse");
    if wants_events {
        Shape::Events
    } else {
        Shape::Array
    }
}

fn describe(
    seq: u64,
    connection: u64,
    parts: &Parts,
    call: Option<&Call>,
    body: &Bytes,
) -> RecordedRequest {
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    RecordedRequest {
        seq,
        connection,
        http_method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: body.clone(),
        key: credential::any_key(&parts.headers, parts.uri.query()),
        model: call.and_then(|call| call.model.clone()),
        method: call.map(|call| call.method),
        status: 0,
        outcome: Outcome::InFlight,
        bytes_sent: 0,
    }
}
