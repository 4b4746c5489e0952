import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_b2b_stage_gate", {
    steps: () => [
        {
            content: "the card shows how much of the gate is done",
            trigger: ".o_kanban_record:contains(Gated tour deal):contains(Gate 0/1)",
        },
        {
            content: "drag it forward",
            trigger: ".o_kanban_record:contains(Gated tour deal)",
            run: "drag_and_drop .o_kanban_group:contains(Tour offer)",
        },
        {
            content: "the gate names what is missing",
            trigger: ".modal:contains(Gated tour deal):contains(Tour decider met)",
        },
        {
            trigger: ".modal .modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "the card is where it was",
            trigger:
                ".o_kanban_group:contains(Tour contact) .o_kanban_record:contains(Gated tour deal)",
            run: "click",
        },
        {
            content: "open the checklist",
            trigger: ".nav-link[name=gate]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=criterion_ids] .o_data_row .form-check-input:not(:disabled)",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the gate is open",
            trigger: ".o_form_saved [name=gate]:contains(1 of 1 done)",
        },
        {
            trigger: ".o_statusbar_status button:contains(Tour offer)",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Tour offer)",
        },
    ],
});
