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

/** Finance refreshes the values, sees the customer's class and takes the workbook. */
registry.category("web_tour.tours").add("crm_analytics_refresh_to_excel", {
    url: "/odoo",
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open Customer Insight",
            trigger: ".o_app[data-menu-xmlid='crm_analytics.crm_analytics_menu_root']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm_analytics.crm_analytics_menu_proof']",
            run: "click",
        },
        {
            content: "Refresh the values",
            trigger:
                ".dropdown-item[data-menu-xmlid='crm_analytics.crm_customer_value_menu_refresh']",
            run: "click",
        },
        {
            content: "The run says that it is done",
            trigger: ".o_insight_run [data-state=done], .o_insight_run [data-state=warning]",
            timeout: 60000,
            timeout: 60000,
        },
        {
            trigger: "[data-menu-xmlid='crm_analytics.crm_analytics_menu_customers']",
            run: "click",
        },
        {
            content: "Back to the customers",
            trigger:
                ".dropdown-item[data-menu-xmlid='crm_analytics.crm_customer_value_menu']",
            run: "click",
        },
        {
            content: "Look for the customer",
            trigger: ".o_searchview_input",
            run: "edit Story Coatings && press Enter",
        },
        {
            content: "It is a new customer now",
            trigger:
                ".o_data_row:contains('Story Coatings Ltd') [name=value_class]:contains('New')",
        },
        {
            content: "Take the workbook",
            trigger: "button[name=action_export]",
            run: "click",
        },
        {
            content: "It is there",
            trigger: ".o_list_view",
            async run() {
                const answer = await fetch("/crm_analytics/customer_value.xlsx");
                const start = new Uint8Array(await answer.arrayBuffer()).slice(0, 2);
                if (!answer.ok || String.fromCharCode(...start) !== "PK") {
                    throw new Error(`No workbook: ${answer.status}`);
                }
            },
        },
    ],
});
