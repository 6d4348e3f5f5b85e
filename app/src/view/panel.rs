use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Serialize, de::DeserializeOwned};
use ui::{PageHeader, Skeleton, SkeletonShape};

use super::{
    error::{error_view, notice},
    route::here,
};
use crate::resource::Data;
use crate::{error::AppError, respond};

/// What is shown while a panel's data is on its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loading {
    /// What is being loaded: `applications`.
    pub(crate) what: &'static str,
    /// Its shape.
    pub(crate) shape: SkeletonShape,
}

impl Loading {
    /// Some lines of text.
    pub(crate) const fn lines(what: &'static str, lines: u8) -> Self {
        Self {
            what,
            shape: SkeletonShape::Lines(lines),
        }
    }

    fn view(self) -> AnyView {
        view! { <Skeleton label=self.what shape=self.shape/> }.into_any()
    }
}

/// What a panel is to its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// One of several parts.
    Part,
    /// One of several parts on a page that says by itself when authentik cannot be used.
    Quiet,
    /// What the page is about; its error is the page's status.
    Main,
    /// The whole page, heading included.
    Page,
}

/// A part of a page with data of its own: a skeleton, then `body`; when the data does not come,
/// what is wrong with a way to try again. The rest of the page does not notice.
pub(crate) fn panel<T>(
    data: Data<T>,
    loading: Loading,
    body: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    boundary(data, loading, body, Role::Part)
}

/// A panel that shows nothing while authentik cannot be used, because the page says so once.
pub(crate) fn quiet_panel<T>(
    data: Data<T>,
    loading: Loading,
    body: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    boundary(data, loading, body, Role::Quiet)
}

/// The panel that a page is about: its error is the status of the page.
pub(crate) fn main_panel<T>(
    data: Data<T>,
    loading: Loading,
    body: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    boundary(data, loading, body, Role::Main)
}

/// A page whose heading depends on its data.
pub(crate) fn page_panel<T>(
    data: Data<T>,
    loading: Loading,
    body: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    boundary(data, loading, body, Role::Page)
}

fn boundary<T>(
    data: Data<T>,
    loading: Loading,
    body: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
    role: Role,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    let here = here();
    let class = match role {
        Role::Part | Role::Quiet => "flex flex-col gap-4 empty:hidden",
        Role::Main | Role::Page => "contents",
    };
    view! {
        <Suspense fallback=move || loading.view()>
            {move || {
                let body = body.clone();
                Suspend::new(async move {
                    let content = match data.await {
                        Ok(value) => body(value),
                        Err(error) => failed(&error, role, here.get_untracked()),
                    };
                    view! { <div class=class>{content}</div> }
                })
            }}
        </Suspense>
    }
    .into_any()
}

fn failed(error: &AppError, role: Role, here: String) -> AnyView {
    match (role, error) {
        (Role::Quiet, AppError::NotConnected { .. } | AppError::TokenRefused { .. }) => {
            ().into_any()
        }
        (Role::Part | Role::Quiet, _) => error_view(error, here),
        (Role::Main, _) => {
            respond::with_error(error);
            error_view(error, here)
        }
        (Role::Page, _) => error_page(error, here),
    }
}

/// A page that shows nothing but an error, with the status that belongs to it.
fn error_page(error: &AppError, here: String) -> AnyView {
    respond::with_error(error);
    let (title, _) = notice(error);
    view! {
        <Title text=title.clone()/>
        <PageHeader title=title/>
        {error_view(error, here)}
    }
    .into_any()
}
