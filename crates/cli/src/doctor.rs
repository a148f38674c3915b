//! `gempool doctor`: is everything in place, and if not, what to do about it.
//!
//! It changes nothing but scratch entries of the store's probe.

use std::process::ExitCode;

use anyhow::Result;
use gempool_state::{
    ReadError, current_head, find_pool, list_clients, load_pool_keys, probe as probe_store,
};

use crate::args::{DoctorArgs, State};
use crate::known::Known;
use crate::output::print;
use crate::probe::{self, Finding};
use crate::session::Session;

/// Keys tested at the same time.
const AT_ONCE: usize = 8;
/// Exit code when something is wrong.
const ILL: u8 = 1;

/// What was looked at, and whether all was well.
struct Findings {
    ill: bool,
}

impl Findings {
    fn well(&self, text: &str) -> Result<()> {
        print(&format!("ok    {text}\n"))
    }

    fn ill(&mut self, text: &str) -> Result<()> {
        self.ill = true;
        print(&format!("ILL   {text}\n"))
    }

    fn note(&self, text: &str) -> Result<()> {
        print(&format!("note  {text}\n"))
    }
}

/// Runs the command.
pub(crate) async fn run(session: &Session, arguments: &DoctorArgs) -> Result<ExitCode> {
    let mut findings = Findings { ill: false };
    findings.well(&format!("gempool {}", env!("CARGO_PKG_VERSION")))?;
    if store(session, &mut findings).await? {
        state(session, arguments, &mut findings).await?;
    }
    Ok(if findings.ill {
        ExitCode::from(ILL)
    } else {
        ExitCode::SUCCESS
    })
}

/// Whether the store can be worked with.
async fn store(session: &Session, findings: &mut Findings) -> Result<bool> {
    match probe_store(&session.backend, &session.backend, &session.backend).await {
        Ok(abilities) if abilities.is_enough() => {
            findings.well("the store keeps, removes and counts")?;
            Ok(true)
        }
        Ok(_) => {
            findings.ill("the store answers, but loses or miscounts what it is given")?;
            Ok(false)
        }
        Err(error) => {
            findings.ill(&format!("the store does not answer: {error}"))?;
            Ok(false)
        }
    }
}

async fn state(session: &Session, arguments: &DoctorArgs, findings: &mut Findings) -> Result<()> {
    let head = match current_head(&session.backend, &session.vault).await {
        Ok(Some(head)) => head,
        Ok(None) => {
            return findings.note(
                "no pool is stored; a pool of the variables `GEMINI_API_KEYS` and `VALID_AUTH_TOKENS` needs none",
            );
        }
        Err(ReadError::WrongMasterKey) => {
            return findings.ill(
                "the store was made with another master key: set `MASTER_KEY` or `--master-key-file` to that one",
            );
        }
        Err(error) => return findings.ill(&format!("the state cannot be read: {error}")),
    };
    findings.well("the master key opens the state")?;
    for (id, _) in head.pools() {
        let root = match find_pool(&session.backend, &session.vault, &head, id).await {
            Ok(Some(root)) => root,
            Ok(None) => continue,
            Err(error) => {
                findings.ill(&format!("pool {id} cannot be read: {error}"))?;
                continue;
            }
        };
        let whole = load_pool_keys(&session.backend, &session.vault, &root).await?;
        for damaged in &whole.damaged {
            findings.ill(&format!("pool {id}: some keys cannot be read: {damaged}"))?;
        }
        let known = Known::load(session, id, &root).await?;
        let count = |wanted: State| {
            let states = known.records.iter().map(|record| known.state(record).0);
            states.filter(|state| *state == wanted).count()
        };
        let summary = format!(
            "pool {id}: {} keys, {} ready, {} cooling, {} dead, {} disabled",
            known.records.len(),
            count(State::Ready),
            count(State::Cooling),
            count(State::Dead),
            count(State::Disabled)
        );
        if root.config.disabled {
            findings.note(&format!("{summary}; the pool is off"))?;
        } else if count(State::Ready) + count(State::Cooling) == 0 {
            findings.ill(&format!("{summary}: nobody can be served"))?;
        } else {
            findings.well(&summary)?;
        }
        if arguments.test {
            let keys: Vec<_> = known.records.iter().collect();
            let tested = probe::test(session, &keys, AT_ONCE).await?;
            let work = tested
                .iter()
                .filter(|(_, finding)| *finding == Finding::Works)
                .count();
            let text = format!("pool {id}: {work} of {} keys work at Gemini", tested.len());
            if work == tested.len() {
                findings.well(&text)?;
            } else {
                findings.ill(&format!(
                    "{text}: `gempool keys test {id}` says which do not"
                ))?;
            }
        }
    }
    let clients = list_clients(&session.backend, &session.vault, &head).await?;
    for damaged in &clients.damaged {
        findings.ill(&format!("some client keys cannot be read: {damaged}"))?;
    }
    findings.well(&format!("{} client keys", clients.records.len()))
}
