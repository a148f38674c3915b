//! Where marks are kept: in the product's documents, or in whatever a test puts in their place.

use std::rc::Rc;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use gempool_pool::{Mark, UnixMillis};
use gempool_state::ports::StoreUnavailable;
use gempool_state::{PoolId, Stored, read_marks, write_marks};

use crate::store::Port;

/// What an instance finds on the board, and whether its own marks had been there already.
pub(crate) struct Posted {
    pub(crate) marks: Vec<Mark>,
    pub(crate) held: bool,
    pub(crate) damage: Option<String>,
}

/// One page of marks, as one instance reaches it.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) port: Port,
    pub(crate) pool: PoolId,
    pub(crate) bits: u8,
    pub(crate) page: usize,
}

/// Where marks are kept.
pub(crate) trait Board {
    /// Everything that is known.
    fn read(&self, place: Place) -> LocalBoxFuture<'_, Result<Posted, StoreUnavailable>>;

    /// Adds marks.
    fn write(
        &self,
        place: Place,
        mine: Vec<Mark>,
        now: UnixMillis,
    ) -> LocalBoxFuture<'_, Result<Posted, StoreUnavailable>>;
}

/// Opens a board.
pub(crate) type Open = fn() -> Rc<dyn Board>;

/// The product's.
pub(crate) fn product() -> Rc<dyn Board> {
    Rc::new(Product)
}

struct Product;

impl Board for Product {
    fn read(&self, place: Place) -> LocalBoxFuture<'_, Result<Posted, StoreUnavailable>> {
        async move {
            let page = read_marks(&place.port, &place.pool, place.bits, place.page).await?;
            Ok(Posted {
                marks: page.marks,
                held: false,
                damage: page.damage.map(|damage| damage.to_string()),
            })
        }
        .boxed_local()
    }

    fn write(
        &self,
        place: Place,
        mine: Vec<Mark>,
        now: UnixMillis,
    ) -> LocalBoxFuture<'_, Result<Posted, StoreUnavailable>> {
        async move {
            let Place {
                port,
                pool,
                bits,
                page,
            } = &place;
            let written = write_marks(port, pool, *bits, *page, &mine, now).await?;
            Ok(Posted {
                marks: written.marks,
                held: written.stored == Stored::Before,
                damage: written.damage.map(|damage| damage.to_string()),
            })
        }
        .boxed_local()
    }
}
