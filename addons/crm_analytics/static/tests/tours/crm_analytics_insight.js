import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

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
            content: "A score says how it came about",
            trigger: ".o_data_row:first .o_data_cell[name=cell] .o_insight_score",
            run: "click",
        },
        {
            trigger: ".o_insight_score_card:contains('scores'):contains('judged by')",
        },
        {
            content: "and opens its journal items",
            trigger: ".o_insight_score_entries:contains('journal items')",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains('Entries of RFM')",
        },
        {
            content: "Back to the customers",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button a",
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
            content: "and how the other scores came about",
            trigger: ".o_form_view [name=worth_words]:contains('rank')",
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

/** A refresh in sight, then the save list, then an activity on the account. */
registry.category("web_tour.tours").add("crm_analytics_run_to_activity", {
    url: "/odoo/action-crm_analytics.crm_customer_value_action_refresh",
    steps: () => [
        {
            content: "The run says that it is done",
            trigger: ".o_insight_run [data-state=done] .o_insight_run_sentence",
            timeout: 60000,
        },
        {
            content: "Every step is done",
            trigger: ".o_insight_run table:not(:contains('To do'))",
        },
        {
            content: "Open the customers",
            trigger: ".o_insight_run button:contains('Open the customers')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Leaving')",
        },
        stepUtils.showAppsMenuItem(),
        {
            content: "Open Customer Insight",
            trigger: ".o_app[data-menu-xmlid='crm_analytics.crm_analytics_menu_root']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='crm_analytics.crm_customer_value_menu_save']",
            run: "click",
        },
        {
            content: "The customer that is likely to leave is in the save list",
            trigger: ".o_data_row:contains('Leaving') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Plan an activity",
            trigger: "button[name=action_plan_activities]",
            run: "click",
        },
        {
            trigger: ".modal div[name=summary] input",
            run: "edit Visit them soon",
        },
        {
            trigger: ".modal-footer button[name=action_schedule_activities]",
            run: "click",
        },
        {
            content: "The list is there again",
            trigger: "body:not(:has(.modal)) .o_list_view .o_data_row:contains('Leaving')",
        },
    ],
});

/** The value tab of an account, and the pivot of what it bought. */
registry.category("web_tour.tours").add("crm_analytics_account_value", {
    steps: () => [
        {
            content: "The value tab of the account",
            trigger: ".o_notebook .nav-link[name=customer_value]",
            run: "click",
        },
        {
            content: "It says why the customer has its class",
            trigger: ".o_form_view [name=value_explanation]:contains('scores')",
        },
        {
            content: "how loyal it is",
            trigger: ".o_form_view [name=value_loyalty_words]:contains('weight')",
        },
        {
            content: "what was said and done",
            trigger: ".o_form_view .o_account_timeline",
        },
        {
            content: "and what to do next",
            trigger: ".o_form_view [name=value_next_action]",
        },
        {
            content: "The documents behind the revenue",
            trigger: "button[name=action_open_value_monetary]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row [name=amount_untaxed_signed]",
        },
    ],
});
