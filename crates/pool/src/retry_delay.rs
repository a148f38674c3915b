//! Reading "come back in": `RetryInfo.retryDelay` and the sentence "Please retry in 48.93s.".
//!
//! Pure parsing. Whether a delay is believed, and its limits, are `classify.rs` and `cooling.rs`.

use std::time::Duration;

/// Phrases that precede a delay in messages, in lower case. The first is the Gemini API's, the second its Cloud
/// Code sibling's (bodies in public issue trackers, November 2026).
const PHRASES: [&str; 2] = ["please retry in ", "your quota will reset after "];

/// Longest text read as a delay, in bytes: `21599.960323804s` has 16.
const MAX_DELAY_BYTES: usize = 40;

/// A delay as Google writes it: `26s`, `38.96s` (protobuf `Duration`), `561.2ms`, `5h59m59.96s` (Go).
///
/// `None` for anything else, also for negative delays. Finer than a nanosecond is cut off; a delay too long for
/// `Duration` is the longest one, for its reader caps it anyway.
pub(crate) fn parse_delay(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest.is_empty() || rest.len() > MAX_DELAY_BYTES {
        return None;
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let unit_at =
            rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, tail) = rest.split_at_checked(unit_at)?;
        let unit_end = tail
            .find(|character: char| character.is_ascii_digit())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(unit_end)?;
        total = total.saturating_add(parse_part(number, unit)?);
        rest = tail;
    }
    Some(total)
}

/// The delay a message asks for in words, if it does.
pub(crate) fn delay_in_message(message: &str) -> Option<Duration> {
    let message = message.to_ascii_lowercase();
    PHRASES.iter().find_map(|phrase| {
        let (_, after) = message.split_once(phrase)?;
        parse_delay(
            after
                .split_ascii_whitespace()
                .next()?
                .trim_end_matches(['.', ',']),
        )
    })
}

/// One number and its unit.
fn parse_part(number: &str, unit: &str) -> Option<Duration> {
    let nanos_per_unit: u128 = match unit {
        "h" => 3_600_000_000_000,
        "m" => 60_000_000_000,
        "s" => 1_000_000_000,
        "ms" => 1_000_000,
        "us" | "\u{b5}s" => 1_000,
        "ns" => 1,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() {
        return None;
    }
    // Neither part has more than 40 digits, so only `u128` can overflow, and then the delay is endless.
    let Some(mut nanos) = parse_digits(whole)?.checked_mul(nanos_per_unit) else {
        return Some(Duration::MAX);
    };
    let mut place = nanos_per_unit;
    for digit in fraction.chars() {
        place /= 10;
        nanos = nanos.saturating_add(place.saturating_mul(digit.to_digit(10)?.into()));
    }
    let seconds = u64::try_from(nanos / 1_000_000_000).unwrap_or(u64::MAX);
    let rest = u32::try_from(nanos % 1_000_000_000).unwrap_or_default();
    Some(Duration::new(seconds, rest))
}

/// Decimal digits; the greatest number if there are too many of them.
fn parse_digits(digits: &str) -> Option<u128> {
    digits.chars().try_fold(0_u128, |number, digit| {
        Some(
            number
                .saturating_mul(10)
                .saturating_add(digit.to_digit(10)?.into()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_seen_u10() {
        for (text, nanos) in [
            ("26s", 26_000_000_000),
            ("38.96s", 38_960_000_000),
            ("21599.960323804s", 21_599_960_323_804),
            ("0s", 0),
            ("0.5s", 500_000_000),
            ("561.273854ms", 561_273_854),
            ("5h59m59s", 21_599_000_000_000),
            ("1m0.5s", 60_500_000_000),
            ("7\u{b5}s", 7_000),
            ("1.0000000009s", 1_000_000_000),
            (" 3s ", 3_000_000_000),
        ] {
            assert_eq!(
                parse_delay(text),
                Some(Duration::from_nanos(nanos)),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_garbage_and_negative_delays() {
        for text in [
            "", " ", "s", "26", "-26s", "+1s", "1.2.3s", ".s", "1.s", "1d", "soon", "1 s", "NaNs",
            "1es", "\u{661}s",
        ] {
            assert_eq!(parse_delay(text), None, "{text:?}");
        }
        assert_eq!(parse_delay(&format!("{}s", "1".repeat(100))), None);
    }

    #[test]
    fn a_delay_too_long_to_count_is_very_long_instead_of_wrapping() {
        for text in [
            "99999999999999999999s",
            "999999999999999999999999999999999999999s",
            "18446744073709551615h",
        ] {
            assert!(
                parse_delay(text).unwrap() >= Duration::from_secs(u64::MAX),
                "{text}"
            );
        }
    }

    #[test]
    fn finds_the_delay_in_a_sentence() {
        for (message, seconds) in [
            (
                "Quota exceeded, limit: 20\nPlease retry in 48.0s.",
                Some(48),
            ),
            ("please RETRY in 5s. Thanks", Some(5)),
            (
                "You have exhausted your capacity on this model. Your quota will reset after 5h59m59s.",
                Some(21_599),
            ),
            ("Please retry in a while.", None),
            ("Please retry in ", None),
            ("Please retry or report", None),
        ] {
            assert_eq!(
                delay_in_message(message),
                seconds.map(Duration::from_secs),
                "{message}"
            );
        }
    }
}
