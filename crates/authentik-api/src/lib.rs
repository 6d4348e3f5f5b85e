//! authentik-api
