import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const ALL_VIEWS_SHOWN = ".o_view_controller:not(:has(.o_loading_indicator))";

tours.add("crm_b2b_account_plan", {
    steps: () => [
        {
            trigger: ".o_data_row td[name=name]:contains(Tour Plan)",
            run: "click",
        },
        {
            content: "the goal is measured",
            trigger: ".o_form_view .o_data_row:contains(Tour turnover)",
        },
        {
            trigger: ".o_notebook .nav-link[name=group]",
            run: "click",
        },
        {
            content: "the group adds up",
            trigger: ".o_field_account_rollup tfoot:contains(Group)",
        },
        {
            trigger: ".o_notebook .nav-link[name=whitespace]",
            run: "click",
        },
        {
            content: "a white cell starts a deal",
            trigger: ".o_account_cell_white button[data-state=white]:first",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name]:has(input, textarea)",
        },
        {
            content: "at the site of the cell",
            trigger: ".o_field_widget[name=partner_id] input:value(Tour Account)",
        },
    ],
});

tours.add("crm_b2b_visit_report", {
    steps: () => [
        {
            trigger: ".o_data_row td[name=name]:contains(Tour Visit), .o_kanban_record:contains(Tour Visit)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=report] .odoo-editor-editable",
            run: "editor They want a trial",
        },
        {
            trigger: ".o_notebook .nav-link[name=steps]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=step_ids]:contains(Tour step)",
        },
        {
            trigger: "button[name=action_done]",
            run: "click",
        },
        {
            content: "the step is an activity now",
            trigger: ".o-mail-Activity:contains(Tour step)",
        },
    ],
});

tours.add("crm_b2b_registration", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Tour second)",
        },
        {
            trigger: ".o_data_row td[name=subject]:contains(Tour second)",
            run: "click",
        },
        {
            content: "the conflict is shown before the decision",
            trigger: ".alert-warning:contains(Tour first)",
        },
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "a reason is asked for",
            trigger: ".modal:contains(Write the reason) .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=decision_note] textarea",
            run: "edit Another plant",
        },
        {
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Protected)",
        },
    ],
});

/** Every view of the screen of the URL opens: the switcher is clicked through. */
for (const [name, types] of Object.entries({
    crm_b2b_views_plan: ["kanban", "activity"],
    crm_b2b_views_visit: ["calendar", "kanban", "pivot"],
    crm_b2b_views_due: ["kanban"],
    crm_b2b_views_relationship: ["kanban", "pivot"],
    crm_b2b_views_wallet: ["kanban"],
    crm_b2b_views_registration: ["kanban"],
    crm_b2b_views_channel: ["graph", "list"],
    crm_b2b_views_agreement: ["kanban"],
})) {
    tours.add(name, {
        steps: () => [
            { trigger: ALL_VIEWS_SHOWN },
            ...types.flatMap((type) => [
                {
                    trigger: `.o_cp_switch_buttons .o_switch_view.o_${type}`,
                    run: "click",
                },
                { trigger: `.o_${type}_view, .o_activity_view` },
            ]),
        ],
    });
}
