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
    boundary(data, loading, body, false)
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
    boundary(data, loading, body, true)
}

fn boundary<T>(
    data: Data<T>,
    loading: Loading,
    body: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
    main: bool,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    let here = here();
    let retry = Callback::new(move |()| data.refetch());
    let class = if main {
        "contents"
    } else {
        "flex flex-col gap-4 empty:hidden"
    };
    view! {
        <Transition fallback=move || loading.view()>
            {move || {
                let body = body.clone();
                Suspend::new(async move {
                    let content = match data.await {
                        Ok(value) => body(value),
                        Err(error) if main => error_page(&error, here.get_untracked(), retry),
                        Err(error) => error_view(&error, here.get_untracked(), Some(retry)),
                    };
                    view! { <div class=class>{content}</div> }
                })
            }}
        </Transition>
    }
    .into_any()
}

/// A page that shows nothing but an error, with the status that belongs to it.
fn error_page(error: &AppError, here: String, retry: Callback<()>) -> AnyView {
    respond::with_error(error);
    let (title, _) = notice(error);
    view! {
        <Title text=title.clone()/>
        <PageHeader title=title/>
        {error_view(error, here, Some(retry))}
    }
    .into_any()
}
