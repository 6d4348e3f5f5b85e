//! The OpenID Connect addresses and the pages for visitors, outside the API.

use super::{Access, Route, Verb, route};
use crate::authorize;
use crate::logout;
use crate::oidc;
use crate::signin;
use crate::token;
use Access::Public;
use Verb::{Get, Post};

pub(super) const ROUTES: &[Route] = &[
    route(
        "application/o/authorize",
        &[(Get, Public, authorize::authorize)],
    ),
    route("application/o/token", &[(Post, Public, token::token)]),
    route(
        "application/o/userinfo",
        &[
            (Get, Public, token::userinfo),
            (Post, Public, token::userinfo),
        ],
    ),
    route(
        "application/o/introspect",
        &[(Post, Public, token::introspect)],
    ),
    route("application/o/revoke", &[(Post, Public, token::revoke)]),
    route(
        "application/o/{}/end-session",
        &[
            (Get, Public, logout::end_session),
            (Post, Public, logout::end_session),
        ],
    ),
    route("flows/-/default/{}", &[(Get, Public, signin::default_flow)]),
    route(
        "if/flow/{}",
        &[(Get, Public, signin::page), (Post, Public, signin::page)],
    ),
    route("application/o/{}/jwks", &[(Get, Public, oidc::jwks)]),
    route(
        "application/o/{}/.well-known/openid-configuration",
        &[(Get, Public, oidc::discovery)],
    ),
];
