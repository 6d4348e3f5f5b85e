//! authentik-reqwest
