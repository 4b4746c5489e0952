import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_marketing_result", {
    url: "/odoo/one-to-one",
    steps: () => [
        {
            content: "The cockpit shows the four steps",
            trigger: ".o_marketing_cockpit [data-step=customise]",
        },
        {
            content: "A campaign stands there with its money",
            trigger: ".o_cockpit_campaigns button:contains('Tour campaign')",
            run: "click",
        },
        {
            content: "Its result",
            trigger: ".o_form_view .nav-link[name=result]",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=result_revenue]:contains('1,000')",
        },
        {
            content: "The effect is told in words where accounts are few",
            trigger: "button[name=action_update_effect]",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=effect_ids]",
        },
        {
            content: "Down to the documents",
            trigger: "button[name=action_open_result]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_group_header:contains('Invoice')",
            run: "click",
        },
        {
            content: "A row opens its invoice",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=revenue]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]",
        },
        {
            content: "The pivot of results",
            trigger: ".o_form_view",
            async run() {
                const answer = await fetch("/crm_marketing/campaigns.xlsx");
                const type = answer.headers.get("Content-Type");
                if (!answer.ok || !type.includes("spreadsheetml")) {
                    throw new Error(`No workbook: ${answer.status} ${type}`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("crm_marketing_views", {
    url: "/odoo/campaign-results",
    steps: () => [
        { content: "Results as a pivot", trigger: ".o_pivot table" },
        { trigger: ".o_switch_view.o_graph", run: "click" },
        { trigger: ".o_graph_renderer canvas" },
        {
            content: "The care calendar",
            trigger: ".o_graph_renderer",
            run: () => {
                window.location = "/odoo/care-calendar";
            },
            expectUnloadPage: true,
        },
        { trigger: ".o_calendar_view .o_calendar_renderer" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        {
            trigger: ".o_list_view",
            run: () => {
                window.location = "/odoo/marketing-activities";
            },
            expectUnloadPage: true,
        },
        { trigger: ".o_list_view .o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_record:not(.o_kanban_ghost)" },
        {
            trigger: ".o_kanban_view",
            run: () => {
                window.location = "/odoo/fair-visitor";
            },
            expectUnloadPage: true,
        },
        { content: "The booth", trigger: ".o_fair_visitor button[name=action_save_next]" },
    ],
});
