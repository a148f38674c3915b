//! One vector: read as Gemini wrote it, written as the client wants it (E3, E4).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::value::RawValue;

use crate::{UpstreamFault, json::write_json};

/// How far from 1 a length may be and still be one. Recorded vectors that Google normalized are off by
/// 8e-7 at most, truncated ones by 0.4 (2026-11).
const UNIT_TOLERANCE: f64 = 1e-3;

/// A vector of 32-bit floats, and the literals that they were read from.
pub(super) struct Vector<'a> {
    literals: &'a [&'a RawValue],
    floats: Vec<f32>,
    length: f64,
}

impl<'a> Vector<'a> {
    /// # Errors
    /// `Malformed` if it is empty or holds anything but finite numbers.
    pub(super) fn read(literals: &'a [&'a RawValue]) -> Result<Self, UpstreamFault> {
        let floats: Vec<f32> = literals
            .iter()
            .map(|literal| {
                literal
                    .get()
                    .parse()
                    .ok()
                    .filter(|float: &f32| float.is_finite())
            })
            .collect::<Option<_>>()
            .filter(|floats: &Vec<f32>| !floats.is_empty())
            .ok_or(UpstreamFault::Malformed)?;
        let squares = floats.iter().map(|float| f64::from(*float).powi(2));
        let length = squares.sum::<f64>().sqrt();
        Ok(Self {
            literals,
            floats,
            length,
        })
    }

    /// Appends a JSON array: Gemini's own literals, unless the vector has to be made a unit vector.
    pub(super) fn write_floats(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (index, literal) in self.literals.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            match (self.scale(), self.floats.get(index)) {
                (Some(scale), Some(float)) => write_json(out, &scaled(*float, scale)),
                _ => out.extend_from_slice(literal.get().as_bytes()),
            }
        }
        out.push(b']');
    }

    /// Appends a JSON string: base64 of the floats, little-endian, as numpy reads them.
    pub(super) fn write_base64(&self, out: &mut Vec<u8>) {
        let scale = self.scale().unwrap_or(1.0);
        let bytes: Vec<u8> = self
            .floats
            .iter()
            .flat_map(|float| scaled(*float, scale).to_le_bytes())
            .collect();
        write_json(out, &STANDARD.encode(bytes));
    }

    /// What makes it a unit vector; `None` if it is one, or has no direction at all.
    fn scale(&self) -> Option<f64> {
        let is_unit = (self.length - 1.0).abs() <= UNIT_TOLERANCE;
        (!is_unit && self.length > 0.0).then(|| self.length.recip())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounding to a 32-bit float is what is meant: clients read vectors as such"
)]
fn scaled(float: f32, scale: f64) -> f32 {
    (f64::from(float) * scale) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(
        json: &str,
        write: impl Fn(&Vector<'_>, &mut Vec<u8>),
    ) -> Result<String, UpstreamFault> {
        let literals: Vec<&RawValue> = serde_json::from_str(json).unwrap();
        let mut out = Vec::new();
        write(&Vector::read(&literals)?, &mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    fn floats(json: &str) -> Result<String, UpstreamFault> {
        written(json, |vector, out| vector.write_floats(out))
    }

    #[test]
    fn unit_vectors_keep_their_literals_e3() {
        for vector in ["[1]", "[0.6,-8.0E-1]", "[1.0000000001, 1e-30]", "[0,0.0]"] {
            let expected = vector.replace(' ', "");
            assert_eq!(floats(vector), Ok(expected));
        }
    }

    #[test]
    fn others_are_made_unit_vectors_e3() {
        assert_eq!(floats("[3,4]").unwrap(), "[0.6,0.8]");
        assert_eq!(floats("[0.3,0,-0.4]").unwrap(), "[0.6,0.0,-0.8]");
    }

    #[test]
    fn base64_is_little_endian_floats_e4() {
        // `struct.pack("<2f", 0.6, 0.8)` of Python.
        for vector in ["[0.6,0.8]", "[3,4]"] {
            let found = written(vector, |vector, out| vector.write_base64(out)).unwrap();
            assert_eq!(found, "\"mpkZP83MTD8=\"", "{vector}");
        }
    }

    #[test]
    fn anything_but_finite_numbers_is_malformed() {
        for vector in [
            "[]", "[null]", "[\"1\"]", "[1,true]", "[1e999]", "[[1]]", "[{}]",
        ] {
            let found = floats(vector);
            assert_eq!(found, Err(UpstreamFault::Malformed), "{vector}");
        }
    }
}
