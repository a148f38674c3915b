//! `gempool keys test`: asks Gemini for one line of its model list with each key, which costs no tokens.
//!
//! What an answer means is the pool crate's table; here is only the asking.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use gempool_pool::{ApiKey, KeyId, KeyRecord, MAX_ERROR_BODY_BYTES, Policy, Verdict, classify};
use gempool_state::{Change, KeyPatch, PoolId};
use http::{HeaderValue, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;

use crate::args::TestArgs;
use crate::known::{Known, name_of};
use crate::output::{print, remark, table};
use crate::session::Session;
use crate::{clock, progress};

/// How long one key may take; a list of one model takes well under a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// Exit code when some keys do not work.
const SOME_FAILED: u8 = 1;

/// What was learned of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It works.
    Works,
    /// It will not until somebody acts: why.
    Dead(String),
    /// It may later: why.
    Troubled(String),
    /// Nothing was learned, for no fault of the key: why.
    Unknown(String),
}

impl Finding {
    fn word(&self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Dead(_) => "dead",
            Self::Troubled(_) => "troubled",
            Self::Unknown(_) => "unknown",
        }
    }

    fn why(&self) -> &str {
        match self {
            Self::Works => "",
            Self::Dead(why) | Self::Troubled(why) | Self::Unknown(why) => why,
        }
    }
}

/// Runs the command.
pub(crate) async fn run(session: &Session, arguments: &TestArgs) -> Result<ExitCode> {
    let (_, root) = session.pool(&arguments.pool).await?;
    let known = Known::load(session, &arguments.pool, &root).await?;
    let chosen: Vec<&KeyRecord> = known
        .records
        .iter()
        .filter(|record| arguments.ids.is_empty() || arguments.ids.contains(&record.id()))
        .collect();
    let findings = test(session, &chosen, usize::from(arguments.at_once)).await?;
    settle(
        session,
        &arguments.pool,
        &known,
        &findings,
        arguments.disable_dead,
    )
    .await?;

    if arguments.json {
        for (record, finding) in &findings {
            let line = json!({
                "id": record.id(), "key": record.key.masked(),
                "finding": finding.word(), "why": finding.why(),
            });
            print(&format!("{line}\n"))?;
        }
    } else {
        let rows: Vec<_> = findings
            .iter()
            .map(|(record, finding)| {
                [
                    record.id().to_string(),
                    record.key.masked(),
                    finding.word().to_owned(),
                    finding.why().to_owned(),
                ]
            })
            .collect();
        print(&table(["ID", "KEY", "FINDING", "WHY"], &rows))?;
    }
    let work = findings
        .iter()
        .filter(|(_, finding)| *finding == Finding::Works)
        .count();
    remark(&format!("{work} of {} keys work", findings.len()));
    Ok(if work == findings.len() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(SOME_FAILED)
    })
}

/// Tests keys, some at a time, in their order.
pub(crate) async fn test<'a>(
    session: &Session,
    keys: &[&'a KeyRecord],
    at_once: usize,
) -> Result<Vec<(&'a KeyRecord, Finding)>> {
    let asker = Asker::new(&session.upstream)?;
    let bar = progress::bar(keys.len(), "testing");
    let findings = stream::iter(keys.iter().copied())
        .map(async |record| {
            let finding = asker.ask(&record.key).await;
            bar.inc(1);
            (record, finding)
        })
        .buffered(at_once)
        .collect()
        .await;
    bar.finish_and_clear();
    Ok(findings)
}

/// A key that passed lives again; one that is dead is disabled where that was asked for.
async fn settle(
    session: &Session,
    pool: &PoolId,
    known: &Known,
    findings: &[(&KeyRecord, Finding)],
    disable_dead: bool,
) -> Result<()> {
    let passed = findings.iter().filter(|(record, finding)| {
        *finding == Finding::Works && known.mark(record).is_some_and(|mark| mark.dead.is_some())
    });
    let revived: Vec<KeyId> = passed.map(|(record, _)| record.id()).collect();
    let dead: Vec<KeyId> = findings
        .iter()
        .filter(|(record, finding)| {
            disable_dead && matches!(finding, Finding::Dead(_)) && !record.disabled
        })
        .map(|(record, _)| record.id())
        .collect();
    let mut changes = Vec::new();
    if !revived.is_empty() {
        remark(&format!(
            "{} dead keys passed and are revived",
            revived.len()
        ));
        changes.push(Change::EditKeys {
            pool: pool.clone(),
            ids: revived,
            patch: KeyPatch {
                revive: true,
                ..KeyPatch::default()
            },
            base: None,
        });
    }
    if !dead.is_empty() {
        remark(&format!("{} dead keys are disabled", dead.len()));
        changes.push(Change::EditKeys {
            pool: pool.clone(),
            ids: dead,
            patch: KeyPatch {
                disabled: Some(true),
                ..KeyPatch::default()
            },
            base: None,
        });
    }
    if !changes.is_empty() {
        session
            .edit(changes)
            .await
            .context("cannot note what was found")?;
    }
    Ok(())
}

/// Asks Gemini.
struct Asker {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    uri: Uri,
}

impl Asker {
    fn new(upstream: &str) -> Result<Self> {
        let uri = format!(
            "{}/v1beta/models?pageSize=1",
            upstream.trim_end_matches('/')
        )
        .parse()
        .with_context(|| format!("cannot use upstream {upstream}"))?;
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_all_versions()
            .build();
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            uri,
        })
    }

    async fn ask(&self, key: &ApiKey) -> Finding {
        match tokio::time::timeout(PATIENCE, self.answer(key)).await {
            Ok(Ok((status, body))) => understand(status, &body),
            // The cause may name an address, never the key.
            Ok(Err(problem)) => Finding::Unknown(problem),
            Err(_) => Finding::Unknown(format!("no answer within {} s", PATIENCE.as_secs())),
        }
    }

    async fn answer(&self, key: &ApiKey) -> Result<(StatusCode, Bytes), String> {
        let mut credential =
            HeaderValue::from_str(key.expose()).map_err(|_| "it cannot be sent".to_owned())?;
        credential.set_sensitive(true);
        let request = Request::get(self.uri.clone())
            .header("x-goog-api-key", credential)
            .header("accept-encoding", "identity")
            .body(Empty::new())
            .map_err(|_| "it cannot be sent".to_owned())?;
        let answer = self
            .client
            .request(request)
            .await
            .map_err(|error| format!("Gemini cannot be reached: {error}"))?;
        let status = answer.status();
        #[expect(
            clippy::disallowed_methods,
            reason = "bounded by `Limited`, and in time by the caller"
        )]
        let collected = Limited::new(answer.into_body(), MAX_ERROR_BODY_BYTES)
            .collect()
            .await;
        // A list that is longer than an error may be is a success all the same: its status says so.
        let body = collected
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        Ok((status, body))
    }
}

fn understand(status: StatusCode, body: &[u8]) -> Finding {
    let classified = classify(status.as_u16(), body, clock::now(), &Policy::default());
    match classified.verdict {
        Verdict::Success | Verdict::Empty => Finding::Works,
        Verdict::Dead { cause } => Finding::Dead(name_of(&cause)),
        Verdict::Cool { cause, .. } | Verdict::ModelUnavailable { cause, .. } => {
            Finding::Troubled(name_of(&cause))
        }
        Verdict::Egress { cause } => Finding::Unknown(format!(
            "Google refuses this machine's address ({})",
            name_of(&cause)
        )),
        Verdict::Forbidden => Finding::Troubled("forbidden".to_owned()),
        Verdict::ModelFault { .. }
        | Verdict::Foreign
        | Verdict::PassOver
        | Verdict::Client
        | Verdict::GatewayFault
        | Verdict::Network
        | Verdict::Canceled => Finding::Unknown(format!("Gemini answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_understood_as_the_gateway_understands_it() {
        for (status, body, expected) in [
            (200, r#"{"models":[]}"#, Finding::Works),
            (
                400,
                r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}"#,
                Finding::Dead("invalid".to_owned()),
            ),
            (
                400,
                r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
                Finding::Unknown("Google refuses this machine's address (location)".to_owned()),
            ),
            (
                503,
                "",
                Finding::Unknown("Gemini answered 503 Service Unavailable".to_owned()),
            ),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(understand(status, body.as_bytes()), expected, "{status}");
        }
    }
}
