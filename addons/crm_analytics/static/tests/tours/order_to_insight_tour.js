import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** One deal from the pipeline to a confirmed order, as a salesperson does it. */
registry.category("web_tour.tours").add("crm_analytics_deal_to_order", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open the CRM app",
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        {
            content: "Open the deal",
            trigger: ".o_kanban_record:contains('Primer for the new line')",
            run: "click",
        },
        {
            content: "Quote",
            trigger: "button[name=action_sale_quotations_new]",
            run: "click",
        },
        {
            content: "Add a line",
            trigger: "a:contains('Add a product')",
            run: "click",
        },
        {
            trigger: "div:is([name=product_template_id], [name=product_id]) input",
            run: "edit Story Primer",
        },
        {
            trigger: "ul.ui-autocomplete a:contains('Story Primer')",
            run: "click",
        },
        {
            content: "The list price is taken over",
            trigger: ".o_field_cell[name=price_subtotal]:contains('1,000.00')",
        },
        {
            content: "Confirm the order",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The order is confirmed",
            trigger: ".o_arrow_button_current:contains('Sales Order')",
        },
    ],
});

/** The confirmed order becomes a posted and paid invoice, as finance does it. */
registry.category("web_tour.tours").add("crm_analytics_order_to_cash", {
    steps: () => [
        {
            content: "Invoice the order",
            trigger: ".o_statusbar_buttons button[id=create_invoice]",
            run: "click",
        },
        {
            trigger: ".modal-footer button[id=create_invoice_open]",
            run: "click",
        },
        {
            content: "Post the invoice",
            trigger: ".o_statusbar_buttons button[name=action_post]",
            run: "click",
        },
        {
            content: "Register the payment",
            trigger: ".o_statusbar_buttons button[name=action_register_payment]",
            run: "click",
        },
        {
            trigger: ".modal-footer button[name=action_create_payments]",
            run: "click",
        },
        {
            content: "The payment is on the invoice",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_register_payment]:visible))",
        },
    ],
});
