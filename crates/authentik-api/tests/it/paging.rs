//! Lists are read to their end, and no further.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use authentik_api::{
    Capabilities, Client, Error, List, Transport, api::core::users::ListUsers, models::User,
};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};

/// A server with a list of users, some pages of which misbehave.
#[derive(Clone)]
struct Pages {
    answer: fn(u32) -> (u16, Value),
    asked: Arc<Mutex<Vec<String>>>,
}

impl Transport for Pages {
    type Error = Infallible;

    async fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Infallible> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let page = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("page="))
            .unwrap();
        let (status, body) = (self.answer)(page.parse().unwrap());
        self.asked.lock().unwrap().push(query);
        let response = http::Response::builder().status(status);
        Ok(response.body(Bytes::from(body.to_string())).unwrap())
    }
}

fn users(page: u32, next: u32) -> (u16, Value) {
    let user = |n: u32| json!({ "pk": n, "username": format!("user-{n}") });
    let results = [user(page * 2 - 1), user(page * 2)];
    (
        200,
        json!({ "pagination": { "next": next, "count": 6 }, "results": results }),
    )
}

fn client(answer: fn(u32) -> (u16, Value)) -> Client<Pages> {
    Client::new(
        Pages {
            answer,
            asked: Arc::default(),
        },
        Capabilities::oldest(),
    )
}

fn read(client: &Client<Pages>, list: ListUsers) -> (Vec<User>, Result<Vec<User>, String>) {
    let streamed: Vec<_> = client
        .stream(list.clone())
        .collect()
        .now_or_never()
        .unwrap();
    let streamed = streamed.into_iter().filter_map(Result::ok).collect();
    let all = client.all(list).now_or_never().unwrap();
    (streamed, all.map_err(|error| error.to_string()))
}

#[test]
fn a_list_ends_where_next_is_zero() {
    let client = client(|page| users(page, if page < 3 { page + 1 } else { 0 }));
    let (streamed, all) = read(&client, ListUsers::default().search("a b"));
    let names: Vec<_> = streamed.iter().map(|user| user.username.as_str()).collect();
    assert_eq!(
        names,
        ["user-1", "user-2", "user-3", "user-4", "user-5", "user-6"]
    );
    assert_eq!(all.unwrap(), streamed);
    let asked = client.transport().asked.lock().unwrap();
    assert_eq!(asked.len(), 6);
    assert_eq!(asked[0], "page=1&page_size=100&search=a+b");
}

#[test]
fn a_page_size_that_was_asked_for_is_kept() {
    let client = client(|page| users(page, 0));
    assert_eq!(read(&client, ListUsers::default().page_size(5)).0.len(), 2);
    assert!(client.transport().asked.lock().unwrap()[0].contains("page_size=5"));
}

#[test]
fn a_list_that_shrinks_meanwhile_ends() {
    let client = client(|page| match page {
        1 => users(1, 2),
        _ => (404, json!({ "detail": "Invalid page." })),
    });
    let (streamed, all) = read(&client, ListUsers::default());
    assert_eq!((streamed.len(), all.unwrap().len()), (2, 2));
}

#[test]
fn an_error_ends_the_stream_once() {
    let client = client(|page| match page {
        1 => users(1, 2),
        _ => (403, json!({ "detail": "no" })),
    });
    let items: Vec<_> = client
        .stream(ListUsers::default())
        .collect()
        .now_or_never()
        .unwrap();
    assert_eq!(items.len(), 3);
    assert!(items[2].as_ref().is_err_and(Error::is_forbidden));
}

#[test]
fn a_list_without_end_is_an_error_and_one_that_stands_still_ends() {
    let endless = client(|page| users(page, page + 1));
    let error = endless
        .all(ListUsers::default())
        .now_or_never()
        .unwrap()
        .unwrap_err();
    assert!(
        matches!(error, Error::Endless { pages: 2_000, .. }),
        "{error}"
    );
    let still = client(|page| users(page, 1));
    assert_eq!(
        still
            .all(ListUsers::default())
            .now_or_never()
            .unwrap()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn an_answer_of_another_shape_names_the_place() {
    let client = client(|_| {
        (
            200,
            json!({ "pagination": {}, "results": [{ "pk": 1, "username": "a" }, { "pk": "x" }] }),
        )
    });
    let error = client
        .all(ListUsers::default())
        .now_or_never()
        .unwrap()
        .unwrap_err();
    assert!(
        matches!(&error, Error::Decode { path, .. } if path == "results[1].pk"),
        "{error}"
    );
}
