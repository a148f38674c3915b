//! A simulator and a product in front of it: the stage on which each test plays.
//!
//! The product runs on one thread unless told otherwise, so that consecutive requests meet the same
//! instance and thus the same memory of cooled keys.

use std::net::SocketAddr;

use gemini_sim::{RecordedRequest, Sim};
use serde_json::Value;

use super::chat::{MODEL, OTHER_MODEL};
use super::client::{Answer, Client};
use super::patience::{CANCEL_BOUND, PATIENCE};
use super::product::{Product, Settings};
use super::secrets::{CLIENT_KEYS, UPSTREAM_KEYS};
use super::transcript::{EventStream, Transcript};

/// Simulator and product.
pub(crate) struct Scene {
    sim: Sim,
    settings: Settings,
    product: Product,
}

/// A scene being set.
pub(crate) struct SceneBuilder {
    upstream_keys: Vec<String>,
    models: Vec<String>,
    script: Value,
    store: String,
    threads: usize,
    settings: Settings,
}

impl Scene {
    /// Two upstream keys, two client keys, two models, nothing scripted.
    pub(crate) fn builder() -> SceneBuilder {
        SceneBuilder {
            upstream_keys: UPSTREAM_KEYS[..2].iter().map(ToString::to_string).collect(),
            models: vec![MODEL.to_owned(), OTHER_MODEL.to_owned()],
            script: Value::Array(Vec::new()),
            store: "memory:".to_owned(),
            threads: 1,
            settings: Settings::default(),
        }
    }

    /// The scene of the builder as it comes.
    pub(crate) async fn start() -> Self {
        Self::builder().start().await
    }

    /// The scene of the builder with a script for the simulator.
    pub(crate) async fn scripted(script: Value) -> Self {
        Self::builder().script(script).start().await
    }

    /// The upstream.
    pub(crate) fn sim(&self) -> &Sim {
        &self.sim
    }

    /// The running product.
    pub(crate) fn product(&self) -> &Product {
        &self.product
    }

    /// Where the product listens.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.product.addr()
    }

    /// A client with a valid key.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.addr())
    }

    /// A chat completion that is not streamed.
    pub(crate) async fn chat(&self, body: &Value) -> Answer {
        self.client().chat(body).await
    }

    /// A streamed chat completion, its head received.
    pub(crate) async fn open_stream(&self, body: &Value) -> EventStream {
        self.client().open_stream(body).await
    }

    /// A streamed chat completion, read to its end.
    pub(crate) async fn stream(&self, body: &Value) -> Transcript {
        self.client().stream(body).await
    }

    /// What the upstream was asked to generate, in order, unary and streamed.
    pub(crate) fn generations(&self) -> Vec<RecordedRequest> {
        self.sim
            .requests()
            .into_iter()
            .filter(is_generation)
            .collect()
    }

    /// As [`Scene::generations`], for one model.
    pub(crate) fn generations_of(&self, model: &str) -> Vec<RecordedRequest> {
        let asked = |request: &RecordedRequest| request.model.as_deref() == Some(model);
        self.generations().into_iter().filter(asked).collect()
    }

    /// The keys with which generations were asked for, in order.
    pub(crate) fn keys_used(&self) -> Vec<String> {
        self.generations()
            .into_iter()
            .map(|request| request.key.unwrap_or_default())
            .collect()
    }

    /// The JSON body of the only generation so far.
    pub(crate) fn only_generation(&self) -> Value {
        let generations = self.generations();
        assert_eq!(generations.len(), 1, "exactly one upstream call");
        serde_json::from_slice(&generations[0].body).expect("a JSON body")
    }

    /// Waits until the upstream has received a generation.
    pub(crate) async fn upstream_is_asked(&self) {
        let asked = self.sim.wait_for(is_generation, PATIENCE).await;
        assert!(asked.is_some(), "no generation reached the upstream");
    }

    /// Waits until the upstream has seen the product hang up, which must be soon.
    pub(crate) async fn upstream_is_hung_up_on(&self) {
        let gone = self
            .sim
            .wait_for(
                |request| is_generation(request) && request.client_gone(),
                CANCEL_BOUND,
            )
            .await;
        assert!(
            gone.is_some(),
            "the upstream call still runs {CANCEL_BOUND:?} after the client left: {:?}",
            self.generations()
        );
    }

    /// A second product beside the first one: same upstream, same settings, same store.
    pub(crate) async fn another_product(&self) -> Product {
        Product::start(&self.settings).await
    }

    /// Kills the product as `kill -9` does and starts it again with the same settings and store.
    pub(crate) async fn kill_and_restart(self) -> Self {
        self.product.kill();
        let product = Product::start(&self.settings).await;
        Self {
            sim: self.sim,
            settings: self.settings,
            product,
        }
    }
}

fn is_generation(request: &RecordedRequest) -> bool {
    request.path.to_lowercase().ends_with("generatecontent")
}

impl SceneBuilder {
    /// The pool's keys.
    pub(crate) fn upstream_keys(mut self, keys: &[&str]) -> Self {
        self.upstream_keys = keys.iter().map(ToString::to_string).collect();
        self
    }

    /// The models that the upstream has.
    pub(crate) fn models(mut self, models: impl IntoIterator<Item = String>) -> Self {
        self.models = models.into_iter().collect();
        self
    }

    /// What the upstream does; the format is described in the simulator's README.
    pub(crate) fn script(mut self, script: Value) -> Self {
        self.script = script;
        self
    }

    /// A variable of the components, set as environment variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.settings
            .variables
            .push((name.to_owned(), value.to_owned()));
        self
    }

    /// Arguments of `gempool serve`.
    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.settings
            .arguments
            .extend(arguments.iter().map(ToString::to_string));
        self
    }

    /// Where the product keeps its state.
    pub(crate) fn store(mut self, store: &str) -> Self {
        self.store = store.to_owned();
        self
    }

    /// Runtime threads of the product.
    pub(crate) fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Starts both.
    pub(crate) async fn start(mut self) -> Scene {
        let sim = Sim::builder()
            .keys(&self.upstream_keys)
            .models(&self.models)
            .script(self.script)
            .start("127.0.0.1:0")
            .await
            .expect("the simulator starts");
        let defaults = [
            ("GEMINI_API_KEYS", self.upstream_keys.join(",")),
            ("VALID_AUTH_TOKENS", CLIENT_KEYS.join("\n")),
        ];
        for (name, value) in defaults {
            if self.settings.variables.iter().all(|(set, _)| set != name) {
                self.settings.variables.push((name.to_owned(), value));
            }
        }
        let arguments = [
            "--upstream",
            &sim.base_url(),
            "--store",
            &self.store,
            "--threads",
        ];
        self.settings.arguments.extend(arguments.map(str::to_owned));
        self.settings.arguments.push(self.threads.to_string());
        Scene {
            product: Product::start(&self.settings).await,
            sim,
            settings: self.settings,
        }
    }
}
