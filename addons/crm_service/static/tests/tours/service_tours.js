import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_service_overview", {
    steps: () => [
        {
            content: "the late request of the team is counted",
            trigger: ".o_service_team:contains(Tour desk) [data-figure=late] b:contains(1)",
        },
        {
            content: "the visit of today is on the agenda",
            trigger: ".o_service_visits .list-group-item:contains(Tour visit)",
        },
        { trigger: ".o_service_queue .list-group-item:contains(Late)" },
        { trigger: ".o_service_sla [role=img]" },
        { trigger: ".o_service_renewals" },
        { trigger: ".o_service_ratings" },
        {
            content: "each figure opens its list",
            trigger: ".o_service_team:contains(Tour desk) [data-figure=late]",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(Pump stands)" },
        { trigger: ".o_breadcrumb .o_back_button, .o_breadcrumb a:contains(Overview)", run: "click" },
        { trigger: ".o_service_visits .list-group-item:contains(Tour visit)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=summary]" },
    ],
});

registry.category("web_tour.tours").add("crm_service_visit_phone", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Phone visit)", run: "click" },
        { trigger: ".o_form_view button[name=action_start]", run: "click" },
        { trigger: "button[name=action_confirm]" },
        {
            trigger: ".o_field_widget[name=checklist_ids] .o_data_row [name=done] input",
            run: "click",
        },
        { trigger: ".o_notebook_headers a[name=report]", run: "click" },
        {
            trigger: ".o_field_widget[name=report] .odoo-editor-editable",
            run: "editor Seal replaced",
        },
        { trigger: ".o_notebook_headers a[name=signature]", run: "click" },
        { trigger: ".o_field_widget[name=signed_by] input", run: "edit Carl Customer" },
        { trigger: ".o_field_widget[name=signature] .o_signature", run: "click" },
        { trigger: ".modal .o_web_sign_name_and_signature" },
        { trigger: ".modal .modal-footer .btn-primary:enabled", run: "click" },
        { trigger: ".o_field_widget[name=signature] img" },
        { trigger: "button[name=action_confirm]", run: "click" },
        { trigger: "button[name=action_send_report], .o_arrow_button_current:contains(Done)" },
    ],
});
