//! Compares what a client understands of an answer with what Gemini said.

use std::{collections::BTreeSet, ops::RangeInclusive};

use gempool_translate::UpstreamFault;

use super::{
    dialect::{Answered, Dialect, meta},
    fixtures::Fixture,
    upstream::{Candidate, Upstream},
};

/// Up to this size, in bytes, a stream also runs byte by byte.
const MAX_BYTEWISE: usize = 64 << 10;

/// In how many places a stream is cut in two: each is a whole run, so large ones get fewer.
const CUTS: RangeInclusive<usize> = 4..=100;

/// How many bytes all those runs may read, about.
const CUT_BYTES: usize = 2 << 20;

/// What a run gave: what was written, and how it ended.
type Outcome = (Vec<u8>, Result<(), UpstreamFault>);

/// Runs one recorded answer in all ways. Each case has a name and, if it failed, the problem.
pub(crate) fn run(dialect: &Dialect, fixture: &Fixture) -> Vec<(&'static str, Option<String>)> {
    let upstream = Upstream::read(fixture);
    let mut cases = Vec::new();
    let mut case = |name, result: Result<(), String>| cases.push((name, result.err()));
    if fixture.streamed {
        let whole = stream(dialect, [fixture.body.as_slice()]);
        case(
            "cut anywhere",
            same_when_cut(dialect, &fixture.body, &whole),
        );
        case(
            "streamed",
            check_stream(dialect, fixture, &upstream, &whole),
        );
    } else {
        let meta = meta();
        let answer = (dialect.request)().render(&[&fixture.body], &meta);
        let read = match &answer {
            Ok(answer) => Ok((dialect.whole)(&answer.body)),
            Err(fault) => Err(fault),
        };
        case("whole", check(dialect, fixture, &upstream, read));
        let streamed = stream_whole(dialect, &fixture.body);
        case(
            "as a stream",
            check_stream(dialect, fixture, &upstream, &streamed),
        );
    }
    cases
}

/// Only the dialects that stream are asked to.
fn stream<'a>(dialect: &Dialect, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut stream = (dialect.request)().stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (out, result)
}

/// A whole answer for a client that wanted a stream (X15).
fn stream_whole(dialect: &Dialect, body: &[u8]) -> Outcome {
    let mut stream = (dialect.request)().stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let mut result = stream
        .push_whole(body, &mut out)
        .and_then(|()| stream.finish(&mut out));
    if result == Err(UpstreamFault::Empty) {
        // As for a whole answer that says nothing: it is given, once retrying has not helped.
        result = stream.finish_empty(&mut out);
    }
    (out, result)
}

fn same_when_cut(dialect: &Dialect, body: &[u8], whole: &Outcome) -> Result<(), String> {
    let mut pieces = vec![7, 1460];
    if body.len() <= MAX_BYTEWISE {
        pieces.push(1);
    }
    for size in pieces {
        if stream(dialect, body.chunks(size)) != *whole {
            return Err(format!("differs in pieces of {size} bytes"));
        }
    }
    let cuts = (CUT_BYTES / body.len().max(1)).clamp(*CUTS.start(), *CUTS.end());
    for at in (0..body.len()).step_by((body.len() / cuts).max(1)) {
        let (left, right) = body.split_at(at);
        if stream(dialect, [left, right]) != *whole {
            return Err(format!("differs when cut at byte {at}"));
        }
    }
    Ok(())
}

fn check_stream(
    dialect: &Dialect,
    fixture: &Fixture,
    upstream: &Upstream,
    (out, result): &Outcome,
) -> Result<(), String> {
    let answered = (dialect.streamed)(out);
    if answered.complete != result.is_ok() {
        return Err(format!("{result:?}, but complete: {}", answered.complete));
    }
    let read = match result {
        Ok(()) => Ok(answered),
        Err(fault) => Err(fault),
    };
    check(dialect, fixture, upstream, read)
}

fn check(
    dialect: &Dialect,
    fixture: &Fixture,
    upstream: &Upstream,
    read: Result<Answered, &UpstreamFault>,
) -> Result<(), String> {
    match read {
        Err(fault) => is_expected(fixture, upstream, fault)
            .then_some(())
            .ok_or_else(|| format!("{fault:?}")),
        Ok(_) if upstream.error => Err("an error became an answer".to_owned()),
        Ok(answered) => check_answer(dialect, upstream, &answered),
    }
}

fn is_expected(fixture: &Fixture, upstream: &Upstream, fault: &UpstreamFault) -> bool {
    match fault {
        UpstreamFault::Reported { .. } => fixture.kind == "stream-error" || upstream.error,
        UpstreamFault::Unusable { .. } => fixture.kind == "finish-abnormal",
        UpstreamFault::Empty => {
            matches!(
                fixture.name.as_str(),
                "invalid_response_shape" | "imagen_all_filtered"
            ) || upstream.candidates.values().all(Candidate::is_silent)
        }
        UpstreamFault::Truncated => fixture.kind == "stream-error",
        UpstreamFault::Malformed | UpstreamFault::EventTooLarge => false,
    }
}

fn check_answer(dialect: &Dialect, upstream: &Upstream, answered: &Answered) -> Result<(), String> {
    let expect = |claim: bool, what: &str| match claim {
        true => Ok(()),
        false => Err(format!("{what}: {answered:?}\nof {upstream:?}")),
    };
    let candidates = upstream.candidates.len().max(usize::from(upstream.blocked));
    let choices = candidates.min(dialect.max_choices);
    expect(answered.choices.len() == choices, "number of choices")?;

    let calls = answered
        .choices
        .iter()
        .filter_map(|choice| choice.calls.as_ref());
    let ids: Vec<&str> = calls.flatten().map(|call| call.id.as_str()).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    expect(unique.len() == ids.len(), "ids are unique")?;
    expect(!unique.contains(""), "ids are not empty")?;

    for choice in &answered.choices {
        let legal = dialect.finishes.contains(&choice.finish.as_str());
        expect(legal, "finish reason is legal")?;
    }
    for (choice, candidate) in answered.choices.iter().zip(upstream.candidates.values()) {
        expect(says(&choice.text, candidate), "text")?;
        let thoughts = choice.thoughts.as_ref();
        expect(
            thoughts.is_none_or(|text| *text == candidate.thoughts),
            "thoughts",
        )?;
        let images = choice.images;
        expect(
            images.is_none_or(|count| count == candidate.images),
            "images",
        )?;
        if let Some(calls) = &choice.calls {
            let told = calls.iter().map(|call| (&call.name, &call.arguments));
            let made = candidate.calls.iter();
            let made = made.map(|(name, arguments)| (name, arguments));
            expect(told.eq(made), "calls")?;
            let waits = !calls.is_empty() && candidate.finish.as_deref() == Some("STOP");
            let finish = choice.finish == dialect.finish_with_calls;
            expect(!waits || finish, "finish with calls")?;
        }
    }
    if let Some(usage) = answered.usage.filter(|_| upstream.adds_up()) {
        expect(
            usage.total == usage.prompt + usage.completion,
            "usage adds up",
        )?;
        expect(usage == upstream.usage.unwrap_or_default(), "usage")?;
    }
    Ok(())
}

/// The text is Gemini's, in order and complete; between its pieces there may be code, if it ran any.
fn says(text: &str, candidate: &Candidate) -> bool {
    if !candidate.code {
        return text == candidate.text.concat();
    }
    let mut rest = Some(text);
    for piece in &candidate.text {
        rest = rest.and_then(|rest| Some(rest.split_once(piece.as_str())?.1));
    }
    rest.is_some()
}

impl Candidate {
    fn is_silent(&self) -> bool {
        self.text.is_empty()
            && self.thoughts.is_empty()
            && self.calls.is_empty()
            && self.images == 0
    }
}
