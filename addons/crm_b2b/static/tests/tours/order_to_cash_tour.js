import { registry } from "@web/core/registry";

/** Quoted, ordered, invoiced and paid: the bar of the order says so, and opens it. */
registry.category("web_tour.tours").add("crm_b2b_paid_bar", {
    steps: () => [
        {
            trigger: ".o_order_to_cash_step[data-step=ordered]:contains('1,000.00')",
        },
        {
            trigger: ".o_order_to_cash_step[data-step=invoiced]:contains('1,000.00')",
        },
        {
            trigger: ".o_order_to_cash_step[data-step=paid]:contains('1,000.00')",
        },
        {
            content: "the step is a door to its documents",
            trigger: ".o_order_to_cash_step[data-step=invoiced]:enabled",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('1,000.00'), .o_form_view:contains('1,000.00')",
        },
    ],
});
