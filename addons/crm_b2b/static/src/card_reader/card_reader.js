import { Component, toRaw, useState } from "@odoo/owl";

import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const waiting = new WeakMap(); // orm of a view: what the cards of one paint ask for

/** One call for all widgets of all cards which ask within one frame. */
function readCard({ model, resModel, resId }, specification) {
    const orm = toRaw(model.orm); // each card sees it through a proxy of its own
    if (!waiting.has(orm)) {
        const asked = { ids: new Set(), specification: {} };
        asked.read = new Promise((resolve) => requestAnimationFrame(resolve)).then(async () => {
            waiting.delete(orm);
            const rows = await orm.silent.webRead(resModel, [...asked.ids], {
                specification: asked.specification,
            });
            return new Map(rows.map((row) => [row.id, row]));
        });
        waiting.set(orm, asked);
    }
    const asked = waiting.get(orm);
    asked.ids.add(resId);
    Object.assign(asked.specification, specification);
    return asked.read.then((rows) => rows.get(resId));
}

/**
 * A widget of a card that is read when the cards are on the screen: they do not wait.
 * A subclass says what it reads, and keeps what it read last (``known``) of its own.
 */
export class CardWidget extends Component {
    static props = { ...standardWidgetProps };
    static specification = {};
    static known = new Map(); // record: what was read last, shown until it is read again

    setup() {
        this.state = useState({ row: this.constructor.known.get(this.props.record.resId) });
        useRecordObserver((record) => {
            this.watch(record);
            if (record.resId && !record.model.orm.isSample) {
                this.update(record);
            }
        });
    }

    /** Read the fields whose change makes the widget read again. */
    watch() {}

    /** Not awaited: the card does not wait. */
    async update(record) {
        const { known, specification } = this.constructor;
        const row = await readCard(record, specification);
        known.set(record.resId, row);
        this.state.row = row;
    }
}
