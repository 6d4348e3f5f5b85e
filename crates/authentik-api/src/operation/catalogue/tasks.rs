//! Operations with the tag `tasks`.

operations! { "tasks"
    Read      2025.8..         Get    "/tasks/schedules/" "tasks_schedules_list"
    Write     2025.8..         Patch  "/tasks/schedules/{id}/" "tasks_schedules_partial_update"
    Read      2025.8..         Get    "/tasks/schedules/{id}/" "tasks_schedules_retrieve"
    Write     2025.8..         Post   "/tasks/schedules/{id}/send/" "tasks_schedules_send_create"
    Write     2025.8..         Put    "/tasks/schedules/{id}/" "tasks_schedules_update"
    Read      2025.8..         Get    "/tasks/tasks/" "tasks_tasks_list"
    Read      2025.8..         Get    "/tasks/tasks/{message_id}/" "tasks_tasks_retrieve"
    Write     2025.8..         Post   "/tasks/tasks/{message_id}/retry/" "tasks_tasks_retry_create"
    Read      2025.10..        Get    "/tasks/tasks/status/" "tasks_tasks_status_retrieve"
    Read      2026.5..         Get    "/tasks/workers/" "tasks_workers_list"
    Read      2025.8..2026.5   Get    "/tasks/workers" "tasks_workers_list@2025.8"
}
