import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Products to offer with those on the quotation, each with its reason and a button that
 * puts it on the quotation. Value: [{product_id, name, reason}].
 */
export class CrossSellAdvice extends Component {
    static template = "crm_analytics.CrossSellAdvice";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ busy: false });
    }

    get offers() {
        return this.props.record.data[this.props.name] || [];
    }

    label(offer) {
        return _t("Add %(product)s to the quotation", { product: offer.name });
    }

    async add(offer) {
        const { record } = this.props;
        this.state.busy = true;
        try {
            if (!(await record.save())) {
                return;
            }
            await this.orm.call("sale.order", "action_add_advice", [
                [record.resId],
                offer.product_id,
            ]);
            await record.load();
        } finally {
            this.state.busy = false;
        }
    }
}

export const crossSellAdvice = {
    component: CrossSellAdvice,
    displayName: _t("Cross-sell advice"),
    supportedTypes: ["json"],
    isEmpty: () => false,
};

registry.category("fields").add("cross_sell_advice", crossSellAdvice);
