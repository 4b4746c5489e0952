import { registry } from "@web/core/registry";

const state = (name) => ({ trigger: `.o_arrow_button_current:contains(${name})` });

registry.category("web_tour.tours").add("crm_service_contract_life", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_activate]", run: "click" },
        state("Active"),
        { trigger: ".o_statusbar_buttons button:contains(Suspend)", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Plant closed" },
        { trigger: ".modal button[name=action_suspend]", run: "click" },
        state("Suspended"),
        { trigger: ".o_form_view button[name=action_resume]", run: "click" },
        state("Active"),
    ],
});

registry.category("web_tour.tours").add("crm_service_request_to_invoice", {
    steps: () => [
        {
            content: "the answer stands on top of the request",
            trigger: ".o_field_widget[name=decision_panel]:contains(Not covered)",
        },
        { trigger: ".o_notebook_headers a[name=work]", run: "click" },
        { trigger: ".o_field_widget[name=work_line_ids] .o_data_row:contains(Seal replaced)" },
        { trigger: "button[name=action_confirm_work]", run: "click" },
        { trigger: "button[name=action_invoice_work]", run: "click" },
        {
            content: "the draft invoice, or the request without anything left to invoice",
            trigger: ".o_list_view .o_data_row, .o_field_widget[name=invoice_line_ids]",
        },
    ],
});

registry.category("web_tour.tours").add("crm_service_portal", {
    steps: () => [
        { trigger: "a:contains(Portal pump)", run: "click", expectUnloadPage: true },
        { trigger: "dt:contains(Next service)" },
        { trigger: "a:contains(Portal request)", run: "click", expectUnloadPage: true },
        { trigger: "body:contains(Portal request)" },
    ],
});
