import { registry } from "@web/core/registry";

const CARD = ".o_kanban_record:contains(Gated tour deal)";
const DIALOG = ".modal:contains(Gated tour deal):contains(Tour decider met)";
const ROW = ".o_data_row:contains(tour deal)";
const STAGE_CELL = ".o_data_row:contains(Gated tour deal) [name=stage_id]";

registry.category("web_tour.tours").add("crm_b2b_stage_gate", {
    steps: () => [
        {
            content: "the card shows how much of the gate is done",
            trigger: `${CARD}:contains(Gate 0/1)`,
        },
        {
            content: "drag it forward",
            trigger: CARD,
            run: "drag_and_drop (.o_kanban_group:has(.o_column_title:contains('Tour offer')))",
        },
        {
            content: "the gate names what is missing",
            trigger: DIALOG,
        },
        {
            trigger: ".modal .modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "the card is where it was",
            trigger: `.o_kanban_group:contains(Tour contact) ${CARD}`,
        },
        {
            trigger: "button.o_switch_view.o_list",
            run: "click",
        },
        {
            content: "edit several deals in the list",
            trigger: `${ROW}:first .o_list_record_selector input`,
            run: "click",
        },
        {
            trigger: `${ROW}:last .o_list_record_selector input`,
            run: "click",
        },
        {
            trigger: `${ROW}.o_data_row_selected:last [name=stage_id]`,
            run: "click",
        },
        {
            trigger: `${ROW} [name=stage_id] input`,
            run: "edit Tour offer",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Tour offer)",
            run: "click",
        },
        {
            content: "two deals are changed at once",
            trigger: ".modal .modal-footer button.btn-primary",
            run: "click",
        },
        {
            content: "the gate stops the list as well",
            trigger: DIALOG,
        },
        {
            trigger: `.modal:contains(Tour decider met) .modal-footer button.btn-primary`,
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${STAGE_CELL}:contains(Tour contact)`,
        },
        {
            trigger: "button.o_switch_view.o_kanban",
            run: "click",
        },
        {
            trigger: `.o_kanban_group:contains(Tour contact) ${CARD}`,
            run: "click",
        },
        {
            content: "open the checklist",
            trigger: ".nav-link[name=gate]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=criterion_ids] .o_data_row .form-check-input:not(:disabled)",
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
            content: "and it is saved",
            trigger:
                ".o_form_saved .o_statusbar_status .o_arrow_button_current:contains(Tour offer)",
        },
    ],
});
