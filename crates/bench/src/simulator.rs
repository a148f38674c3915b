//! The upstream of a run: one fixed answer, rendered once, no records.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use gemini_sim::{DefaultAnswer, Sim};

/// Events of a stream.
pub(crate) const CHUNKS: usize = 20;

/// The first word of the answer, by which the load generator knows that text has arrived.
pub(crate) const FIRST_WORD: &str = "Antelopes";

/// A paragraph, so that an event carries about what a real one does.
const TEXT: &str = "Antelopes graze where the grass is short and the view is long, because what they \
    cannot outrun they must see first. A herd keeps watch in turns: while most heads are down, a few \
    are up, and a single snort is enough to set all of them running the same way. They do not run \
    straight for long. Sharp turns cost the hunter more than the hunted, and after a minute or two \
    the chase is mostly decided. What looks like panic is a habit older than the plain itself, paid \
    for by every generation that kept it and by none that did not. When it is over, they go back to \
    grazing as if nothing had happened, which for most of them is true.";

/// Serves until the process ends.
pub(crate) async fn serve() -> Result<()> {
    let sim = start().await?;
    writeln!(
        std::io::stdout(),
        "simulator listening on {}",
        sim.base_url()
    )?;
    std::future::pending().await
}

/// Serves until the handle is dropped.
pub(crate) async fn start() -> Result<Sim> {
    let sim = Sim::builder()
        .answer(DefaultAnswer {
            fixed_text: Some(TEXT.to_owned()),
            chunks: CHUNKS,
            chunk_delay: Duration::ZERO,
            ..DefaultAnswer::default()
        })
        .without_records()
        .start("127.0.0.1:0")
        .await?;
    Ok(sim)
}
