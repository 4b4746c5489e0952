import { registry } from "@web/core/registry";

const chooseUser = (field, name) => [
    {
        trigger: `.o_field_widget[name=${field}] input`,
        run: `edit ${name}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item:contains(${name})`,
        run: "click",
    },
];

const press = (name) => ({
    trigger: `.o_statusbar_buttons button[name=${name}]`,
    run: "click",
});

const CONFIRM = {
    trigger: ".modal .modal-footer button.btn-primary",
    run: "click",
};

registry.category("web_tour.tours").add("crm_b2b_handover", {
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        ...chooseUser("from_user_id", "Tour Leaver"),
        ...chooseUser("to_user_id", "Tour Follower"),
        press("action_preview"),
        {
            content: "the preview counts what would move",
            trigger: ".alert-info:contains(1)",
        },
        {
            content: "a brief for each account, without a further click",
            trigger: "[name=brief_ids] .o_data_row:contains(Tour Account)",
        },
        {
            trigger: "button[name=action_view_lines]",
            run: "click",
        },
        {
            content: "every record that would move is listed",
            trigger: ".o_list_view .o_group_header",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Tour Account)",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        press("action_apply"),
        CONFIRM,
        {
            content: "applied, and told to the follower",
            trigger: ".o_arrow_button_current:contains(Applied)",
        },
        press("action_undo"),
        CONFIRM,
        {
            trigger: ".o_arrow_button_current:contains(Undone)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_b2b_territory", {
    steps: () => [
        {
            content: "a new territory",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Tour Territory",
        },
        ...chooseUser("user_id", "Tour Follower"),
        {
            trigger: ".o_field_widget[name=category_ids] input",
            run: "edit Tour Tag",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Tag)",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            content: "on to the re-alignment",
            trigger: "button[data-menu-xmlid='crm.crm_menu_config']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm_b2b.crm_handover_menu']",
            run: "click",
        },
        {
            trigger: ".breadcrumb:contains(Hand-overs), .o_last_breadcrumb_item:contains(Hand-overs)",
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=kind] .o_radio_item:contains(Territory) input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=territory_ids] input",
            run: "edit Tour Territory",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour Territory)",
            run: "click",
        },
        press("action_preview"),
        {
            trigger: ".alert-info:contains(1)",
        },
        press("action_apply"),
        CONFIRM,
        {
            trigger: ".o_arrow_button_current:contains(Applied)",
        },
    ],
});
