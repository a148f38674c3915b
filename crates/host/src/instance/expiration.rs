//! When an instance that does not run is dropped.
//!
//! `ProxyHandler` asks whenever the instance pauses. Requests have their own, earlier limits.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::time::Sleep;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use wasmtime_wasi_http::handler::{WorkerExpiration, WorkerStatus};

use super::cpu::CpuBudget;
use super::crowd::Member;

/// Time after the last response that work behind it, such as streaming or counting, may take; the upstream's
/// total limit ends streams earlier.
const MAX_AFTER_RESPONSE: Duration = Duration::from_secs(600);

/// The life time of one instance.
pub struct Expiration {
    budget: CpuBudget,
    member: Arc<Member>,
    idle: Duration,
    response: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    /// The host stops: an instance ends as soon as nothing is left to do in it.
    stop: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Expiration {
    pub(super) fn new(
        budget: CpuBudget,
        member: Arc<Member>,
        idle: Duration,
        response: Duration,
        stop: CancellationToken,
    ) -> Self {
        Self {
            budget,
            member,
            idle,
            response,
            timer: None,
            stop: Box::pin(stop.cancelled_owned()),
        }
    }
}

impl WorkerExpiration for Expiration {
    fn poll(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        start: Instant,
    ) -> Poll<()> {
        let this = self.get_mut();
        this.budget.paused();
        if this.stop.as_mut().poll(context).is_ready() && status == WorkerStatus::Idle {
            return Poll::Ready(());
        }
        let limit = match status {
            WorkerStatus::Idle => this.idle,
            WorkerStatus::Requests => this.response,
            WorkerStatus::PostReturn => MAX_AFTER_RESPONSE,
        };
        let due = tokio::time::Instant::from_std(start) + limit;
        let timer = this
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
        // Setting a timer again costs more than letting it ring in vain, so only move it when it is too late.
        if timer.deadline() > due {
            timer.as_mut().reset(due);
        }
        loop {
            ready!(timer.as_mut().poll(context));
            if due > tokio::time::Instant::now() {
                timer.as_mut().reset(due);
            } else if status == WorkerStatus::Idle && !this.member.is_surplus() {
                // The last one keeps its caches for the next request.
                timer
                    .as_mut()
                    .reset(tokio::time::Instant::now() + this.idle);
            } else {
                return Poll::Ready(());
            }
        }
    }
}
