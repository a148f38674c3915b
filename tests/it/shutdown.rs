//! SIGTERM: running answers are finished, then the process ends by itself; a second one ends it at once.

use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;

use rustix::process::Signal;
use tokio::net::TcpStream;

use crate::support::chat;
use crate::support::patience::patiently;
use crate::support::product::{Settings, refused_start};
use crate::support::scene::Scene;
use crate::support::upstream::{last_event, stalling_once_after, streaming_slowly, text_event};

/// Resolves once the product takes no new connections, which is how it shows that it heard the signal.
async fn refuses_connections(addr: SocketAddr) {
    patiently("the listener to close", async {
        while TcpStream::connect(addr).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_idle_product_ends_cleanly() {
    for signal in [Signal::TERM, Signal::INT] {
        let scene = Scene::start().await;
        scene.chat(&chat::unary()).await.ok();
        scene.product().signal(signal);
        let status = scene.product().exited().await;
        assert_eq!(status.code(), Some(0), "{signal:?}: {status}");
    }
}

#[tokio::test]
async fn a_running_stream_is_finished_before_the_end() {
    let mut events = vec![text_event("tick "); 20];
    events.push(last_event("done"));
    let scene = Scene::scripted(streaming_slowly(&events, 25)).await;
    let mut stream = scene.open_stream(&chat::streaming()).await;
    assert_eq!(stream.next_text().await, "tick ");

    scene.product().signal(Signal::TERM);
    refuses_connections(scene.addr()).await;

    let rest = stream.read_to_end().await;
    assert!(rest.text().ends_with("tick done"), "{}", rest.text());
    assert_eq!(rest.finish_reasons(), ["stop"]);
    let status = scene.product().exited().await;
    assert_eq!(status.code(), Some(0), "{status}");
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let scene = Scene::scripted(stalling_once_after("endless")).await;
    let mut stream = scene.open_stream(&chat::streaming()).await;
    assert_eq!(stream.next_text().await, "endless");
    scene.product().signal(Signal::TERM);
    refuses_connections(scene.addr()).await;
    assert!(scene.product().is_running(), "the stream holds it");

    scene.product().signal(Signal::TERM);

    let status = scene.product().exited().await;
    let by_signal = status.signal() == Some(Signal::TERM.as_raw()) || status.code() == Some(143);
    assert!(by_signal, "{status}");
}

#[tokio::test]
async fn ready_line_is_all_that_standard_output_gets() {
    let scene = Scene::start().await;
    scene.chat(&chat::unary()).await.ok();
    assert_eq!(
        scene.product().stdout(),
        format!("gempool listening on {}\n", scene.product().url())
    );
}

#[tokio::test]
async fn arguments_that_make_no_sense_are_refused_before_listening() {
    for (argument, word) in [
        (["--upstream", "ftp://example.com"], "upstream"),
        (["--store", "floppy:a"], "store"),
        (["--listen", "nowhere"], "listen"),
        (["--no-such-flag", "1"], "no-such-flag"),
    ] {
        let settings = Settings {
            variables: Vec::new(),
            arguments: argument.map(str::to_owned).to_vec(),
        };
        let (status, words) = refused_start(&settings).await;
        assert!(
            status.code().is_some_and(|code| code > 0),
            "{argument:?}: {status}"
        );
        assert!(words.contains(word), "{argument:?}: {words}");
    }
}
