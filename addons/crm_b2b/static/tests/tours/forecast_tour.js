import { registry } from "@web/core/registry";

const ROW = ".o_data_row:contains(Tour Forecaster)";

registry.category("web_tour.tours").add("crm_b2b_forecast_call", {
    steps: () => [
        {
            content: "the running month opens with the own line",
            trigger: `${ROW}:contains(Tour Forecaster)`,
        },
        {
            content: "what is committed is counted",
            trigger: `${ROW} [name=commit_amount]:contains(5,000)`,
        },
        {
            trigger: `${ROW} [name=seller_call]`,
            run: "click",
        },
        {
            trigger: `${ROW} [name=seller_call] input`,
            run: "edit 6500",
        },
        {
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            trigger: `${ROW} [name=seller_call]:contains(6,500)`,
        },
        {
            content: "the deals behind the line",
            trigger: `${ROW} button[name=action_open_deals]`,
            run: "click",
        },
        {
            trigger: ".o_kanban_record:contains(Tour commit), .o_data_row:contains(Tour commit)",
        },
    ],
});
