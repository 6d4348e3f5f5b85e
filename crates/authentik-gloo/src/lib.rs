//! authentik-gloo
