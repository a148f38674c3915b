//! How much of clients' bodies an instance holds at once.
//!
//! A body is held about three times while its request is under way: as it came, translated, and on its
//! way to Gemini. An instance that runs out of memory takes every other request with it, so what does not
//! fit waits its turn, for a while, and is then asked to come back. Small bodies never wait.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gempool_relay::ports::Clock;

use crate::refusal::Refusal;

/// Bytes of bodies held at once. Three times as much, and answers beside it, fit into the 256 MiB that the
/// native host gives an instance by default; hosts with less give an instance fewer requests.
pub const HELD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bodies up to this size, in bytes, are taken at once: sixteen of them, as many requests as an instance
/// handles at a time, are a megabyte.
const SMALL_BYTES_MAX: usize = 64 * 1024;
/// Between two looks whether there is room.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Looks before the client is asked to come back: five seconds, about what its SDK would wait itself.
const LOOKS_MAX: u32 = 250;

/// The bytes that an instance holds.
#[derive(Debug, Default)]
pub struct Intake {
    held: Rc<Cell<usize>>,
}

/// Bytes that are held until this is dropped.
#[derive(Debug)]
pub struct Held {
    all: Rc<Cell<usize>>,
    bytes: usize,
}

impl Intake {
    /// Room for `bytes`, which may be waited for.
    ///
    /// # Errors
    /// [`Refusal::Busy`] when there was none for long.
    pub async fn hold(&self, bytes: usize, clock: &(impl Clock + ?Sized)) -> Result<Held, Refusal> {
        let mut held = Held {
            all: Rc::clone(&self.held),
            bytes: 0,
        };
        for _ in 0..LOOKS_MAX {
            if held.grow(bytes).is_ok() {
                return Ok(held);
            }
            clock.sleep(LOOK_EVERY).await;
        }
        Err(Refusal::Busy)
    }
}

impl Held {
    /// Takes `bytes` more, at once or not at all: whoever waited while holding some could wait for another
    /// that does the same.
    ///
    /// # Errors
    /// [`Refusal::Busy`] when there is no room.
    pub fn grow(&mut self, bytes: usize) -> Result<(), Refusal> {
        let mine = self.bytes.saturating_add(bytes);
        let all = self.all.get().saturating_add(bytes);
        if mine > SMALL_BYTES_MAX && all > HELD_BYTES_MAX {
            return Err(Refusal::Busy);
        }
        self.bytes = mine;
        self.all.set(all);
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.set(self.all.get().saturating_sub(self.bytes));
    }
}

#[cfg(test)]
mod tests {
    use gempool_relay::fakes::FakeHost;

    use super::*;

    #[test]
    fn what_does_not_fit_is_asked_to_come_back_and_small_bodies_never_are() {
        let host = FakeHost::new([]);
        let intake = Intake::default();
        let large = host.run(intake.hold(HELD_BYTES_MAX, &*host)).unwrap();
        assert!(host.run(intake.hold(1_000_000, &*host)).is_err());
        assert!(host.run(intake.hold(SMALL_BYTES_MAX, &*host)).is_ok());
        drop(large);
        assert!(host.run(intake.hold(1_000_000, &*host)).is_ok());
        assert_eq!(intake.held.get(), 0, "everything was given back");
    }

    #[test]
    fn room_that_comes_while_waiting_is_taken() {
        let host = FakeHost::new([]);
        let intake = Intake::default();
        let large = host.run(intake.hold(HELD_BYTES_MAX, &*host)).unwrap();
        let waiting = intake.hold(1_000_000, &*host);
        let leaving = async {
            host.sleep(Duration::from_secs(1)).await;
            drop(large);
        };
        let (held, ()) = host.run(futures::future::join(waiting, leaving));
        assert!(held.is_ok());
    }

    #[test]
    fn a_body_that_grows_is_counted_as_it_grows() {
        let host = FakeHost::new([]);
        let intake = Intake::default();
        let mut body = host.run(intake.hold(0, &*host)).unwrap();
        assert!(body.grow(HELD_BYTES_MAX).is_ok());
        assert!(body.grow(1).is_err());
        drop(body);
        assert_eq!(intake.held.get(), 0);
    }
}
