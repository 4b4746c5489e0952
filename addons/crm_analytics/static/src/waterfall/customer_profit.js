import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const LABELS = {
    list_revenue: _t("At list price"),
    discount: _t("Discount"),
    revenue: _t("Revenue"),
    goods: _t("Cost of goods"),
    gross_margin: _t("Gross margin"),
    sales: _t("Cost of selling"),
    service: _t("Cost of service"),
    logistics: _t("Freight"),
    finance: _t("Late payment"),
    marketing: _t("Marketing"),
    left: _t("What is left"),
};

/**
 * From list price to what is left of it: a table whose bars hang where the sum stands.
 * Value: {currency_id, from, to, steps: [{code, change, after, total}], missing}.
 */
export class CustomerProfit extends Component {
    static template = "crm_analytics.CustomerProfit";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get value() {
        return this.props.record.data[this.props.name] || { steps: [], missing: [] };
    }

    get missing() {
        return this.value.missing.map((code) => LABELS[code].toString()).join(", ");
    }

    get steps() {
        const { steps } = this.value;
        const sums = steps.flatMap((step) => [step.after, step.after - step.change, 0]);
        const low = Math.min(...sums);
        const width = Math.max(...sums) - low || 1;
        return steps.map((step) => {
            const before = step.total ? 0 : step.after - step.change;
            return {
                ...step,
                label: LABELS[step.code].toString(),
                amount: formatMonetary(step.total ? step.after : step.change, {
                    currencyId: this.value.currency_id,
                }),
                style: `margin-left: ${(100 * (Math.min(before, step.after) - low)) / width}%; width: ${(100 * Math.abs(step.after - before)) / width}%;`,
                color: step.total
                    ? "bg-primary"
                    : step.change < 0
                      ? "bg-danger"
                      : "bg-success",
            };
        });
    }

    async open(step) {
        const { record } = this.props;
        const action = await this.orm.call(record.resModel, "action_open_profit_step", [
            [record.resId],
            step.code,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("fields").add("customer_profit", {
    component: CustomerProfit,
    displayName: _t("Customer profit"),
    supportedTypes: ["json"],
    isEmpty: () => false,
});
