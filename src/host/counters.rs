//! The host's counters behind the port.
//!
//! `wasi:keyvalue/atomics` is synchronous: while a call lasts, the instance does nothing else. So it is called after
//! answers only, and only right after the store has answered a call that could be given up.

use std::cell::OnceCell;
use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_relay::ports::StoreUnavailable;
use spin_sdk::wasip3::wit_bindgen;

wit_bindgen::generate!({
    inline: r"
        package gempool:counters;
        world counters {
            import wasi:keyvalue/atomics@0.2.0-draft2;
        }
    ",
    path: "wit/deps/keyvalue@0.2.0-draft2",
    world: "gempool:counters/counters",
    runtime_path: "::spin_sdk::wasip3::wit_bindgen::rt",
    generate_all,
});

use wasi::keyvalue::atomics;
use wasi::keyvalue::store::{self, Bucket};

/// Label of the store, as the manifest grants it.
const LABEL: &str = "default";

/// The counters of the default store, opened at first use and kept.
#[derive(Default)]
pub(super) struct Counters {
    open: OnceCell<Rc<Bucket>>,
}

impl Counters {
    /// Adds and returns the sum.
    pub(super) fn add(
        &self,
        name: String,
        delta: i64,
    ) -> LocalBoxFuture<'_, Result<i64, StoreUnavailable>> {
        async move {
            let bucket = self.opened()?;
            atomics::increment(&bucket, &name, delta).map_err(unavailable)
        }
        .boxed_local()
    }

    fn opened(&self) -> Result<Rc<Bucket>, StoreUnavailable> {
        if let Some(bucket) = self.open.get() {
            return Ok(Rc::clone(bucket));
        }
        let bucket = store::open(LABEL).map_err(unavailable)?;
        Ok(Rc::clone(self.open.get_or_init(|| Rc::new(bucket))))
    }
}

fn unavailable(error: store::Error) -> StoreUnavailable {
    StoreUnavailable(match error {
        store::Error::NoSuchStore => format!("there is no store `{LABEL}`"),
        store::Error::AccessDenied => format!("the store `{LABEL}` is denied"),
        store::Error::Other(text) => text,
    })
}
