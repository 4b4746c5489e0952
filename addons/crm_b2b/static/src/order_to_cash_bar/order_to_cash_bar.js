import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LABELS = {
    quoted: _t("Quoted"),
    ordered: _t("Ordered"),
    delivered: _t("Delivered"),
    invoiced: _t("Invoiced"),
    paid: _t("Paid"),
    overdue: _t("Overdue"),
};

/**
 * Shows how far quotations have become money: one step a stage, each step opens
 * the documents behind its amount. Value: {currency_id, steps: [{key, amount, count}]}.
 */
export class OrderToCashBar extends Component {
    static template = "crm_b2b.OrderToCashBar";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get value() {
        return this.props.record.data[this.props.name] || { steps: [] };
    }

    /** The place of the bar while its figures are on their way. */
    get placeholders() {
        const pending = this.props.record.deferredPending && !this.value.steps.length;
        return pending ? Object.keys(LABELS).filter((key) => key !== "overdue") : [];
    }

    get steps() {
        return this.value.steps
            .filter((step) => step.key !== "overdue" || step.count)
            .map((step) => this.prepareStep(step));
    }

    prepareStep({ key, amount, count }) {
        const label = LABELS[key].toString();
        const formatted = formatMonetary(amount, {
            currencyId: this.value.currency_id,
        });
        return {
            key,
            label,
            amount: formatted,
            empty: !count,
            overdue: key === "overdue",
            title: count
                ? _t("%(step)s: %(amount)s, taxes included. Documents: %(count)s. Open them.", {
                      step: label,
                      amount: formatted,
                      count,
                  })
                : _t("%(step)s: nothing yet", { step: label }),
        };
    }

    async open(step) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_order_to_cash", [
            [resId],
            step.key,
        ]);
        return this.action.doAction(action);
    }
}

export const orderToCashBar = {
    component: OrderToCashBar,
    displayName: _t("Order-to-cash bar"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("order_to_cash_bar", orderToCashBar);
