//! Accepts connections and speaks HTTP on them.

use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::connection::{BreakableStream, Breaker};
use crate::service::World;

/// Connections at once; more wait to be accepted. Twice what the largest test opens.
const MAX_CONNECTIONS: usize = 10_000;

/// Pause after a failed accept, so that a lack of file descriptors does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Serves until `stop`; then all connections are dropped.
pub(crate) async fn accept(listener: TcpListener, world: Arc<World>, stop: CancellationToken) {
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut accepted = 0_u64;
    loop {
        // Ended connections are forgotten as they end.
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, stream) = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            Some(_) = connections.join_next() => continue,
            next = next => next,
        };
        let Ok((stream, _)) = stream else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        accepted += 1;
        let world = Arc::clone(&world);
        let connection = accepted;
        connections.spawn(async move {
            speak(stream, world, connection).await;
            drop(permit);
        });
    }
}

async fn speak(stream: TcpStream, world: Arc<World>, connection: u64) {
    // Without it, small events wait for acknowledgements; where it fails the stream is gone.
    let _ = stream.set_nodelay(true);
    let breaker = Arc::new(Breaker::default());
    let stream = TokioIo::new(BreakableStream::new(stream, Arc::clone(&breaker)));
    let service = service_fn(move |request| {
        let world = Arc::clone(&world);
        let breaker = Arc::clone(&breaker);
        async move { world.serve(request, connection, breaker).await }
    });
    // An error is a client that left or a fault of the script; the record has it.
    let _ = auto::Builder::new(TokioExecutor::new())
        .serve_connection(stream, service)
        .await;
}
