//! Breaks the plan of an answer in the way a script asks for.
//!
//! It works on steps only and sends nothing.

use std::time::Duration;

use bytes::Bytes;

use crate::connection::Break;
use crate::reply::{Framing, Reply, Step};

/// Why a stretch of steps ends where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Break(Break),
    Stall,
    /// With right framing.
    Clean,
}

/// Ends the body after `bytes` bytes, or at its end if it is shorter.
pub(crate) fn end_after(reply: &mut Reply, bytes: usize, end: End) {
    let bytes = bytes.min(reply.body_bytes());
    let mut left = bytes;
    let mut kept = Vec::new();
    for step in reply.body.drain(..) {
        match step {
            Step::Data(data) if data.len() >= left => {
                if left > 0 {
                    kept.push(Step::Data(data.slice(..left)));
                }
                break;
            }
            Step::Data(data) => {
                left -= data.len();
                kept.push(Step::Data(data));
            }
            other => kept.push(other),
        }
    }
    match end {
        End::Break(how) => {
            kept.push(Step::Flush);
            kept.push(Step::Break(how));
        }
        End::Stall => kept.push(Step::Stall),
        End::Clean => {
            if let Framing::Length(length) = &mut reply.framing {
                *length = bytes as u64;
            }
        }
    }
    reply.body = kept;
}

/// Cuts the body into pieces of `bytes` bytes that are sent one by one, with `delay` before each
/// but the first. Waits between events go; 0 bytes mean 1.
pub(crate) fn cut(reply: &mut Reply, bytes: usize, delay: Duration) {
    let bytes = bytes.max(1);
    let mut whole = Vec::with_capacity(reply.body_bytes());
    for step in &reply.body {
        if let Step::Data(data) = step {
            whole.extend_from_slice(data);
        }
    }
    let whole = Bytes::from(whole);
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < whole.len() {
        let end = whole.len().min(start + bytes);
        if start > 0 && !delay.is_zero() {
            pieces.push(Step::Wait(delay));
        }
        pieces.push(Step::Data(whole.slice(start..end)));
        pieces.push(Step::Flush);
        start = end;
    }
    reply.body = pieces;
}

/// Makes the JSON of one piece of the body invalid and keeps its framing and length: every colon
/// becomes an equals sign. `at` counts pieces from 0; the last one when absent or too large.
pub(crate) fn spoil(reply: &mut Reply, at: Option<usize>) {
    let mut pieces: Vec<&mut Bytes> = reply
        .body
        .iter_mut()
        .filter_map(|step| match step {
            // The closing bracket of an array is not a piece to spoil.
            Step::Data(data) if data.contains(&b'{') => Some(data),
            _ => None,
        })
        .collect();
    let Some(last) = pieces.len().checked_sub(1) else {
        return;
    };
    let index = at.unwrap_or(last).min(last);
    if let Some(piece) = pieces.get_mut(index) {
        let (prefix, json) = match piece.strip_prefix(b"data: ") {
            Some(json) => (&b"data: "[..], json),
            None => (&b""[..], &piece[..]),
        };
        let spoiled = json
            .iter()
            .map(|byte| if *byte == b':' { b'=' } else { *byte });
        **piece = prefix.iter().copied().chain(spoiled).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Shape;

    fn reply(pieces: &[&'static str]) -> Reply {
        let pieces = pieces
            .iter()
            .map(|piece| Bytes::from_static(piece.as_bytes()));
        Reply::stream(Shape::Events, pieces, Duration::ZERO)
    }

    fn data(reply: &Reply) -> Vec<&str> {
        reply
            .body
            .iter()
            .filter_map(|step| match step {
                Step::Data(data) => Some(std::str::from_utf8(data).unwrap()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn ends_after_exactly_the_bytes_asked_for() {
        for bytes in 0..=7 {
            let mut reply = reply(&["abc", "def"]);
            end_after(&mut reply, bytes, End::Break(Break::Reset));
            assert_eq!(data(&reply).concat(), "abcdef"[..bytes.min(6)]);
            assert_eq!(reply.body.last(), Some(&Step::Break(Break::Reset)));
        }
    }

    #[test]
    fn cuts_without_losing_a_byte() {
        for bytes in 0..=7 {
            let mut reply = reply(&["abc", "def"]);
            cut(&mut reply, bytes, Duration::from_millis(1));
            assert_eq!(data(&reply).concat(), "abcdef");
            assert!(data(&reply).iter().all(|piece| piece.len() <= bytes.max(1)));
        }
    }

    #[test]
    fn spoils_one_event_and_keeps_its_framing() {
        let mut reply = reply(&["data: {\"a\": 1}\r\n\r\n", "data: {\"b\": 2}\r\n\r\n"]);
        spoil(&mut reply, Some(0));
        assert_eq!(
            data(&reply),
            ["data: {\"a\"= 1}\r\n\r\n", "data: {\"b\": 2}\r\n\r\n"]
        );
    }
}
