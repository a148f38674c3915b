//! Time limits of a connection, on a paused clock and a real loopback socket.

use bytes::Bytes;
use http_body_util::Full;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::*;

fn protocol(header: u64, idle: u64) -> Protocol {
    let mut protocol = Protocol {
        builder: auto::Builder::new(TokioExecutor::new()),
        times: Times {
            header: Duration::from_millis(header),
            idle: Duration::from_millis(idle),
            stall: Duration::from_secs(60),
        },
    };
    protocol.builder.http1().max_headers(10);
    protocol
}

/// Serves one connection; `answer_after` is how long a response takes. Returns what a client that sends
/// `sent` reads until the end.
fn exchange(
    protocol: &Protocol,
    sent: &'static [u8],
    answer_after: Duration,
) -> (String, Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let start = Instant::now();
        let served = protocol.serve(
            stream,
            CancellationToken::new(),
            move |_, active| async move {
                tokio::time::sleep(answer_after).await;
                drop(active);
                Response::new(ResponseBody::host(
                    Full::new(Bytes::from_static(b"done")),
                    None,
                ))
            },
        );
        let read = async {
            client.write_all(sent).await.unwrap();
            let mut text = Vec::new();
            let mut buffer = [0; 1024];
            while let Ok(read) = client.read(&mut buffer).await {
                if read == 0 {
                    break;
                }
                text.extend_from_slice(&buffer[..read]);
            }
            String::from_utf8(text).unwrap()
        };
        let ((), text) = tokio::join!(served, read);
        (text, start.elapsed())
    })
}

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

#[test]
fn closes_a_connection_that_sends_nothing_or_half_its_headers() {
    for sent in [&b""[..], b"GET", b"GET / HTTP/1.1\r\nhost: a\r\n"] {
        let (text, after) = exchange(&protocol(50, 60_000), sent, Duration::ZERO);
        assert_eq!(text, "", "{sent:?}");
        assert!(after >= Duration::from_millis(50), "{after:?}");
    }
}

#[test]
fn idle_limit_counts_from_the_end_of_the_response() {
    let (text, after) = exchange(&protocol(60_000, 100), REQUEST, Duration::from_millis(300));
    assert!(text.ends_with("done"), "{text}");
    assert!(after >= Duration::from_millis(400), "{after:?}");
}

#[test]
fn a_slow_response_is_not_held_to_the_time_for_headers() {
    let (text, _) = exchange(&protocol(50, 100), REQUEST, Duration::from_millis(300));
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
}

#[test]
fn draining_answers_the_request_in_progress_and_ends() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let drain = CancellationToken::new();
        let answering = drain.clone();
        let protocol = protocol(60_000, 60_000);
        let served = protocol.serve(stream, drain, move |_, active| {
            let drain = answering.clone();
            async move {
                drain.cancel();
                tokio::task::yield_now().await;
                drop(active);
                Response::new(ResponseBody::host(
                    Full::new(Bytes::from_static(b"done")),
                    None,
                ))
            }
        });
        let read = async {
            client.write_all(REQUEST).await.unwrap();
            let mut buffer = vec![0; 1024];
            let mut length = 0;
            loop {
                let read = client.read(&mut buffer[length..]).await.unwrap();
                if read == 0 {
                    break String::from_utf8_lossy(&buffer[..length]).into_owned();
                }
                length += read;
            }
        };
        let ((), text) = tokio::join!(served, read);
        assert!(
            text.ends_with("done") && text.contains("connection: close"),
            "{text}"
        );
    });
}
