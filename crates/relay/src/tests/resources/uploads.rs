//! Uploads: steps, secrets, names.

use super::super::keys_used;
use super::*;

#[test]
fn a_resumable_upload_reaches_the_same_key_in_every_step() {
    let begun = Scripted::whole(200, "")
        .with_upload(
            "x-goog-upload-url",
            "https://gemini.test/upload/v1beta/files?upload_id=Abc-1&upload_protocol=resumable",
        )
        .with_upload("x-goog-upload-status", "active");
    let active = Scripted::whole(200, "").with_upload("x-goog-upload-status", "active");
    let done = Scripted::whole(200, file("abc")).with_upload("x-goog-upload-status", "final");
    let scene = Scene::new([begun, active, done, Scripted::whole(200, "{}")]);
    let start = [
        ("x-goog-upload-protocol", "resumable"),
        ("x-goog-upload-command", "start"),
        ("x-goog-upload-header-content-length", "10"),
        ("x-goog-upload-header-content-type", "text/plain"),
        ("content-type", "application/json"),
    ];
    let reply = scene
        .upload(&start, r#"{"file":{"mimeType":"text/plain"}}"#)
        .unwrap();
    let ticket = reply.ticket.unwrap();
    assert_eq!(ticket.reveal().to_string(), "env.Abc-1");

    // Another instance, and no credential: as Google's SDK for Python sends it.
    let elsewhere = scene.elsewhere();
    for (command, offset, bytes) in [("upload", "0", "01234"), ("upload, finalize", "5", "56789")] {
        let step = step(
            &[
                ("x-goog-upload-protocol", "resumable"),
                ("x-goog-upload-command", command),
                ("x-goog-upload-offset", offset),
                ("x-goog-upload-header-content-type", "text/plain"),
                ("content-type", "application/json"),
            ],
            bytes,
        );
        let step = continue_upload(&elsewhere.gateway, None, &ticket, step);
        elsewhere.host.run(step).unwrap();
    }
    assert!(scene.get(&scene.client(), "abc").is_ok());

    let sent = scene.host.sent();
    let used = keys_used(&scene.host);
    assert_eq!(used, vec![used[0].clone(); 4]);
    let urls: Vec<&str> = sent.iter().map(|sent| sent.url.as_str()).collect();
    let steps = "https://gemini.test/upload/v1beta/files?upload_id=Abc-1&upload_protocol=resumable";
    assert_eq!(
        urls,
        [
            "https://gemini.test/upload/v1beta/files",
            steps,
            steps,
            "https://gemini.test/v1beta/files/abc"
        ]
    );
    assert_eq!(sent[1].body, "01234");
    let expected = [
        ("x-goog-upload-command", "upload, finalize".to_owned()),
        ("x-goog-upload-offset", "5".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    assert_eq!(sent[2].headers, expected);
    // The id is a secret, and only a digest of it is stored.
    for document in scene.host.documents.borrow().values() {
        assert!(!String::from_utf8_lossy(document).contains("Abc-1"));
    }
}

#[test]
fn an_upload_ends_once_and_is_its_clients_only() {
    let begun = Scripted::whole(200, "").with_upload("x-goog-upload-url", "x?upload_id=u1");
    let done = Scripted::whole(200, file("abc")).with_upload("x-goog-upload-status", "final");
    let scene = Scene::new([begun, done]);
    let start = [
        ("x-goog-upload-protocol", "resumable"),
        ("x-goog-upload-command", "start"),
    ];
    scene.upload(&start, "{}").unwrap();
    let finalize = |client: Option<Client>, id: &str| {
        let ticket = UploadTicket::of_query(&format!("upload_id={id}")).unwrap();
        let step = step(&[("x-goog-upload-command", "finalize")], "");
        let step = continue_upload(&scene.gateway, client.as_ref(), &ticket, step);
        scene.host.run(step).map(text)
    };
    assert!(is_unknown(&finalize(Some(scene.other()), "env.u1")));
    assert!(is_unknown(&finalize(None, "env.u2")));
    assert!(is_unknown(&finalize(None, "other.u1")));
    assert!(finalize(Some(scene.client()), "env.u1").is_ok());
    assert!(is_unknown(&finalize(None, "env.u1")), "it has ended");
    assert_eq!(scene.host.sent().len(), 2);
}

#[test]
fn what_is_no_beginning_of_an_upload_reaches_nobody() {
    let scene = Scene::new([]);
    for headers in [
        &[][..],
        &[("x-goog-upload-protocol", "resumable")],
        &[
            ("x-goog-upload-protocol", "resumable"),
            ("x-goog-upload-command", "upload, finalize"),
        ],
        &[
            ("x-goog-upload-protocol", "raw"),
            ("x-goog-upload-command", "start"),
        ],
    ] {
        let refused = scene.upload(headers, "{}").unwrap_err();
        assert!(matches!(refused, Failure::Invalid(_)), "{headers:?}");
    }
    assert!(scene.host.sent().is_empty());
}

#[test]
fn a_name_that_somebody_has_is_not_given_to_another() {
    let scene = Scene::new([]);
    scene.raw_file("mine");
    let start = [
        ("x-goog-upload-protocol", "resumable"),
        ("x-goog-upload-command", "start"),
    ];
    let new = step(&start, r#"{"file":{"name":"files/mine"}}"#);
    let taken = scene
        .host
        .run(upload(&scene.gateway, &scene.other(), new))
        .unwrap_err();
    assert_eq!(taken.status(), 409);
    // Where the name shows only when the file is there.
    scene.host.then(Scripted::whole(200, file("mine")));
    let new = step(&[("x-goog-upload-protocol", "multipart")], "…");
    let taken = scene
        .host
        .run(upload(&scene.gateway, &scene.other(), new))
        .unwrap_err();
    assert_eq!(taken.status(), 409);
    scene.host.then(Scripted::whole(200, "{}"));
    assert!(scene.get(&scene.client(), "mine").is_ok());
}

#[test]
fn a_store_that_is_away_is_no_guess_and_costs_no_file() {
    let scene = Scene::new([]);
    scene.host.store_away.set(true);
    scene.raw_file("abc");
    scene.host.then(Scripted::whole(200, "{}"));
    assert!(scene.get(&scene.client(), "abc").is_ok(), "memory knows");
    let log = scene.host.log().join("\n");
    assert!(
        log.contains("only this instance knows a new resource"),
        "{log}"
    );
    let elsewhere = scene.elsewhere();
    let failure = elsewhere.get(&elsewhere.client(), "abc").unwrap_err();
    assert_eq!(failure.status(), 503);
}
