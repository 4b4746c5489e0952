import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_analytics_insight", {
    url: "/odoo/action-crm_analytics.crm_customer_value_action",
    steps: () => [
        {
            content: "The list shows the customers with their class",
            trigger: ".o_list_view .o_data_row .badge",
        },
        {
            content: "The workbook is one click away",
            trigger: "button[name=action_export]",
        },
        {
            content: "The pivot renders",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "Its table has a total",
            trigger: ".o_pivot table",
        },
        {
            content: "The graph renders",
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_renderer canvas",
        },
        {
            content: "The cards render",
            trigger: ".o_switch_view.o_kanban",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:not(.o_kanban_ghost)",
        },
        {
            content: "Back to the list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "Open a customer",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "The rule that decided is told",
            trigger: ".o_form_view [name=explanation]:contains('scores')",
        },
        {
            content: "Open the documents behind the revenue",
            trigger: "button[name=action_open_monetary]",
            run: "click",
        },
        {
            content: "They are listed with their sum",
            trigger: ".o_list_view .o_data_row [name=amount_untaxed_signed]",
        },
        {
            content: "The workbook answers",
            trigger: ".o_list_view",
            async run() {
                const answer = await fetch("/crm_analytics/customer_value.xlsx");
                const type = answer.headers.get("Content-Type");
                if (!answer.ok || !type.includes("spreadsheetml")) {
                    throw new Error(`No workbook: ${answer.status} ${type}`);
                }
            },
        },
    ],
});
