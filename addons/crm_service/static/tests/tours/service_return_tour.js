import { registry } from "@web/core/registry";

// From the first call to the credit note: request, choice of what was delivered,
// authorisation; the warehouse receives outside of the tour.
registry.category("web_tour.tours").add("crm_service_return_open", {
    steps: () => [
        {
            content: "the request has the return in its button bar",
            trigger: ".o_form_view button[name=action_new_return]",
            run: "click",
        },
        {
            content: "what was delivered is offered",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Tour resin)",
        },
        {
            trigger: ".modal .o_data_row:contains(Tour resin) td[name=quantity]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row td[name=quantity] input",
            run: "edit 4",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "the return is open, with the line chosen",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Tour resin)",
        },
        { trigger: "button[name=action_authorise]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Authorised)" },
        { trigger: "button[name=action_view_receipts].oe_stat_button" },
    ],
});

registry.category("web_tour.tours").add("crm_service_return_settle", {
    steps: () => [
        { trigger: ".o_arrow_button_current:contains(Received)" },
        {
            trigger: ".o_field_widget[name=line_ids] .o_data_row td[name=product_id]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=resolution] label:contains(Credit)",
            run: "click",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "the dialog is gone and the line says what happens",
            trigger: ".o_data_row td[name=resolution]:contains(Credit)",
        },
        { trigger: "button[name=action_inspect]", run: "click" },
        { trigger: "button[name=action_settle]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Being settled)" },
        { trigger: "button[name=action_view_credit_notes]", run: "click" },
        {
            content: "core's credit note, at the price invoiced",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids] .o_data_row:contains(Tour resin)",
        },
        { trigger: "button[name=action_post]", run: "click" },
        { trigger: "button[name=action_view_service_returns]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Done)" },
    ],
});

registry.category("web_tour.tours").add("crm_service_complaint", {
    steps: () => [
        { trigger: "button[name=action_view_complaint]", run: "click" },
        {
            trigger: ".o_field_widget[name=step_ids] .o_data_row:contains(D1 Team) td[name=code]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=text] .odoo-editor-editable",
            run: "editor Quality and production",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            trigger: ".o_data_row:contains(D1 Team) button[name=action_done]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=next_step]:contains(D2)" },
    ],
});
