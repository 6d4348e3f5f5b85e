//! Addresses that somebody types to reach what only this machine can reach.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    net::IpAddr,
    sync::{Arc, Mutex},
};

use authentik_api::Transport as _;
use authentik_reqwest::{
    BuildError, ConnectProblem, Error, Transport,
    guard::{Addresses, Guard, Kind, Lookup, Reach},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::common::{TOKEN, request};

const USERS: &str = "/api/v3/core/users/";

/// Hosts as they can stand in a URL, and what they are. All of them are refused to everybody.
const HOSTS: &[(Kind, &[&str])] = &[
    (
        Kind::Metadata,
        &[
            "169.254.169.254",
            "169.254.169.254.",
            "169.254.170.2",
            "169.254.170.23",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            // one number, hexadecimal, octal, mixed, fewer parts, full-width digits and dots
            "2852039166",
            "0xa9fea9fe",
            "0xA9FEA9FE",
            "025177524776",
            "0xa9.0xfe.0xa9.0xfe",
            "0251.0376.0251.0376",
            "0251.254.0xa9.254",
            "169.254.43518",
            "169.16689662",
            "169.254.0xa9fe",
            "0xa9.16689662",
            "%31%36%39.254.169.254",
            "169%2e254%2e169%2e254",
            "\u{ff11}\u{ff16}\u{ff19}.254.169.254",
            "169\u{3002}254\u{3002}169\u{3002}254",
            "169\u{ff0e}254\u{ff0e}169\u{ff0e}254",
            "\u{2460}69.254.169.254",
            "1684301000",
            "0x64.0x64.0x64.0xc8",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[0:0:0:0:0:ffff:a9fe:a9fe]",
            "[::169.254.169.254]",
            "[::ffff:0:169.254.169.254]",
            "[64:ff9b::169.254.169.254]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:a9fe:a9fe::]",
            "[2002:a9fe:a9fe::1]",
            "[2001:0:4136:e378:8000:63bf:5601:5601]",
            "[2001:0:a9fe:a9fe:8000:63bf:3fff:fdd2]",
            "[2a00::5efe:169.254.169.254]",
            "[fd00::200:5efe:a9fe:a9fe]",
            "[::ffff:100.100.100.200]",
            "[fd00:ec2::254]",
            "[FD00:0EC2:0:0:0:0:0:254]",
            "[fd00:ec2::23]",
            "[fd20:ce::254]",
            "metadata.google.internal",
            "METADATA.google.internal.",
            "metadata.goog",
            "metadata",
            "metadata.azure.internal",
            "instance-data",
            "instance-data.ec2.internal",
            "metadata.tencentyun.com",
            "m\u{ff45}tadata.google.internal",
            "metadata\u{3002}goog",
        ],
    ),
    (
        Kind::LinkLocal,
        &[
            "169.254.0.1",
            "169.254.169.253",
            "169.254.255.255",
            "2851995649",
            "0xa9fe0001",
            "169.254.1",
            "[fe80::1]",
            "[fe80::a9fe:a9fe]",
            "[febf:ffff::1]",
            "[::ffff:169.254.0.1]",
            "[64:ff9b::169.254.1.1]",
            "[2002:a9fe:1::]",
        ],
    ),
    (
        Kind::Unspecified,
        &[
            "0.0.0.0",
            "0",
            "0x0",
            "00",
            "0.0",
            "0.1.2.3",
            "[::]",
            "[0:0:0:0:0:0:0:0]",
            "[::ffff:0.0.0.0]",
            "[::ffff:0:0.0.0.0]",
            "[64:ff9b::]",
            "[2002::]",
        ],
    ),
    (
        Kind::Multicast,
        &[
            "224.0.0.1",
            "239.255.255.250",
            "3758096385",
            "0xe0.1",
            "[ff02::1]",
            "[ff05::2]",
            "[::ffff:224.0.0.251]",
        ],
    ),
    (
        Kind::Broadcast,
        &[
            "255.255.255.255",
            "4294967295",
            "0xffffffff",
            "[::ffff:255.255.255.255]",
        ],
    ),
    (
        Kind::Reserved,
        &[
            "240.0.0.1",
            "192.0.0.8",
            "192.88.99.1",
            "[100::1]",
            "[64:ff9b:1::1]",
            "[fec0::1]",
        ],
    ),
    (
        Kind::Documentation,
        &[
            "192.0.2.1",
            "198.51.100.7",
            "203.0.113.9",
            "[2001:db8::1]",
            "[3fff::1]",
        ],
    ),
];

/// Hosts that only an administrator's own addresses may have.
const NEAR: &[(Kind, &[&str])] = &[
    (
        Kind::Loopback,
        &[
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "127.1.",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "127.255.255.254",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[2002:7f00:1::]",
        ],
    ),
    (
        Kind::Private,
        &[
            "10.0.0.1",
            "167772161",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "0xc0a80101",
            "192.168.257",
            "100.64.0.1",
            "198.18.0.1",
            "[fd12:3456:789a::1]",
            "[::ffff:10.0.0.1]",
            "[2002:a00:1::]",
        ],
    ),
];

/// Answers each name with the next of its lists; the last one stays.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<BTreeMap<String, VecDeque<Vec<IpAddr>>>>>);

impl Script {
    fn of(name: &str, answers: &[&[&str]]) -> Self {
        let parsed = |list: &&[&str]| list.iter().map(|ip| ip.parse().unwrap()).collect();
        let answers = answers.iter().map(parsed).collect();
        let script = Self::default();
        script.0.lock().unwrap().insert(name.into(), answers);
        script
    }
}

impl Lookup for Script {
    fn lookup(&self, host: String) -> Addresses {
        let mut script = self.0.lock().unwrap();
        let answers = script.get_mut(&host);
        let answer = answers.and_then(|answers| match answers.len() {
            0 => None,
            1 => answers.front().cloned(),
            _ => answers.pop_front(),
        });
        Box::pin(async move {
            answer.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such name"))
        })
    }
}

fn build(url: &str, guard: Guard) -> Result<Transport, BuildError> {
    let builder = Transport::builder(url.parse().unwrap_or_else(|_| panic!("{url}")));
    builder.token(TOKEN.into()).guard(guard).build()
}

/// A server that closes each connection behind its answer.
async fn server() -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).insert_header("connection", "close");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn addresses_out_of_reach_are_refused_however_they_are_written() {
    let mut cases = 0;
    for reach in [Reach::Networks, Reach::Internet] {
        for (kind, hosts) in HOSTS {
            for host in *hosts {
                for url in [format!("http://{host}/"), format!("https://{host}:8443/a/")] {
                    let refused = build(&url, Guard::new(reach));
                    let Err(BuildError::Refused(refused)) = refused else {
                        panic!("{url}: {refused:?}");
                    };
                    assert_eq!(refused.kind, *kind, "{url}");
                    cases += 1;
                }
            }
        }
    }
    for (kind, hosts) in NEAR {
        for host in *hosts {
            let url = format!("http://{host}/");
            let refused = build(&url, Guard::new(Reach::Internet));
            assert!(
                matches!(&refused, Err(BuildError::Refused(refused)) if refused.kind == *kind),
                "{url}: {refused:?}"
            );
            let url = url.parse().unwrap();
            assert_eq!(Guard::new(Reach::Networks).examine(&url), Ok(Some(*kind)));
            cases += 1;
        }
    }
    println!("attacks: SSRF addresses in URLs: {cases} cases, all refused");
    assert!(cases >= 100);
}

#[tokio::test]
async fn names_that_lead_out_of_reach_are_refused_before_connecting() {
    let server = server().await;
    let port = server.address().port();
    let near: [&[&str]; 2] = [&[], &["127.0.0.1"]];
    let mut cases = 0;
    for bad in [
        "169.254.169.254",
        "100.100.100.200",
        "169.254.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
        "::",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "2001:db8::1",
    ] {
        // Alone, before and after a good one.
        for good in near {
            for answer in [[&[bad], good].concat(), [good, &[bad]].concat()] {
                for name in ["idp.example", "idp.example.", "localhost"] {
                    let script = Script::of(name, &[&answer]);
                    let guard = Guard::with_lookup(Reach::Networks, script);
                    let transport = build(&format!("http://{name}:{port}/"), guard).unwrap();
                    for method in ["GET", "POST"] {
                        let error = transport.execute(request(method, USERS)).await.unwrap_err();
                        assert!(
                            matches!(&error, Error::Refused(refused) if refused.host == name),
                            "{name} {answer:?}: {error:?}"
                        );
                        let text = error.to_string();
                        assert!(text.contains("no connection is made"), "{text}");
                        assert!(!text.contains(TOKEN) && !text.contains(bad), "{text}");
                        assert!(<Transport as authentik_api::Transport>::never_sent(&error));
                        cases += 1;
                    }
                }
            }
        }
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
    println!("attacks: SSRF answers of name servers: {cases} cases, all refused");
}

#[tokio::test]
async fn name_that_rebinds_is_refused_on_the_next_connection() {
    let server = server().await;
    let port = server.address().port();
    let script = Script::of("rebind.example", &[&["127.0.0.1"], &["169.254.169.254"]]);
    let guard = Guard::with_lookup(Reach::Networks, script);
    let transport = build(&format!("http://rebind.example:{port}/"), guard).unwrap();
    let answer = transport.execute(request("GET", USERS)).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.extensions().get(),
        Some(&Kind::Loopback),
        "it is told"
    );
    let error = transport.execute(request("GET", USERS)).await.unwrap_err();
    assert!(
        matches!(&error, Error::Refused(refused) if refused.kind == Kind::Metadata),
        "{error:?}"
    );
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn internet_alone_is_reached_where_that_is_asked_for() {
    let server = server().await;
    let port = server.address().port();
    for near in [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.0.1",
        "fd12::1",
        "::1",
        "100.64.0.1",
    ] {
        let script = Script::of("app.example", &[&["93.184.215.14", near]]);
        let guard = Guard::with_lookup(Reach::Internet, script);
        let transport = build(&format!("http://app.example:{port}/"), guard).unwrap();
        let error = transport.execute(request("GET", USERS)).await.unwrap_err();
        assert!(matches!(error, Error::Refused(_)), "{near}: {error:?}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn name_without_addresses_is_not_found() {
    for answers in [&[&[][..]][..], &[]] {
        let script = Script::of("nothing.example", answers);
        let guard = Guard::with_lookup(Reach::Networks, script);
        let transport = build("http://nothing.example/", guard).unwrap();
        let error = transport.execute(request("GET", USERS)).await.unwrap_err();
        let problem = ConnectProblem::NameNotFound;
        assert!(
            matches!(&error, Error::Connect { problem: p, .. } if *p == problem),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn redirects_are_handed_back_and_never_followed() {
    let server = MockServer::start().await;
    let elsewhere = MockServer::start().await;
    let script = Script::of("idp.example", &[&["127.0.0.1"]]);
    let url = format!("http://idp.example:{}/", server.address().port());
    let transport = build(&url, Guard::with_lookup(Reach::Networks, script)).unwrap();
    for location in [
        elsewhere.uri(),
        "http://169.254.169.254/latest/meta-data/".into(),
        "http://metadata.google.internal/".into(),
        "//169.254.169.254/".into(),
        "/application/o/".into(),
        "file:///etc/passwd".into(),
        "gopher://127.0.0.1:6379/_".into(),
    ] {
        for status in [301, 302, 303, 307, 308] {
            server.reset().await;
            let answer = ResponseTemplate::new(status).insert_header("location", &*location);
            Mock::given(any()).respond_with(answer).mount(&server).await;
            let answer = transport.execute(request("GET", USERS)).await.unwrap();
            assert_eq!(answer.status(), status, "{location}");
            assert_eq!(server.received_requests().await.unwrap().len(), 1);
        }
    }
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0);
}
