//! Sets a simulator up.

use std::sync::Arc;

use tokio::net::{TcpListener, ToSocketAddrs};

use crate::api_key::KeyRing;
use crate::clock::{Clock, SystemClock};
use crate::content::DefaultAnswer;
use crate::demo::{DEMO_KEYS, demo_answer};
use crate::listing::Catalog;
use crate::quota::{Quota, Quotas};
use crate::record::Log;
use crate::rules::Rules;
use crate::script::{Script, ScriptError};
use crate::service::World;
use crate::sim::Sim;

/// A simulator that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The script is not usable.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// The address cannot be listened on.
    #[error("cannot listen: {0}")]
    Listen(#[from] std::io::Error),
}

/// A simulator to be.
pub struct SimBuilder {
    keys: KeyRing,
    catalog: Catalog,
    script: Result<Script, ScriptError>,
    quotas: Vec<Quota>,
    answer: DefaultAnswer,
    clock: Arc<dyn Clock>,
    is_recording: bool,
}

impl Default for SimBuilder {
    fn default() -> Self {
        Self {
            keys: KeyRing::default(),
            catalog: Catalog::default(),
            script: Ok(Script::default()),
            quotas: Vec::new(),
            answer: DefaultAnswer::default(),
            clock: Arc::new(SystemClock),
            is_recording: true,
        }
    }
}

impl SimBuilder {
    /// Keys that exist, each in a project of its own. Without any, every key is good.
    #[must_use]
    pub fn keys(mut self, keys: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        for key in keys {
            self.keys.add(key.as_ref().to_owned());
        }
        self
    }

    /// A key of a project that may have others: they share its quotas.
    #[must_use]
    pub fn key_in_project(mut self, key: impl Into<String>, project: impl Into<String>) -> Self {
        self.keys.add_in_project(key.into(), project.into());
        self
    }

    /// Models that exist, without `models/`, instead of the usual ones. What each can do and what it
    /// refuses follows from its name; one without a known version chats and has no limits.
    #[must_use]
    pub fn models(mut self, models: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.catalog = Catalog::new(models.into_iter().map(|model| model.as_ref().to_owned()));
        self
    }

    /// The script: a [`Script`], or its JSON form as text or value. Errors show at the start.
    #[must_use]
    pub fn script<S>(mut self, script: S) -> Self
    where
        S: TryInto<Script>,
        ScriptError: From<S::Error>,
    {
        self.script = script.try_into().map_err(ScriptError::from);
        self
    }

    /// A quota, counted per project and model.
    #[must_use]
    pub fn quota(mut self, quota: Quota) -> Self {
        self.quotas.push(quota);
        self
    }

    /// The answer where no script speaks.
    #[must_use]
    pub fn answer(mut self, answer: DefaultAnswer) -> Self {
        self.answer = answer;
        self
    }

    /// The clock of the quotas.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Keeps no record of requests, which saves memory and time under load.
    #[must_use]
    pub fn without_records(mut self) -> Self {
        self.is_recording = false;
        self
    }

    /// For people to try: [`DEMO_KEYS`], and answers that are visibly streamed.
    #[must_use]
    pub fn with_demo_content(self) -> Self {
        self.keys(DEMO_KEYS).answer(demo_answer())
    }

    /// Listens on an address such as `127.0.0.1:0` and serves until the handle is dropped. Must be
    /// called in a tokio runtime, which serves.
    ///
    /// # Errors
    /// [`StartError`] for a script or an address that is not usable.
    pub async fn start(self, address: impl ToSocketAddrs) -> Result<Sim, StartError> {
        let listener = TcpListener::bind(address).await?;
        self.serve_on(listener)
    }

    /// As [`Self::start`], on a listener.
    ///
    /// # Errors
    /// [`StartError`] for a script that is not usable.
    pub fn serve_on(self, listener: TcpListener) -> Result<Sim, StartError> {
        let world = World::new(
            self.keys,
            self.catalog,
            Rules::new(self.script?),
            Quotas::new(self.quotas),
            self.answer,
            self.clock,
            Arc::new(Log::new(self.is_recording)),
        );
        Ok(Sim::spawn(listener, Arc::new(world))?)
    }
}
