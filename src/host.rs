//! The WASI 0.3 host behind the ports: one file per port, and the app of this instance.
//!
//! The only place that names the SDK. No rule lives here.

mod body;
mod clock;
mod counters;
mod entry;
mod http;
mod kv;
mod log;
mod rng;
mod variables;

use std::cell::OnceCell;
use std::rc::Rc;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use gempool_pool::UnixMillis;
use gempool_relay::Settings;
use gempool_relay::ports::{
    Clock, Counters, DocumentStore, Log, Rng, Spawn, StoreUnavailable, Unreachable, Upstream,
    UpstreamRequest, UpstreamResponse,
};

use crate::app::App;

thread_local! {
    /// A component has one thread, and an instance serves many requests.
    static APP: OnceCell<Rc<App>> = const { OnceCell::new() };
}

/// The app of this instance, made by the first request that asks.
async fn app() -> Rc<App> {
    if let Some(app) = APP.with(|app| app.get().cloned()) {
        return app;
    }
    let host = Rc::new(WasiHost {
        store: kv::Store::default(),
        counters: counters::Counters::default(),
    });
    match variables::read_all().await {
        // Two first requests may both come here; the later one's app is dropped unused.
        Ok(values) => {
            let settings = Settings::parse(|name| values.get(name).cloned());
            let app = Rc::new(App::new(settings, host));
            APP.with(|kept| Rc::clone(kept.get_or_init(|| app)))
        }
        // A provider that is away may be back for the next request: nothing is kept.
        Err(problem) => Rc::new(App::new(Err(problem), host)),
    }
}

struct WasiHost {
    store: kv::Store,
    counters: counters::Counters,
}

impl Clock for WasiHost {
    fn now(&self) -> UnixMillis {
        clock::now()
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        clock::sleep(duration)
    }
}

impl Log for WasiHost {
    fn warn(&self, line: &str) {
        log::warn(line);
    }
}

impl Rng for WasiHost {
    fn next_u64(&self) -> u64 {
        rng::next_u64()
    }
}

impl DocumentStore for WasiHost {
    fn get(&self, name: &str) -> LocalBoxFuture<'_, Result<Option<Vec<u8>>, StoreUnavailable>> {
        self.store.get(name.to_owned())
    }

    fn set(
        &self,
        name: &str,
        document: Vec<u8>,
    ) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.store.set(name.to_owned(), document)
    }

    fn delete(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.store.delete(name.to_owned())
    }
}

impl Counters for WasiHost {
    fn add(&self, name: &str, delta: i64) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        self.counters.add(name.to_owned(), delta)
    }

    fn forget(&self, name: &str) -> LocalBoxFuture<'_, Result<(), StoreUnavailable>> {
        self.store.delete(name.to_owned())
    }
}

impl Spawn for WasiHost {
    fn spawn(&self, work: LocalBoxFuture<'static, ()>) {
        spin_sdk::wasip3::wit_bindgen::spawn(work);
    }
}

impl Upstream for WasiHost {
    fn send(
        &self,
        request: UpstreamRequest<'_>,
    ) -> LocalBoxFuture<'static, Result<UpstreamResponse, Unreachable>> {
        http::send(request)
    }
}
