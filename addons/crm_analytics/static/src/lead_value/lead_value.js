import { registry } from "@web/core/registry";
import { CardWidget } from "@crm_b2b/card_reader/card_reader";

const COLOURS = {
    most_valuable: "text-bg-success",
    growth: "text-bg-success",
    being_lost: "text-bg-danger",
    new: "text-bg-info",
};

/** Value class of the customer on the card of a deal. */
export class LeadValue extends CardWidget {
    static template = "crm_analytics.LeadValue";
    static specification = { value_class: {}, value_class_name: {} };
    static known = new Map();

    watch(record) {
        return record.data.partner_id;
    }

    get name() {
        return this.state.row?.value_class_name;
    }

    get colour() {
        return COLOURS[this.state.row.value_class] || "text-bg-300";
    }
}

export const leadValue = {
    component: LeadValue,
    fieldDependencies: [{ name: "partner_id", type: "many2one" }],
};

registry.category("view_widgets").add("lead_value", leadValue);
