import { registry } from "@web/core/registry";

function choose(field, text) {
    return [
        {
            trigger: `.o_form_view .o_field_widget[name=${field}] input`,
            run: `edit ${text}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains("${text}")`,
            run: "click",
        },
    ];
}

function openMenu(name) {
    return [
        {
            content: `open the menu of ${name}`,
            trigger: ".o_menu_sections button:contains(One-to-one)",
            run: "click",
        },
        {
            trigger: `.o-dropdown--menu .dropdown-item:contains(/^${name}$/)`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("crm_marketing_campaign", {
    steps: () => [
        {
            content: "an audience",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input",
            run: "edit Tour audience",
        },
        ...choose("value_class_ids", "Growth"),
        ...choose("industry_ids", "Test boats"),
        {
            content: "count it",
            trigger: "button[name=action_count]",
            run: "click",
        },
        {
            trigger: ".o_notebook .nav-link[name=preview]",
            run: "click",
        },
        {
            content: "one customer, with the address that will be written to",
            trigger: ".o_field_widget[name=recipient_count]:contains(1)",
        },
        {
            trigger: ".o_field_widget[name=sample_partner_ids]:contains(Ada Works)",
        },
        ...openMenu("Campaigns"),
        {
            trigger: ".o_kanban_view .o_kanban_record:contains(Tour campaign)",
            run: "click",
        },
        ...choose("audience_id", "Tour audience"),
        ...choose("purpose_id", "Test news"),
        {
            content: "freeze it",
            trigger: "button[name=action_freeze_audience]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: "button[name=action_open_recipients]:contains(1)",
        },
        {
            content: "its mailing",
            trigger: ".oe_stat_button:contains(Mailings)",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Tour mailing)",
            run: "click",
        },
        {
            content: "it follows the campaign",
            trigger: ".o_field_widget[name=audience_id] input:value(Tour audience)",
        },
        {
            trigger: ".o_form_view button[name=action_preview_recipient]",
            run: "click",
        },
        {
            content: "as the recipient reads it",
            trigger: ".modal .o_field_widget[name=body]:contains(Growth of Ada Works)",
        },
        {
            trigger: ".modal footer button[special=cancel]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) button[name=action_launch]:visible",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "it waits for the sender",
            trigger: ".o_field_widget[name=state] .o_arrow_button_current:contains(In Queue)",
        },
    ],
});
