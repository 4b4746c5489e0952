import { Component, toRaw, useState } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const SPECIFICATION = { gate_done: {}, gate_total: {}, gate_missing: {} };
const known = new Map(); // deal: gate read last, shown until it is read again
const waiting = new WeakMap(); // orm of a view: {ids, read} of the cards of one paint

/** One call for all cards which ask within one frame. */
function readGate(model, resId) {
    const orm = toRaw(model.orm); // each card sees it through a proxy of its own
    if (!waiting.has(orm)) {
        const ids = new Set();
        const read = new Promise((resolve) => requestAnimationFrame(resolve)).then(async () => {
            waiting.delete(orm);
            const rows = await orm.silent.webRead("crm.lead", [...ids], {
                specification: SPECIFICATION,
            });
            return new Map(rows.map((row) => [row.id, row]));
        });
        waiting.set(orm, { ids, read });
    }
    const { ids, read } = waiting.get(orm);
    ids.add(resId);
    return read.then((gates) => gates.get(resId));
}

/** Progress of the gate of a deal on its card, read when the cards are on the screen. */
export class LeadGate extends Component {
    static template = "crm_b2b.LeadGate";
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ gate: known.get(this.props.record.resId) });
        useRecordObserver((record) => {
            const { resId, model } = record;
            const stage = record.data.stage_id;
            if (resId && stage && !model.orm.isSample) {
                this.update(model, resId);
            }
        });
    }

    /** Not awaited: the card does not wait for its gate. */
    async update(model, resId) {
        const gate = await readGate(model, resId);
        known.set(resId, gate);
        this.state.gate = gate;
    }
}

export const leadGate = {
    component: LeadGate,
    fieldDependencies: [{ name: "stage_id", type: "many2one" }],
};

registry.category("view_widgets").add("lead_gate", leadGate);
