import { registry } from "@web/core/registry";

import { CardWidget } from "../card_reader/card_reader";

/** Progress of the gate of a deal on its card. */
export class LeadGate extends CardWidget {
    static template = "crm_b2b.LeadGate";
    static specification = { gate_done: {}, gate_total: {}, gate_missing: {} };
    static known = new Map();

    watch(record) {
        return record.data.stage_id;
    }

    get gate() {
        return this.state.row;
    }
}

export const leadGate = {
    component: LeadGate,
    fieldDependencies: [{ name: "stage_id", type: "many2one" }],
};

registry.category("view_widgets").add("lead_gate", leadGate);
