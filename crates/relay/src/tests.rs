//! Use cases against a scripted host on virtual time. Bytes of the dialects are `gempool-translate`'s tests.

mod attempts;
mod clients;
mod contributions;
mod egresses;
mod exchanges;
mod models;
mod outages;
mod pools;
mod resources;
mod shelf;
mod storms;
mod streams;

use std::rc::Rc;

use futures::StreamExt as _;
use gempool_translate::ChatRequest;
use serde_json::Value;

use crate::fakes::{FakeHost, Scripted};
use crate::{
    Body, Client, Failure, Gateway, OwnedExchange, Presented, Reply, Settings, exchange, status,
};

/// A gateway with keys `key-a` and `key-b` (and what `variables` say) on `host`.
fn gateway(host: &Rc<FakeHost>, variables: &[(&str, &str)]) -> Rc<Gateway> {
    let settings = Settings::parse(|name| {
        let set = variables.iter().find(|(known, _)| *known == name);
        let default = match name {
            "gemini_api_keys" => Some("key-a,key-b"),
            "valid_auth_tokens" => Some("sk-pool-test"),
            "gemini_base_url" => Some("https://gemini.test"),
            "load_balance_strategy" => Some("round-robin"),
            _ => None,
        };
        set.map(|(_, value)| *value).or(default).map(str::to_owned)
    });
    Gateway::new(settings.unwrap(), Rc::clone(host) as _)
}

fn ask(stream: bool) -> Vec<u8> {
    format!(
        r#"{{"model":"gemini-2.5-flash","stream":{stream},"messages":[{{"role":"user","content":"hi"}}]}}"#
    )
    .into_bytes()
}

/// Gemini's whole answer with one text.
fn answer(text: &str) -> String {
    format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"text":"{text}"}}],"role":"model"}},"finishReason":"STOP"}}],
        "usageMetadata":{{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}},"responseId":"r1"}}"#
    )
}

/// One event of a Gemini stream.
fn event(text: &str, finish: Option<&str>) -> Vec<u8> {
    let finish = finish.map_or(String::new(), |reason| {
        format!(r#","finishReason":"{reason}""#)
    });
    format!(
        "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"{text}\"}}],\"role\":\"model\"}}{finish}}}],\"responseId\":\"r1\"}}\r\n\r\n"
    )
    .into_bytes()
}

fn error(code: u16, status: &str, message: &str) -> Scripted {
    Scripted::whole(
        code,
        format!(r#"{{"error":{{"code":{code},"message":"{message}","status":"{status}"}}}}"#),
    )
}

fn minute_quota(retry_delay: &str) -> Scripted {
    Scripted::whole(
        429,
        format!(
            r#"{{"error":{{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[
            {{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier","quotaDimensions":{{"location":"global","model":"gemini-2.5-flash"}},"quotaValue":"10"}}]}},
            {{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"{retry_delay}"}}]}}}}"#
        ),
    )
}

fn invalid_key() -> Scripted {
    Scripted::whole(
        400,
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[
        {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"#,
    )
}

/// Who presents this client key.
fn identify(host: &FakeHost, gateway: &Rc<Gateway>, key: &str) -> Result<Option<Client>, Failure> {
    host.run(gateway.identify(key, Presented::AsClientKey))
}

/// The client that nearly every test is.
fn client(host: &FakeHost, gateway: &Rc<Gateway>) -> Client {
    identify(host, gateway, "sk-pool-test").unwrap().unwrap()
}

/// What `/v1/status` shows of its pool.
fn shown(host: &FakeHost, gateway: &Rc<Gateway>) -> Value {
    let client = client(host, gateway);
    serde_json::from_slice(&host.run(status(gateway, &client))).unwrap()
}

/// Sends a chat request as the gateway does.
fn send(host: &FakeHost, gateway: &Rc<Gateway>, body: Vec<u8>) -> Result<Reply, Failure> {
    let client = client(host, gateway);
    let request = OwnedExchange::read(body.into(), |body| Ok(Box::new(ChatRequest::parse(body)?)))?;
    host.run(exchange(gateway, client, request))
}

fn unary(host: &FakeHost, gateway: &Rc<Gateway>) -> Result<String, Failure> {
    match send(host, gateway, ask(false))? {
        Reply::Whole { body, .. } => Ok(drain(host, body).0),
        Reply::Stream { .. } => panic!("a unary request was answered with a stream"),
    }
}

fn open_stream(host: &FakeHost, gateway: &Rc<Gateway>) -> Result<Body, Failure> {
    match send(host, gateway, ask(true))? {
        Reply::Stream { body, .. } => Ok(body),
        Reply::Whole { .. } => panic!("a streamed request was answered as a whole"),
    }
}

/// Everything that a body yields, and whether it ended with an error.
fn drain(host: &FakeHost, body: Body) -> (String, bool) {
    match body {
        Body::Full(bytes) => (
            String::from_utf8(bytes.unwrap_or_default().to_vec()).unwrap(),
            false,
        ),
        Body::Stream(mut stream) => host.run(async {
            let mut text = Vec::new();
            while let Some(item) = stream.next().await {
                match item {
                    Ok(bytes) => text.extend_from_slice(&bytes),
                    Err(_) => return (String::from_utf8(text).unwrap(), true),
                }
            }
            (String::from_utf8(text).unwrap(), false)
        }),
    }
}

fn keys_used(host: &FakeHost) -> Vec<String> {
    host.sent().into_iter().map(|sent| sent.key).collect()
}
