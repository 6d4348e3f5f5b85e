//! Operations with the tag `agents`.

operations! { "agents"
    Secret    2026.8..         Post   "/agents/agents/" "agents_agents_create"
    Dangerous 2026.8..         Delete "/agents/agents/{id}/" "agents_agents_destroy"
    Read      2026.8..         Get    "/agents/agents/" "agents_agents_list"
    Write     2026.8..         Patch  "/agents/agents/{id}/" "agents_agents_partial_update"
    Read      2026.8..         Get    "/agents/agents/{id}/" "agents_agents_retrieve"
    Write     2026.8..         Put    "/agents/agents/{id}/" "agents_agents_update"
}
