//! Answers that are sent as one document.

use std::rc::Rc;

use bytes::Bytes;
use futures::StreamExt as _;
use gempool_translate::{UnaryAnswer, UpstreamFault, usage_of};

use super::Reply;
use super::asked::Asked;
use crate::attempt::{Answer, Rejected, call};
use crate::body::Body;
use crate::failure::Failure;
use crate::fault::{Fault, failure_of};
use crate::head::{ANSWER_BYTES_MAX, read_whole};

/// Calls that one request may have under way at the same time: enough for ten images to take the time
/// of three, few enough that one client does not spend a pool's minute limits at once.
const CALLS_AT_ONCE: usize = 4;

/// Makes every call of the plan and renders what came.
pub(super) async fn answer(asked: &Rc<Asked>) -> Result<Reply, Failure> {
    let rendered = if asked.calls() == 1 {
        one(asked).await?
    } else {
        several(asked).await?
    };
    let length = rendered.body.len();
    let body = Bytes::from(rendered.body);
    let body = match asked.keeper().keep(rendered.signatures) {
        Some(after) => Body::followed_by(body, after),
        None => Body::full(body),
    };
    Ok(Reply::Whole {
        content_type: rendered.content_type,
        body,
        length,
    })
}

/// One call: what cannot be rendered is tried again like any other failure.
async fn one(asked: &Rc<Asked>) -> Result<UnaryAnswer, Failure> {
    call(
        &asked.gateway,
        &asked.call(0),
        || asked.resigned(0),
        async |answer| {
            let (lease, last, body) = read(answer).await?;
            match asked.exchange().render(&[&body], &asked.meta) {
                // An empty answer is worth another try, and better than an error when none is left.
                Ok(rendered) if rendered.empty && !last => {
                    Err((lease, Fault::Broken(UpstreamFault::Empty)))
                }
                Ok(rendered) => {
                    lease.succeed(rendered.usage);
                    Ok(rendered)
                }
                Err(fault) => Err((lease, Fault::Broken(fault))),
            }
        },
    )
    .await
}

/// Several calls, some at a time and each with its own attempts; one that fails for good fails the
/// request, and the others are given up.
async fn several(asked: &Rc<Asked>) -> Result<UnaryAnswer, Failure> {
    let calls = (0..asked.calls()).map(|position| raw(asked, position));
    let mut calls = futures::stream::iter(calls).buffered(CALLS_AT_ONCE);
    let mut answers: Vec<Bytes> = Vec::with_capacity(asked.calls());
    let mut held = 0_usize;
    while let Some(answer) = calls.next().await {
        let answer = answer?;
        held = held.saturating_add(answer.len());
        if held > ANSWER_BYTES_MAX {
            let fault = Fault::TooLarge {
                limit_bytes: ANSWER_BYTES_MAX,
            };
            return Err(failure_of(&asked.gateway, &asked.client.pool, &fault));
        }
        answers.push(answer);
    }
    let answers: Vec<&[u8]> = answers.iter().map(|answer| &**answer).collect();
    asked
        .exchange()
        .render(&answers, &asked.meta)
        .map_err(|fault| failure_of(&asked.gateway, &asked.client.pool, &Fault::Broken(fault)))
}

async fn raw(asked: &Rc<Asked>, position: usize) -> Result<Bytes, Failure> {
    call(
        &asked.gateway,
        &asked.call(position),
        || asked.resigned(position),
        async |answer| {
            let (lease, _, body) = read(answer).await?;
            // Answers of one call of several are rendered together; what each cost stands in it.
            lease.succeed(usage_of(&body));
            Ok(body)
        },
    )
    .await
}

/// The whole body, with what is needed to judge it.
async fn read(mut answer: Answer) -> Result<(crate::lease::Lease, bool, Bytes), Rejected> {
    let read = read_whole(
        &mut answer.response.body,
        ANSWER_BYTES_MAX,
        &mut answer.patience,
    )
    .await;
    match read {
        Ok(body) => Ok((answer.lease, answer.last, body)),
        Err(fault) => Err((answer.lease, fault)),
    }
}
