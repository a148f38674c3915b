//! `--demo`: a Gemini simulator inside the process, two keys and a client key, so that a newcomer sees it work.
//!
//! Nothing of it is reachable without the flag.

use std::net::SocketAddr;

use gemini_sim::{DEMO_KEYS, Sim};

use crate::variables::Variables;

/// The client key of the demo.
pub const DEMO_CLIENT_KEY: &str = "sk-pool-demo";

/// A running simulator. Dropping it ends it.
pub struct Demo {
    sim: Sim,
    _runtime: tokio::runtime::Runtime,
}

impl Demo {
    /// Starts the simulator on a free loopback port.
    ///
    /// # Errors
    ///
    /// If no port or thread can be had.
    pub fn start() -> anyhow::Result<Self> {
        // A thread of its own: the simulator must not slow down the lane that waits for it.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("gempool-demo")
            .enable_all()
            .build()?;
        let sim = runtime.block_on(Sim::builder().with_demo_content().start("127.0.0.1:0"))?;
        Ok(Self {
            sim,
            _runtime: runtime,
        })
    }

    /// The simulator's base URL.
    pub fn url(&self) -> String {
        self.sim.base_url()
    }

    /// Sets the variables that make the demo's pool, over all other sources.
    pub fn configure(variables: &mut Variables) {
        variables.set("gemini_api_keys", DEMO_KEYS.join(","));
        variables.set("valid_auth_tokens", DEMO_CLIENT_KEY.to_owned());
    }

    /// How to call it, for people.
    pub fn hint(address: SocketAddr) -> String {
        format!(
            "demo: two simulated keys, nothing leaves this machine. Try:\n\n  \
             curl http://{address}/v1/chat/completions -H 'Authorization: Bearer {DEMO_CLIENT_KEY}' \\\n    \
             -H 'Content-Type: application/json' \\\n    \
             -d '{{\"model\": \"gemini-2.5-flash\", \"messages\": [{{\"role\": \"user\", \"content\": \"Hello\"}}]}}'\n"
        )
    }
}
