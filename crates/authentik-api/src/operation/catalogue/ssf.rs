//! Operations with the tag `ssf`.

operations! { "ssf"
    Dangerous 2026.5..         Delete "/ssf/streams/{uuid}/" "ssf_streams_destroy"
    Read      2025.2..         Get    "/ssf/streams/" "ssf_streams_list"
    Read      2025.2..         Get    "/ssf/streams/{uuid}/" "ssf_streams_retrieve"
}
