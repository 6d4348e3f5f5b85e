//! Doors that a plan is to keep shut stay shut.

use access::{Binding, Group, Snapshot};
use authentik_api::{
    ApplicationPk, BindingPk, GroupPk,
    models::{PolicyEngineMode, Subject},
};
use setup::access_change::{AccessDraft, Door};

use crate::{
    confirm::{acting, home, key},
    menu,
};

/// Whether each application lets strangers in once a plan was carried out.
fn opened(draft: &AccessDraft, home: &Snapshot) -> Vec<String> {
    let preview = setup::access_change::preview(draft, home, &acting()).unwrap();
    let matrix = access::Evaluator::new(&preview.then).matrix();
    let open = matrix.applications().iter();
    let open = open.filter(|row| row.outsider() == access::Verdict::Allowed);
    open.map(|row| {
        preview
            .then
            .application(row.application)
            .unwrap()
            .slug
            .clone()
    })
    .collect()
}

#[test]
fn a_twin_that_is_turned_round_is_disabled_too() {
    let mut home = home();
    let family = Subject::Group(GroupPk(key(1)));
    let twin = Binding::new(BindingPk(key(7)), ApplicationPk(key(1)), family, 3);
    let negate = true;
    home.bindings.push(Binding { negate, ..twin });
    let restrict = menu::door(&["jellyfin"], Door::Restricted, &["family"]);
    assert_eq!(opened(&restrict, &home), [""; 0]);
    let nobody = Group::new(GroupPk(key(9)), setup::access_change::NOBODY);
    let bind = |number, negate| {
        let it = Subject::Group(nobody.pk);
        let it = Binding::new(BindingPk(key(number)), ApplicationPk(key(1)), it, 4);
        Binding { negate, ..it }
    };
    home.bindings.extend([bind(8, false), bind(9, true)]);
    home.groups.push(nobody.clone());
    let close = menu::door(&["jellyfin"], Door::Closed, &[]);
    assert_eq!(opened(&close, &home), [""; 0]);
}

#[test]
fn where_the_deny_itself_goes_another_is_left() {
    let mut home = home();
    let nobody = Group::new(GroupPk(key(9)), setup::access_change::NOBODY);
    let it = Subject::Group(nobody.pk);
    let deny = Binding::new(BindingPk(key(1)), ApplicationPk(key(1)), it, 4);
    home.bindings[0] = deny;
    home.groups.push(nobody);
    for draft in [
        menu::delete_group(setup::access_change::NOBODY, true),
        menu::unbind("jellyfin", setup::access_change::NOBODY, true),
    ] {
        assert_eq!(opened(&draft, &home), [""; 0], "{draft:?}");
    }
    let open = menu::unbind("jellyfin", setup::access_change::NOBODY, false);
    assert_eq!(opened(&open, &home), ["jellyfin"]);
}

#[test]
fn a_deny_is_left_where_only_negated_bindings_stay() {
    let mut home = home();
    home.applications[0].mode = PolicyEngineMode::All;
    let plain = Subject::Group(GroupPk(key(3)));
    let not_plain = Binding::new(BindingPk(key(7)), ApplicationPk(key(1)), plain, 3);
    let negate = true;
    home.bindings.push(Binding {
        negate,
        ..not_plain
    });
    for draft in [
        menu::unbind("jellyfin", "family", true),
        menu::delete_group("family", true),
    ] {
        assert_eq!(opened(&draft, &home), [""; 0], "{draft:?}");
    }
    let without = menu::unbind("jellyfin", "family", false);
    assert_eq!(opened(&without, &home), ["jellyfin"]);
}
