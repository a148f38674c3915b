//! Captures a stream of the child process while it runs, so that tests can wait for and search it.
//!
//! It uses a thread and not a task: the text stays complete while a test fails and its runtime is gone.

use std::io::Read;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::watch;

/// Most bytes kept of one stream; a product that writes more than this in one test is broken.
const OUTPUT_LIMIT_BYTES: usize = 8 * 1024 * 1024;

/// One captured stream.
pub(crate) struct Output {
    text: Arc<Mutex<Vec<u8>>>,
    /// Length so far; the sender is dropped at the end of the stream.
    length: watch::Receiver<usize>,
    reader: Option<JoinHandle<()>>,
}

impl Output {
    /// Starts to read `stream` until its end.
    pub(crate) fn follow(mut stream: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let (announce, length) = watch::channel(0);
        let sink = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                let mut text = lock(&sink);
                let room = OUTPUT_LIMIT_BYTES.saturating_sub(text.len());
                text.extend_from_slice(&buffer[..count.min(room)]);
                announce.send_replace(text.len());
            }
        });
        Self {
            text,
            length,
            reader: Some(reader),
        }
    }

    /// What was written so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&lock(&self.text)).into_owned()
    }

    /// Waits until `find` finds something; `None` when the stream ended before that.
    pub(crate) async fn find<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let mut length = self.length.clone();
        loop {
            length.mark_unchanged();
            if let Some(found) = find(&self.text()) {
                return Some(found);
            }
            if length.changed().await.is_err() {
                return find(&self.text());
            }
        }
    }

    /// Waits for the end of the stream, which comes with the end of the process.
    pub(crate) fn finish(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            // A reader that panicked leaves what it had read, which is what we return.
            let _ = reader.join();
        }
        self.text()
    }
}

fn lock(text: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    text.lock().unwrap_or_else(PoisonError::into_inner)
}
