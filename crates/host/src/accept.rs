//! Accepts connections and gives each to the lane with the fewest.
//!
//! One listener rather than one per thread with `SO_REUSEPORT`: the kernel would spread connections by hash,
//! and with the few long connections that clients of an API keep, two of three often land on one core.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::lane::{Accepted, Lane};

/// Pause after an error such as too many open files: long enough not to spin, short enough to go unnoticed.
const BACK_OFF: Duration = Duration::from_millis(50);
/// A client that vanished without a word is found by TCP within about two minutes.
const TCP_KEEP_ALIVE: Duration = Duration::from_secs(60);

/// Accepts until `stop`. At the limit of connections it waits, so that further ones queue in the kernel.
pub async fn run(
    listener: TcpListener,
    lanes: &[Lane],
    places: Arc<Semaphore>,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            accepted = accept(&listener, &places) => accepted,
        };
        match accepted {
            Ok(accepted) => {
                if let Some(lane) = lanes.iter().min_by_key(|lane| lane.load()) {
                    lane.take(accepted);
                }
            }
            Err(error) => {
                // A client that hung up while it waited is its own affair; running out of files is ours. Both
                // pass, so accepting goes on.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
}

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<Accepted> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    // Without it the kernel holds back the small pieces that streams are made of, up to 40 ms each.
    stream.set_nodelay(true)?;
    SockRef::from(&stream).set_tcp_keepalive(&TcpKeepalive::new().with_time(TCP_KEEP_ALIVE))?;
    Ok(Accepted {
        stream: stream.into_std()?,
        place,
    })
}
