//! The connection to Redis: one for all threads, kept by a thread of its own.
//!
//! Calls never connect, never wait for a connection and are never sent again; they fail at once while there is
//! none. A server that does not answer in time keeps its connection for a while, because answers come in the
//! order of the commands: once it answers again, what it was told before the silence is done, and nothing late
//! can overwrite what is written afterwards.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError, Value};
use futures::FutureExt as _;
use tokio::sync::{Notify, Semaphore};
use tokio::time::{sleep, timeout};

use super::failure::{answers, away, failure, is_suspicious};
use crate::StoreError;

/// Time for connecting, logging in and a first answer.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// Time for an answer. The gateway gives a call on a request's way up after 500 ms; this is shorter, so that it
/// learns the reason.
pub const RESPONSE_TIMEOUT: Duration = Duration::from_millis(400);
/// Calls under way; beyond that they are refused. Two per request at the host's default of 512 requests.
pub(super) const MAX_IN_FLIGHT: u32 = 1024;
/// How often an idle connection is tried.
const PING_EVERY: Duration = Duration::from_secs(1);
/// How long a silent server keeps its connection. A proxy in between may acknowledge for a server that is gone;
/// ten seconds are longer than a fork or a slow script takes.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// First wait between two attempts to connect; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// Longest such wait: with an attempt's own time, a server that is back is in use within a second.
const MAX_PAUSE: Duration = Duration::from_millis(500);

/// What calls see of the connection.
pub(super) struct Link {
    state: Mutex<State>,
    /// A call had trouble, and the connection was withdrawn for it.
    trouble: Notify,
    /// Places of calls under way.
    pub(super) places: Arc<Semaphore>,
}

struct State {
    /// The connection, or what to answer instead.
    connection: Result<MultiplexedConnection, StoreError>,
    /// Counts what was published, so that a late complaint about an earlier connection changes nothing.
    number: u64,
}

impl Link {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                connection: Err(away("not connected yet")),
                number: 0,
            }),
            trouble: Notify::new(),
            places: Arc::new(Semaphore::new(
                usize::try_from(MAX_IN_FLIGHT).unwrap_or(Semaphore::MAX_PERMITS),
            )),
        }
    }

    /// What a call would meet.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match &self.state().connection {
            Ok(_) => Ok(()),
            Err(error) => Err(error.clone()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, connection: Result<MultiplexedConnection, StoreError>) {
        let mut state = self.state();
        state.connection = connection;
        state.number += 1;
    }

    /// Takes a connection away from all calls until the keeper has looked at it.
    fn complain(&self, number: u64, why: &StoreError) {
        let mut state = self.state();
        if state.number == number && state.connection.is_ok() {
            state.connection = Err(why.clone());
            self.trouble.notify_one();
        }
    }

    /// Sends one command and waits for its answer. A failed call may have been carried out.
    pub(super) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        let (mut connection, number) = {
            let state = self.state();
            (state.connection.clone()?, state.number)
        };
        let error = match timeout(RESPONSE_TIMEOUT, command.query_async(&mut connection)).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) if !is_suspicious(&error) => return Err(failure(&error)),
            Ok(Err(error)) => failure(&error),
            Err(_) => away("no answer in time"),
        };
        self.complain(number, &error);
        Err(error)
    }

    /// Connects, again and again. `first` is called with the result of the first attempt.
    pub(super) async fn keep(&self, client: &Client, first: impl FnOnce(Result<(), StoreError>)) {
        let mut first = Some(first);
        let mut pause = FIRST_PAUSE;
        loop {
            let attempt = connect(client).await;
            self.publish(attempt.clone());
            if let Some(first) = first.take() {
                first(attempt.as_ref().map(|_| ()).map_err(Clone::clone));
            }
            if let Ok(connection) = attempt {
                tracing::info!("connected to Redis");
                let error = self.watch(connection, &mut pause).await;
                tracing::warn!(%error, "lost the connection to Redis");
                self.publish(Err(error));
            }
            sleep(pause).await;
            pause = (2 * pause).min(MAX_PAUSE);
        }
    }

    /// Returns when `connection` is lost. One that was good for a while makes `pause` short again: a server that
    /// lets us in only to throw us out is not asked more and more often.
    async fn watch(&self, connection: MultiplexedConnection, pause: &mut Duration) -> StoreError {
        loop {
            // A call that waited for nothing has waited long enough for this one, too.
            let patience = tokio::select! {
                () = self.trouble.notified() => Duration::ZERO,
                () = sleep(PING_EVERY) => RESPONSE_TIMEOUT,
            };
            let mut asked = connection.clone();
            let mut answer = std::pin::pin!(ping(&mut asked));
            let answered = match timeout(patience, &mut answer).await {
                Ok(answered) => answered,
                Err(_) => {
                    tracing::warn!("Redis does not answer");
                    self.publish(Err(away("it does not answer")));
                    let late = timeout(SILENCE_MAX, answer)
                        .await
                        .unwrap_or_else(|_| Err(away("it did not answer for too long")));
                    if late.is_ok() {
                        tracing::info!("Redis answers again");
                    }
                    late
                }
            };
            // What calls complained of meanwhile is answered with it.
            let _ = self.trouble.notified().now_or_never();
            match answered {
                Ok(()) => {
                    self.publish(Ok(connection.clone()));
                    *pause = FIRST_PAUSE;
                }
                Err(error) => return error,
            }
        }
    }
}

async fn connect(client: &Client) -> Result<MultiplexedConnection, StoreError> {
    // Both times are kept here, because they cover more than the library's do.
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(None)
        .set_response_timeout(None);
    let connecting = async {
        let mut connection = client
            .get_multiplexed_async_connection_with_config(&config)
            .await
            .map_err(|error| failure(&error))?;
        ping(&mut connection).await?;
        Ok(connection)
    };
    timeout(CONNECT_TIMEOUT, connecting)
        .await
        .unwrap_or_else(|_| Err(away("no connection in time")))
}

async fn ping(connection: &mut MultiplexedConnection) -> Result<(), StoreError> {
    let answer: Result<Value, RedisError> = Cmd::new().arg("PING").query_async(connection).await;
    match answer {
        Ok(_) => Ok(()),
        // MISCONF is an answer to PING, too.
        Err(error) if answers(&error) => Ok(()),
        Err(error) => Err(failure(&error)),
    }
}
